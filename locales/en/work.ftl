### Sending, broadcasts, the inbox and the simulator: what only they say.

## Sentence builder
blank-begin = choose people
blank-condition = Condition
blank-facility = Facility
blank-training = Training
blank-field = Field of the record
blank-behaviour = What they did
blank-everyone = Everybody in the registry
blank-typed-facility = Name or number of a facility; several with commas
blank-typed-behaviour = Or as text, for example: answered = "Polio days"
blank-typed-field = As text, for example: fields.age > 40. Fields: { $keys }
behaviour-heard = have written to us in the last 30 days
behaviour-quiet = have not written for 30 days
behaviour-never = have never written to us
behaviour-rested = have got nothing for 7 days
behaviour-no-number = no number that works
out-other = Other reasons

## Send
letters-longest = with the longest names
preview-longest = With the longest names of this audience
send-saved-unnamed = Draft saved { $time }.
send-plain = Draft saved. Typography that costs SMS was replaced in the text.
send-try = Try it on the simulator first
send-tried = A test is on its way to one pretend phone. No real phone rings.
send-test-name = Test: { $name }
send-test-reason = Test on the simulator
when-override = Send in quiet hours all the same
when-override-why = Why it cannot wait
when-override-hint = The reason stands in the audit log.

## Broadcasts
broadcast-now = Send now
broadcast-goes = It is on its way.
broadcast-state-recurring = Again and again
broadcast-stop-head = { $n ->
    [one] { $n } message has not left. Stop it?
   *[other] { $n } messages have not left. Stop them?
}
broadcast-stop-why = What has left cannot be taken back. What is stopped is not sent later.
broadcast-stop-not = Do not stop
event-sent = { $who } pressed Send.
event-undone = { $who } undid it.
event-released = { $who } sent it without waiting.
event-paused = { $who } paused it.
event-resumed = { $who } let it go on.
event-stopped = { $who } stopped what had not left.
event-not-released = It could not be sent: the sentence means nobody any more.
event-decided = { $who } decided about the uncertain ones.
event-other = { $who } changed it.

## Inbox
inbox-mine-only = Mine
inbox-other = A colleague
inbox-close-more = Close
inbox-label = What it was about
inbox-closed-why = A new text from them opens a new thread.
talk-by-itself = sent by mHero itself
hop-received = Received and on disk
hop-written = Written, on disk here
hop-sent = Taken by the operator
hop-delivered = Delivered to the phone
hop-failed = Failed
hop-cancelled = Taken back before it left
hop-uncertain = Left as uncertain
hop-waiting = Waits
hop-submitting = Being handed over

## Simulator
sim-no-channel = There is no simulator. Add a channel of that kind in Settings first.
sim-again = Look again
sim-seen = Phones seen lately
sim-written = For { $who }, on disk here
