# Bots on Telegram: their settings, what is wrong, and what is said to people there.

channel-telegram-token = Token of the bot
channel-telegram-token-hint = BotFather gives it, on Telegram: 123456:ABC…
channel-telegram-mode = What people write
channel-telegram-mode-poll = mHero asks for it: needs no public address
channel-telegram-mode-webhook = Telegram brings it: needs an address with https
channel-telegram-callback-hint = Only where Telegram brings what people write, for example https://mhero.moh.example
channel-telegram-secret = Secret of what Telegram brings
channel-telegram-base-url-hint = Only for a Bot API server of your own.

telegram-token = This is no token of a bot. BotFather on Telegram gives it, as in 123456:ABC-DEF.
telegram-webhook-where = Give callback=…, the address with https at which Telegram reaches mHero, or set mode=poll.
telegram-token-refused = Telegram refuses the token. Compare it with what BotFather shows, or ask BotFather for a new one.
telegram-webhook-refused = Telegram does not take the address of mHero. It must begin with https, have a valid certificate and be reached from the internet; else set mode=poll.
telegram-taken = Somebody else fetches what people write to this bot: another mHero with the same token, or an older program. Stop it there.
telegram-is = The bot is { $name }. People find it under this name.

cli-reason-telegram-no-account = Telegram reaches its own accounts only
cli-reason-telegram-blocked = they have blocked the bot on Telegram
cli-reason-telegram-refused = refused by Telegram
cli-reason-telegram-not-now = Telegram took nothing just then
cli-reason-telegram-unsent = Telegram took nothing from this channel: see mhero channel test
cli-reason-telegram-unreached = Telegram could not be reached
cli-reason-telegram-unanswered = Telegram did not answer in time

## What people there read

reply-chat-welcome = Welcome. To know who you are, we need your phone number: press the button below. We compare it with the register of health workers and use it for nothing else.
reply-chat-show-number = Show my phone number
reply-chat-again = Welcome back. You get our messages here again.
reply-chat-linked = Thank you. Your number is in the register of health workers, and this chat is now yours.
reply-chat-unknown = Thank you. Your number is not in the register of health workers. Write what you need: an official reads it.
reply-chat-shared = Thank you. Several health workers share this number, so we do not know which of them you are. Write your name: an official reads it.

## What stands in the place of what is no text

chat-sent-photo = (sent a photo, which can’t be shown here)
chat-sent-video = (sent a video, which can’t be shown here)
chat-sent-voice = (sent a voice message, which can’t be heard here)
chat-sent-sticker = (sent a sticker)
chat-sent-document = (sent a file, which can’t be opened here)
chat-sent-place = (sent a place)
chat-sent-contact = (sent somebody else’s phone number)
chat-sent-other = (sent something that can’t be shown here)
