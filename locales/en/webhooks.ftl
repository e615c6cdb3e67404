# Web hooks: programs of others that are told what happens here.

webhook-many = There are { $max } web hooks already: take one away first.
webhook-name = A name has at most { $max } characters, on one line.
webhook-name-taken = There is a web hook “{ $name }” already: give this one another name.
webhook-event = There is no event “{ $event }”. There are: { $known }.
webhook-refused = The rules of outside calls do not let anything out to { $host }: an administrator names it under effects.allow_private, or use an address of the public internet.
webhook-https = Events hold numbers and texts: write https://, not http://, for { $host }. Only hosts of your own networks, named under effects.allow_private, may be told by http.
webhook-no-calls = Outside calls are not set up here, so nothing can be told.
webhook-secret = No secret could be made: the machine gives no random numbers. Try again.
webhook-off = The web hook “{ $name }” is off: enable it first.
webhook-owner-gone = The token that this web hook belongs to was taken back: add the web hook anew with another token.
alert-webhook-failed = mHero: the web hook { $name } at { $host } could not be told for long and is off. What happens is kept; see: mhero webhook list

did-webhook-added = let a system be told of what happens (web hook).
did-webhook-removed = ended that a system is told of what happens (web hook).
did-webhook-rotated = changed the secret of a web hook.
did-webhook-enabled = let a web hook be told again.

cli-what-webhook = web hook
cli-what-delivery = delivery
cli-webhook-added = Added “{ $name }”. This is its secret, shown this once:
cli-webhook-removed = Removed “{ $name }”; what waited for it is gone.
cli-webhook-rotated = Notices are signed by both secrets for 24 hours. This is the new one, shown this once:
cli-webhook-enabled = “{ $name }” is told again from where it stopped.
cli-webhook-test-delivered = Told, and answered { $status }.
cli-webhook-test-waiting = Not told yet: { $why }. It is tried again by itself.
cli-webhook-test-dead = Refused: { $why }.
cli-webhook-none = There is no web hook.
cli-webhook-column-events = EVENTS
cli-webhook-column-waiting = WAITING

floip-cursor = There is no row “{ $cursor }” to read on from: take the links of the page before.
alert-suspected-case = Suspected { $diseaseName }: { $facility }, { $district }, { $county }. Case { $caseID }, by { $reporterName } { $reporterPhone }
did-eidsr-set = set who is alerted of suspected cases.
alert-case-unheard = mHero: the suspected case { $case } is stored, but nobody could be alerted: mend the audiences of /eidsr/settings
