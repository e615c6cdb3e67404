### Registries in the console: settings, runs, and where values come from.

settings-sources = Registries
sources-none-why = Add the registry that knows your health workers, or import a file.
sources-add = Add a registry
sources-add-lead = What is it?
sources-choose = Choose
sources-other-kind = Another kind
sources-success = Last success
sources-next = Next run
sources-next-never = Only when somebody asks
sources-name-hint = By which people call it: hr, facilities, payroll.
sources-url = Address
sources-url-hint = Such as { $example }
sources-more = More settings
sources-when = When it is read, and how much may go
sources-secret-stays = Left empty, what is stored stays. It is never shown.
sources-forget = Forget: { $what }
sources-added = The registry is added. Test whether it answers.
sources-saved = The settings are changed.
sources-queued = A run is wanted and begins within seconds. Load the page again to see it.
sources-going-on = This takes longer and goes on by itself. Load the page again in a while.
sources-test = Test
sources-test-slow = The registry has not answered for 20 seconds. Check its address, and whether a firewall is in between.
sources-test-failed = This does not work yet.
sources-test-fine = It answers and lets us in.
sources-run = Run now
sources-answer = Answer its question
sources-failures = Failures since
sources-runs = Runs
sources-no-runs = It has not been read yet.
sources-settings = Settings
sources-rank = Rank
sources-rank-hint = Where two sources disagree, the value of the lower number counts.
sources-save = Save the settings
sources-owners = What it owns
sources-owners-why = For these fields its value counts before that of every other source, whatever the rank.
sources-owner-other = Another field
sources-owner-other-hint = The key of a field, such as village.
sources-owners-save = Save what it owns
sources-owners-saved = What it owns is changed.
sources-notify = Telling us at once
sources-notify-why = A registry that can tell of changes (a FHIR subscription) calls this path of this server. The path is a secret.
sources-notify-show = Show the path
sources-remove = Remove the registry
sources-remove-why = It is read no more, and its address and secrets are forgotten. The people who came from it stay.
sources-remove-sure = Yes, remove { $name }
sources-remove-sure-first = Nothing was removed. Tick the box first.
sources-removed = The registry is removed.
sources-retired = The registry is read no more. What came from it stays.

source-asks = Waits for your answer
source-asks-since = Since { $since }. { $why }
source-silent = Silent
source-failing = Failing
source-queued = A run is wanted
source-files = Files
source-fine = In order
source-refused = In order, but for what was refused
source-refused-why = { $n ->
    [one] The last run refused { $n } record or page.
   *[other] The last run refused { $n } records or pages.
}
source-never = Not read yet

## Kinds

source-kind-ihris = iHRIS 5
source-kind-ihris-why = The HR registry of many ministries, read through its FHIR server.
source-kind-ihris-example = https://hr.example.org/hapi/fhir
source-kind-fhir = FHIR server (R4)
source-kind-fhir-why = A facility registry by mCSD, a national exchange, or any other FHIR server.
source-kind-fhir-example = https://facilities.example.org/fhir
source-kind-csd = CSD directory
source-kind-csd-why = Whatever answers ITI-73 or ITI-74.
source-kind-csd-example = https://directory.example.org/CSD
source-kind-openinfoman = OpenInfoMan
source-kind-openinfoman-why = The directory that iHRIS 4 and the first mHero used.
source-kind-openinfoman-example = https://directory.example.org/CSD
source-kind-dhis2 = DHIS2 (2.38 to 2.42)
source-kind-dhis2-why = Organisation units become places, users with phones become people.
source-kind-dhis2-example = https://hmis.example.org
source-kind-rapidpro = RapidPro
source-kind-rapidpro-why = Contacts, fields and groups of a RapidPro workspace.
source-kind-rapidpro-example = https://rapidpro.example.org
source-kind-files = Files
source-kind-files-why = Tables and exports that somebody brings from time to time.

## Settings of a registry

setting-auth = How we are let in
setting-auth-hint = Leave it empty where a user name or a token says enough. Otherwise: none, basic, bearer, apitoken, token, ihris or oauth2.
setting-username = User name
setting-password = Password
setting-token = Token
setting-token-url = Address of the log-in (token_url)
setting-client-id = client_id
setting-client-secret = client_secret
setting-scope = scope
setting-ca = Certificate authority of the ministry
setting-ca-hint = The path of a PEM file on this server.
setting-timeout = Patience in seconds
setting-timeout-hint = How long the registry may be silent in the middle of an answer: 60 when empty.
setting-types = Kinds to read
setting-types-hint = Such as Practitioner,PractitionerRole,Location. All of them when empty.
setting-page = Records on a page
setting-page-size = Records on a page
setting-jobs = Code systems of jobs
setting-history = Ask for the history
setting-history-hint = auto, yes or no
setting-write = How corrections are written
setting-write-hint = auto, put or patch
setting-document = Document
setting-document-hint = The name of the directory’s document, where it holds several.
setting-mode = Transaction
setting-overlap = Overlap of two runs
setting-write-document = Document for corrections
setting-users = Take users as people
setting-users-hint = yes or no. When empty, they come if the account may see them.
setting-user-roles = Only users with these roles
setting-facility-level = Level of facilities
setting-facility-groups = Groups of facilities
setting-uid-system = System of the ids of units
setting-code-system = System of the codes of units
setting-language = Language of the names
setting-groups = Groups to take
setting-groups-hint = all or none. When empty, those that are kept by hand.
setting-every = Read every
setting-every-hint = Such as 15m, 6h or 1d. Leave it empty where there is a cron expression.
setting-schedule = Or at set times
setting-schedule-hint = A cron expression: 30 2 * * * is every night at half past two.
setting-jitter = Spread
setting-jitter-hint = How far runs may be put off, so that not all begin at once. Such as 5m.
setting-whole = Read everything every
setting-whole-hint = Many registries tell what changed and not what is gone. Such as 7d.
setting-shrink = How much may go at once, in percent
setting-shrink-hint = A run that would take away more stops and asks. 5 when empty.
setting-silent-after = Alarm after silence of
setting-silent-after-hint = The administrators then get an SMS. Such as 1d. Three missed runs when empty.

## Fields that can be owned

own-name = Name
own-phone = Phones
own-language = Language
own-sex = Sex
own-birth = Date of birth
own-active = In service

## Runs

run-head = Run
run-title = { $kind }, { $when }
run-began = Began
run-ended = ended { $when }
run-of = of this run
run-what = What
run-counts = Counts
run-kind-pull = Reading
run-kind-import = Import of a file
run-kind-undo = Undoing
run-kind-replay = Reading again
run-kind-derive = Working out again
run-why-schedule = By schedule
run-why-notified = The registry told of a change
run-why-now = Somebody asked for it
run-why-confirmed = Somebody agreed to removals
run-why-files = Somebody brought a file
run-state-running = Under way
run-state-done = Done
run-state-failed = Failed
run-state-asks = Asks you
run-state-refused = Removals refused
run-state-undone = Undone
run-n-read = { $n } read
run-n-created = { $n } new
run-n-updated = { $n } changed
run-n-unchanged = { $n } as before
run-n-waiting = { $n } waiting for something they refer to
run-n-removed = { $n } taken away
run-n-rejected = { $n } refused
run-undo = Undo this run
run-undo-sure = Undo this run?
run-undo-why = Every record that it changed is as before again, unless somebody changed it since. People whom only this run made known leave every list; their messages stay.
run-undo-yes = Yes, undo it
run-undo-no = No, leave it
run-undone = { $restored } records are as they were before; { $kept } were changed since and stay.
run-replay = Read it again
run-replayed = { $read } records were read again, { $updated } changed.
run-asks = May so many go?
run-asks-why = All else of this run is in. If the registry lost them by mistake, keep them and have it mended there.
run-let-go = Let them go
run-keep = Keep them
run-confirmed = They may go: the registry is read again within seconds.
run-refused = Nobody is taken away.
run-waits-head = What waits for something
run-waits = They refer to a person or place that is not there yet, and are completed as soon as it comes.
run-removals = Who would go
run-removals-n = { $n ->
    [one] 1 record
   *[other] { $n } records
 }
run-rejected = Refused
run-changes = Changes
run-changes-first = From the first
run-before = before:
run-after = now:
run-more-values = and { $n } further values
run-warnings = Warnings

## Home and person

today-registries = Registries
today-registries-all = All registries
today-asks = A registry would take many people away
today-source-since = Last success: { $when }
person-origin = Where each value comes from
person-origin-here = said here
person-origin-verified = confirmed { $day }
person-origin-others = { $source } says: { $value }

## Which answers correct the register
answers-head = Answers that correct records
answers-why = The staff check and the facility check are known already. Other flows of yours can propose corrections too: each waits under Changes like those.
answers-lines = Further answers, one on each line
answers-hint = village_said = village: what flows keep of a person corrects that field. Cold chain / fridges = fridges:value: a result of a flow is a value of the facility. Record check / village = person:village: a result is a value of the person. Facility check / none: this flow says nothing of facilities.
answers-save = Save
answers-saved = Saved. It counts for answers from now on.
wayback-answers-line = “{ $line }” can’t be read. Write FIELD = FIELD, FLOW / RESULT = FIELD, or FLOW / RESULT = person:FIELD, with keys in small letters, digits and underscores.
wayback-answers-field = There is no field “{ $field }” for “{ $line }”. Fields of people stand under Settings, and on each person’s page.
wayback-answers-many = These are too many lines: { $max } at most.
did-answers-taken-set = said which answers of flows correct records.
