### Further words of the console's pages: errors that say their own reason, settings, the audit as sentences.

error-impossible = This could not be done
error-impossible-why = Nothing was sent or changed.
error-empty = This installation has no country yet
error-empty-why = Nothing was sent. Run “mhero init” on the machine, then open this page again.
account = Your account

## People and places
person-message-sent = The message is on its way.
person-stopped-all = everything
person-last-sent = Last written to
sex-female = female
sex-male = male
sex-other = other
answer-no-number = This person has no number that can be written to.
places-facilities = Open facilities
places-no-cadre = Without a cadre
talk-erased = (the text was erased)

## Today
today-paused = A broadcast is paused
today-undo = A broadcast leaves within a minute
today-quiet-words = { $from } to { $until }
today-quiet-now = Quiet now, until { $time }
today-import-words = { $n ->
    [one] { $n } record read
   *[other] { $n } records read
}
today-import-refused = { $n } refused
settings-ready = Ready
settings-incomplete = Settings incomplete

## Exchanges
exchange-ok = answered
exchange-refused = refused
exchange-failed = failed
exchange-unknown = unknown outcome

## Audit, as sentences after a name
audit-open = Open
audit-somebody = somebody
audit-check = Check that nothing was changed
audit-whole = The audit log is whole: every entry reads as it was written.
audit-broken = The audit log does not hold together at entry { $n }. Tell your administrator.
actor-user = a former user
actor-token = a program
actor-command-line = the command line
actor-system = mHero
actor-phone = a health worker
did-backup-taken = took a backup.
did-broadcast-sent = sent a broadcast.
did-broadcast-undone = took a broadcast back.
did-broadcast-released = let a broadcast leave at once.
did-broadcast-paused = paused a broadcast.
did-broadcast-resumed = let a broadcast go on.
did-broadcast-cancelled = stopped a broadcast.
did-uncertain-decided = decided about messages of unknown outcome.
did-draft-discarded = threw a draft away.
did-channel-added = added a channel.
did-channel-switched = switched a channel.
did-double-released = released a suspected double.
did-exchange-opened = opened the bodies of an exchange.
did-group-created = saved an audience.
did-group-renamed = renamed an audience.
did-group-query-changed = changed the sentence of an audience.
did-group-archived = deleted an audience.
did-group-member-removed = took somebody out of an audience.
did-group-members-added = added people to an audience.
did-import-run = imported records.
did-source-added = added a registry.
did-installation-set = changed the facts of the installation.
did-words-set = changed the words that phones may write.
did-number-shown = saw a number in full.
did-person-opened = opened a record.
did-password-set = set the password of { $whom }.
did-programme-added = added a programme.
did-role-given = gave { $whom } a role.
did-role-taken = took a role from { $whom }.
did-signed-in = signed in.
did-sign-in-refused = refused a sign-in.
did-signed-out-everywhere = signed { $whom } out everywhere.
did-thread-answered = answered in a thread.
did-thread-closed = closed a thread.
did-thread-owned = took a thread or gave it away.
did-token-created = created an API token.
did-token-revoked = revoked an API token.
did-user-added = added the user { $whom }.
did-user-changed = changed the user { $whom }.
did-user-let-in = let { $whom } in again.
did-user-shut-out = shut { $whom } out.
audiences-not-found = These are not known here. The others were taken.

## Settings
settings-channel-added = The channel is there. It sends at once.
settings-channel-paused = { $name } is paused. What waits for it stays.
settings-channel-resumed = { $name } sends again.
settings-channel-whole = The settings of { $name } are complete. Nothing was sent.
settings-check = Check
settings-check-one = Check the settings of { $name }
settings-registries = Registries
settings-registries-lead = Where people come from. The first one counts where two disagree.
settings-no-registry = Nothing was imported yet
import-read-head = Read
import-created-head = New
import-updated-head = Changed
import-unchanged-head = As before
import-rejected-head = Refused
settings-roles = Roles
settings-give = Give this role
settings-take = Take away
settings-take-one = Take away: { $role }, { $place }
settings-set-password = Set the password
settings-enable = Let in again
settings-enabled = { $name } may sign in again.
settings-role-given = { $name } has the role.
settings-role-taken = The role of { $name } was taken away.
settings-password-set = The password of { $name } is set. They were signed out everywhere.
settings-role-unknown = Choose a role from the list.
settings-place-unclear = “{ $place }” is no single place. Write its full name as it stands under Places.
settings-shut-out = may not sign in
settings-languages = Languages of messages
settings-languages-hint = Two letters each, the usual one first, with commas: en, fr
settings-language-unknown = “{ $tag }” is no language. Write two letters, such as en or fr.
settings-time-unreadable = “{ $time }” is no time. Write hours and minutes, such as 20:00.
settings-phones = What phones may write
settings-phones-hint = With commas. Case, spaces and small slips are forgiven.
settings-save-phones = Save the words
settings-word-stop = To leave
settings-word-start = To come back
settings-word-help = To ask for the words
settings-word-keyword = { $keyword }, in { $language }
