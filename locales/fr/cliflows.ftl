### La ligne de commande à propos des scénarios, et des appels qu’ils font au dehors.

cli-column-revision = RÉVISION
cli-column-live = DEDANS
cli-flow-active = actif
cli-flow-archived = archivé

## Importer et exporter

cli-flow-created = NOUVEAU
cli-flow-updated = MODIFIÉ
cli-flow-known = INCHANGÉ
cli-flow-changed = ADAPTÉ
cli-flow-refused = REFUSÉ
cli-flow-kind-flow = scénario
cli-flow-kind-group = groupe
cli-flow-kind-field = champ
cli-flow-kind-trigger = déclencheur
cli-flow-kind-campaign = campagne
cli-flow-kind-thing = autre
cli-flow-part = { $kind } « { $name } » : { $why }
cli-flow-file-unread = Le fichier { $path } ne peut pas être lu ({ $detail }). Vérifiez le chemin, et que vous pouvez l’ouvrir.
cli-flow-file-unwritten = Le fichier { $path } ne peut pas être écrit ({ $detail }). Indiquez un autre endroit.
cli-flow-exported =
    { $flows ->
        [one] Un scénario se trouve dans { $path }.
       *[other] { $flows } scénarios se trouvent dans { $path }.
    }

## Lancements, résultats, déplacements, mots

cli-flow-start-people =
    { $people ->
        [one] Une personne le commence.
       *[other] { $people } personnes le commencent.
    }
cli-flow-start-busy =
    { $people ->
        [one] L’une d’elles est déjà dans un scénario : celui-ci passe devant, puis l’autre continue.
       *[other] { $people } d’entre elles sont déjà dans un scénario : celui-ci passe devant, puis l’autre continue.
    }
cli-flow-start-ask =
    { $people ->
        [one] Le lancer pour une personne ?
       *[other] Le lancer pour { $people } personnes ?
    }
cli-flow-started =
    { $people ->
        [one] Lancement { $number } : une personne.
       *[other] Lancement { $number } : { $people } personnes.
    }
cli-flow-results-none = Personne n’a encore été dans ce scénario.
cli-flow-results-written = Les réponses se trouvent dans { $path }.
cli-flow-moved = Désormais à la révision { $revision } : { $moved }. Restent où elles attendent, car la nouvelle n’a plus cette étape : { $stranded }.
cli-flow-busy = Occupées en ce moment, donc non déplacées : { $busy }. Retapez la commande.
cli-flow-triggered = { $words } lance « { $name } ».

## Jouer

cli-flow-play-ended = Le scénario est terminé.
cli-flow-play-failed = Le scénario a échoué.
cli-flow-play-waits = Le scénario attend la suite.

## Appels au dehors

cli-effects = Les appels des scénarios au dehors ne peuvent pas être mis en place : { $detail }. Corrigez la section [effects] des réglages.
cli-effects-password = Le fichier du mot de passe du serveur de courrier, { $path }, ne peut pas être lu ({ $detail }). Corrigez effects.mail.password_file, ou laissez ce compte le lire.
