# Corrections d’envois, et quand un envoi sera terminé.

correction-name = Correction : { $name }
correction-nothing-sent = Rien de l’envoi { $number } n’est parti, il n’y a donc rien à corriger. Annulez-le plutôt.
correction-head = Contient-il une erreur ?
correction-lead = Une correction va exactement aux personnes qui l’ont reçu, ou ont pu le recevoir : à personne d’autre, et à toutes. Vous pouvez changer son texte avant le départ.
correction-for = À qui l’a lu en
correction-for-all = n’importe quelle langue
correction-stop = Reprendre ce qui n’est pas parti : personne d’autre ne reçoit l’erreur
correction-verb = Écrire une correction
correction-began = Voici la correction. Changez le texte, puis envoyez-la.
correction-of = Corrige : { $name }
correction-by = Corrigé par : { $name }
correction-draft = Correction pas encore envoyée : { $name }
event-correction = { $who } a commencé une correction.
did-correction-begun = a commencé la correction d’un envoi.

# $time est une heure, ou un jour et une heure.
forecast-ends = Il en reste environ { $segments } SMS. Le dernier part vers { $time }.
forecast-ends-shared = Il en reste environ { $segments } SMS, et { $others } d’autres partent entre-temps. Le dernier part vers { $time }.
forecast-unknown = Il en reste environ { $segments } SMS. On ne peut pas encore dire quand le dernier part.

## Starts of flows that wait for a second person

approve-start-to = Le scénario « { $name } » commence avec { $sentence }.
approve-start-sms = SMS au moins, un par personne
approve-start-flow = Lire le scénario
flow-start-waits = Il attend une deuxième personne. Rien n’est parti.
