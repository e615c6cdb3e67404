### L’envoi, les envois, la réception et le simulateur : ce qu’eux seuls disent.

## Phrase
blank-begin = choisir des agents
blank-condition = Condition
blank-facility = Établissement
blank-training = Formation
blank-field = Champ de la fiche
blank-behaviour = Ce qu’ils ont fait
blank-everyone = Tous les agents du registre
blank-typed-facility = Nom ou numéro d’un établissement ; plusieurs avec des virgules
blank-typed-behaviour = Ou en texte, par exemple : answered = "Journées polio"
blank-typed-field = En texte, par exemple : fields.age > 40. Champs : { $keys }
behaviour-heard = nous ont écrit dans les 30 derniers jours
behaviour-quiet = n’ont pas écrit depuis 30 jours
behaviour-never = ne nous ont jamais écrit
behaviour-rested = n’ont rien reçu depuis 7 jours
behaviour-no-number = aucun numéro valable
out-other = Autres raisons

## Envoyer
letters-longest = avec les noms les plus longs
preview-longest = Avec les noms les plus longs de ce public
send-saved-unnamed = Brouillon enregistré { $time }.
send-plain = Brouillon enregistré. La typographie qui coûte des SMS a été remplacée dans le texte.
send-try = Essayer d’abord sur le simulateur
send-tried = Un essai part vers un faux téléphone. Aucun vrai téléphone ne sonne.
send-test-name = Essai : { $name }
send-test-reason = Essai sur le simulateur
when-override = Envoyer malgré les heures calmes
when-override-why = Pourquoi cela ne peut pas attendre
when-override-hint = La raison figure au journal.

## Envois
broadcast-now = Envoyer maintenant
broadcast-goes = C’est parti.
broadcast-state-recurring = Répété
broadcast-stop-head = { $n ->
    [one] { $n } message n’est pas parti. L’arrêter ?
   *[other] { $n } messages ne sont pas partis. Les arrêter ?
}
broadcast-stop-why = Ce qui est parti ne peut être repris. Ce qui est arrêté ne partira pas plus tard.
broadcast-stop-not = Ne pas arrêter
event-sent = { $who } a appuyé sur Envoyer.
event-undone = { $who } l’a annulé.
event-released = { $who } l’a envoyé sans attendre.
event-paused = { $who } l’a suspendu.
event-resumed = { $who } l’a repris.
event-stopped = { $who } a arrêté ce qui n’était pas parti.
event-not-released = L’envoi n’a pas pu partir : la phrase ne désigne plus personne.
event-decided = { $who } a décidé des incertains.
event-other = { $who } l’a modifié.

## Réception
inbox-mine-only = À moi
inbox-other = Un collègue
inbox-close-more = Clore
inbox-label = De quoi il s’agissait
inbox-closed-why = Un nouveau texte de leur part ouvre un nouveau dialogue.
talk-by-itself = envoyé par mHero lui-même
hop-received = Reçu et enregistré
hop-written = Écrit, enregistré ici
hop-sent = Pris par l’opérateur
hop-delivered = Remis au téléphone
hop-failed = Échoué
hop-cancelled = Repris avant de partir
hop-uncertain = Laissé incertain
hop-waiting = Attend
hop-submitting = En cours de remise

## Simulateur
sim-no-channel = Il n’y a pas de simulateur. Ajoutez d’abord un canal de ce genre dans Réglages.
sim-again = Regarder de nouveau
sim-seen = Téléphones vus récemment
sim-written = Pour { $who }, enregistré ici
