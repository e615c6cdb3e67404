### Who may do what with flows, starts that are stopped, words that no keyword can have.

## Triggers
trigger-word-starts = “{ $word }” means START: whoever writes it wants messages again. Choose another word.
trigger-word-not-me = “{ $word }” says that the wrong person holds the phone. Choose another word.
trigger-word-chooses = “{ $word }” is how people choose from a list, so it would break into every question. Choose a word of two letters or more.
trigger-word-answers = “{ $word }” is how people say that they have read a message, so it would start the flow by mistake. Choose another word.

## Starts
flow-start-over = Start no. { $number } is over: everybody has been started, or it was stopped before. There is nothing left to stop.

## What people did, in the log
did-flow-programme-set = gave a flow to another programme.
did-flow-start-stopped = stopped a start of a flow; who was left is not started.
did-flow-sessions-moving = began to move people who wait to the new revision of a flow.

## The start page
flow-start-errors = { $n ->
    [one] The checks find an error in this flow.
   *[other] The checks find { $n } errors in this flow.
 } It can't work as it is written.
flow-start-despite = Start it all the same
flow-start-stop = Stop this start
flow-start-stop-done = The start is stopped. Whom it had not begun with is not started; conversations under way go on.
out-start-stopped = not started: the start was stopped
flow-programme = Programme
flow-programme-none = The whole country
flow-of-programme = Of the programme { $name }.

## The command line
cli-reason-start-stopped = the start was stopped before their turn
cli-flow-start-errors = The checks find { $count ->
    [one] an error in this flow
   *[other] { $count } errors in this flow
 }, which can't work as it is written:
cli-flow-start-stopped = Start no. { $number } is stopped. { $people ->
    [one] One person has been started
   *[other] { $people } people have been started
 }, and nobody else will be.
cli-flow-moving = { $people ->
    [one] One person is
   *[other] { $people } people are
 } being moved, one after the other; the page of the flow’s revisions says how far it is.

## Moving people
flow-moving = { $done } of { $total } people have been looked at: { $moved } moved, { $stranded } stay where their step is gone, { $busy } are answering just now. It goes on by itself.

## Catch-all
trigger-catch-all-limit = One person is answered so { $n } times a day at most: what writes by itself, a service number for one, is not answered for ever. Later texts go to the inbox.

## Large flows
flow-picture-whole = The whole picture, { $n } steps, by itself
flow-steps-part = Steps { $first } to { $last } of { $n }
flow-steps-before = Steps before
flow-steps-after = Steps after
