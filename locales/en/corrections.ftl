# Corrections of broadcasts, and when a broadcast will be through.

correction-name = Correction: { $name }
correction-nothing-sent = Nothing of broadcast { $number } has left, so there is nothing to correct. Undo it instead.
correction-head = Is there an error in it?
correction-lead = A correction goes to exactly the people who got this, or may have got it: nobody else, and nobody less. You can change its text before it leaves.
correction-for = To those who read it in
correction-for-all = any language
correction-stop = Take back what has not left: nobody else gets the error
correction-verb = Write a correction
correction-began = Here is the correction. Change the text, then send it.
correction-of = Corrects: { $name }
correction-by = Corrected by: { $name }
correction-draft = Correction not sent yet: { $name }
event-correction = { $who } began a correction.
did-correction-begun = began a correction of a broadcast.

# $time is an hour or a day and an hour.
forecast-ends = About { $segments } SMS are left of it. The last leaves at about { $time }.
forecast-ends-shared = About { $segments } SMS are left of it, and { $others } of others leave in between. The last leaves at about { $time }.
forecast-unknown = About { $segments } SMS are left of it. When the last leaves can’t be said yet.

## Starts of flows that wait for a second person

approve-start-to = The flow “{ $name }” begins with { $sentence }.
approve-start-sms = SMS at least, one for each
approve-start-flow = Read the flow
flow-start-waits = It waits for a second person. Nothing has left.
