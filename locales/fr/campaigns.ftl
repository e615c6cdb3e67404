### Les campagnes : messages et scénarios par rapport à une date de chaque personne.

campaigns-lead = Messages et scénarios à un délai fixe avant ou après une date de chaque personne.
campaigns-empty = Pas de campagne
campaigns-empty-why = Faites-en une, par exemple trois jours avant chaque rendez-vous.
campaign-new = Nouvelle campagne
campaign-new-lead = Tous les membres du groupe reçoivent ses événements, aussi ceux qui arrivent plus tard.
campaign-group = Pour les membres de
campaign-group-hint = Le groupe peut être tenu par une phrase ou à la main.
campaign-no-groups = Il n’y a pas encore de groupe.
campaign-make = Créer la campagne
campaign-made = La campagne est créée. Ajoutez son premier événement.
campaign-for = Pour { $group }
campaign-events = Événements
campaign-no-events = Pas encore d’événement.
campaign-what = Quoi
campaign-flow = Scénario
campaign-planned = Prévus
campaign-done = Faits
campaign-next = Prochain
campaign-never = Aucun prévu
campaign-on = Le jour : { $date }
campaign-before = { $span } avant : { $date }
campaign-after = { $span } après : { $date }
campaign-at-hour = { $when }, à { $time }
campaign-n-M = { $n ->
    [one] { $n } minute
   *[other] { $n } minutes
}
campaign-n-H = { $n ->
    [one] { $n } heure
   *[other] { $n } heures
}
campaign-n-D = { $n ->
    [one] { $n } jour
   *[other] { $n } jours
}
campaign-n-W = { $n ->
    [one] { $n } semaine
   *[other] { $n } semaines
}
campaign-date-created_on = Entrée au registre
campaign-date-last_seen_on = Dernier message reçu
campaign-mode-I = Interrompt une conversation
campaign-mode-S = Passe qui est en conversation
campaign-mode-P = Se déroule à côté d’une conversation
campaign-event-new = Ajouter un événement
campaign-offset-label = Combien de temps
campaign-unit-label = Unité
campaign-side-label = Avant ou après
campaign-date-label = La date
campaign-hour-label = À
campaign-what-label = Ce qui se passe
campaign-mode-label = Qui est en conversation
campaign-a-message = Envoyer un message
campaign-own-hour = L’heure de la date même
campaign-text = Message en { $language }
campaign-text-hint = Seulement pour un message. Ce qui n’est pas écrit dans une langue part dans la première.
campaign-unit-M = Minutes
campaign-unit-H = Heures
campaign-unit-D = Jours
campaign-unit-W = Semaines
campaign-side-before = Avant
campaign-side-after = Après
campaign-event-add = Ajouter l’événement
campaign-event-made = L’événement est ajouté et prévu pour tous ceux qu’il concerne.
campaign-event-remove = Supprimer
campaign-event-gone = L’événement est supprimé. Ce qu’il avait prévu est oublié.
campaign-no-date = Il n’y a pas de telle date parmi les champs. Choisissez-en une autre.
campaign-archive = Archiver la campagne
campaign-archive-head = Archiver cette campagne ?
campaign-archive-why = Rien de ce qu’elle avait prévu n’a plus lieu. Ce qui est fait reste.
campaign-keep = La garder
campaign-gone = La campagne est archivée.
