# The exchange log, accounts of programs, OpenHIM.

exchange-lead = Every call of another system and to it, but for the messages themselves. Secrets, numbers and texts are not in the addresses; what was sent is sealed, and that you open it stands in the audit.
exchange-log = Log
exchange-letters = Waiting and given up
exchange-clients = Accounts
exchange-lost = { $n ->
    [one] One call is missing here: more came at once than could be written.
   *[other] { $n } calls are missing here: more came at once than could be written.
}
exchange-peer-any = All systems
exchange-peer-unknown = nobody known
exchange-direction-any = Both ways
exchange-direction-in = called us
exchange-direction-out = was called
exchange-result-any = All answers
exchange-result-error = Only errors
exchange-result-ok = Answered
exchange-result-refused = Refused
exchange-result-failed = Failed
exchange-result-unknown = Outcome unknown
exchange-what-filter = Address has
exchange-since = Since
exchange-choose = Choose
exchange-choose-one = Choose { $what } at { $at }
exchange-strangers = Calls without an account within a minute; address and path are those of the first.
exchange-folded = { $n ->
    [one] and one more just like it
   *[other] and { $n } more just like it
}
exchange-rerun = Ask again
exchange-rerun-chosen = Ask the chosen ones again
exchange-rerun-many = At most { $max } can be asked again at a time.
exchange-rerun-safe = What was done already is not done again: no SMS leaves twice.
exchange-rerun-none = Nothing was chosen.
exchange-rerun-done = { $made } asked again, { $failed } failed again, { $left } left as they are.
exchange-rerun-made = Asked again: { $status }.
exchange-rerun-ours = We made this call. A registry is read again on its own page; what must arrive stands under “Waiting and given up”.
exchange-rerun-folded = This line stands for several calls.
exchange-rerun-was-done = It was done. To ask again would do it twice.
exchange-rerun-uncertain = It broke off, and may have been done. Look whether it was; then let the other system send it anew.
exchange-rerun-unknown-client = Nobody knows who asked this.
exchange-rerun-no-body = What was sent was not kept, or is gone by now.
exchange-rerun-cut = It was too large to be kept whole.
exchange-rerun-nobody = No server runs that could do it.
exchange-done-before = done before: the first answer was given again
exchange-log-full = the log was full
exchange-unreadable = it can’t be read any more
exchange-timeline = What belongs together
exchange-reruns = Asked again
exchange-no-body = Nothing.
exchange-bodies-off = What was sent and answered was not kept, or is gone by now.
exchange-open = open it
exchange-octets = { $n ->
    [one] { $n } byte
   *[other] { $n } bytes
}
exchange-fact-direction = Direction
exchange-fact-protocol = Protocol
exchange-fact-reason = Reason
exchange-fact-address = From
exchange-fact-form = Kind of body
exchange-fact-sent = Sent
exchange-fact-received = Answered
exchange-fact-folded = More just like it
exchange-fact-correlation = Correlation
exchange-fact-transaction = Number at OpenHIM
exchange-fact-once = Done once under
exchange-fact-rerun-of = Repeats

exchange-letters-lead = Calls that must reach another system are made again, at longer and longer intervals, until they are answered. What is refused, or fails twelve times, is given up.
exchange-dead-count = Given up ({ $n })
exchange-waiting-count = Waiting ({ $n })
exchange-dead-none = Nothing was given up.
exchange-waiting-none = Nothing waits.
exchange-why = Why
exchange-why-none = not tried yet
exchange-why-status = answered { $status }
exchange-attempts = Tries
exchange-next = Next
exchange-revive = Try the chosen ones again
exchange-revive-all = Try all again
exchange-revived = { $n ->
    [0] There was nothing to try again.
    [one] One call is tried again.
   *[other] { $n } calls are tried again.
}

exchange-clients-lead = Each program has a token of its own, made below or by mhero token create. Here it is narrowed further: to kinds of resources, to networks, and to who signs its tokens.
client-none = No program has a token yet
client-none-why = Make one below, or with: mhero token create NAME --role integrator
client-role = May
client-used = Last used
client-kinds = Kinds of resources
client-kinds-hint = Names with spaces between: Practitioner, Location:read. Empty: all that its role may.
client-networks = Networks
client-networks-hint = Addresses with spaces between: 10.2.0.0/16 192.0.2.7. Empty: from everywhere.
client-all = all
client-signed = Signed tokens (JWT)
client-signed-hint = RS256 or ES256, by keys that are read from an address or stand here.
client-issuer = Signed by (iss)
client-subject = Of (sub)
client-audience = For (aud)
client-everybody = Everybody of this issuer
client-everybody-hint = Without “of” and “for” each token that this issuer signs opens the account, whoever it was made out to and for whichever program. A sign-in of the ministry signs for all its users: then name one of the two.
client-is-open-name = Open to
client-is-open = everybody whose token this issuer signed, for whichever program
client-keys-url = Address of the keys (JWKS)
client-keys = Keys (JWKS or PEM)
client-keys-hint = Instead of an address.
client-keys-known = Keys are known. Leave this empty only where an address stands above.
client-narrow = Narrow
client-revoked = This token was taken back.
client-told = Administrators were told that it fails
client-saved = { $name } is saved.
client-add = New account
client-make = Make the account
client-name-hint = What the program is: iHRIS, dashboard.
client-sandbox = Sandbox
client-sandbox-hint = For trying out: it sees invented people only, and nothing that it sends reaches a real phone. An account stays what it was made as.
client-sandbox-place = The sandbox has a place of its own: leave the place empty, or make the account for the country.
client-place-hint = A county, district or facility by its name; empty for the whole country, and for the sandbox.
client-made = { $name } has a token. Copy it now: it is shown this once.
client-too-long = A value has at most { $max } characters.
client-too-many = A list has at most { $max } entries.
client-kind-odd = “{ $value }” is no kind of resource: write Practitioner, or Location:read.
client-network-odd = “{ $value }” is no network: write 10.2.0.0/16, or one address.
client-keys-odd = The keys can’t be read: a JWK set with RSA or P-256 keys, or one public key in PEM.
client-keys-url-odd = The address of the keys begins with https://.
client-keys-missing = Signed tokens need keys: their address, or the keys themselves.
client-issuer-open = Say whose the tokens must be (sub) or for whom (aud): without either, everybody whose token this issuer signs would use this account, for whichever program. If that is meant, tick “Everybody of this issuer” (--everybody).
client-issuer-missing = Keys are of no use without who signs (iss).
client-issuer-taken = Another account takes tokens of this issuer and subject already.
client-unsigned = the signed token is not known
client-network = not from this address
client-certificate-name = Certificate
client-certificate-hint = Its SHA-256, or its subject: CN=ihris.moh.example, O=Ministry of Health. Over TLS the program is then known by it without a token, and without it the token is refused. Empty: none is asked for.
client-certificate = not without its certificate
client-certificate-odd = “{ $value }” describes no certificate: write its SHA-256 (openssl x509 -fingerprint -sha256), or its subject: CN=ihris.moh.example, O=Ministry of Health.
client-certificate-taken = Another account is known by this certificate already.
client-kind = not this kind of resource
client-often = too many wrong tokens from there

openhim-urn = Known as
openhim-registered = Registered
openhim-heard = Last heard
openhim-configured = Settings taken over
openhim-sources = Registries of a polling call
openhim-sources-all = all
openhim-good = OpenHIM knows us
openhim-begins = not registered yet
openhim-trouble = OpenHIM was not reached

alert-client-fails = mHero: the program { $client } has failed { $n } times in ten minutes. Open Exchanges in the console to see why.

did-exchange-rerun = had an exchange asked again.
did-exchange-revived = had a call that was given up tried again.
did-client-narrowed = changed what the account of a program may do.
did-openhim-configured = took over settings from OpenHIM.

atna-not-taken = The audit repository takes nothing ({ $detail }).

cli-exchange-file = { $path } can’t be read: { $detail }
cli-audit-whole = The audit is whole: every entry as it was written, every block in its place.
cli-audit-broken = The audit is broken at entry { $n }: { $what }.
cli-audit-last = Last block: { $number }, { $hash }
audit-block-missing = a block is missing
audit-chain-broken = the chain of blocks is broken
audit-block-changed = a block was changed
audit-entry-changed = an entry was changed
cli-client-narrowed = { $name } is saved.
cli-openhim-none = No OpenHIM is set up: openhim.url in the settings.
cli-openhim-polling = OpenHIM will call by this schedule: { $schedule }
cli-openhim-refused = { $detail }
cli-column-peer = WITH
cli-column-what = WHAT
cli-column-outcome = OUTCOME
cli-exchange-rerun = { $id }: { $came }
