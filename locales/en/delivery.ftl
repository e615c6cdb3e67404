# Rules of delivery: quiet hours by place, caps, validity, blocks, uncertain messages, states.

settings-delivery = Delivery
delivery-limits = Limits
delivery-limits-lead = How much one person gets, and how long a message is worth sending. Alerts and answers always go.
delivery-no-number = “{ $typed }” is no whole number. Write figures only, or leave the field empty.

caps-title = How much one person gets
caps-hint = Messages and broadcasts together, at most so many to one person. Alerts, answers and tests are not counted. Empty: no limit. Days are those of the national time; a week is today and the six days before.
caps-day = In a day, over all programmes
caps-week = In a week, over all programmes
caps-programme-day = In a day, of one programme
caps-programme-week = In a week, of one programme
caps-over = What is too much
caps-hold = waits for the next free day
caps-leave-out = is left out, with the reason
caps-save = Save how much
caps-range = A limit is from 1 to { $max } messages. Leave the field empty for no limit.

validity-title = How long a message is worth sending
validity-hint = In hours after it was written. What has not left by then expires and is not sent; operators that can are asked to keep it no longer. Empty: as long as the channel is away; a text that alone is not taken fails after a day.
validity-alert = Alerts, hours
validity-reply = Answers, hours
validity-normal = Messages to a few, hours
validity-bulk = Broadcasts, hours
validity-save = Save how long
validity-range = Write from 1 to { $hours } hours, or leave the field empty.

quiet-title = Quiet hours
quiet-lead = When nothing but alerts and answers goes to phones. What waits leaves when the hours end; nobody is left out.
quiet-national = Where no place has its own
quiet-hint = The same time twice: no quiet hours. They may pass midnight.
quiet-rest = Days of rest
quiet-save-national = Save for the country
quiet-places = Places with their own hours
quiet-no-places = No place has its own hours: those of the country hold everywhere.
quiet-hours = Hours
quiet-none = No quiet hours
quiet-no-rest = None
quiet-from-until = { $from } to { $until }
quiet-drop = Take away
quiet-add = Hours of a place
quiet-add-hint = They hold for everybody who works there or below, in that place’s time; the nearest place counts.
quiet-save-place = Save for this place
quiet-no-place = There is no place called “{ $typed }”. Write a name as it stands under Places.
quiet-which-place = Several places are called so. Choose one.
quiet-no-day-left = With seven days of rest nothing would ever be sent. Leave at least one day.
quiet-too-many = At most { $max } places may have their own hours. Set them for a place further up.

uncertain-policies = Uncertain messages
uncertain-policies-lead = What happens where an operator’s answer was lost, so that nobody knows whether a message left. Sent again it may arrive twice; it is sent again three times at most.
uncertain-kind-alert = Alert
uncertain-kind-reply = Answer
uncertain-kind-question = First message of a flow
uncertain-kind-message = Message to one person
uncertain-kind-broadcast = Broadcast
uncertain-kind-lab = Laboratory result
uncertain-what = What happens
uncertain-ask = A person decides
uncertain-again = It is sent again
uncertain-after = after minutes
uncertain-range = Write from 1 to { $max } minutes.
uncertain-title = Uncertain messages to decide
uncertain-lead = { $n ->
    [0] Nobody has to decide anything.
    [one] One message waits for a decision.
   *[other] { $n } messages wait for a decision.
}
uncertain-none = Nothing is uncertain
uncertain-none-why = Of every message we know whether the operator took it.
uncertain-choose = Choose
uncertain-choose-one = Choose the message to { $name }
uncertain-message = Message
uncertain-next = What happens next
uncertain-waits = Waits for your decision.
uncertain-again-at = Sent again by itself { $time }.
uncertain-do-again = Send again
uncertain-do-sent = Take as sent
uncertain-do-give-up = Give up
uncertain-all-chosen = All that are chosen:
uncertain-decide-why = Send again: it may arrive twice. Take as sent: you know that it arrived. Give up: it counts as failed. Your decision stands in the audit log.
uncertain-decided = { $n ->
    [0] Nothing was left to decide.
    [one] One message was decided.
   *[other] { $n } messages were decided.
}
uncertain-nothing-chosen = Choose at least one message.
uncertain-too-many = Choose at most { $max } messages at a time.

blocks-title = Blocked numbers
blocks-lead = { $n ->
    [0] No number is blocked.
    [one] One number is blocked: it gets nothing but alerts and answers, and whoever writes is heard.
   *[other] { $n } numbers are blocked: they get nothing but alerts and answers, and whoever writes is heard.
}
blocks-name = Name of the list
blocks-name-hint = Which operator gave it, and when.
blocks-file = File
blocks-file-hint = CSV with one number a line, or with a column called phone, number or msisdn. At most 8 MB and 300,000 numbers.
blocks-import = Import the list
blocks-lists = Lists
blocks-none = No list was imported.
blocks-numbers = Numbers
blocks-not-read = { $n ->
    [one] one line not read
   *[other] { $n } lines not read
}
blocks-by = Imported by
blocks-undo = Take back
blocks-undone = The list was taken back.
blocks-undone-at = Taken back { $time }
blocks-done = { $n ->
    [one] One number is blocked from now on.
   *[other] { $n } numbers are blocked from now on.
}
blocks-unreadable = { $n ->
    [one] One line holds no number: line { $lines }.
   *[other] { $n } lines hold no number, the first of them: { $lines }.
}
blocks-too-large = The file is larger than { $max } MB. Split it.
blocks-too-many = The list has more than { $max } numbers. Split it.
blocks-no-number = The file holds no phone number ({ $lines } lines were read). Put the numbers into the first column, or call their column phone.
# $max: characters
blocks-list-name = Give the list a name of at most { $max } characters.

states-title = What the states mean
states-lead = Every message has one state. It only ever goes forward.
states-out = Messages to phones
states-in = Texts from phones
states-reasons = Why a message waits or is left out
states-submitting = On its way
states-means-waiting = It is on disk here and leaves in its order, or when what holds it ends.
states-means-submitting = It is being handed to the operator just now.
states-means-uncertain = The operator’s answer was lost: nobody knows whether it left. A rule or a person decides.
states-means-sent = The operator took it; the phone has not confirmed it, and some operators never say.
states-means-delivered = The operator reported that the phone has it.
states-means-failed = The operator refused it, or reported that it could not be delivered, or somebody gave it up.
states-means-cancelled = It was taken back before it left: by a person, a STOP, a limit or a block.
states-means-expired = It was no longer worth sending when its turn came, and was not sent.
states-handled = Handled
states-means-handled = It was understood by a word, a flow or a person.
states-double = Suspected double
states-means-double = The same text came twice within seconds; it is kept and can be let count.
states-late = Late answer
states-means-late = It came when the flow no longer waited; it is kept with the results of the flow.
state-expired = Expired
means-expired = No longer worth sending when its turn came
hop-expired = Expired, not sent

held-title = Who waits, and why
held-lead = These people get the message when what holds it ends.
held-nobody = Nobody waits for an hour or a day.
held-everybody = It is quiet everywhere: all that has not left waits together.
held-until = Until
held-sum = { $reason }: { $n ->
    [one] one person, until { $time }
   *[other] { $n } people, until { $time }
}
held-by-place = { $reason } ({ $place })
held-see = See who waits
held-note = Waits until { $time }: { $reason }
held-worth = For how many hours is this broadcast worth sending?
held-worth-hint = After it was written. Empty: as long as Settings say for its kind.
held-quiet-hours = Quiet hours
held-rest-day = Day of rest
held-cap-day = Enough messages today
held-cap-week = Enough messages this week
held-cap-programme-day = Enough messages of this programme today
held-cap-programme-week = Enough messages of this programme this week
held-operator-block = Blocked by the operator
held-validity = No longer worth sending
held-means-quiet-hours = At this hour nothing but alerts and answers goes to that place.
held-means-rest-day = On this day nothing but alerts and answers goes to that place.
held-means-cap-day = This person has had as many messages today as the limit allows.
held-means-cap-week = This person has had as many messages in seven days as the limit allows.
held-means-cap-programme-day = This person has had as many messages of the programme today as the limit allows.
held-means-cap-programme-week = This person has had as many messages of the programme in seven days as the limit allows.
held-means-operator-block = The number stands on a list of the operator. It is no STOP: alerts go, and whoever writes is heard.
held-means-validity = Its hours were over before it could leave.
out-operator-block = Blocked by the operator

said-written = Written, as the phone or the operator says
said-ahead = The operator’s clock was ahead; the time of receipt counts
said-old = The operator said a time of long ago; the time of receipt counts
said-late = Late answer: the flow no longer waited
said-both = written { $time }

late-title = Late answers
late-lead = Texts that came when this flow no longer waited. They change no result.
late-none = No answer came late.
late-text = Text
late-written = Written
late-received = Received
late-unknown = not said

cli-state-expired = expired
cli-reason-validity = no longer worth sending
cli-reason-operator-block = blocked by the operator
cli-reason-taken-as-sent = taken as sent by a person
cli-reason-given-up = given up by a person
cli-reason-cap-day = enough messages that day
cli-reason-cap-week = enough messages that week
cli-reason-cap-programme-day = enough messages of the programme that day
cli-reason-cap-programme-week = enough messages of the programme that week
