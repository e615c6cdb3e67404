### The console. Sentence case; verbs on buttons say what they do.

## Everywhere
skip = Skip to content
find = Find a person, number or facility
find-short = Name or number
find-button = Find
menu = Menu
menu-close = Close menu
nav = Main
nav-today = Today
nav-send = Send
nav-broadcasts = Broadcasts
nav-inbox = Inbox
nav-register = Register
nav-people = People
nav-places = Places
nav-audiences = Audiences
nav-system = System
nav-exchanges = Exchanges
nav-audit = Audit
nav-simulator = Phone simulator
nav-settings = Settings
nav-live = { $n } live
undo = Undo
show = Show
set = Set
add = Add
choose = Choose
none = none
name = Name
kind = Kind
state = State
phone = Phone
place = Place
language = Language
channel = Channel
when = When
why = Why
share = Share
filter = Filter
sms = SMS
duration = Time
people-head = People
people-word = people
people-word-n = { $n ->
    [one] person
   *[other] people
}
n-people = { $n ->
    [one] { $n } person
   *[other] { $n } people
}
n-days = { $n ->
    [one] { $n } day
   *[other] { $n } days
}
n-failed = { $n } failed
n-uncertain = { $n } uncertain
n-of-m = { $n } of { $m }
nothing-was-sent = Nothing was sent.
foot-short-code = The ministry’s short code is { $code }. It never asks for a PIN or money.
foot-no-pin = The ministry never asks for a PIN or money.
band-live = Live
band-live-sentence = Real phones are ringing. Stop works at any time for what has not left.
band-unreal = Not real
band-demo = Demo country
band-demo-sentence = Invented workers and phones. Quiet hours are off here.
band-simulator = Simulator
band-simulator-sentence = Nothing on this page reaches a real phone.
pager = Pages
pager-of = { $first } to { $last } of { $total }
pager-rows = { $first } to { $last }
pager-previous = Previous page
pager-next = Next page

## Days and times
time-today = Today
time-today-at = Today { $time }
time-yesterday = yesterday { $time }
time-was-yesterday = Yesterday
time-tomorrow = tomorrow { $time }
time-on-day = { $day }, { $time }
time-never = Never
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
weekday-1 = Monday
weekday-2 = Tuesday
weekday-3 = Wednesday
weekday-4 = Thursday
weekday-5 = Friday
weekday-6 = Saturday
weekday-7 = Sunday

## Languages
language-eng = English
language-fra = French
language-por = Portuguese
language-ara = Arabic
language-swa = Swahili
language-spa = Spanish
language-kpe = Kpelle

## The door
sign-in = Sign in
sign-in-lead = Messages between the ministry and its health workers.
sign-in-id = E-mail address
sign-in-id-hint = The one your administrator registered
sign-in-password = Password
sign-in-forgot = Forgot it? Your administrator can give you a new one.
sign-in-demo = The window in which the demo was started shows how to sign in.
sign-in-wrong = This login and this password do not belong together. Nothing was changed. Try again.
sign-in-too-many = Too many tries. Nothing was changed. Try again in { $n ->
    [one] { $n } minute
   *[other] { $n } minutes
}.
sign-in-aside = What a health worker sees
sign-in-sample = Thank you Mary, your county team has your answer. Write again any time, it is free.
sign-out = Sign out
sign-out-everywhere = Sign out everywhere
phone-reply = Reply
phone-back = Back

## The account
account-sessions = Signed in
account-open = { $n ->
    [one] { $n } browser is signed in as you.
   *[other] { $n } browsers are signed in as you.
}
account-password = Password
account-old = Password now
account-new = New password
account-change = Change the password
account-changed = The password was changed. Other browsers were signed out.
account-wrong = The password now was not that. Nothing was changed.
account-role = Role
account-where = Where

## Today
today-lead = { $now }. Epidemiological week { $week }.
today-waiting = Waiting for you
today-waiting-n = { $n ->
    [one] { $n } thing
   *[other] { $n } things, oldest first after alerts
}
today-nothing = Nothing waits for you
today-nothing-why = New messages, failures and decisions appear here.
today-messages = { $n ->
    [one] { $n } message waits for an answer
   *[other] { $n } messages wait for an answer
}
today-oldest = Oldest: { $who }
today-answer = Answer
today-uncertain = { $n ->
    [one] { $n } message may have been sent or not
   *[other] { $n } messages may have been sent or not
}
today-decide = Decide
today-failed-channel = { $name } does not answer
today-look = Look
today-live = Being sent now
today-all-broadcasts = All broadcasts
today-left = { $left } of { $total } have left.
today-begin = First steps
today-works = Is it all working?
today-queue = In the queue
today-queue-words = { $urgent } urgent, { $bulk } bulk
today-backup = Backup
today-registry = Registry
begin-channel = Add a channel
begin-channel-why = The simulator is one. Without a channel, messages wait.
begin-channel-verb = Open Settings
begin-people = Import your people
begin-people-why = A list as a table, or an export of the HR registry. It is looked through before anything is written.
begin-people-verb = Import a file
begin-send = Send the first message
begin-send-why = On the simulator nothing reaches a real phone.
begin-send-verb = Send a message

## Sentence and query
query = Query
query-as-text = The same as text
query-as-text-or-saved = The same as text, or pick a saved audience
query-use = Use this text
query-saved = Saved audience
query-use-saved = Use this audience
query-fault = The query could not be read.
blank-use = Use these
blank-drop = Remove the condition
blank-close = Close
blank-add = + add a condition
blank-cadre = Cadre
blank-place = Place
blank-language = Language
blank-group = Audience
blank-job = Job title
blank-phone = Phone number
blank-more = Add a condition
blank-typed-place = Name of a county, district or facility; several with commas
blank-typed-query = A condition as text, for example: emonc < 2026-01-01
blank-any-cadre = all health workers
blank-any-place = the whole country
blank-unknown-place = “{ $place }” is not the name of one place.
say-send-to = Send to
say-show = Show
say-audience = Everybody:
say-who-work-in = who work in
say-who-speak = who speak
say-who-are-in = who are in
say-whose-job-is = whose job is
say-with = with
say-and-also = and also
say-or = or
say-a-number = a number that works
say-any-number = any number or none

## Counts
count = Count
count-get-it = { $n ->
    [one] person will get it
   *[other] people will get it
}
count-caption = Who is left out and why
count-match = Match the sentence
count-out = Left out
count-final = Cannot be overruled
count-counting = Counting…
out-no-number = No phone number
out-bad-number = Number cannot be right
out-shared = Shares a phone, one SMS is enough
out-empty = The text came out empty for them
out-stopped = Asked us to stop
out-inactive = Not in active service
out-no-text = No text in their language
out-see-who = See who
sample-head = { $n ->
    [1] One of them
    [2] Two of them
    [3] Three of them
    [4] Four of them
    [5] Five of them
   *[other] { $n } of them
}
sample-others = Five others

## Editor
letters-of = # of # letters
letters-because = because of
letters-pasted = typography taken out
letters-ruler = Ruler: one block is one SMS
letters-count = { $used } of { $room } letters · { $parts } SMS
fix-head = { $letters } makes this { $parts } SMS.
fix-why = With { $letters } in it, one SMS holds 70 letters instead of 160. “{ $reads }” reads the same.
fix-button = Write “{ $reads }”
fix-saves = { $parts } SMS, saves { $saves } SMS

## Send
send-head = Send a message
send-saved = Draft “{ $name }”, saved { $time }.
send-nothing-sent = Nothing has been sent.
send-steps = Steps
send-step-1 = 1 Who
send-step-2 = 2 What
send-step-3 = 3 Check
send-who = Who should get it?
send-what = What should it say?
send-check = Check, then send
send-name = Name of this message
send-name-hint = Only you and your colleagues see it
send-unnamed = Message of { $day }
send-text-label = In { $language }, to { $n ->
    [one] { $n } person
   *[other] { $n } people
}
send-insert = Insert
send-insert-one = { $name }, up to { $letters } letters
insert-first-name = first name
insert-name = whole name
insert-facility = facility
send-add-language = Add a language
send-unspoken = { $n ->
    [one] { $n } person speaks { $language } and will read the first text.
   *[other] { $n } people speak { $language } and will read the first text.
}
send-by-channel = By channel
send-keep = Keep as draft
send-discard = Throw the draft away
send-kept = Draft saved.
send-discarded = The draft is gone. Nothing was sent.
send-in-one-sentence = In one sentence
send-said-now = { $sms } SMS to { $n ->
    [one] { $n } person
   *[other] { $n } people
}, as soon as you send it.
send-said-at = { $sms } SMS to { $n ->
    [one] { $n } person
   *[other] { $n } people
}, { $when }.
send-frozen = The sentence is read again when the message leaves. From then on the list is frozen.
send-go = Send to { $n ->
    [one] { $n } person
   *[other] { $n } people
}
send-go-later = Schedule for { $n ->
    [one] { $n } person
   *[other] { $n } people
}
send-no-text = Write a text first.
send-nobody = Nobody matches the sentence. Choose other people first.
send-no-channel = There is no channel yet. Messages wait until one is added.
send-simulator-only = The channel is the simulator. No real phone rings.
send-quiet-now = In quiet hours for nobody
send-quiet-wait = It is quiet time until { $time }. The messages wait until then.
send-stop-words = Everybody can answer STOP
preview = Preview
preview-head = On a basic phone
preview-again = Show it again
preview-as = As { $who } reads it
when-now = Now
when-at = At a set time
when-each = Again and again
when-more = Day, time and zone
when-time = Day and time
when-zone = Time zone
when-repeat = How often
when-daily = Every day
when-weekly = Every week
when-monthly = Every month
when-leaves = Leaves on { $time }, time of { $zone }.
when-repeats = First on { $time }, time of { $zone }, then again: { $each }.
when-gone = This time has gone by. Nothing was sent. Choose a later one.
when-unclear = This day and time could not be read. Nothing was sent.
when-quiet = Between { $from } and { $until } nothing leaves but alerts and answers.
when-quiet-off = There are no quiet hours.
confirm-head = { $n ->
    [one] This will reach { $n } real phone
   *[other] This will reach { $n } real phones
}
confirm-head-demo = { $n ->
    [one] This will reach { $n } pretend phone
   *[other] This will reach { $n } pretend phones
}
confirm-type = Type the number of people to continue
confirm-why = Asked above { $n } people.
confirm-wrong = { $typed } is not the number above. Nothing was sent. Read the count again and type it.
confirm-moved = The count has changed to { $n } since you read it. Nothing was sent. Read it again.
confirm-undo = After that you have 60 seconds to undo. You can pause and stop at any time.

## Broadcasts
broadcasts-lead = What was sent, what is being sent, what will be sent.
broadcasts-empty = Nothing has been sent yet
broadcasts-empty-why = The first message starts with “Send a message”.
broadcasts-drafts = Drafts
broadcasts-draft-saved = Saved { $time } by { $who }. Nothing has been sent.
broadcast-undo = Undo, send nothing
broadcast-undo-left = { $n ->
    [one] Sending starts in { $n } second.
   *[other] Sending starts in { $n } seconds.
}
broadcast-undone = Undone. Nothing was sent.
broadcast-pause = Pause
broadcast-paused = Paused. What has not left stays here.
broadcast-resume = Go on sending
broadcast-resumed = Sending goes on.
broadcast-stop = Stop the { $n } not sent
broadcast-stopped = Stopped. { $n } were not sent.
broadcast-where = Where the { $n } messages are
broadcast-everybody = Everybody in the frozen list
broadcast-counted-at = Counted at { $time }.
broadcast-count-again = Count again
broadcast-by-itself = (happens by itself every 5 seconds when your browser allows it)
broadcast-todo = What to do about those who did not get it
broadcast-resend = Send again
broadcast-leave = Leave it
broadcast-resent = { $n } will be sent again.
broadcast-left = { $n } stay as they are.
broadcast-uncertain-head = { $n } uncertain
broadcast-uncertain-why = The answer of the channel was lost. They have it once or not at all. Sending again may reach somebody twice.
broadcast-failed-head = { $n } failed
broadcast-failed-verb = See who
broadcast-by-place = By place
broadcast-handed-over = Handed over
broadcast-this = This message
broadcast-texts = What they read
broadcast-text-about = { $language }, to { $n ->
    [one] { $n } person
   *[other] { $n } people
}
broadcast-to = To whom
broadcast-left-out = { $n } of { $m } were left out.
broadcast-events = What happened
broadcast-duplicate = Use as a new draft
broadcast-people = Who is where
broadcast-nobody-here = Nobody is in this state.
broadcast-state-scheduled = Scheduled
broadcast-state-undo = Can be undone
broadcast-state-sending = Sending
broadcast-state-paused = Paused
broadcast-state-stopped = Stopped
broadcast-state-done = Done
broadcast-state-undone = Undone
broadcast-lead-scheduled = Leaves { $time }. Nothing has been sent.
broadcast-lead-undo = Nothing has been sent.
broadcast-lead-sending = Sending since { $time }. { $left } of { $total } have left.
broadcast-lead-paused = Paused. { $left } of { $total } have left.
broadcast-lead-stopped = Stopped. { $left } of { $total } had left.
broadcast-lead-done = Sent { $time }, to { $n ->
    [one] { $n } person
   *[other] { $n } people
}.
broadcast-lead-undone = Undone in the first minute. Nothing was sent.
counts-said = { $delivered } delivered, { $sent } sent, { $waiting } not sent yet, { $failed } failed, { $uncertain } uncertain
state-waiting = Waiting
state-submitting = Waiting
state-sent = Sent
state-delivered = Delivered
state-answered = Answered
state-failed = Failed
state-uncertain = Uncertain
state-cancelled = Taken back
state-means = What it means
means-waiting = On disk here, will leave in order
means-sent = The operator took it, no word from the handset yet
means-delivered = The handset confirmed it
means-failed = The operator refused it, or the number does not exist
means-uncertain = The operator’s answer was lost. We do not send again by ourselves
means-cancelled = Taken back before it left

## Inbox
inbox-lead = { $n ->
    [0] Nobody waits for an answer.
    [one] { $n } person waits for an answer.
   *[other] { $n } people wait for an answer.
}
inbox-mine = Mine and nobody’s
inbox-all = All
inbox-closed = Closed
inbox-waiting = Waiting
inbox-empty = No messages wait for you
inbox-empty-why = New messages appear here.
inbox-keys-move = next and previous
inbox-keys-answer = answer
inbox-back = Inbox, { $n } waiting
inbox-owner = Owner
inbox-nobody = Nobody yet
inbox-me = Me
inbox-stranger = Not in a registry
inbox-answer = Answer { $name }
inbox-free = free for { $name }
inbox-send-to = Send to { $name }
inbox-send-close = Send and close
inbox-close = Close without an answer
inbox-is-closed = This thread is closed.
inbox-open-again = Open again
inbox-stopped = { $name } asked us to stop. Nothing can be sent until they write START.
inbox-no-number = { $name } has no number that works.
inbox-sent = Your answer is on its way.
inbox-was-closed = The thread is closed.
inbox-empty-answer = Write an answer first.
talk-release = Handle it all the same
talk-travelled = How this message travelled
talk-earlier = Earlier messages
talk-no-keyword = no keyword matched, so it came here
talk-doubled = looks like a copy of the message before

## People
people-lead = { $n ->
    [one] { $n } health worker.
   *[other] { $n } health workers.
}
people-lead-place = You see { $place }.
people-lead-country = You see the whole country.
people-caption = People
people-reachable = { $n } can be reached, { $m } cannot
people-save = Save as an audience
people-send = Send to { $n }
people-none = Nobody matches the sentence
people-none-drop = Take one condition away and try again.
people-works-at = Works at
people-number = Number
people-heard = Last heard
found-head = “{ $what }”
found-nobody = Nobody found
found-nobody-why = Try a part of the name, a number or a facility.
number-ok = Can be reached
number-verified = Verified { $day }
number-shared = { $n ->
    [one] Shared by { $n } worker
   *[other] Shared by { $n } workers
}
number-bad = Cannot be right
number-none = No number
number-stopped = Asked us to stop
number-inactive = Left the service
person-write = Send a message
person-conversation = Conversation
person-thread = Open the thread
person-silent = No messages yet
person-silent-why = What is sent to this person and what they write stands here.
person-record = Record
person-reach = Reach
person-show-number = Show the full number: { $number }
person-no-number = No number
person-first-number = First number
person-other-number = Number { $n }
person-as-written = Written as { $raw }
person-shared-with = Shared with { $who }
person-cadre = Cadre
person-job = Job title
person-facility = Facility
person-language = Language
person-since = Since
person-trained = Trained in
person-registries = Registries
person-sex = Sex
person-birth = Born
person-speaks = Speaks { $language }.
person-at = { $work } at
person-hint-why = You may see this record because you are { $role } for { $place }. Opening it was noted in the audit.
person-simulator = Open this phone in the simulator
person-message-label = To { $name }, in { $language }

## Places
places-below = Below it
places-people = Health workers
places-who = Who works here
places-all-people = All { $n }
places-empty = Nobody works here yet
places-empty-why = Places and people come from the registry.
places-about = { $n ->
    [one] { $n } health worker here and below.
   *[other] { $n } health workers here and below.
}
places-level = Level
places-id = Number
places-country = Country

## Audiences
audiences-lead = Sentences and lists that are used again.
audiences-new = New audience
audiences-new-lead = A sentence follows the register. A list stays as it is.
audiences-empty = No audience is saved yet
audiences-empty-why = Choose people, then “Save as an audience”.
audiences-who = Who
audiences-kept = Kept
audiences-by-query = by the sentence
audiences-by-hand = by hand
audiences-name = Name of the audience
audiences-kind-query = By the sentence: whoever matches at the time
audiences-kind-static = By hand: those who match now
audiences-save = Save the audience
audiences-saved = The audience is saved.
audiences-nobody = Nobody is in it
audiences-nobody-why = For one kept by hand, add people below.
audiences-add = Add or take out people
audiences-add-hint = Phone numbers or the numbers of records, one a line
audiences-add-button = Add them
audiences-remove-button = Take them out
audiences-added = { $n ->
    [one] { $n } person was added.
   *[other] { $n } people were added.
}
audiences-removed = { $n ->
    [one] { $n } person was taken out.
   *[other] { $n } people were taken out.
}
audiences-delete = Delete this audience
audiences-deleted = The audience is deleted. The people are not.
audiences-saved-by = Saved by { $who } on { $day }.
audiences-name-needed = Give it a name.
audiences-name-taken = Another audience has this name.

## Simulator
sim-head = Phone simulator
sim-lead = Two pretend phones on a pretend network. Type as the person who holds them.
sim-other = Another phone: name or number
sim-take = Take it
sim-none = No phone is on
sim-none-why = Search for a person, or send a message to somebody first.
sim-not-found = No pretend phone has this name or number.
sim-reply-as = Reply as { $name }
sim-send = Send
sim-behaviour = How it answers
sim-by-hand = Answers by hand
sim-by-itself = Answers by itself, like a health worker
sim-silent = Stays silent
sim-network = Network
sim-hard = Make it hard
sim-apply = Apply
sim-did = What mHero did
sim-did-nothing = Nothing yet.
sim-messages-of = Messages on the phone of { $name }
sim-received = On disk: SMS from { $who }
sim-handed = Handed to the phone of { $who }
sim-delivered = Delivered to { $who }

## Settings
settings-channels = Channels
settings-channels-lead = Ways to reach phones.
settings-no-channel = There is no channel
settings-no-channel-why = Messages wait until one is there. The simulator reaches no real phone.
settings-add-channel = Add a channel
settings-channel-simulator = Phone simulator
settings-channel-name = Give the channel a name of its own.
settings-rate = SMS a second
settings-queue = Waiting
settings-pause = Pause
settings-resume = Go on
settings-pause-one = Pause { $name }
settings-resume-one = Go on with { $name }
settings-connected = Connected
settings-paused = Paused
settings-down = Does not answer
settings-users = Users
settings-users-lead = Who may sign in, and what they may do.
settings-role = Role
settings-where = Where
settings-last-in = Last signed in
settings-sign-out = Sign out
settings-sign-out-one = Sign out { $name } everywhere
settings-disable = Disable
settings-disable-one = Disable { $name }
settings-add-user = Add a user
settings-login = E-mail address
settings-place = Only for this place
settings-place-hint = Empty for the whole country
settings-first-password = First password
settings-first-password-hint = At least 10 letters; a sentence is best
settings-password-short = The password is too short. Nothing was changed.
settings-login-taken = Somebody has this login already. Nothing was changed.
settings-user-added = { $name } may sign in now.
settings-signed-out = { $name } is signed out everywhere.
settings-disabled = { $name } can no longer sign in.
settings-whole-country = The whole country
settings-word-programme = To leave { $name } ({ $code }), after STOP, beside its code and names
settings-word-list = To leave the list { $list }, after STOP
settings-word-new-list = A further list to leave: the name of an audience
settings-word-new-list-words = Words for that list
settings-programmes = Programmes
settings-programmes-lead = For whom messages are sent, budgets kept and roles given. Phones leave the messages of one with STOP and its code or a name.
settings-programmes-none = There is none yet.
settings-programme = Only for this programme
settings-programme-all = All programmes
settings-programme-add = Add a programme
settings-programme-code = Code
settings-programme-code-hint = Short, for commands and for STOP: letters, digits, - and _. It stays.
settings-programme-en = Name in English
settings-programme-fr = Name in French
settings-programme-rename = Save the names
settings-programme-rename-one = Save the names of { $code }
settings-programme-added = The programme { $code } is there.
settings-programme-renamed = The names of { $code } are saved.
settings-words = Words and hours
settings-words-lead = The letterhead, quiet hours and numbers.
settings-ministry = Ministry, in { $language }
settings-country-name = Country, in { $language }
settings-sender = Sender on phones
settings-sender-hint = Up to 11 letters, without accents
settings-short-code = Short code
settings-quiet = Quiet hours
settings-quiet-hint = Alerts and answers leave all the same. The same time twice means none.
settings-from = From
settings-until = until
settings-countries = Numbering
settings-countries-hint = Two letters of the country whose numbers are written without a prefix, and of its neighbours, with commas
settings-country-first = Country
settings-country-more = Neighbours
settings-save = Save
settings-saved = Saved.
settings-fault = This could not be saved: { $what }. Nothing was changed.
role-admin = administrator
role-hr = HR officer
role-programme = programme officer
role-district = district officer
role-approver = approver
role-auditor = auditor
role-integrator = integrator

## Exchanges and audit
exchanges-empty = No exchange with another system yet
exchanges-empty-why = Imports, channels and registries appear here.
exchanges-time = Time
exchanges-with = With
exchanges-what = What
exchanges-answer = Answer
exchanges-took = Took
exchanges-all = All
exchanges-sent = Sent
exchanges-answered = Answered
audit-lead = What people decided. Nobody can change it.
audit-who = Who
audit-anybody = Everybody
audit-empty = Nothing is noted yet.
audit-system = mHero

## Errors
error-not-found = This page does not exist, or not for you
error-not-found-why = Nothing was sent. The address may be old, or about people outside your places.
error-forbidden = Your role does not allow this
error-forbidden-why = Nothing was sent or changed. Ask your administrator.
error-foreign = This came from another site
error-foreign-why = Nothing was sent or changed. Open the page here and press again.
error-too-large = This is too large
error-too-large-why = Nothing was sent or changed. Large files are imported from the command line.
error-too-many = Too many requests
error-too-many-why = Nothing was sent or changed. Wait a minute, then try again.
error-unreadable = This form could not be read
error-unreadable-why = Nothing was sent or changed. Go back and press again.
error-nul-in-text = A text holds the character U+0000, which can’t be kept: leave it out.
error-broken = Something broke on our side
error-broken-why = The request was stopped. Look under Broadcasts whether something was sent before you press again. Pressing twice never sends twice.
error-slow = This took too long
error-slow-why = The request was stopped. Look under Broadcasts whether something was sent before you press again. Pressing twice never sends twice.
error-back = To the first page
error-number = Number of this request, for your administrator: { $number }
