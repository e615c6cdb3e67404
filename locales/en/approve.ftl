### A second person agrees before a large broadcast leaves.

## SMS, one each: GSM-7 letters only
approval-sms-ask = Approve { $number }: "{ $name }" by { $who } to { $count } people, { $since }. Answer YES { $number } { $code } or NO { $number }. Its text came before.
approval-sms-now = at once
approval-sms-again = again and again
approval-sms-approved = Broadcast { $number } is approved for { $count } people. It leaves as planned, after a minute in which it can be taken back.
approval-sms-refused = Broadcast { $number } goes back to its author. Nothing leaves.
approval-sms-code = To approve { $number }, send YES { $number } and the code of 4 digits that came with it. To refuse, send NO { $number }.
approval-sms-action = Do you agree to { $number }? Send YES { $number } and the code, or NO { $number }. Nothing was decided.
approval-sms-which = Which one? Send YES or NO and its number: { $words }. Nothing was decided.
approval-sms-wrong = This is not the code of { $number }. Nothing was approved. Tries left: { $count }.
approval-sms-locked = Too many wrong codes for { $number }. Nothing was approved. Decide on the console, or let its author ask again.
approval-sms-expired = The code of { $number } is too old. Nothing was approved. Decide on the console, or let its author ask again.
approval-sms-over = { $number } no longer waits: somebody decided, or its author took it back.
approval-sms-changed = { $number } was changed after you were asked. Nothing was approved and nothing leaves.
approval-sms-not-allowed = This number is not allowed to approve. If you changed phone, see your supervisor.

## What is refused
send-no-approver = Above { $above } people somebody else must agree, and there is nobody: give another user the role approver or administrator, for the whole country.
approval-size = The number of people cannot be below zero.
approval-minutes = A code counts for { $from } to { $to } minutes.
approval-not-waiting = Broadcast { $number } does not wait for approval: somebody decided, or it was taken back.
approval-own = Nobody approves their own broadcast. Somebody else who may approve must sign in.
approval-changed = Text, audience or time have changed since you read it. Nothing was approved. Read it again.
approval-moved = The number of people has changed to { $n } since you read it. Nothing was approved. Read it again and type it.
approval-reason = Say in a few words why it goes back. Nothing was decided.

## Console
nav-approvals = Approvals
approvals-lead = Large broadcasts leave when a second person has agreed.
approvals-waiting = Waiting
approvals-decided = Decided
approvals-none = Nothing waits for approval
approvals-none-why = Broadcasts above the size that Settings name come here.
approvals-by = { $who } asked { $time }
approvals-people = { $n ->
    [one] { $n } person
   *[other] { $n } people
}
approve-head = Approve “{ $name }”?
approve-head-done = “{ $name }”
approve-lead = { $who } asked { $time }. You are the second person, { $you }.
approve-lead-other = { $who } asked { $time }.
approve-to = To { $sentence }.
approve-text = { $language }, to { $n }
approve-phones = { $n ->
    [one] real phone
   *[other] real phones
}
approve-phones-unreal = { $n ->
    [one] phone, not for real
   *[other] phones, not for real
}
approve-sms = SMS in all
approve-when = When
approve-when-now = One minute after you agree
approve-when-again = Again and again; this counts for all of them
approve-left-out = Left out
approve-left-out-nobody = Nobody
approve-left-out-one = { $reason }: { $n }
approve-lane = How urgent
approve-lane-alert = Alert: it overtakes everything, and quiet hours do not hold it
approve-lane-reply = Before everything but alerts
approve-lane-normal = Normal
approve-lane-bulk = It can wait
approve-quiet = In quiet hours, too
approve-wrong = If it is wrong
approve-wrong-why = 60 seconds to undo, then whatever has not left can be stopped
approve-code = Its code
approve-code-why = { $code }: who doubts the message can text CHECK { $code }
approve-decision = Your decision
approve-type = Type the number of phones to approve
approve-typed-wrong = { $typed } is not the number above. Nothing was approved. Read the count again and type it.
approve-go = { $n ->
    [one] Approve for { $n } phone
   *[other] Approve for { $n } phones
}
approve-why-back = Or why it goes back
approve-why-back-hint = Its author reads it.
approve-back = Send back
approve-by-phone = From your phone you can also answer YES { $number } and the code that came, or NO { $number }. If text, audience or time change, neither counts any more.
approve-unreadable = The audience means nothing any more: a group or place in it was removed. It cannot be approved.
approve-has-changed = It has changed since somebody was asked. It cannot be approved; its author sends it anew.
approve-own-head = This is your own broadcast
approve-own = Somebody else must agree. Nothing has been sent.
approve-not-yours = Your role does not approve broadcasts.
approve-again = Ask the phones again
approve-asked-again = New codes are on their way. The old ones no longer count.
approve-done = Approved.
approve-sent-back = It goes back to its author. Nothing was sent.
approve-was-approved = { $who } approved it { $time }.
approve-was-approved-sms = { $who } approved it by SMS { $time }.
approve-was-refused = { $who } sent it back { $time }.
approve-was-refused-sms = { $who } refused it by SMS { $time }.
approve-was-void = It was taken back before anybody decided.
approve-reason = Why: { $reason }
approve-system = The command line
approve-band = Your answer sends to real phones.
approve-state-waiting = Waits
approve-state-approved = Approved
approve-state-refused = Sent back
approve-state-void = Taken back
band-test = Test
band-test-sentence = Its texts begin with TEST.
band-drill = Drill
band-drill-sentence = Its texts begin with DRILL. It goes to real phones.
broadcast-state-approval = Waits for approval
broadcast-lead-approval = Waits for a second person. Nothing has been sent.
broadcast-approval-open = Read and decide
broadcast-approval-see = Who must agree, and what they read
broadcast-change = Take back and change
today-approval = { $n ->
    [one] A broadcast waits for your approval
   *[other] { $n } broadcasts wait for your approval
}
send-waits = More than { $n } people: a second person must agree before anything leaves.
send-ask = { $n ->
    [one] Ask for approval for { $n } person
   *[other] Ask for approval for { $n } people
}
event-approval-given = { $who } approved it.
event-approval-refused = { $who } sent it back.
event-approval-asked-again = { $who } asked the phones again.
event-approval-wrong = Somebody tried a wrong code by SMS.
event-approval-not-allowed = A phone that may not approve tried to.
event-approval-void = It changed while it waited; the approval no longer counts.
did-approvals-set = said from which size on a second person must agree.
did-approval-given = approved a broadcast.
did-approval-refused = sent a broadcast back.
did-approval-asked-again = asked for an approval again.
did-approval-wrong-code = tried a wrong code for an approval.
did-approval-not-allowed = tried to approve a broadcast and may not.
did-approval-void = changed a broadcast that waited; the approval no longer counts.

## Settings
settings-approvals = Approvals
settings-approvals-lead = Above a size a second person must agree before a broadcast leaves: on the console, or by SMS from a phone that stands here.
settings-approvals-above = Above how many people
settings-approvals-above-hint = Empty: nobody has to agree. 0: always.
settings-approvals-minutes = For how many minutes a code by SMS counts
settings-approvals-who = Who may agree
settings-approvals-phone = Phone
settings-approvals-no-phone = No phone: on the console only
settings-approvals-nobody = Nobody yet. Give somebody the role approver or administrator, for the whole country.
settings-approvals-number = That is no number.
settings-phone = Phone for approvals and warnings
settings-phone-hint = Codes go here, and answers count from this number only. Empty for none.
settings-phone-save = Save phone
settings-phone-saved = The phone of { $name } is saved.

## Command line
cli-status-approval = waits for approval
cli-send-waits = Broadcast { $number } waits for a second person: { $people ->
    [one] { $people } person
   *[other] { $people } people
}. Nothing has been sent. They decide on the console under Approvals, or by SMS.

## The command line
cli-column-author = AUTHOR
cli-column-mark = MARK
cli-approvals-fact = { $name }: { $value }
cli-what-approval = approval
cli-approvals-head = { $number } “{ $name }” by { $who }: { $state }. { $n ->
    [one] It goes to one person.
   *[other] It goes to { $n } people.
}
cli-approvals-people = It goes to { $n } people, not to { $typed }. Nothing was approved. Read it again: mhero approvals show
cli-approvals-stdin = Whoever decides gives the password of the account on the first line of standard input: add --password-stdin. Nothing was decided.
cli-approvals-approved = { $id } is approved. It leaves as planned.
cli-approvals-rejected = { $id } goes back to its author. Nothing leaves.
