# Les webhooks : les programmes d'autrui qui sont prévenus de ce qui se passe ici.

webhook-many = Il y a déjà { $max } webhooks : retirez-en un d'abord.
webhook-name = Un nom a au plus { $max } caractères, sur une ligne.
webhook-name-taken = Il y a déjà un webhook « { $name } » : donnez un autre nom à celui-ci.
webhook-event = Il n'y a pas d'événement « { $event } ». Il y a : { $known }.
webhook-refused = Les règles des appels sortants ne laissent rien aller vers { $host } : un administrateur le nomme dans effects.allow_private, ou prenez une adresse de l'internet public.
webhook-https = Les événements contiennent des numéros et des textes : écrivez https://, non http://, pour { $host }. Seuls les hôtes de vos propres réseaux, nommés dans effects.allow_private, peuvent être prévenus par http.
webhook-no-calls = Les appels sortants ne sont pas réglés ici : rien ne peut être transmis.
webhook-secret = Aucun secret n'a pu être fait : la machine ne donne pas de nombres aléatoires. Réessayez.
webhook-off = Le webhook « { $name } » est arrêté : remettez-le d'abord en marche.
webhook-owner-gone = Le jeton auquel ce webhook appartient a été retiré : ajoutez le webhook de nouveau avec un autre jeton.
alert-webhook-failed = mHero : le webhook { $name } vers { $host } ne répond plus depuis longtemps et est arrêté. Rien n'est perdu ; voyez : mhero webhook list

did-webhook-added = a fait prévenir un système de ce qui se passe (webhook).
did-webhook-removed = a mis fin aux annonces à un système (webhook).
did-webhook-rotated = a changé le secret d'un webhook.
did-webhook-enabled = a remis un webhook en marche.

cli-what-webhook = webhook
cli-what-delivery = envoi
cli-webhook-added = « { $name } » est ajouté. Voici son secret, montré cette seule fois :
cli-webhook-removed = « { $name } » est retiré ; ce qui l'attendait est effacé.
cli-webhook-rotated = Les annonces sont signées par les deux secrets pendant 24 heures. Voici le nouveau, montré cette seule fois :
cli-webhook-enabled = « { $name } » est de nouveau prévenu, à partir d'où il s'était arrêté.
cli-webhook-test-delivered = Transmis, réponse { $status }.
cli-webhook-test-waiting = Pas encore transmis : { $why }. Un nouvel essai se fera de lui-même.
cli-webhook-test-dead = Refusé : { $why }.
cli-webhook-none = Il n'y a pas de webhook.
cli-webhook-column-events = ÉVÉNEMENTS
cli-webhook-column-waiting = EN ATTENTE

floip-cursor = Il n'y a pas de ligne « { $cursor } » d'où continuer : prenez les liens de la page précédente.
alert-suspected-case = Cas suspect, { $diseaseName } : { $facility }, { $district }, { $county }. Cas { $caseID }, par { $reporterName } { $reporterPhone }
did-eidsr-set = a réglé qui est alerté des cas suspects.
alert-case-unheard = mHero : le cas suspect { $case } est gardé, mais personne n'a pu être alerté : corrigez les audiences de /eidsr/settings
