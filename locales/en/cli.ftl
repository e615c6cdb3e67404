### The command line: results, questions, and why a command did not finish.

cli-yes = y
cli-no = n
# What went wrong, whether anything was sent, and what to do.
cli-failed = mhero: { $why }
cli-nothing-sent = Nothing was sent. { $why }
cli-no-server = No server runs here, so this command delivers what is ready itself. What comes later waits for mhero serve.
cli-text-erased = (erased)
cli-direction-in = in
cli-direction-out = out

## Columns

cli-column-at = WHEN
cli-column-cadre = CADRE
cli-column-direction = WAY
cli-column-email = EMAIL
cli-column-facility = FACILITY
cli-column-kind = KIND
cli-column-may = MAY
cli-column-name = NAME
cli-column-number = NUMBER
cli-column-people = PEOPLE
cli-column-phone = PHONE
cli-column-place = PLACE
cli-column-rank = RANK
cli-column-rate = RATE
cli-column-role = ROLE
cli-column-roles = ROLES
cli-column-state = STATE
cli-column-text = TEXT
cli-column-url = ADDRESS
cli-column-why = WHY

## Beginning

cli-init-done = This installation: { $countries }; { $languages }; times of { $zone }.
cli-serve-ready = mHero is ready: { $address }
cli-quiet-hours = “{ $value }” are no quiet hours. Write them as 20:00-07:00, or off.
cli-database-url = This is no address of a PostgreSQL. Write it as postgres://user:password@host/database.
cli-time-unreadable = “{ $value }” is no time. Write it as 2026-05-14T09:00, or with a zone as 2026-05-14T09:00[Africa/Monrovia].
cli-setting-unreadable = “{ $value }” is no setting. Write it as key=value.

## Settings

cli-config-file = The file of settings { $path } can’t be read ({ $detail }). Check the path, and that you may open it.
cli-config-unreadable = The settings in { $place } can’t be read: { $detail }
cli-config-unknown-key = The settings ({ $place }) have an unknown key: { $key }. Known are: { $known }.
cli-config-value = “{ $value }” can’t be the value of { $key }. mhero config default says what it may be.

## Folders, files and addresses

cli-no-data-folder = This account has no home folder to keep data in. Name a folder with --data DIR.
cli-no-key-folder = This account has no home folder to keep the sealing key in. Name a file outside the data directory: MHERO__SECRETS__KEY_FILE=/etc/mhero/seal.key
cli-folder-unmade = The folder { $path } can’t be created ({ $detail }). Name another with --data DIR, or create it for this account.
cli-folder-unwritable = Nothing can be written into { $path } ({ $detail }). Give it to this account, or name another with --data DIR.
cli-folder-unread = The folder { $path } can’t be read ({ $detail }).
cli-folder-empty = The folder { $path } holds no file that can be imported (.json, .ndjson, .xml, .csv, .xlsx).
cli-key-inside = The sealing key { $path } lies in the data directory, where whoever copies the data gets it too. Name a file elsewhere: MHERO__SECRETS__KEY_FILE
cli-key-unmade = The sealing key { $path } can’t be created ({ $detail }). Create its folder for this account, or name another file: MHERO__SECRETS__KEY_FILE
cli-key-unreadable = The sealing key { $path } can’t be read ({ $detail }). Put it back where it was and let this account read it.
cli-socket = In { $path } no socket can be opened for commands ({ $detail }). Use a data directory on a local disk.
cli-listen = The address { $address } can’t be used ({ $detail }). Stop what uses it, or name another with --listen 127.0.0.1:0, which takes a free port.
cli-secret-unreadable = The password on standard input can’t be read. Send one line of text.

## A running server

cli-server-gone = The server went away before the answer was complete. Look at its log; what it had done until then is done. Try again once it runs.
cli-server-other = The running server does not know this command, or it can’t be run while a server runs. Stop the server, or restart it with this version.
cli-server-version = The running server has version { $server }, this command { $client }. Restart the server with this version.
cli-server-database = The running server of this data directory uses another database. Leave --database out, or name another data directory.

## Errors of every command

cli-error-not-initialised = This installation has no country yet. Type for instance: mhero init --country LR --language en,fr --timezone Africa/Monrovia
cli-error-not-allowed = Your role does not include this ({ $right }). Ask an administrator.
cli-error-not-found = There is no { $what } “{ $id }”.
cli-error-system = Something failed underneath: { $detail }
cli-what-broadcast = broadcast
cli-what-channel = channel
cli-what-draft = draft
cli-what-exchange = exchange
cli-what-grant = grant
cli-what-phone = phone
cli-what-group = group
cli-what-message = message
cli-what-number = number
cli-what-person = person
cli-what-place = place
cli-what-programme = programme
cli-what-source = source
cli-what-thread = conversation
cli-what-token = token
cli-what-user = account
cli-store-contention = Somebody else changed the same thing at the same time. Try again.
cli-store-exists = This exists already.
cli-store-disk-full = The disk is full, and nothing of this change was stored. Free some space and try again.
cli-store-flush-failed = The disk failed to keep what was written ({ $detail }). Nothing more is accepted until mHero is started again. Check the disk first.
cli-store-locked = Another mhero uses { $path }. Stop it, or use another folder with --data DIR.
cli-store-schema-old = The database has the older schema { $found }; this program needs { $needed }. Take a backup, then run mhero migrate.
cli-store-schema-new = The database has the newer schema { $found }; this program knows { $needed }. Use the newer mHero that wrote it, or restore a backup.
cli-store-unsafe-setting = PostgreSQL has { $setting } off, so it would lose messages that were accepted. Turn it on and start again.
cli-store-unreachable = The database can’t be opened: { $detail }. Check that it runs and that its address is right.
cli-store-restore-incomplete = A restore into this database was cut short, so it is incomplete. Run it again: mhero restore FILE --force
cli-store-closed = mHero is shutting down. Try again once it runs.
cli-store-failed = The database failed ({ $detail }). Nothing of this change was stored.

## Accounts

cli-user-added = { $email } can sign in.
cli-user-added-password = { $email } can sign in with the password { $password }
cli-programme-added = The programme { $code } ({ $name }) is there.
cli-programme-renamed = The programme { $code } is called { $name } now.
cli-column-code = CODE
cli-token-revoked = The token { $name } is worthless from now on.
cli-role-admin = everything
cli-role-hr = people, audiences, messages; send and answer, in the whole country
cli-role-programme = send, flows and results of its own programme (--programme)
cli-role-district = people, messages, send and answer in its own places (--place)
cli-role-approver = read people and messages; release what others drafted
cli-role-auditor = read everything, write nothing
cli-role-integrator = the programming interfaces only

## Channels and sources

cli-channel-added = The channel { $name } is there. Messages that waited for one leave by it.
cli-channel-fine = The settings of channel { $name } are complete.
cli-channel-fine-off = The settings of channel { $name } are complete, but it is off: mhero channel on { $name }
cli-channel-is-on = The channel { $name } is on.
cli-channel-is-off = The channel { $name } is off. What waits for it stays in the outbox.
cli-channel-on = on
cli-channel-off = off
cli-channel-default = default
cli-channel-key-twice = A key is given twice. Give each once.
cli-source-added = The source { $name } is there.
cli-source-files = The source { $name } is a set of files: there is nothing to connect to. Import with --source { $name }.
cli-source-unknown-kind = There is no kind of source “{ $kind }”. Use one of: { $known }.

## Import

cli-import-done = { $read } read: { $created } created, { $updated } updated, { $unchanged } unchanged, { $rejected } rejected; { $warnings } warnings.
cli-import-would = Nothing was changed. Of { $read } read, { $created } would be created, { $updated } updated, { $unchanged } unchanged, { $rejected } rejected; { $warnings } warnings.
cli-import-waiting = { $n } records refer to something that is not there yet. They are completed as soon as it is imported.
cli-import-refusal = rejected  { $where }  { $element }  { $reason }
cli-import-warning = warning   { $where }  { $element }  { $reason }
cli-import-more = … and { $n } more. --json lists the first thousand.
cli-rejected-where = where
cli-rejected-reason = reason
cli-rejected-record = record
cli-rejected-written = { $n } rejected records stand in { $path }. Mend them there and import that file.
cli-rejected-unwritten = The table of rejected records { $path } can’t be written ({ $detail }). The others came in.

## People

cli-people-counted = { $n ->
    [one] { $n } person
   *[other] { $n } people
}
cli-place-unknown = There is no single place “{ $place }”. Name it in full, or by its id.
cli-person-id = Id
cli-person-language = Language
cli-person-position = Position
cli-person-training = Training
cli-person-value = Value
cli-person-group = Group
cli-person-source = Source
cli-person-heard = Last from them
cli-person-sent = Last to them
cli-person-until = ended { $day }

## Sending

cli-preview-audience = To: { $sentence }
cli-preview-people = { $people } of { $matched } people would get it, { $sms } SMS in all.
cli-preview-excluded = Left out: { $people } ({ $reason })
cli-preview-language = { $people ->
    [one] { $language }: { $people } person, { $segments } SMS
   *[other] { $language }: { $people } people, { $segments } SMS each
}
cli-preview-costly = These letters make the text cost more: { $letters }
cli-preview-quiet = Quiet hours: messages wait until { $until }. --ignore-quiet-hours REASON sends at once.
cli-preview-no-channel = There is no channel yet: messages wait in the outbox until mhero channel add.
cli-send-ask = { $people ->
    [one] Send to { $people } person?
   *[other] Send to { $people } people?
}
cli-send-needs-yes = Nobody is here to confirm. Add --yes to send without asking, or --dry-run to see the preview only.
cli-send-declined = Nothing was sent, as you said.
cli-send-nobody = Nobody of this audience can get it; the preview says why. Change the audience.
cli-send-done = { $people ->
    [one] Broadcast { $number } goes to { $people } person. mhero broadcast show { $number } tells how far it is.
   *[other] Broadcast { $number } goes to { $people } people. mhero broadcast show { $number } tells how far it is.
}
cli-send-planned = { $people ->
    [one] Broadcast { $number } is planned; by now it would go to { $people } person. Only a running server sends it: mhero serve.
   *[other] Broadcast { $number } is planned; by now it would go to { $people } people. Only a running server sends it: mhero serve.
}

## Broadcasts

cli-broadcast-head = Broadcast { $number }, { $at }: { $name } ({ $status })
cli-broadcast-people = Recipients: { $people }. Answered: { $answered }.
cli-broadcast-to-decide = { $n } messages may have left or not: decide about them in the console.
cli-broadcast-paused = Broadcast { $id } is paused: nothing more of it leaves.
cli-broadcast-resumed = Broadcast { $id } goes on.
cli-broadcast-cancelled = Broadcast { $id } is cancelled: what had not left is taken back.
cli-broadcast-undone = Broadcast { $id } is taken back: nothing of it left.
cli-status-draft = draft
cli-status-undo = about to be sent
cli-status-scheduled = planned
cli-status-recurring = recurring
cli-status-releasing = being released
cli-status-sending = being sent
cli-status-paused = paused
cli-status-done = done
cli-status-cancelled = cancelled
cli-state-waiting = waiting
cli-state-submitting = on its way
cli-state-uncertain = uncertain
cli-state-sent = sent
cli-state-delivered = delivered
cli-state-failed = failed
cli-state-cancelled = cancelled
cli-state-left-out = left out
cli-state-handled = handled
cli-state-suspected-double = suspected double
cli-reason-asked-too-often = no answer: the flow had asked again too often, perhaps a machine writes here
cli-reason-no-number = no phone number
cli-reason-bad-number = no valid phone number
cli-reason-stopped = asked for no more messages
cli-reason-failed = could not be started: look into the log
cli-reason-shares-phone = somebody with the same phone gets it
cli-reason-empty-text = the text came out empty for them
cli-thread-answered = The answer in conversation { $id } is on its way.
cli-thread-closed = Conversation { $id } is closed.

## Backup and restore

cli-backup-done = { $rows } rows stand in { $path }. The key that seals passwords of gateways is not in it: keep that apart.
cli-backup-exists = There is a file { $path } already. Name another, or add --force.
cli-backup-unread = The backup { $path } can’t be read ({ $detail }). Check the path, and that you may open it.
cli-backup-unwritten = The backup { $path } can’t be written ({ $detail }). There is no backup of this moment.
cli-restore-done = { $rows } rows of { $path } are restored and were compared with the backup.

## Migration

cli-migrate-change = { $version }  { $name }
cli-migrate-none = Nothing to do: the database has schema { $version }, which this program needs.
cli-migrate-ask = Change the database so? Take a backup first.
cli-migrate-declined = Nothing was changed, as you said.
cli-migrate-done = The database has schema { $version } now.

## Doctor

cli-doctor-ok = fine
cli-doctor-warning = warning
cli-doctor-problem = PROBLEM
cli-doctor-disk = { $mib } MiB are free on the disk of { $path }.
cli-doctor-disk-low = Only { $mib } MiB are free on the disk of { $path }. Free some space soon.
cli-doctor-disk-full = Only { $mib } MiB are free on the disk of { $path }. Free some space before anything else is sent.
cli-doctor-disk-unknown = How much of the disk is free can’t be told here: df is missing.
cli-doctor-data = Nobody else can look into { $path }.
cli-doctor-data-open = Others on this machine can look into { $path }. Close it: chmod 700 { $path }
cli-doctor-key = The sealing key is { $path }. Keep a copy of it apart from the backups.
cli-doctor-key-open = Others on this machine can read the sealing key. Close it: chmod 600 { $path }
cli-doctor-database = The database ({ $engine }) answers and has schema { $schema }.
cli-doctor-database-failing = The disk failed under the database, and nothing more is accepted. Check the disk, then restart the server.
cli-doctor-schema = The database has an older schema. Take a backup, then run mhero migrate.
cli-doctor-clock = The clock says { $now }.
cli-doctor-clock-past = The clock says { $now }, which has long passed. Set it: timed messages and quiet hours go by it.
cli-doctor-clock-apart = The clock of this machine ({ $now }) and that of the database differ by more than 30 seconds. Let both follow a time server.
cli-doctor-clock-back = There are messages from after now ({ $now }): the clock was set back, or had been wrong. Let it follow a time server.
cli-doctor-installation = Countries: { $countries }. Times of { $zone }.
cli-doctor-no-channel = There is no channel, so messages wait in the outbox. Add one: mhero channel add KIND NAME
cli-doctor-port = The address { $address } is free for a server.
cli-doctor-served = A server runs here and answers.

## What use cases refuse

init-no-country = No country is named. Type for instance --country LR.
init-unknown-country = This country is not known ({ $detail }). Use two letters of ISO 3166, such as LR or GN.
init-no-language = No language is named. Type for instance --language en,fr.
init-unknown-zone = There is no time zone “{ $zone }”. Use a name such as Africa/Monrovia.
init-unreadable = The facts of the installation can’t be kept ({ $detail }).
words-no-stop = There would be no word left by which people stop messages. Keep at least one.
words-unreadable = The words can’t be kept ({ $detail }).
channel-unknown-kind = There is no kind of channel “{ $kind }”. mhero channel add --help lists those there are.
channel-name = A channel needs a name of at most { $max } letters.
channel-name-taken = There is a channel “{ $name }” already. Use another name.
channel-unknown-key = This kind of channel has no setting “{ $key }”. It has: { $known }.
channel-rate = “{ $value }” is no rate. Write how many SMS leave in a second, such as 20, or 0 for no limit.
channel-unreadable = The settings of channel “{ $name }” can’t be read. Add it anew under another name.
channel-sealed = The passwords of channel “{ $name }” were sealed with another key. Put the key file back, or add the channel anew.
send-empty-text = The text is empty. Write one, or leave that language out.
send-long-text = The text is longer than { $max } letters. Shorten it.
send-language-twice = A language has two texts. Leave one.
send-unreadable = The broadcast can’t be read any more. Make a new one.
send-quiet-reason = Say in a few words why it has to leave in quiet hours; the reason is kept.
send-recurrence = “{ $value }” is no recurrence. Write it as minute, hour, day, month, weekday: 0 9 * * 1 is each Monday at nine.
send-time-passed = { $time } has passed. Choose a time to come, or leave it out to send now.
send-unknown-zone = There is no time zone “{ $zone }”. Use a name such as Africa/Monrovia.
broadcast-too-late = It is too late to undo broadcast { $number }: messages are leaving. Cancel it to stop the rest.
broadcast-not-waiting = Broadcast { $number } does not wait to be released.
broadcast-not-sending = Broadcast { $number } is not being sent.
broadcast-not-paused = Broadcast { $number } is not paused.
broadcast-ended = Broadcast { $number } has ended: there is nothing left to stop.
draft-sent = This has been sent already.
answer-empty = The answer is empty. Write one.
answer-closed = Conversation { $number } is closed. It opens again when they write.
answer-stopped = This number asked for no more messages and has not written since. Call instead.
double-not-held = This text is not held back as a double any more.
receive-no-sender = The sender is no number that can be answered ({ $length } letters).
