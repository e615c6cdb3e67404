# Prices, budgets, what was sent compared with what was billed.

cost = Cost
together = Together

# Prices
prices-link = Prices
prices-title = Prices
prices-lead = What one SMS costs, by channel and operator. A long message is several SMS, and each is paid for.
prices-currency = Currency
prices-currency-hint = Three letters, as banks write it: USD, XOF, GNF. It stays once there is a price or a budget.
prices-in-currency = All amounts are in { $currency }.
prices-none = No price yet
prices-none-why = With prices, the send page says what a message will cost, and what was sent can be compared with the operator’s bill.
prices-operator = Operator
prices-direction = Direction
prices-out = To phones
prices-in = From phones
prices-price = Price of one SMS
prices-payer = Who pays
prices-payer-hint = A toll-free short code: the ministry pays what phones send to it. Questions of flows then go by it.
prices-ministry = The ministry
prices-worker = The worker
prices-from = Holds from
prices-from-hint = Today means from now on. What has left keeps the price that was recorded with it.
prices-holds = Holds
prices-coming = Will hold
prices-over = No longer holds
prices-drop = Take back
prices-new = A new price
prices-amount = Price of one SMS, in { $currency }
prices-amount-hint = Up to six decimals: 0.0125
prices-add = Add the price
prices-saved = The price is saved. It holds for what leaves from then on.
prices-dropped = The price is taken back.
prices-recorded = The price is recorded with each message as it leaves. Another price later changes nothing that was recorded.

currency-code = { $value } is no currency. Write its three letters, as in USD.
currency-stays = Amounts are in { $currency } already. The currency can change only while there is neither a price nor a budget.
price-no-currency = Say first in which currency you pay.
price-amount = { $value } is no price. Write digits with at most six decimals, as in 0.0125.
price-day = { $value } is no day. Write it as in 2026-05-14.
price-day-passed = { $day } has gone by. A price can hold from today on, since what has left keeps what was recorded.
price-operator = There is no operator { $name }. Name it first: mhero channel operators NAME=PREFIX,PREFIX
price-twice = From { $day } on there is a price already for this channel, operator and direction. Take that back first.
price-holds = This price holds already, and messages were recorded with it. Add another one instead.
price-too-many = There are { $max } prices, which is the most.

# Budgets
settings-budgets = Budgets
budgets-lead = How much may be spent, for a programme or for all that is sent. Alerts and answers always leave.
budgets-no-currency = Say first in which currency you pay and what an SMS costs.
budgets-none = No budget yet
budgets-none-why = Without a budget nothing is held back, whatever it costs.
budgets-all = All that is sent
budgets-month = Each month
budgets-total = In all, from today
budgets-left = { $left } left
budgets-warns-at = Warns at { $percent } %.
budgets-stops = Broadcasts wait when it is used up.
budgets-goes-on = Broadcasts go on when it is used up.
budgets-state-good = { $percent } % is spent
budgets-state-warns = { $percent } % is spent: it will soon be used up
budgets-state-used-up = Used up: { $percent } % is spent, and broadcasts go on
budgets-state-lifted = Used up: { $percent } % is spent, and an administrator lets broadcasts go on
budgets-state-stopped = Used up: broadcasts wait
budgets-lift = Let broadcasts go on
budgets-lift-why = Why they may go on
budgets-lift-hint = Until the end of the month, or for 31 days for a budget in all. Your name and this reason stand in the audit log.
budgets-lifted = Broadcasts go on.
budgets-lifted-until = An administrator lets broadcasts go on until { $time }.
budgets-unlift = Let them wait again
budgets-change = Change
budgets-drop = Take away
budgets-dropped = The budget is taken away.
budgets-new = A new budget
budgets-changing = Change the budget of { $name }
budgets-programme = For what
budgets-period = For how long
budgets-amount = How much, in { $currency }
budgets-warn = Warn at so many percent
budgets-stop = Let broadcasts wait when it is used up
budgets-stop-hint = Alerts and answers leave all the same. Only an administrator can let broadcasts go on.
budgets-not = Leave it as it is
budgets-saved = The budget is saved.

budget-amount = { $value } is no amount above nothing. Write digits, as in 500 or 1250.50.
budget-percent = The share at which it warns must be 1 to 100 percent.
budget-twice = There is such a budget already: one for each programme and period. Change that one.
budget-too-many = There are { $max } budgets, which is the most.
budget-reason = Say why broadcasts may go on, in { $min } to { $max } characters.
budget-used-up = A budget is used up: this broadcast goes on by itself when the budget is raised or an administrator lets broadcasts go on, or next month.

# The send page
send-cost-row = Cost by channel and operator
send-said-cost = About { $cost }.
send-unpriced = { $n ->
    [one] For { $n } person no price is known: it will cost more than is said here.
   *[other] For { $n } people no price is known: it will cost more than is said here.
}
send-prices-none = What it will cost is not known: no price has been entered.
send-prices-link = Enter prices
send-answers-worker = { $n ->
    [one] One person pays for the answer.
   *[other] { $n } people pay for their answers themselves.
}
send-answers-some = { $n ->
    [one] The answer is free for one person: the ministry pays.
   *[other] Answers are free for { $n } people: the ministry pays.
}
send-answers-by = Let answers be free: send by { $name }
send-chat = chat
send-by-chat = { $n ->
    [one] One person gets it by a chat.
   *[other] { $n } people get it by a chat.
}
send-by-chat-later = { $n ->
    [one] Where the chat does not reach one of them in time, it goes by SMS.
   *[other] Where the chat does not reach them in time, it goes to { $n } of them by SMS.
}
send-by-chat-later-cost = { $n ->
    [one] Where the chat does not reach one of them in time, it goes by SMS, for { $cost } more.
   *[other] Where the chat does not reach them in time, it goes to { $n } of them by SMS, for up to { $cost } more.
}
send-answers-ministry = Answers are free for people: the ministry pays.
send-budget-good = { $name }: { $left } is left of the budget.
send-budget-warns = { $name }: { $left } is left of the budget, { $percent } % is spent.
send-budget-over = { $name }: { $left } is left of the budget. This costs more: it will wait when the budget is used up.
send-budget-over-goes-on = { $name }: { $left } is left of the budget. This costs more.
send-budget-stopped = { $name }: the budget is used up. This will wait until it is raised or lifted.
letters-over = { $n ->
    [one] { $n } letter too many for { $parts } SMS: shorten it by one letter and everybody’s message is cheaper.
   *[other] { $n } letters too many for { $parts } SMS: shorten it by so many and everybody’s message is cheaper.
}
fix-changes = Changed: { $changes }.
fix-saves-cost = Saves { $cost }.
fix-done = { $language }: { $changes }. The meaning stays.
fix-nothing = There is nothing to replace in this text.
fix-dropped = nothing

# A broadcast
broadcast-cost = Cost so far: { $cost }.
broadcast-held = The budget “{ $name }” is used up ({ $spent } of { $whole }). What has not left waits. It goes on by itself when the budget is raised or an administrator lifts the stop, or when a new month begins. Alerts and answers still leave.
event-held = Held back: a budget is used up.
event-let-go = Goes on: the budget allows it again.

# What was sent and what was billed
nav-reconcile = Sent and billed
reconcile-lead = What was handed to operators in a day, what came back, and where their bills differ.
reconcile-before = Day before
reconcile-after = Day after
reconcile-day = Day
reconcile-show = Show
reconcile-nothing = Nothing was sent and nothing came on this day.
reconcile-caption = The day by channel and operator
reconcile-way = Channel and operator
reconcile-no-operator = Operator not known
reconcile-messages = Messages
reconcile-delivered = Delivered
reconcile-unreported = No report
reconcile-failed = Failed
reconcile-uncertain = Uncertain
reconcile-not-sent = Not taken
reconcile-heard = Came
reconcile-means = Delivered, no report, failed and uncertain count parts: a long message is several. Not taken: the operator was not reached or refused; it costs nothing and is not among the messages.
reconcile-unpriced = { $n ->
    [one] { $n } part left before a price was known.
   *[other] { $n } parts left before a price was known.
}
reconcile-heard-cost = What came cost { $cost }.

day-csv-channel = channel
day-csv-operator = operator
day-csv-messages = messages
day-csv-segments = sms
day-csv-delivered = delivered
day-csv-unreported = no report
day-csv-failed = failed
day-csv-uncertain = uncertain
day-csv-not-sent = not taken
day-csv-cost = cost
day-csv-heard = came
day-csv-heard-cost = cost of what came
day-csv-currency = currency

bill-list = Operators’ bills
bill-none = No bill has been compared yet.
bill-new = Compare a bill
bill-new-why = The operator’s bill or message log is compared with what was sent by a channel in the same days. Numbers in it are not shown in full.
bill-file = The file
bill-file-hint = CSV, at most { $max } MB and 200,000 lines, with a title above each column: when it was sent, and the number or the operator’s id of the message. SMS, price and status where there are any.
bill-columns-head = If the columns are not recognised
bill-columns-why = Write the title of the column as it stands in the file. What is left empty is guessed.
bill-column-date = When it was sent
bill-column-number = Number
bill-column-id = The operator’s id
bill-column-segments = SMS
bill-column-price = Price
bill-column-status = Status
bill-compare = Compare
bill-compared = The bill is compared.
bill-not-taken = The bill was not read.
bill-no-file = Choose a file.
bill-days = { $first } to { $last }
bill-agrees = Agrees
bill-differs = { $n ->
    [one] { $n } difference
   *[other] { $n } differences
}
bill-lead = { $channel }, { $days }
bill-drop = Take this bill away
bill-dropped = The bill is taken away.
bill-differences = Differences
bill-no-difference = The bill agrees with what was sent.
bill-more = More
bill-message = Message
bill-person = Person
behind-bill = An operator’s bill
behind-bill-says = { $name }: { $kind }
bill-line = Line { $n }
bill-number-hidden = a number that you may not see
bill-fact-agreed = { $n ->
    [one] About { $n } message both say the same; the bill has { $lines } lines.
   *[other] About { $n } messages both say the same; the bill has { $lines } lines.
}
bill-fact-segments = SMS: { $billed } are billed, { $sent } were sent.
bill-fact-money = { $billed } is billed; by the prices agreed it would be { $ours }.
bill-fact-no-money = By the prices agreed it would be { $ours }; the bill names no prices.
bill-kind-not-sent = Billed, but never sent by us
bill-kind-not-billed = Sent, but not billed
bill-kind-more-segments = More SMS billed than sent
bill-kind-other-price = Another price than agreed
bill-kind-delivered-uncertain = Delivered by the bill, uncertain here
bill-said-not-sent = The bill has a message that we find nowhere in what was sent by this channel at that time.
bill-said-not-billed = We handed it over, and the operator took it, but the bill does not have it.
bill-said-segments = The bill has { $billed } SMS, we sent { $sent }.
bill-said-more-segments = The bill has more SMS than we sent.
bill-said-price = The bill says { $billed } for { $parts } SMS; at the price stored here it is { $ours }.
bill-said-other-price = The bill has another price than was recorded.
bill-said-delivered-uncertain = The operator’s answer was lost here; the bill says that the phone has it.
bill-csv-line = line
bill-csv-kind = difference
bill-csv-time = time
bill-csv-number = number
bill-csv-message = message
bill-csv-segments = sms billed
bill-csv-our-segments = sms sent
bill-csv-price = billed
bill-csv-our-price = agreed

bill-too-large = The file is larger than { $max } MB. Take it in parts, month by month.
bill-too-long = The file has more than { $max } lines. Take it in parts, week by week.
bill-no-table = This is no table. Save it as CSV, with the titles of the columns in the first line.
bill-columns = A column with the time and one with the number or the operator’s id are needed. The file has: { $titles }. Write below which is which.
bill-no-column = There is no column { $column }. The file has: { $titles }.
bill-no-lines = No line has both a time and a number or id that can be read ({ $count } were looked at). Write below which column is which.
bill-too-many-days = The bill is about { $from } to { $until }. At most { $max } days can be compared at once.
bill-too-many-messages = More than { $max } messages left in those days. Take the bill in parts.

did-currency-set = said in which currency the installation pays.
did-price-added = added a price.
did-price-dropped = took a price back.
did-budget-set = set a budget.
did-budget-lifted = let broadcasts go on although a budget is used up.
did-budget-unlifted = let broadcasts wait again for a budget.
did-budget-dropped = took a budget away.
did-broadcast-held = held a broadcast back because a budget is used up.
did-broadcast-let-go = let a broadcast go on that a budget had held back.
did-bill-brought = compared an operator’s bill.
did-bill-taken = took the differences of a bill as a file.
did-bill-dropped = took a bill away.
