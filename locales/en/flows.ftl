### Flows in the console: the list, the library, import, a flow with its picture, playing one.

nav-conversations = Conversations
nav-flows = Flows

## List
flows-lead = Conversations that run by themselves: they ask, understand the answers and keep the results.
flows-empty = There are no flows yet
flows-empty-why = Begin with a ready one from the library, in English and French, or import those that you have.
flows-library-open = Open the library
flows-choose = Choose for the export
flows-choose-one = Choose { $name } for the export
flows-export = Export
flows-export-hint = The chosen flows, or all, as a file for RapidPro or mHero.
flows-archived = Archived flows
flows-archived-lead = Nobody is started in these any more.
flows-archived-none = No flow is archived
flows-archived-n = { $n ->
    [one] { $n } archived flow
   *[other] { $n } archived flows
}
flow-kind = Kind
flow-kind-messaging = Messages
flow-kind-messaging-background = In the background
flow-kind-messaging-offline = On a device
flow-kind-voice = Voice
flow-revision = Revision
flow-live = In it now
flow-changed = Last change
flow-origin = From
flow-origin-library = Library
flow-origin-import = Import
flow-origin-console = Console

## Library
flows-library = Library
flows-library-lead = Ready use cases in English and French. Add one, try it, and change it as you need.
flows-library-here = Added
flows-library-add = Add to this installation
flows-library-again = Add again
flows-library-add-one = Add { $name }
flows-library-added = { $name } from the library

## Import
flows-import = Import flows
flows-import-lead = Bring the flows that you have. They run as they did before.
flows-import-file = File
flows-import-hint = An export of RapidPro or mHero, or a single definition: JSON, { $max } MB at most.
flows-import-button = Import
flows-import-or-play = Only try a file, without saving it
flows-import-no-file = Choose a file first.
flows-import-what = What comes with an export
flows-import-what-why = Flows, groups, fields, triggers and campaigns. A flow that is here already gets a new revision; whoever is in it goes on where they stand. Nothing is sent.
flows-imported = Import
flows-imported-lead = { $n ->
    [one] { $n } part was read
   *[other] { $n } parts were read
}, { $refused ->
    [0] none was refused.
    [one] { $refused } was refused.
   *[other] { $refused } were refused.
}
flows-imported-go = Go to the flows
import-kind-flow = Flows
import-kind-trigger = Triggers
import-kind-campaign = Campaigns
import-kind-group = Groups
import-kind-field = Fields
import-kind-thing = Other things
import-n-created = { $n } new
import-n-updated = { $n } with a new revision
import-n-changed = { $n } changed
import-n-known = { $n } here already
import-n-refused = { $n } refused
import-created = New
import-updated = New revision
import-known = Here already
import-changed = Taken with a change
import-refused = Refused
flow-not-there = There is no such thing here: { $what } { $id }. Import it too, or choose another.

## A flow
flow-tabs = Pages of this flow
flow-tab-overview = Overview
flow-tab-play = Play
flow-tab-results = Results
flow-tab-triggers = Triggers
flow-tab-revisions = Revisions
flow-lead = { $kind }, revision { $n }. From: { $origin }.
flow-this = About this flow
flow-picture = Picture
flow-outline = { $n ->
    [one] { $n } step in words
   *[other] { $n } steps in words
}
flow-is-archived = This flow is archived. Nobody is started in it; who is in it goes on.
flow-live-n = { $n ->
    [one] conversation under way
   *[other] conversations under way
}
flow-standing = Who waits where
flow-step = Step { $n }
flow-step-see = See the step
flow-findings = Checks
flow-findings-none = Nothing was found.
flow-findings-n = { $n ->
    [one] { $n } finding
   *[other] { $n } findings
}
flow-findings-all = All { $n } on the page of the flow
flow-findings-more = { $n } more are not shown. Mend these first.
flow-severity-error = Error
flow-severity-warning = Warning
flow-severity-hint = Hint
flow-settings = Settings
flow-set-interrupts = It ends other conversations
flow-set-interrupts-hint = As RapidPro does. Otherwise they are suspended, and go on where they stood.
flow-set-keywords = Only urgent keywords interrupt it
flow-settings-saved = The settings are saved.
flow-export = Export this flow
flow-archive = Archive
flow-restore = Bring back
flow-archived = The flow is archived. Who is in it goes on.
flow-restored = The flow is back.
flow-play = Play

## Starts
flow-start = Start for people
flow-starts = Starts
flow-start-number = No. { $n }
flow-start-starting = Starting
flow-start-started = Started
flow-start-cancelled = Cancelled
flow-start-funnel = { $started } started, { $replied } answered, { $complete } went to the end
flow-start-head = Start “{ $name }”
flow-start-lead = Say for whom. Nothing is sent before the last button.
flow-start-say = Start for
flow-start-nobody = Nobody would get it. Choose other people.
flow-start-test = This is a test: it stands in no results
flow-start-in-a-flow = { $n ->
    [one] { $n } of them is in a conversation now. It is suspended and goes on afterwards.
   *[other] { $n } of them are in a conversation now. It is suspended and goes on afterwards.
}
flow-start-confirm = { $n ->
    [one] It begins for { $n } person
   *[other] It begins for { $n } people
}
flow-start-go = { $n ->
    [one] Start for { $n } person
   *[other] Start for { $n } people
}
flow-start-not = Not now
flow-start-done = { $n ->
    [one] It begins for { $n } person.
   *[other] It begins for { $n } people.
}
flow-lane = How urgent
flow-lane-bulk = Like a broadcast
flow-lane-normal = Like a message to a few
flow-lane-alert = Alert: at night too

## Revisions
flow-revisions-lead = New conversations get revision { $n }. Who is in an older one stays there until you move them.
flow-by = By
flow-current = current
flow-older = { $n ->
    [one] { $n } conversation runs an older revision.
   *[other] { $n } conversations run an older revision.
}
flow-move = Move { $n } to the current revision
flow-move-head = { $n ->
    [one] Move { $n } conversation to revision { $revision }?
   *[other] Move { $n } conversations to revision { $revision }?
}
flow-move-why = They go on at the step where they wait, as the current revision has it. Who waits at a step that it no longer has stays.
flow-move-not = Leave them
flow-moved = { $moved } moved. { $stranded } stay, because their step is gone. { $busy } were busy: move again.

## Playing
flows-play-file = Try a file
flows-play-file-lead = Play a flow out of a file. It is not saved, and nobody is written to.
flows-play-which = Flow
flows-play-which-hint = Its name, where the file has several. Otherwise the first.
flow-play-title = Play “{ $name }”
flow-play-lead = Type as the person who gets it. No real phone is reached and nothing is kept.
flow-play-again = Begin again
flow-play-texts = Texts
flow-play-text = Answer
flow-play-timeout = Let the wait run out
flow-play-expiry = Never answer
flow-play-call = The flow calls outside. What comes back?
flow-play-status = Status
flow-play-body = Body
flow-play-answer = Answer the call
flow-play-lost = Nothing answers
flow-play-ended = The conversation is over.
flow-play-failed = The flow failed. See what mHero did.
flow-play-results = Results
flow-play-no-results = None yet.
flow-play-contact = Person
flow-play-no-facts = Nothing is known.
flow-play-did = What mHero did
flow-play-said = Said:
flow-play-heard = Heard:
flow-play-person = Play as somebody else
flow-play-as = Begin as this person
flow-play-no-language = None
flow-play-groups = Groups
flow-play-groups-hint = Names, with commas between.
flow-play-fields = Fields
flow-play-fields-hint = One a line: cadre = midwife
flow-play-too-long = This conversation has become longer than { $max } kB. Begin again.
flow-play-unreadable = This conversation can't be read any more. Begin again.

## What mHero did, in a played conversation
flow-did-field = { $name } is now “{ $value }”
flow-did-field-cleared = { $name } is now empty{ $value }
flow-did-joined = Joined { $name }{ $value }
flow-did-left = Left { $name }{ $value }
flow-did-joined-and-left = Joined { $name }, left { $value }
flow-did-name = The name is now “{ $name }”{ $value }
flow-did-language = The language is now { $name }{ $value }
flow-did-timezone = The time zone is now { $name }{ $value }
flow-did-status = The status of the person changed{ $name }{ $value }
flow-did-urns = The addresses are now { $name }{ $value }
flow-did-entered = Entered “{ $name }”{ $value }
flow-did-run-completed = “{ $name }” is over{ $value }
flow-did-run-expired = “{ $name }” ended without an answer{ $value }
flow-did-run-failed = “{ $name }” failed{ $value }
flow-did-run-active = “{ $name }” goes on{ $value }
flow-did-run-waiting = “{ $name }” waits{ $value }
flow-did-result = Kept { $name }: { $value }
flow-did-result-category = Understood { $name } as “{ $value }”
flow-did-labelled = Labelled { $name }{ $value }
flow-did-called = Called { $name }: { $value }
flow-did-called-in-vain = Called { $name } in vain{ $value }
flow-did-asked-model = { $name } said: { $value }
flow-did-airtime = Sent airtime: { $name } { $value }
flow-did-mailed = Sent a mail to { $name }: { $value }
flow-did-wrote-others = Wrote to others: { $name }{ $value }
flow-did-started-others = Started others in “{ $name }”{ $value }
flow-did-ticket = Opened a ticket{ $name }{ $value }
flow-did-timed-out = The wait ran out{ $name }{ $value }
flow-did-expired = No answer came for as long as the flow waits{ $name }{ $value }
flow-did-problem = Could not: { $name }{ $value }
flow-did-failure = Failed: { $name }{ $value }

## The picture
flow-pic = Picture of the flow { $name }
flow-pic-start = begins here
flow-pic-current = stands here
flow-pic-visited = visited
flow-pic-unreachable = no way leads here
flow-pic-nothing = Does nothing
flow-pic-wait = Waits for an answer
flow-pic-dial = Waits for a call to end
flow-pic-timeout = No answer within { $time }
flow-pic-result = Kept as: { $name }
flow-pic-choice = Looks at { $operand }
flow-pic-chance = Chooses by chance
flow-pic-otherwise = Otherwise
flow-pic-goes = step { $n }
flow-pic-ends = the end
flow-pic-count = { $n } ×
flow-pic-more = { $n } more
flow-action-add-contact-groups = Adds to
flow-action-add-contact-urn = Adds the address
flow-action-add-input-labels = Labels the answer
flow-action-call-classifier = Has the text classified
flow-action-call-llm = Asks a language model
flow-action-call-resthook = Calls the subscribers of
flow-action-call-webhook = Calls
flow-action-enter-flow = Goes into the flow
flow-action-open-ticket = Opens a ticket
flow-action-play-audio = Plays
flow-action-remove-contact-groups = Takes out of
flow-action-request-optin = Asks for consent
flow-action-say-msg = Speaks
flow-action-send-broadcast = Writes to others
flow-action-send-email = Sends a mail
flow-action-send-msg = Says
flow-action-set-contact-channel = Sets the channel
flow-action-set-contact-field = Keeps about the person
flow-action-set-contact-language = Sets the language
flow-action-set-contact-name = Sets the name
flow-action-set-contact-status = Sets the status
flow-action-set-contact-timezone = Sets the time zone
flow-action-set-run-local = Notes
flow-action-set-run-result = Keeps the result
flow-action-start-session = Starts others
flow-action-transfer-airtime = Sends airtime
flow-case-has-any-word = One of the words { $words }
flow-case-has-all-words = All of the words { $words }
flow-case-has-phrase = The words { $words } together
flow-case-has-only-phrase = Only { $words }
flow-case-has-only-text = Exactly { $words }
flow-case-has-beginning = Begins with { $words }
flow-case-has-pattern = Fits the pattern { $words }
flow-case-has-text = Any text{ $words }
flow-case-has-number = A number{ $words }
flow-case-has-number-between = A number between { $words }
flow-case-has-number-eq = The number { $words }
flow-case-has-number-gt = More than { $words }
flow-case-has-number-gte = { $words } or more
flow-case-has-number-lt = Less than { $words }
flow-case-has-number-lte = { $words } or less
flow-case-has-date = A date{ $words }
flow-case-has-date-eq = The date { $words }
flow-case-has-date-gt = After { $words }
flow-case-has-date-lt = Before { $words }
flow-case-has-time = A time{ $words }
flow-case-has-phone = A phone number { $words }
flow-case-has-email = An e-mail address{ $words }
flow-case-has-group = Is in the group { $words }
flow-case-has-category = The result is { $words }
flow-case-has-error = It failed{ $words }
flow-case-has-state = A region{ $words }
flow-case-has-district = A district { $words }
flow-case-has-ward = A ward { $words }
flow-case-other = { $test } { $words }
