# Texts of SMS: counting and costly letters, bad phone numbers, and what mHero answers by itself.
# The answers (reply-…) travel as SMS: only letters of GSM-7, at most 160 with their variables.

## Counting

# $used units of $room, in $segments SMS.
sms-count = { $used }/{ $room } · { $segments ->
    [one] { $segments } SMS
   *[other] { $segments } SMS
}
sms-encoding-gsm7 = Plain letters: 160 in one SMS
sms-encoding-ucs2 = Special letters: only 70 in one SMS
# $letter stands $times times in the text.
sms-costly-letter = { $times ->
    [one] The letter { $letter } makes this text cost more.
   *[other] The letter { $letter } ({ $times } times) makes this text cost more.
}
sms-costly-substitute = Write { $substitute } instead
sms-costly-drop = Leave it out
sms-costly-none = No plain letter can stand for { $letter }.
sms-substitute-all = Replace all costly letters
# What it would save: SMS per person before and after.
sms-substitute-saves = { $before } SMS become { $after }.

## Phone numbers that can't be used

phone-empty = No phone number
phone-has-letters = There is a letter in this number. It is kept as written and not used.
phone-not-a-number = This is no phone number.
phone-not-valid = This is no valid number here: too short, too long, or an unknown prefix.
phone-foreign-country = This is a number of another country ({ $country }), which is not set up here.

## Answers that mHero sends by itself

reply-stopped = You will get no more messages. Text { $start } to return. Urgent reports are still welcome. Free.
reply-stopped-topic = You will get no more { $topic } messages. Text { $start } to return.
reply-started = Welcome back. You get our messages again. Text { $stop } to leave.
reply-started-topic = You get { $topic } messages again. Text { $stop } to leave.
reply-help = You can text: { $words }. All free.
reply-confirm-stop = Do you want no more messages? Then text { $stop }.
reply-confirm-start = Do you want our messages again? Then text { $start }.
reply-which-topic = Which messages do you want to leave? Text { $stop } and one of: { $topics }.
reply-who = Who is writing? Reply with the number: { $names }.
reply-which-keyword = Did you mean { $words }? Please send that word again, first in the text.
reply-unknown-keyword = We did not understand. You can text: { $words }. Or write in your own words and a person answers.
reply-keyword-taken = Your { $keyword } has arrived and will be read. Thank you.
reply-not-me = Sorry for the trouble. We will check this number. Text { $stop } to get no more messages.
# A case alert. $keyword is the word as people of the language write it.
reply-keyword-urgent = { $keyword } received. It goes to the officer on duty now. Keep your phone near.
