# From chats to SMS: who wants to be written to by a chat, and what goes by SMS because a chat does not arrive.
# The answers (reply-…) travel as SMS: only letters of GSM-7, at most 160 with their variables.

reply-chat-code = On your phone open { $name } and send it this code within { $count } minutes: { $code }. Then we write to you there. Never give the code to anybody.
reply-chat-preferred = From now on we write to you by chat first, and by SMS if that does not reach you. Text { $words } to get SMS again.
reply-sms-preferred = From now on we write to you by SMS. Text { $words } to be written to by chat again.

chat-waits-title = Chats
chat-waits-lead = Who wants to be written to by a chat gets messages there first. What has not arrived after so many minutes goes by SMS, and is taken back from the chat where the service can. Leave a field empty to stay with the chat.
chat-waits-unreported = Telegram does not say what has arrived: there, only an answer counts as arrived.
chat-waits-alert = Alerts, minutes
chat-waits-reply = Answers, minutes
chat-waits-normal = Usual messages, minutes
chat-waits-bulk = Large messages, minutes
chat-wait-minutes = The wait for a chat must be 1 to { $max } minutes; { $value } is not.
chat-not-linked = This person has no account at { $name } that we know of. They link one when they text CHAT.

person-way = Written to by
person-way-sms = SMS
person-way-chat = { $name } first, then SMS
person-way-save = Note
person-way-said = Said so { $day }
person-way-noted = Noted by an official { $day }
person-way-changed = Noted. It holds for messages written from now on.

broadcast-chats-open = { $n ->
    [one] { $n } went by a chat and may go by SMS yet.
   *[other] { $n } went by a chat and may go by SMS yet.
}
broadcast-chats-arrived = { $n ->
    [one] { $n } arrived by a chat.
   *[other] { $n } arrived by a chat.
}
broadcast-chats-overtaken = { $n ->
    [one] { $n } went by SMS because the chat did not arrive in time.
   *[other] { $n } went by SMS because the chat did not arrive in time.
}
broadcast-chats-late = { $n ->
    [one] { $n } of these chats arrived later all the same.
   *[other] { $n } of these chats arrived later all the same.
}
out-no-chat = No account at this chat

cli-reason-overtaken = It went by SMS instead: the chat had not arrived in time.
cli-reason-arrived-by-chat = Not sent: the chat had arrived before.

did-chat-waits-set = set how long chats may take.
did-chat-chosen = noted by what somebody wants to be written to.

short-head = Shorter text for SMS
short-lead = Who wants to be written to by a chat gets the long text there. What goes by SMS because the chat does not arrive can be shorter. Leave a field empty to send the same.
short-label = Text for SMS, { $language }
short-save = Keep
short-saved = Kept. The draft goes on here.
short-draft = Draft
