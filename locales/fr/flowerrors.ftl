### Scénarios, déclencheurs et campagnes : ce qui n’a pas pu être fait, et que faire à la place.

## Scénarios
flow-too-large = Le fichier dépasse { $max } Mo. Divisez l’export en plusieurs et importez-les l’un après l’autre.
flow-too-many = Le fichier contient { $count } scénarios ; la limite est de { $max } à la fois. Divisez l’export en plusieurs.
flow-no-json = Ce n’est pas lisible comme JSON ({ $detail }). Refaites l’export et choisissez ce fichier ; rien n’a été importé.
flow-no-export = C’est du JSON, mais ni un scénario ni un export de scénarios. Choisissez le fichier exporté par RapidPro ou mHero.
flow-unreadable = Le scénario ne peut pas être lu : { $detail }. Corrigez cet endroit là où le scénario a été fait, puis importez-le de nouveau.
flow-name-taken = Un autre scénario s’appelle « { $name } ». Choisissez un autre nom.
flow-not-startable = « { $name } » est un scénario du type { $kind }, qui ne peut pas être lancé pour des personnes. Lancez un scénario de messages ou d’arrière-plan.
flow-session-unreadable = Une conversation enregistrée ne peut pas être lue ({ $detail }). Terminez-la et relancez la personne.
flow-import-renamed = Un scénario portait déjà ce nom ; celui-ci s’appelle donc « { $name } ».
flow-import-group-by-hand = Sa règle « { $query } » ne veut rien dire ici ; le groupe est donc rempli à la main.
flow-import-field-key = « { $key } » ne peut pas être la clé d’un champ. Utilisez des minuscules, des chiffres et des tirets bas, en commençant par une lettre.

## Déclencheurs
trigger-word-taken = « { $word } » lance déjà le scénario « { $flow } » pour les mêmes personnes. Choisissez un autre mot, ou retirez-le d’abord de là.
trigger-word-stops = « { $word } » veut dire STOP : qui l’écrit ne veut plus de messages. Choisissez un autre mot.
trigger-no-word = « { $word } » ne peut pas être un mot-clé. Utilisez un seul mot de lettres et de chiffres, 36 au plus.
trigger-no-words = Donnez au moins un mot-clé, et { $max } au plus.
trigger-kind-unknown = Les déclencheurs du type « { $kind } » ne sont pas connus ici. Faites-en un par mot-clé, horaire, appel manqué ou nouvelle personne.

## Campagnes
campaign-no-name = Donnez un nom à la campagne.
campaign-name-taken = Une autre campagne s’appelle « { $name } ». Choisissez un autre nom.
campaign-offset = { $value } est trop loin de la date. La limite est { $max }.
campaign-hour = { $value } n’est pas une heure de la journée. Utilisez 0 à 23.
campaign-mode = « { $value } » ne dit pas ce qui arrive à qui est dans une conversation. Utilisez I (interrompre), S (passer) ou P (à côté).
campaign-unit = « { $value } » n’est pas une unité de temps ici. Utilisez M (minutes), H (heures), D (jours) ou W (semaines).

## Ce qui peut manquer
cli-what-flow = scénario
cli-what-trigger = déclencheur
cli-what-campaign = campagne
cli-what-event = événement
cli-what-flow_start = lancement
cli-what-effect = appel extérieur
cli-what-field = champ

## Ce que les gens ont fait, au journal
did-flow-saved = a enregistré un scénario.
did-flow-started = a lancé un scénario pour des personnes.
did-flow-archived = a archivé un scénario, ou l’a repris.
did-flow-settings-set = a changé les réglages d’un scénario.
did-flow-sessions-moved = a fait passer les personnes en attente à la nouvelle version d’un scénario.
did-flow-results-taken = a téléchargé les résultats d’un scénario.
did-trigger-set = a fait ou modifié un déclencheur.
did-trigger-removed = a supprimé un déclencheur.
did-campaign-created = a créé une campagne.
did-campaign-archived = a archivé une campagne.
did-campaign-event-added = a ajouté un événement à une campagne.
did-campaign-event-removed = a supprimé un événement d’une campagne.
