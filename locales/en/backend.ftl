# A RapidPro that the country keeps, as a back end.

setting-backend = Flows run there for us
setting-backend-hint = yes or no. With yes its flows can be started here, and what people answer there is read back.
setting-backend-unset = No

# Names, in the first language of the installation.
backend-flow-name = { $name } (at { $source })
backend-text-flow = Text message

backend-head = Flows at { $name }
backend-lead = Flows that run there are started from here like any other; messages, answers and stops are read back.
backend-link = Flows that run there, messages and answers
backend-pull = Read now
backend-pulled = Everything was read.
backend-pulls = It is being read. Look again in a while.
backend-lists = What is read
backend-list = List
backend-last = Last read
backend-count = Taken in
backend-never = Nothing was read yet. It begins within a minute.
backend-list-flows = Flows
backend-list-contacts = Stops and numbers
backend-list-messages = Messages
backend-list-runs = Runs and answers
backend-list-is-read = Read
backend-list-is-failed = Not read
backend-list-is-wait = Waits
backend-items = Came back
backend-items-message = { $n ->
    [one] { $n } message
   *[other] { $n } messages
}
backend-items-run = { $n ->
    [one] { $n } run
   *[other] { $n } runs
}
backend-calls = Asked of it
backend-calls-waiting = { $n } waiting
backend-calls-calling = { $n } on the way
backend-calls-taken = { $n } taken
backend-calls-uncertain = { $n } uncertain
backend-calls-refused = { $n } refused
backend-calls-cancelled = { $n } left
backend-open = What is not done
backend-what = What
backend-next = Next
backend-decide = Decide
backend-call = Start { $number }: { $flow }
backend-call-waiting = Waits
backend-call-calling = On the way
backend-call-uncertain = Uncertain: it is looked up before it is asked again
backend-call-refused = Refused
backend-again = Again
backend-leave = Leave it
backend-decided = Decided.
backend-problems = To look at
backend-problem-contact-of-several = A contact has the numbers of several people here.
backend-remedy-contact-of-several = Say there which number is whose, or join the people here if they are one.
backend-problem-nobody = Nobody knows whose this is.
backend-remedy-nobody = The workspace hides its address, or it was deleted. Link the contact to a person by reading the contacts of this source.
backend-problem-trigger-not-here = This trigger starts nothing: its flow runs in the country’s RapidPro.
backend-remedy-trigger-not-here = Set word, call or new person there, and remove the trigger here. From here a schedule or a campaign starts such a flow; who is new gets it by a campaign after “Came into the registry”.
backend-problem-plan-no-text = This has nothing to say: it starts the flow through which texts are sent.
backend-remedy-plan-no-text = Choose a flow with words of its own; in a campaign write the texts into the event.
backend-problem-plan-gone = This starts nothing: its flow is no more in the country’s RapidPro, or put away there.
backend-remedy-plan-gone = Choose another flow, or take it up there again.
backend-problem-flow-enters = This flow goes into one that runs in the country’s RapidPro: whoever gets there goes past it.
backend-remedy-flow-enters = Let it start that flow for the person instead (the action “start somebody in a flow”), and save it anew.
backend-flows = Flows
backend-no-flows = No flow was read yet.
backend-text = Text
backend-text-hint = At most { $max } characters.

backend-not-one = { $source } is no back end. Set backend=yes among its settings.
backend-busy = Somebody works with { $source } just now. Try again in a minute.
backend-stale = It has changed meanwhile. Look again.
backend-no-text = Write the text that is to be sent.
backend-text-long = The text is too long: at most { $max } characters.

backend-trigger-not-here = “{ $flow }” runs in the country’s RapidPro, and words, calls and new people begin it there. Set this trigger in that RapidPro; from here choose a schedule or a campaign.
backend-flow-entered = “{ $flow }” runs in the country’s RapidPro, and no flow here can go into it. Use the action that starts somebody in a flow: it starts it there.
backend-plan-no-text = “{ $flow }” only carries a text that is written when it is started. Choose a flow with words of its own; in a campaign write the texts into the event.

backend-why-cut = The answer was lost: mHero ended while it asked.
backend-why-nobody = Nobody is left: everybody has stopped, or is somebody else there.
backend-why-no-text = There is no text to send.
backend-why-gone = This person is no longer in the register.
backend-why-removed = The source is no back end any more.
backend-why-same-id = It answered with the id of something else.

backend-person-waiting = Waits
backend-person-started = Started there
backend-person-conflict = Somebody else there
backend-person-refused = Refused
backend-person-stopped = Has stopped
backend-person-cancelled = Left out

talk-elsewhere = At { $source }

flow-origin-backend = At { $source }
flow-runs-there = This flow runs at { $source }: it is drawn, checked and changed there. It is started from here, and what people answer comes back into its results.

cli-backend-pulled = Read: { $flows } flows, { $items } contacts, messages and runs; { $calls } calls were made.
cli-backend-decided = Decided.
