### Une deuxième personne donne son accord avant qu’un grand envoi parte.

## SMS, un seul chacun : uniquement les lettres du GSM-7
approval-sms-ask = Accord { $number }: "{ $name }" de { $who } à { $count } personnes, { $since }. Répondez OUI { $number } { $code } ou NON { $number }. Texte déjà envoyé.
approval-sms-now = tout de suite
approval-sms-again = à répétition
approval-sms-approved = Envoi { $number } accordé pour { $count } personnes. Il part comme prévu, après une minute pendant laquelle on peut l'annuler.
approval-sms-refused = Envoi { $number } renvoyé à son auteur. Rien ne part.
approval-sms-code = Pour accepter { $number }, envoyez OUI { $number } et le code de 4 chiffres. Pour refuser, envoyez NON { $number }.
approval-sms-action = Accord pour { $number }? Envoyez OUI { $number } et le code, ou NON { $number }. Rien n'est décidé.
approval-sms-which = Lequel? Envoyez OUI ou NON et son numéro: { $words }. Rien n'est décidé.
approval-sms-wrong = Ce n'est pas le code de { $number }. Rien n'est accordé. Essais restants: { $count }.
approval-sms-locked = Trop de codes faux pour { $number }. Rien n'est accordé. Décidez à la console, ou que l'auteur redemande.
approval-sms-expired = Le code de { $number } est trop ancien. Rien n'est accordé. Décidez à la console, ou que l'auteur redemande.
approval-sms-over = { $number } n'attend plus: quelqu'un a décidé, ou son auteur l'a repris.
approval-sms-changed = { $number } a changé après la demande. Rien n'est accordé et rien ne part.
approval-sms-not-allowed = Ce numéro ne peut pas approuver. Si vous avez changé de téléphone, voyez votre superviseur.

## Ce qui est refusé
send-no-approver = Au-dessus de { $above } personnes, quelqu’un d’autre doit donner son accord, et il n’y a personne : donnez à un autre utilisateur le rôle d’approbateur ou d’administrateur, pour tout le pays.
approval-size = Le nombre de personnes ne peut pas être négatif.
approval-minutes = Un code vaut de { $from } à { $to } minutes.
approval-not-waiting = L’envoi { $number } n’attend pas d’accord : quelqu’un a décidé, ou il a été repris.
approval-own = Personne n’approuve son propre envoi. Quelqu’un d’autre qui en a le droit doit se connecter.
approval-changed = Le texte, le public ou l’heure ont changé depuis votre lecture. Rien n’est accordé. Relisez.
approval-moved = Le nombre de personnes est passé à { $n } depuis votre lecture. Rien n’est accordé. Relisez et tapez-le.
approval-reason = Dites en quelques mots pourquoi vous le renvoyez. Rien n’est décidé.

## Console
nav-approvals = Accords
approvals-lead = Les grands envois partent quand une deuxième personne a donné son accord.
approvals-waiting = En attente
approvals-decided = Décidés
approvals-none = Rien n’attend d’accord
approvals-none-why = Les envois au-dessus de la taille fixée dans les réglages arrivent ici.
approvals-by = Demandé par { $who } { $time }
approvals-people = { $n ->
    [one] { $n } personne
   *[other] { $n } personnes
}
approve-head = Approuver « { $name } » ?
approve-head-done = « { $name } »
approve-lead = Demandé par { $who } { $time }. Vous êtes la deuxième personne, { $you }.
approve-lead-other = Demandé par { $who } { $time }.
approve-to = À { $sentence }.
approve-text = En { $language }, à { $n }
approve-phones = { $n ->
    [one] vrai téléphone
   *[other] vrais téléphones
}
approve-phones-unreal = { $n ->
    [one] téléphone, pas pour de vrai
   *[other] téléphones, pas pour de vrai
}
approve-sms = SMS en tout
approve-when = Quand
approve-when-now = Une minute après votre accord
approve-when-again = À répétition ; votre accord vaut pour chaque fois
approve-left-out = Écartés
approve-left-out-nobody = Personne
approve-left-out-one = { $reason } : { $n }
approve-lane = Urgence
approve-lane-alert = Alerte : elle passe avant tout, et les heures calmes ne la retiennent pas
approve-lane-reply = Avant tout sauf les alertes
approve-lane-normal = Normal
approve-lane-bulk = Peut attendre
approve-quiet = Aussi pendant les heures calmes
approve-wrong = En cas d’erreur
approve-wrong-why = 60 secondes pour annuler, puis on peut arrêter ce qui n’est pas parti
approve-code = Son code
approve-code-why = { $code } : qui doute du message peut envoyer VERIF { $code }
approve-decision = Votre décision
approve-type = Tapez le nombre de téléphones pour approuver
approve-typed-wrong = { $typed } n’est pas le nombre ci-dessus. Rien n’est accordé. Relisez le nombre et tapez-le.
approve-go = { $n ->
    [one] Approuver pour { $n } téléphone
   *[other] Approuver pour { $n } téléphones
}
approve-why-back = Ou pourquoi vous le renvoyez
approve-why-back-hint = Son auteur le lira.
approve-back = Renvoyer
approve-by-phone = De votre téléphone vous pouvez aussi répondre OUI { $number } et le code reçu, ou NON { $number }. Si le texte, le public ou l’heure changent, ni l’un ni l’autre ne compte plus.
approve-unreadable = Le public ne veut plus rien dire : un groupe ou un lieu a été retiré. On ne peut pas l’approuver.
approve-has-changed = Il a changé depuis la demande. On ne peut pas l’approuver ; son auteur l’envoie à nouveau.
approve-own-head = C’est votre propre envoi
approve-own = Quelqu’un d’autre doit donner son accord. Rien n’est parti.
approve-not-yours = Votre rôle n’approuve pas d’envois.
approve-again = Redemander aux téléphones
approve-asked-again = De nouveaux codes sont en route. Les anciens ne comptent plus.
approve-done = Accordé.
approve-sent-back = Renvoyé à son auteur. Rien n’est parti.
approve-was-approved = Accordé par { $who } { $time }.
approve-was-approved-sms = Accordé par SMS par { $who } { $time }.
approve-was-refused = Renvoyé par { $who } { $time }.
approve-was-refused-sms = Refusé par SMS par { $who } { $time }.
approve-was-void = Repris avant que quelqu’un décide.
approve-reason = Pourquoi : { $reason }
approve-system = la ligne de commande
approve-band = Votre réponse envoie à de vrais téléphones.
approve-state-waiting = En attente
approve-state-approved = Accordé
approve-state-refused = Renvoyé
approve-state-void = Repris
band-test = Essai
band-test-sentence = Ses textes commencent par ESSAI.
band-drill = Exercice
band-drill-sentence = Ses textes commencent par EXERCICE. Il va à de vrais téléphones.
broadcast-state-approval = Attend un accord
broadcast-lead-approval = Attend une deuxième personne. Rien n’est parti.
broadcast-approval-open = Lire et décider
broadcast-approval-see = Qui doit donner son accord, et ce qu’il lit
broadcast-change = Reprendre et modifier
today-approval = { $n ->
    [one] Un envoi attend votre accord
   *[other] { $n } envois attendent votre accord
}
send-waits = Plus de { $n } personnes : une deuxième personne doit donner son accord avant que quoi que ce soit parte.
send-ask = { $n ->
    [one] Demander l’accord pour { $n } personne
   *[other] Demander l’accord pour { $n } personnes
}
event-approval-given = Accordé par { $who }.
event-approval-refused = Renvoyé par { $who }.
event-approval-asked-again = Redemandé aux téléphones par { $who }.
event-approval-wrong = Quelqu’un a essayé un code faux par SMS.
event-approval-not-allowed = Un téléphone qui n’en a pas le droit a essayé d’approuver.
event-approval-void = Il a changé pendant l’attente ; l’accord ne compte plus.
did-approvals-set = a fixé à partir de quelle taille une deuxième personne doit donner son accord.
did-approval-given = a approuvé un envoi.
did-approval-refused = a renvoyé un envoi.
did-approval-asked-again = a redemandé un accord.
did-approval-wrong-code = a essayé un code faux pour un accord.
did-approval-not-allowed = a essayé d’approuver un envoi sans en avoir le droit.
did-approval-void = a changé un envoi en attente ; l’accord ne compte plus.

## Réglages
settings-approvals = Accords
settings-approvals-lead = Au-dessus d’une taille, une deuxième personne doit donner son accord avant le départ d’un envoi : à la console, ou par SMS depuis un téléphone inscrit ici.
settings-approvals-above = Au-dessus de combien de personnes
settings-approvals-above-hint = Vide : aucun accord demandé. 0 : toujours.
settings-approvals-minutes = Pendant combien de minutes un code par SMS vaut
settings-approvals-who = Qui peut donner son accord
settings-approvals-phone = Téléphone
settings-approvals-no-phone = Sans téléphone : à la console seulement
settings-approvals-nobody = Personne encore. Donnez à quelqu’un le rôle d’approbateur ou d’administrateur, pour tout le pays.
settings-approvals-number = Ce n’est pas un nombre.
settings-phone = Téléphone pour les accords et les avertissements
settings-phone-hint = Les codes vont ici, et les réponses ne comptent que de ce numéro. Vide pour aucun.
settings-phone-save = Enregistrer le téléphone
settings-phone-saved = Le téléphone de { $name } est enregistré.

## Ligne de commande
cli-status-approval = attend un accord
cli-send-waits = L’envoi { $number } attend une deuxième personne : { $people ->
    [one] { $people } personne
   *[other] { $people } personnes
}. Rien n’est parti. Elle décide à la console sous Accords, ou par SMS.

## La ligne de commande
cli-column-author = AUTEUR
cli-column-mark = MARQUE
cli-approvals-fact = { $name } : { $value }
cli-what-approval = accord
cli-approvals-head = { $number } « { $name } » par { $who } : { $state }. { $n ->
    [one] Il s’adresse à une personne.
   *[other] Il s’adresse à { $n } personnes.
}
cli-approvals-people = Il s’adresse à { $n } personnes, et non à { $typed }. Rien n’a été approuvé. Relisez-le : mhero approvals show
cli-approvals-stdin = Qui décide donne le mot de passe du compte sur la première ligne de l’entrée standard : ajoutez --password-stdin. Rien n’a été décidé.
cli-approvals-approved = { $id } est approuvé. Il part comme prévu.
cli-approvals-rejected = { $id } retourne à son auteur. Rien ne part.
