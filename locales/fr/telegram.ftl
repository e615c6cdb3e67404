# Les bots sur Telegram : leurs réglages, ce qui ne va pas, et ce qu’on y dit aux gens.

channel-telegram-token = Jeton du bot
channel-telegram-token-hint = BotFather le donne, sur Telegram : 123456:ABC…
channel-telegram-mode = Ce que les gens écrivent
channel-telegram-mode-poll = mHero le demande : sans adresse publique
channel-telegram-mode-webhook = Telegram l’apporte : il faut une adresse https
channel-telegram-callback-hint = Seulement si Telegram apporte ce que les gens écrivent, par exemple https://mhero.moh.example
channel-telegram-secret = Secret de ce que Telegram apporte
channel-telegram-base-url-hint = Seulement pour un serveur Bot API à vous.

telegram-token = Ce n’est pas le jeton d’un bot. BotFather le donne sur Telegram, comme 123456:ABC-DEF.
telegram-webhook-where = Donnez callback=…, l’adresse https à laquelle Telegram atteint mHero, ou mettez mode=poll.
telegram-token-refused = Telegram refuse le jeton. Comparez-le avec ce que montre BotFather, ou demandez-lui-en un nouveau.
telegram-webhook-refused = Telegram n’accepte pas l’adresse de mHero. Elle doit commencer par https, avoir un certificat valable et être accessible depuis Internet ; sinon mettez mode=poll.
telegram-taken = Quelqu’un d’autre relève ce que les gens écrivent à ce bot : un autre mHero avec le même jeton, ou un ancien programme. Arrêtez-le là-bas.
telegram-is = Le bot est { $name }. On le trouve sous ce nom.

cli-reason-telegram-no-account = Telegram ne joint que ses propres comptes
cli-reason-telegram-blocked = la personne a bloqué le bot sur Telegram
cli-reason-telegram-refused = refusé par Telegram
cli-reason-telegram-not-now = Telegram n’a rien pris à ce moment
cli-reason-telegram-unsent = Telegram n’a rien pris de ce canal : voir mhero channel test
cli-reason-telegram-unreached = Telegram n’a pas pu être joint
cli-reason-telegram-unanswered = Telegram n’a pas répondu à temps

## Ce que les gens y lisent

reply-chat-welcome = Bienvenue. Pour savoir qui vous êtes, il nous faut votre numéro de téléphone : appuyez sur le bouton ci-dessous. Nous le comparons au registre des agents de santé, et ne l’utilisons pour rien d’autre.
reply-chat-show-number = Montrer mon numéro
reply-chat-again = Bon retour. Vous recevez de nouveau nos messages ici.
reply-chat-linked = Merci. Votre numéro est dans le registre des agents de santé, et cette conversation est désormais la vôtre.
reply-chat-unknown = Merci. Votre numéro n’est pas dans le registre des agents de santé. Écrivez ce qu’il vous faut : un responsable le lira.
reply-chat-shared = Merci. Plusieurs agents de santé partagent ce numéro, et nous ne savons pas lequel vous êtes. Écrivez votre nom : un responsable le lira.

## Ce qui tient la place de ce qui n’est pas un texte

chat-sent-photo = (a envoyé une photo, qui ne peut pas être montrée ici)
chat-sent-video = (a envoyé une vidéo, qui ne peut pas être montrée ici)
chat-sent-voice = (a envoyé un message vocal, qui ne peut pas être écouté ici)
chat-sent-sticker = (a envoyé un autocollant)
chat-sent-document = (a envoyé un fichier, qui ne peut pas être ouvert ici)
chat-sent-place = (a envoyé un lieu)
chat-sent-contact = (a envoyé le numéro de quelqu’un d’autre)
chat-sent-other = (a envoyé quelque chose qui ne peut pas être montré ici)
