# Un RapidPro que le pays conserve, comme moteur.

setting-backend = Des scénarios y tournent pour nous
setting-backend-hint = yes ou no. Avec yes, ses scénarios se lancent d’ici, et ce que l’on y répond est relu.
setting-backend-unset = Non

# Noms, dans la première langue de l’installation.
backend-flow-name = { $name } (sur { $source })
backend-text-flow = Message

backend-head = Scénarios sur { $name }
backend-lead = Les scénarios qui y tournent se lancent d’ici comme les autres ; messages, réponses et arrêts sont relus.
backend-link = Scénarios qui y tournent, messages et réponses
backend-pull = Relire maintenant
backend-pulled = Tout a été relu.
backend-pulls = La lecture est en cours. Regardez plus tard.
backend-lists = Ce qui est relu
backend-list = Liste
backend-last = Dernière lecture
backend-count = Repris
backend-never = Rien n’a encore été lu. Cela commence d’ici une minute.
backend-list-flows = Scénarios
backend-list-contacts = Arrêts et numéros
backend-list-messages = Messages
backend-list-runs = Parcours et réponses
backend-list-is-read = Lu
backend-list-is-failed = Non lu
backend-list-is-wait = En attente
backend-items = Revenus
backend-items-message = { $n ->
    [one] { $n } message
   *[other] { $n } messages
}
backend-items-run = { $n ->
    [one] { $n } parcours
   *[other] { $n } parcours
}
backend-calls = Demandes
backend-calls-waiting = { $n } en attente
backend-calls-calling = { $n } en route
backend-calls-taken = { $n ->
    [one] { $n } acceptée
   *[other] { $n } acceptées
}
backend-calls-uncertain = { $n ->
    [one] { $n } incertaine
   *[other] { $n } incertaines
}
backend-calls-refused = { $n ->
    [one] { $n } refusée
   *[other] { $n } refusées
}
backend-calls-cancelled = { $n ->
    [one] { $n } abandonnée
   *[other] { $n } abandonnées
}
backend-open = Ce qui n’est pas fait
backend-what = Quoi
backend-next = Prochain essai
backend-decide = Décider
backend-call = Lancement { $number } : { $flow }
backend-call-waiting = En attente
backend-call-calling = En route
backend-call-uncertain = Incertain : on cherche avant de redemander
backend-call-refused = Refusé
backend-again = Recommencer
backend-leave = Abandonner
backend-decided = C’est décidé.
backend-problems = À regarder
backend-problem-contact-of-several = Un contact a les numéros de plusieurs personnes d’ici.
backend-remedy-contact-of-several = Dites là-bas à qui est chaque numéro, ou réunissez ici ces personnes si elles n’en font qu’une.
backend-problem-nobody = Personne ne sait de qui il s’agit.
backend-remedy-nobody = L’espace cache son adresse, ou il a été supprimé. Reliez ce contact à une personne en lisant les contacts de cette source.
backend-problem-trigger-not-here = Ce déclencheur ne lance rien : son scénario tourne dans le RapidPro du pays.
backend-remedy-trigger-not-here = Réglez là-bas le mot, l’appel ou la personne nouvelle, et retirez le déclencheur d’ici. D’ici, un horaire ou une campagne lance un tel scénario ; qui est nouveau le reçoit par une campagne après « Entrée au registre ».
backend-problem-plan-no-text = Ceci n’a rien à dire : il lance le scénario par lequel on envoie des textes.
backend-remedy-plan-no-text = Choisissez un scénario qui a ses propres mots ; dans une campagne, écrivez les textes dans l’événement.
backend-problem-plan-gone = Ceci ne lance rien : son scénario n’est plus dans le RapidPro du pays, ou y est archivé.
backend-remedy-plan-gone = Choisissez un autre scénario, ou reprenez-le là-bas.
backend-problem-flow-enters = Ce scénario entre dans un autre qui tourne dans le RapidPro du pays : qui y arrive passe à côté.
backend-remedy-flow-enters = Faites-lui lancer ce scénario pour la personne (l’action « lancer quelqu’un dans un scénario »), puis enregistrez-le.
backend-flows = Scénarios
backend-no-flows = Aucun scénario n’a encore été lu.
backend-text = Texte
backend-text-hint = Au plus { $max } caractères.

backend-not-one = { $source } n’est pas un moteur. Mettez backend=yes dans ses réglages.
backend-busy = Quelqu’un travaille avec { $source } en ce moment. Réessayez dans une minute.
backend-stale = Cela a changé entre-temps. Regardez à nouveau.
backend-no-text = Écrivez le texte à envoyer.
backend-text-long = Le texte est trop long : au plus { $max } caractères.

backend-trigger-not-here = « { $flow } » tourne dans le RapidPro du pays ; mots, appels et personnes nouvelles le lancent là-bas. Réglez ce déclencheur dans ce RapidPro ; d’ici, choisissez un horaire ou une campagne.
backend-flow-entered = « { $flow } » tourne dans le RapidPro du pays ; aucun scénario d’ici ne peut y entrer. Prenez l’action qui lance quelqu’un dans un scénario : elle le lance là-bas.
backend-plan-no-text = « { $flow } » ne porte qu’un texte écrit au moment de le lancer. Choisissez un scénario qui a ses propres mots ; dans une campagne, écrivez les textes dans l’événement.

backend-why-cut = La réponse est perdue : mHero s’est arrêté pendant la demande.
backend-why-nobody = Il ne reste personne : tous ont dit stop, ou sont quelqu’un d’autre là-bas.
backend-why-no-text = Il n’y a pas de texte à envoyer.
backend-why-gone = Cette personne n’est plus dans le registre.
backend-why-removed = La source n’est plus un moteur.
backend-why-same-id = Il a répondu avec l’identifiant d’autre chose.

backend-person-waiting = En attente
backend-person-started = Lancé là-bas
backend-person-conflict = Quelqu’un d’autre là-bas
backend-person-refused = Refusé
backend-person-stopped = A dit stop
backend-person-cancelled = Laissé de côté

talk-elsewhere = Sur { $source }

flow-origin-backend = Sur { $source }
flow-runs-there = Ce scénario tourne sur { $source } : c’est là qu’il est dessiné, vérifié et changé. D’ici on le lance, et ce que les gens répondent revient dans ses résultats.

cli-backend-pulled = Lu : { $flows } scénarios, { $items } contacts, messages et parcours ; { $calls } demandes faites.
cli-backend-decided = C’est décidé.
