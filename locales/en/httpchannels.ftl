# Channels over HTTP: what is wrong with their settings, what mhero channel test finds, why a text did not leave or arrive.

settings-channel-external = HTTP gateway
settings-channel-africastalking = Africa’s Talking
settings-channel-twilio = Twilio

## Settings

channel-address = { $key }={ $value } is no address of the web. Write it as in { $key }=https://sms.example.org, without user and password.
channel-secret = The secret needs at least { $min } letters or figures, without spaces. Leave it out and mHero makes one.
channel-allow = { $value } in { $key }=… is no address. Write addresses or networks with commas between: { $key }=10.0.0.5,192.168.1.0/24
channel-header = The header { $value } in { $key }=… can’t be sent. Write one a line, as in X-Key: value, without line breaks in the value.
channel-no-client = Encrypted connections can’t be made here: the certificates of the system can’t be read. Install the package ca-certificates.
external-variable = There is no { $name } to put into { $key }. Known are: { $known }.
external-body-json = The body is no JSON once its values stand in it: { $detail }. Values bring their own quotation marks: {"{"}"text": {"{{"}text{"}}"}{"}"}

## What mhero channel test finds

http-unreachable = Nobody answers at { $host }. Correct the address, or look whether this machine reaches it ({ $provider }).
http-silent = { $host } takes the connection but does not answer in time. Ask { $provider } whether its service is disturbed.
http-password = { $provider } at { $host } refuses us. Compare with your account there: { $settings }.
http-sender = { $provider } at { $host } refuses the sender. Set sender=… to a name or number that belongs to this account.
http-path = { $host } answers, but it has nothing that takes texts at this address. Compare with the manual of { $provider }: { $settings }.
http-busy = { $provider } takes nothing just now: too many texts at a time, or its queue is full. Messages wait and leave when it takes them again. A rate=… below its limit avoids this.
http-money = There is no money left in the account at { $provider }. Messages wait until it is filled up.
http-fault = What answers at { $host } fails by itself. Ask { $provider } whether its service is disturbed.
http-stranger = What answers at { $host } is not { $provider }, or says something that nobody understands. Correct the address.
http-balance = The balance at { $provider } is { $balance }.
http-no-callback = Without callback=…, the address at which { $provider } reaches mHero, there are no delivery reports and no texts of phones.
external-reached-only = Somebody answers there. Whether it takes texts shows with the first one: such a gateway can’t be asked without sending.

## Who stopped us there

did-stopped-by-carrier = stopped all messages to a number, as its owner had told the operator or the gateway.

## Why a text did not leave or arrive

cli-reason-http-no-phone = this channel carries to phone numbers only
cli-reason-http-no-address = the address of the gateway can’t be made with this number
cli-reason-http-unreached = the gateway could not be reached
cli-reason-http-unanswered = the gateway did not answer in time
cli-reason-http-cut = the connection to the gateway ended before its answer
cli-reason-http-unsent = the gateway took nothing from this channel: see mhero channel test
cli-reason-http-not-now = the gateway took nothing just then
cli-reason-http-odd-answer = what the gateway answered could not be understood
cli-reason-http-refused = refused by the gateway
cli-reason-http-rejected = rejected by the operator
cli-reason-http-undelivered = not delivered, says the operator
cli-reason-http-number = the gateway says that this is no phone number
cli-reason-http-number-kind = this kind of number gets no SMS
cli-reason-http-number-gone = the number is no longer in use, says the operator
cli-reason-http-number-suspended = the number is blocked by its operator
cli-reason-http-not-routable = the gateway has no operator for this number
cli-reason-http-no-airtime = the phone had no credit for this kind of SMS
cli-reason-http-absent = the phone was off or out of reach
cli-reason-http-expired = it was not delivered in time
cli-reason-http-stopped = its owner has told the operator or the gateway: nothing more from us
cli-reason-external-not-confirmed = the gateway did not say that it took it
cli-reason-at-risk-hold = held back by the gateway, which suspects abuse
cli-reason-at-hours = the operator carries no such texts at this hour
cli-reason-http-trial = the account is on trial and writes only to numbers on its list
cli-reason-twilio-no-sender = the channel has no sender: set sender=… or messaging_service_sid=…
cli-reason-twilio-region = the account may not write to this country
cli-reason-whatsapp-window = the person has not written for 24 hours, and the text is no approved template

## An aggregator described in a file

settings-channel-template = HTTP gateway, described in a file
channel-why-template = Nobody has written a driver for your aggregator, and a file describes how it is spoken to.
template-file-unread = The file { $path } can’t be read ({ $detail }). Check the path, and that you may open it.
template-unreadable = { $file }, line { $line }: { $detail }
template-value = { $file }: the value of { $key } won’t do: { $value }. Possible: { $known }
template-missing = { $file } asks for { $key }=… ({ $what }).
cli-reason-http-no-header = a header of the gateway can’t be made with this number

## Their settings

channel-external-send-url = Address that takes texts
channel-external-send-url-hint = May hold variables: https://sms.example.org/send?to={"{{"}to{"}}"}
channel-external-method = Method
channel-external-content-type = Type of the body
channel-external-content-type-hint = urlencoded, json, xml, or the type itself.
channel-external-body = Body
channel-external-body-hint = With variables: id, text, to, to_no_plus, from, from_no_plus, channel. Without it a form as RapidPro sends it.
channel-external-send-authorization = Authorization
channel-external-headers = Headers
channel-external-headers-hint = One a line: X-Key: value
channel-external-mt-response-check = What an answer holds when a text was taken
channel-external-max-length = Letters of one request
channel-external-encoding = Letters
channel-external-encoding-D = As written
channel-external-encoding-S = Cheaper ones where that is enough
channel-external-mo-from-field = Field with the sender
channel-external-mo-text-field = Field with the text
channel-external-mo-date-field = Field with the time
channel-external-mo-id-field = Field with the gateway’s id
channel-external-from-xpath = Path of the sender in XML
channel-external-text-xpath = Path of the text in XML
channel-external-mo-response = What the gateway wants to hear
channel-external-mo-response-content-type = Type of that answer
channel-africastalking-sandbox = Sandbox
channel-africastalking-sandbox-no = No, the real network
channel-africastalking-sandbox-yes = Yes, pretend phones
channel-africastalking-shared = Short code shared with others
channel-africastalking-shared-no = No
channel-africastalking-shared-yes = Yes
channel-twilio-account-sid = Account SID
channel-twilio-auth-token = Auth token
channel-twilio-messaging-service-sid = Messaging service SID
channel-twilio-numbers = Numbers
channel-twilio-numbers-sms = SMS
channel-twilio-numbers-whatsapp = WhatsApp
channel-twilio-signed = Its calls are signed
channel-twilio-signed-yes = Yes
channel-twilio-signed-no = No, they carry the secret
channel-template-file = Name of the file
channel-template-file-hint = For yourself, such as clickatell.toml. What is in it is pasted below.
channel-template-template = What stands in the file
channel-template-template-hint = TOML: what the aggregator is asked and what its answers mean. Two to begin from stand with the documentation, under channel-templates. What the file wants under [settings] is asked here next.

## Infobip, Vonage, WhatsApp

settings-channel-infobip = Infobip
settings-channel-vonage = Vonage
settings-channel-whatsapp = WhatsApp
channel-why-infobip = You have an account with Infobip.
channel-why-vonage = You have an account with Vonage (Nexmo).
channel-why-whatsapp = Your ministry has a number at WhatsApp Business, with the Cloud API of Meta.
channel-infobip-transliteration = Letters
channel-infobip-transliteration-none = As written
channel-infobip-transliteration-french = French ones made cheaper
channel-infobip-transliteration-portuguese = Portuguese ones made cheaper
channel-infobip-transliteration-all = All made cheaper
channel-vonage-api-secret = API secret
channel-vonage-signature-secret = Signature secret
channel-vonage-signature-secret-hint = With it, only calls that Vonage has signed with SHA-256 HMAC are believed.
channel-whatsapp-phone-number-id = Phone number ID
channel-whatsapp-access-token = Access token
channel-whatsapp-app-secret = App secret
channel-whatsapp-app-secret-hint = Meta signs its calls with it; others are refused.
channel-whatsapp-verify-token = Verify token
channel-whatsapp-template = Template for who has not written for 24 hours
channel-whatsapp-template-hint = An approved template whose one variable is the text. Without it WhatsApp refuses texts to who has not written for 24 hours.
channel-whatsapp-template-language = Languages of the template, the first for all others
whatsapp-no-template = Without template=…, WhatsApp carries texts only to people who have written within the last 24 hours.
whatsapp-quality = WhatsApp rates this number low: people block or report it. It may be limited soon.
cli-reason-http-no-sender = the channel has no sender: set sender=…
cli-reason-whatsapp-number = this number is not at WhatsApp, or can’t be reached there
cli-reason-whatsapp-limited = WhatsApp held it back, to spare the person
cli-reason-whatsapp-template = WhatsApp refuses the template: look whether it is approved, in this language, with one variable
