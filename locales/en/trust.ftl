### Whether a message is true.

## SMS, one each: GSM-7 letters only
trust-mark-test = TEST:
trust-mark-drill = DRILL:
trust-sms-true = Yes, { $code } is a real message of { $ministry }, { $since }: { $name }. We never ask for your PIN or money.
trust-sms-drill = { $code } is a real message of { $ministry }, { $since }, but only a test or drill: { $name }. We never ask for your PIN or money.
trust-sms-other = { $code } is a real code of { $since }, but that message did not go to this number. Do not do what you read. Tell us: send SPAM and the text.
trust-sms-false = No, { $code } is not our code. Do not do what that message says. Tell us: send SPAM and the text. We never ask for your PIN or money.
trust-sms-spam = Thank you for telling us, an official reads it. Do not answer that message. We never ask for your PIN or money.

## Console
trust-head = Doubted messages
trust-lead = What workers asked about in the last 30 days that is not ours. Somebody may be writing in your name.
trust-none = Nobody asked about a code that is not ours
trust-none-why = A worker who doubts a message texts CHECK and its code, and is told whether it is ours.
trust-code = Code
trust-no-code = Told of by SPAM, without a code
trust-phones = Phones
trust-last = Last
trust-inbox = What they wrote after SPAM stands in the inbox.
trust-of-broadcast = Its code is { $code }. Who doubts it texts CHECK { $code }.
trust-of-broadcast-asked = { $n ->
    [0] Nobody has asked yet.
    [one] { $n } time somebody asked.
   *[other] { $n } times somebody asked.
}
trust-in-text = Write @code into the text and the code stands there.
