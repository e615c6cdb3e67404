# Le simulateur de téléphones comme canal : ce qui ne va pas dans ses réglages ou dans une demande.

simulator-behaviour = { $key }={ $value } est inconnu : utilisez { $key }=none (les téléphones ne font que recevoir) ou { $key }=answer (les téléphones répondent).
simulator-pace = { $key }={ $value } n'est pas un rythme : utilisez demo, field, ou un nombre de 0.001 à 100 (1 est le rythme du terrain).
simulator-seed = { $key }={ $value } n'est pas une graine : utilisez un nombre entier à partir de 0.
simulator-delay = { $key }={ $value } n'est pas un délai : utilisez des millisecondes, de 0 à 3600000.
simulator-no-number = Ce n'est pas un numéro de téléphone : utilisez la forme internationale, comme +231770000214.
simulator-none = Il n'y a pas de canal simulateur : ajoutez-en un avec mhero channel add simulator NOM.
simulator-other-kind = Le canal { $name } n'est pas un simulateur : nommez-en un de KIND simulator.
simulator-unread = Le simulateur n'a pas pu lire ses téléphones : { $detail }.

## Sur la ligne de commande

cli-simulate-accepted = Accepté.
cli-simulate-known = Déjà accepté avec cette clé.
cli-simulate-called = L’appel a été entendu : son scénario commence.
cli-simulate-no-trigger = L’appel a été entendu. Aucun déclencheur n’attend d’appel manqué : créez-en un sous Déclencheurs, et les appels lanceront son scénario.
cli-simulate-empty = { $phone } n'affiche encore rien.

## La démonstration

demo-other-data = Cette base n'est pas une démonstration : elle a son propre pays, ses canaux ou ses utilisateurs. Utilisez un dossier vide avec --data DOSSIER.
demo-unwritable = La marque de la démonstration n'a pas pu être écrite : { $detail }.
demo-impossible = Un tel pays ne peut pas être créé : { $detail }.
demo-import = Le fichier { $file } de la démonstration n'a pas été lu comme il se doit : { $detail }.
cli-demo-drawing = Création de la Sewara, un pays qui n'existe pas : { $workers } agents de santé…
cli-demo-reading = Lecture de { $file }…
cli-demo-loaded = { $people } personnes sont là après { $seconds } s.
cli-demo-reused = Le pays de la dernière fois est là : { $workers } agents de santé, graine { $seed }.
cli-demo-other-country = Pour créer un autre pays, utilisez un dossier vide avec --data DOSSIER.
cli-demo-ready = DÉMO : rien ici n'atteint un vrai téléphone, et les heures calmes sont désactivées.
cli-demo-address = Ouvrez { $address }
cli-demo-account = Connectez-vous avec { $email } ({ $role }), mot de passe { $password }
cli-demo-account-place = Connectez-vous avec { $email } ({ $role }, { $place }), mot de passe { $password }
cli-demo-stop = Pour arrêter, appuyez sur Ctrl-C. Tout sera encore là la prochaine fois.
