# Phones that dial a code: what they show, the settings, what mhero channel test finds.

ussd-more = { $key } More
ussd-late = This takes a moment. You get the answer by SMS.
ussd-thanks = Thank you. It has arrived.

settings-channel-ussd = Code to dial (USSD)
channel-why-ussd = The operator or Africa’s Talking gave you a code such as *384*55#. Whoever dials it goes through a flow, screen by screen.
channel-ussd-word = Word that dialling stands for
channel-ussd-word-hint = The word of a trigger: dialling starts its flow.
channel-ussd-style = Who brings the calls
channel-ussd-style-africastalking = Africa’s Talking, or a gateway that speaks like it
channel-ussd-style-http = Another gateway, with the names below
channel-ussd-sms = Channel for what finds no screen
channel-ussd-sms-hint = The name of an SMS channel: messages go by it when the flow is not ready in time or the phone has hung up. Without it, the usual one.
channel-ussd-answer-within = Seconds the network waits
channel-ussd-answer-within-hint = Ask the operator, and take a second or two less.
channel-ussd-resume-minutes = Minutes to go on in
channel-ussd-resume-minutes-hint = Who dials again within this time sees the question at which they stopped. 0: they always begin anew.
channel-ussd-letters = Letters of a screen
channel-ussd-letters-hint = 160 is safe everywhere; many networks show 182.
channel-ussd-more = Key for the next page
channel-ussd-more-hint = A number that no menu of yours uses. Without it: 98.
channel-ussd-session-field = Field with the id of the dialogue
channel-ussd-phone-field = Field with the phone
channel-ussd-text-field = Field with what was typed
channel-ussd-typed = That field holds
channel-ussd-typed-all = All answers, with * between
channel-ussd-typed-last = The last answer alone
channel-ussd-id-field = Field with the id of the call
channel-ussd-id-field-hint = With it, a call that comes twice is known for certain.
channel-ussd-screen-type = Type of the answer
channel-ussd-screen-goes-on = Answer that waits for more
channel-ussd-screen-goes-on-hint = {"{{"}text{"}}"} stands for the screen. In JSON it brings its own quotation marks.
channel-ussd-screen-ends = Last answer

ussd-style = { $key }=… goes with style=http only. Add style=http, or leave { $key } out.
ussd-more-key = { $value } can’t be the key for the next page: at most { $max } letters or figures, or #.
ussd-screen = { $key }=… must hold {"{{"}text{"}}"} and no other variable.
ussd-unread = It could not be looked up: { $detail }
ussd-no-flow = No flow begins with the word { $word }. Make a trigger with this word, or set word=… to one that there is.
ussd-never-called = The network can’t be asked from here: dial the code once to see.
ussd-no-sms = No SMS channel carries what finds no screen: it would wait. Add one, or correct sms=…
ussd-no-callback = Without callback=…, the addresses to give to the network are shown without their beginning.
cli-reason-ussd-passed-by = not shown: the answer to it was dialled along with the code
cli-reason-ussd-no-screen = the phone shows no screen
cli-reason-no-address = the person has no address that this channel carries to
