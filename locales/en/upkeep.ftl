### What keeps registries in order, in the console: where records stood, keys of one letter, who accepts.

origin-row = { $file }, row { $n }
origin-page = { $kind }, page { $page }
origin-entry = { $kind }, page { $page }, entry { $n }
record-kind-row = Row
record-kind-practitioner = Health worker
record-kind-practitionerrole = Position
record-kind-location = Place
record-kind-organization = Organisation
record-kind-codesystem = Code list
record-kind-basic = Side record
record-kind-provider = Health worker
record-kind-facility = Facility
record-kind-service = Service
record-kind-organisationunit = Organisation unit
record-kind-user = User
record-kind-contact = Contact
column-staff-number = Staff number
imports-changed = This file was decided about meanwhile, in another window or by another server. Open the page again.
imports-too-large = The file is larger than { $max } MB. Split it, or import it with the command mhero import.
today-asks-about = { $source }: { $why }

keys-head = Keys of one letter
keys-why = On the pages of possible duplicates, changes and the inbox, single letters act at once (s, d, n, a, r, j, k, x). Whoever dictates to the computer, or brushes a key, is better off without them.
keys-on = Keys of one letter are on.
keys-off = Keys of one letter are off.
keys-switch-off = Switch them off
keys-switch-on = Switch them on
keys-now-on = Keys of one letter are on in this browser.
keys-now-off = Keys of one letter are off in this browser.

accept-head = Who accepts changes
accept-why = A change that a worker or an official proposes goes to the registry when it is accepted.
accept-two = Two people must accept each change
accept-two-hint = The first acceptance is noted; the change goes out when somebody else accepts it too.
accept-save = Save who accepts
accept-saved-two = From now on two people accept each change.
accept-saved-one = From now on one person accepts a change.

setting-auth-basic = User name and password (basic)
setting-auth-bearer = Token (bearer)
setting-auth-apitoken = DHIS2’s personal access token (apitoken)
setting-auth-token = RapidPro’s token (token)
setting-auth-ihris = iHRIS’s own log-in (ihris)
setting-auth-oauth2 = OAuth2 with client_id and client_secret (oauth2)
setting-auth-none = Without any (none)
setting-choice-unset = As the registry needs it
setting-choice-auto = As the registry says (auto)
setting-choice-yes = Yes
setting-choice-no = No
setting-write-put = The whole record (put)
setting-write-patch = Only what changes (patch)
setting-mode-updates = What changed (updates, ITI-74)
setting-mode-search = Page by page (search, ITI-73)
setting-mode-document = The whole document each time (document)
setting-groups-all = All groups
setting-groups-none = No groups
