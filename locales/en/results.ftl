### Results of a flow.

results-of = Results of { $name }
results-lead-all = All conversations, whatever began them. Version { $revision } now.
results-lead-start = Start { $n }, { $time }, version { $revision }.
results-said-none = Nobody has been asked yet.
results-said = { $n ->
    [one] { $n } of { $m } people has answered, { $share }. Complete: { $complete }.
   *[other] { $n } of { $m } people have answered, { $share }. Complete: { $complete }.
}
results-choose = Other starts
results-all = All conversations
results-start = Start { $n }, { $time }
results-csv = Download CSV for programs
results-xlsx = Download Excel
results-too-many = Nothing was downloaded: a workbook takes { $max } rows at most. Download the CSV instead, which has no limit.
results-workbook = Nothing was downloaded: the workbook could not be put together ({ $detail }). Download the CSV instead.

## The way of people
results-way = From asked to complete
results-targeted = Asked
results-valid = Valid number
results-sent = Sent
results-delivered = Delivered
results-replied = First reply
results-complete = Complete
results-lost-number = { $n } had no usable number
results-lost-sent = { $n } not sent
results-lost-delivered = { $n } not confirmed
results-lost-silent = { $n } silent
results-lost-way = { $n } not finished

## Answers
results-answers = Answers
results-answer = Answer
results-n-answers = { $n ->
    [one] { $n } answer
   *[other] { $n } answers
}
results-words = Read the words
results-texts-lead = What people wrote, the newest first.
results-rows = One row a person
results-rows-link = One row a person
results-rows-lead = Each conversation with all its answers, the newest first.
results-no-questions = This flow keeps no answers
results-no-questions-why = Give its questions a result name, and what people answer appears here.
results-nobody = Nobody yet.
results-statuses = Conversations
results-count = Number
run-active = Under way
run-waiting = Waits for an answer
run-completed = Complete
run-expired = Nobody answered in time
run-failed = Failed
run-interrupted = Broken off

## Reminders and thanks
results-follow = Remind and thank
results-silent-head = { $n ->
    [one] { $n } person has not answered
   *[other] { $n } people have not answered
}
results-replied-head = { $n ->
    [one] { $n } person has answered
   *[other] { $n } people have answered
}
results-silent-write = { $n ->
    [one] Write a reminder to this one
   *[other] Write a reminder to these { $n }
}
results-replied-write = { $n ->
    [one] Write thanks to this one
   *[other] Write thanks to these { $n }
}
results-silent-name = Reminder: { $name }
results-replied-name = Thanks: { $name }
results-later-hours = Remind in so many hours
results-later-hint = Only those who have not answered by then.
results-later = Plan a reminder
results-flow-label = Or start a flow
results-flow-start = { $n ->
    [one] Start for { $n } person
   *[other] Start for { $n } people
}
results-write-done = Nothing was sent. Write the text, check the number, then send.
results-later-done = Nothing was sent. Write the text and press Send; it leaves at that time, to those who have not answered by then.
results-flow-done = The flow is starting.
results-wait = { $value } hours can’t be. Use 1 to { $max }.

## The table
results-col-person = Person
results-col-name = Name
results-col-start = Start
results-col-status = State
results-col-began = Began
results-col-replied = First reply
results-col-ended = Ended
results-col-category = Category
results-col-written = as written
