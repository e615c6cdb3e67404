# Des conversations aux SMS : qui veut qu’on lui écrive par une messagerie, et ce qui part par SMS parce qu’elle n’arrive pas.
# Les réponses (reply-…) voyagent en SMS : seulement des lettres de GSM-7, 160 au plus avec leurs variables.

reply-chat-code = Ouvrez { $name } et envoyez-lui ce code dans les { $count } minutes : { $code }. Nous vous écrirons là. Ne donnez le code à personne.
reply-chat-preferred = Désormais nous vous écrivons d'abord par messagerie, et par SMS si elle n'arrive pas. Envoyez { $words } pour revenir aux SMS.
reply-sms-preferred = Désormais nous vous écrivons par SMS. Envoyez { $words } pour revenir à la messagerie.

chat-waits-title = Messageries
chat-waits-lead = Qui veut qu’on lui écrive par une messagerie y reçoit d’abord les messages. Ce qui n’est pas arrivé après tant de minutes part par SMS, et est retiré de la messagerie quand le service le permet. Laissez un champ vide pour en rester à la messagerie.
chat-waits-unreported = Telegram ne dit pas ce qui est arrivé : là, seule une réponse compte comme arrivée.
chat-waits-alert = Alertes, minutes
chat-waits-reply = Réponses, minutes
chat-waits-normal = Messages ordinaires, minutes
chat-waits-bulk = Grands envois, minutes
chat-wait-minutes = L’attente d’une messagerie doit être de 1 à { $max } minutes ; { $value } ne convient pas.
chat-not-linked = Cette personne n’a pas de compte { $name } connu de nous. Elle en lie un en envoyant CHAT.

person-way = On lui écrit par
person-way-sms = SMS
person-way-chat = { $name } d’abord, puis SMS
person-way-save = Noter
person-way-said = Demandé le { $day }
person-way-noted = Noté par un responsable le { $day }
person-way-changed = Noté. Cela vaut pour les messages écrits à partir de maintenant.

broadcast-chats-open = { $n ->
    [one] { $n } est parti par messagerie et peut encore partir par SMS.
   *[other] { $n } sont partis par messagerie et peuvent encore partir par SMS.
}
broadcast-chats-arrived = { $n ->
    [one] { $n } est arrivé par messagerie.
   *[other] { $n } sont arrivés par messagerie.
}
broadcast-chats-overtaken = { $n ->
    [one] { $n } est parti par SMS, la messagerie n’étant pas arrivée à temps.
   *[other] { $n } sont partis par SMS, la messagerie n’étant pas arrivée à temps.
}
broadcast-chats-late = { $n ->
    [one] { $n } de ces messages est tout de même arrivé plus tard par messagerie.
   *[other] { $n } de ces messages sont tout de même arrivés plus tard par messagerie.
}
out-no-chat = Pas de compte sur cette messagerie

cli-reason-overtaken = Parti par SMS à la place : la messagerie n’était pas arrivée à temps.
cli-reason-arrived-by-chat = Non envoyé : la messagerie était arrivée avant.

did-chat-waits-set = a fixé le délai des messageries.
did-chat-chosen = a noté par quel moyen une personne veut qu’on lui écrive.

short-head = Texte plus court pour les SMS
short-lead = Qui veut qu’on lui écrive par une messagerie y reçoit le texte long. Ce qui part par SMS parce que la messagerie n’arrive pas peut être plus court. Laissez un champ vide pour envoyer le même.
short-label = Texte pour les SMS, { $language }
short-save = Garder
short-saved = Gardé. La suite du brouillon est ici.
short-draft = Brouillon
