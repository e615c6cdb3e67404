# The pages of channels, and the names of their settings. A setting is `channel-KIND-KEY`, or `channel-any-KEY` where it means the same
# for every kind; `-hint` stands under it, `-WORD` is a choice.

channels-lead = Ways to reach people. The first that is on and reaches phones carries whatever names no other.
channels-trouble = Does not work
channels-sent = Last sent
channels-heard = Last received
channels-not-lately = not lately
channels-rate = Rate
channels-a-second = { $rate } SMS a second
channels-no-limit = no limit
channels-sender = Sender
channels-now = Just now
channels-is-default = It carries whatever names no other channel.
channels-waiting = { $count ->
    [0] Nothing waits.
    [one] { $count } message waits.
   *[other] { $count } messages wait.
}
channels-waiting-since = The first since { $since }.
channels-add-lead = By what are phones to be reached?
channels-name-hint = For you and your colleagues: the operator, say. Phones never see it.
channels-may = (not needed)
channels-default = Without it: { $value }.
channels-save = Save the settings
channels-saved = The settings are saved. What waits leaves with them.
channels-to-setting = Go to the setting
channels-test = Test
channels-test-fine = It works. Nothing was sent.
channels-test-failed = Nothing was sent: this does not work yet.
channels-test-slow = No answer for 20 seconds. Nothing was sent. Check the address, and whether a firewall is in between.
channels-addresses = What the other side has to call
channels-addresses-why = Copy each into the settings of the gateway or the operator’s portal. They hold a secret: whoever has them can write to you in anybody’s name.
channels-addresses-show = Show the addresses

## The phone of an Android channel

channels-phone = The phone
channels-phone-install = Install the Android app for relaying SMS on a phone with a SIM card, a charger and data.
channels-phone-server = In the app’s settings, give the address of this server as the server, as phones reach it. The app then shows a code of nine letters.
channels-phone-type = Type the code here within a day.
channels-phone-code = Code on the phone
channels-phone-claim = Take this phone
channels-phone-claimed = This phone carries the channel from now on.
channels-phone-release = Let this phone go
channels-phone-release-why = A phone that is lost or replaced: it gets nothing more, and shows a new code when it asks next. What waits stays until another phone is taken.
channels-phone-release-sure = Yes, let it go
channels-phone-release-sure-first = Nothing was changed. Tick the box first if you mean it.
channels-phone-released = The phone is gone. Messages wait for another.

## Kinds

settings-channel-smpp = Operator’s SMS centre (SMPP)
settings-channel-android = Android phone
settings-channel-telegram = Telegram
channel-why-smpp = The operator gave you an account on its SMS centre: host, port, name and password.
channel-why-kannel = A Kannel of yours runs between mHero and the operator.
channel-why-africastalking = You have an account with Africa’s Talking, which reaches most operators of the continent.
channel-why-twilio = You have an account with Twilio, or with a service that speaks like it.
channel-why-external = Any other gateway that is called by HTTP, or that calls mHero.
channel-why-android = A phone with a SIM card and the relaying app sends and receives. Enough for a district, or until the operator’s contract is signed.
channel-why-telegram = Health workers who have Telegram on their phone write to your bot there.
channel-why-simulator = For trying out: phones on a page of mHero. No real phone rings.

## Settings of every kind

channel-any-sender = Sender
channel-any-sender-hint = What phones show, where the operator allows one: up to 11 letters, or the short code.
channel-any-rate = SMS a second
channel-any-rate-hint = What the contract allows. 0 is no limit.
channel-any-url = Address
channel-any-host = Host
channel-any-port = Port
channel-any-username = User name
channel-any-password = Password
channel-any-token = Token
channel-any-api-key = API key
channel-any-from = Short code or sender of the account
channel-any-callback = Address of mHero, as the other side reaches it
channel-any-callback-hint = For example https://mhero.moh.example. Without it there are no delivery reports.
channel-any-secret = Secret in the addresses that are called
channel-any-secret-hint = mHero makes one where you give none.
channel-any-allow = Addresses that may call without the secret
channel-any-allow-hint = One or several, or networks such as 10.0.0.0/8, with commas between.
channel-any-connections = Requests at a time
channel-any-timeout = How long an answer may take, in seconds
channel-any-validity = How long the operator keeps trying, in hours
channel-any-use-national = Numbers
channel-any-use-national-false = With the country’s code
channel-any-use-national-true = Without the country’s code
channel-any-base-url = Address of the service

## Kannel

channel-kannel-url = Address of sendsms
channel-kannel-url-hint = For example http://127.0.0.1:13013
channel-kannel-username-hint = As in the group sendsms-user of kannel.conf
channel-kannel-from = Short code
channel-kannel-smsc = SMS centre
channel-kannel-smsc-hint = Its smsc-id, where Kannel has several.
channel-kannel-parts = Long texts
channel-kannel-parts-whole = Kannel cuts them
channel-kannel-parts-split = mHero cuts them
channel-kannel-validity = How long the operator keeps trying, in minutes
channel-kannel-dlr-mask = Delivery reports asked for
channel-kannel-dlr-mask-hint = The sum of delivered 1, failed 2, taken by the SMS centre 8, refused by it 16.
channel-kannel-admin = Address of the status page
channel-kannel-admin-hint = With it, the test says whether an operator is connected: http://127.0.0.1:13000
channel-kannel-admin-password = Password of the status page

## SMPP

channel-smpp-host-hint = As the operator gave it, for example smsc.example.org
channel-smpp-system-id = Name of the account (system_id)
channel-smpp-window = Messages under way at a time
channel-smpp-window-hint = The window of the contract. More is faster, and refused where the operator allows less.
channel-smpp-bind = Connections
channel-smpp-bind-transceiver = One that sends and receives
channel-smpp-bind-separate = One to send, one to receive
channel-smpp-tls = Encryption
channel-smpp-tls-no = None: the operator’s VPN protects the line
channel-smpp-tls-yes = TLS
channel-smpp-ca = The operator’s own certificate authority (PEM)
channel-smpp-system-type = System type
channel-smpp-address-range = Address range
channel-smpp-binds = How many connections
channel-smpp-enquire = Ask whether the line is there, in seconds
channel-smpp-alphabet = Plain letters
channel-smpp-alphabet-gsm7 = GSM alphabet
channel-smpp-alphabet-latin1 = Latin-1, said so
channel-smpp-alphabet-latin1-default = Latin-1 as the SMS centre’s own
channel-smpp-long = Long texts
channel-smpp-long-udh = In parts with a header, which every phone joins
channel-smpp-long-sar = In numbered parts; the SMS centre makes the headers
channel-smpp-long-payload = Whole; the SMS centre cuts
channel-smpp-receipts = Delivery reports
channel-smpp-receipts-yes = Ask for them
channel-smpp-receipts-no = None
channel-smpp-receipts-unmarked = Ask for them; this SMS centre does not mark them
channel-smpp-id-form = Ids in delivery reports
channel-smpp-id-form-auto = May be spelt otherwise than in the answer
channel-smpp-id-form-same = As in the answer
channel-smpp-numbers = Numbers
channel-smpp-numbers-plain = Without a plus
channel-smpp-numbers-plus = With a plus
channel-smpp-service-type = Service type
channel-smpp-source-ton = Type of the sender’s number
channel-smpp-source-npi = Numbering plan of the sender
channel-smpp-dest-ton = Type of the receiver’s number
channel-smpp-dest-npi = Numbering plan of the receiver

## Simulator

channel-simulator-behaviour = What the phones do
channel-simulator-behaviour-hint = none: they only receive. answer: they answer as health workers do.
channel-simulator-pace = Pace
channel-simulator-pace-hint = demo, field, or a number: 1 is as in the field, 0.1 ten times as fast.
channel-simulator-seed = Seed
channel-simulator-delay-ms = Report after, in milliseconds

## In the audit log

did-channel-changed = changed the settings of a channel.
did-relayer-claimed = gave a phone to a channel.
did-relayer-released = let the phone of a channel go.
did-chat-linked = linked a chat to the health worker who showed its number.

## On the command line

cli-channel-set = The settings of channel { $name } are changed.
cli-channel-claimed = This phone carries the channel { $name } from now on.
