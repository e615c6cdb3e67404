### Contrôles d’un scénario avant de l’enregistrer ou de l’importer : ce qui n’ira pas, et comment le réparer.

## Chemins

flowcheck-dead-end = La personne qui répond « { $category } » ne reçoit plus rien. Menez cette réponse à une étape qui répond, ne serait-ce que merci.
flowcheck-silent-end = Le scénario finit ici après une réponse, et rien n’a été dit depuis. Ajoutez un message qui clôt la conversation.
flowcheck-unreachable = Aucun chemin ne mène à cette étape : personne n’y arrive jamais. Reliez-la ou supprimez-la.
flowcheck-loop = Le scénario peut tourner en rond sur { $nodes } étapes sans attendre personne ; s’il le fait longtemps, il est arrêté. Ajoutez une attente, ou veillez à ce que la boucle finisse.
flowcheck-endless-loop = Le scénario tourne en rond sur { $nodes } étapes sans attendre et n’en sort jamais : il échoue toujours. Ajoutez une attente ou une sortie.

## Textes

flowcheck-missing-translation = « { $text } » n’a pas de traduction. Traduisez-le ({ $property }), sinon les gens le reçoivent dans la langue du scénario.
flowcheck-long-text = Ce message prend au moins { $segments } SMS : { $units } lettres, et un SMS en contient { $room }. Raccourcissez-le pour n’en payer qu’un.
flowcheck-costly-letters = À cause des lettres { $letters }, un SMS contient 70 lettres au lieu de 160. Sans elles : { $text }
flowcheck-costly-alphabet = À cause des lettres { $letters }, un SMS contient 70 lettres au lieu de 160. Gardez le message court.

## Expressions

flowcheck-bad-expression = { $expression } ne peut donner aucune valeur. Corrigez-la.
flowcheck-doubtful-mention = « { $word } » n’est pas un nom connu : les gens le liront tel quel. Corrigez le nom, ou écrivez @@ si vous voulez le signe.
flowcheck-unknown-property = { $path } n’existe pas. Corrigez le nom après le dernier point.
flowcheck-bad-pattern = Le motif { $pattern } n’est pas lisible : rien n’y correspond jamais. Corrigez-le.

## Résultats et variables locales

flowcheck-result-never-made = Le scénario lit le résultat { $key }, qu’aucune étape ne produit. Corrigez le nom, ou enregistrez le résultat avant.
flowcheck-result-not-yet-made = Par certains chemins, le résultat { $key } n’existe pas encore quand il est lu ici. Enregistrez-le sur chacun d’eux, ou écrivez default(results.{ $key }, "").
flowcheck-local-never-set = Le scénario lit la variable locale { $name }, qu’aucune étape ne fixe. Corrigez le nom, ou fixez-la avant.

## Hors du scénario

flowcheck-missing =
    { $kind ->
        [field] Il n’y a pas de champ « { $name } ». Créez-le, ou choisissez-en un autre.
        [group] Il n’y a pas de groupe « { $name } ». Créez-le, ou choisissez-en un autre.
        [flow] Il n’y a pas de scénario « { $name } ». Importez-le aussi, ou choisissez-en un autre.
        [channel] Il n’y a pas de canal « { $name } ». Choisissez-en un autre.
        [global] Il n’y a pas de valeur globale « { $name } ». Créez-la, ou choisissez-en une autre.
        [label] Il n’y a pas d’étiquette « { $name } ». Créez-la, ou choisissez-en une autre.
        [topic] Il n’y a pas de sujet « { $name } ». Créez-le, ou choisissez-en un autre.
        [template] Il n’y a pas de modèle de message « { $name } ». Choisissez-en un autre.
        [user] Il n’y a pas d’utilisateur « { $name } ». Choisissez-en un autre.
       *[other] « { $name } » n’existe pas. Choisissez autre chose.
    }

## Noms

flowcheck-same-result-key = Les résultats « { $name } » et « { $other } » sont tous deux gardés sous { $key } : l’un écrase l’autre. Renommez-en un.
flowcheck-same-category = Deux réponses s’appellent « { $name } » : les résultats ne peuvent les distinguer. Renommez-en une.
flowcheck-same-words = « { $words } » compte déjà pour « { $category } », donc jamais pour « { $other } ». Retirez les mots de l’une des deux.
