### La ligne de commande : résultats, questions, et pourquoi une commande n’a pas abouti.

cli-yes = o
cli-no = n
# Ce qui s’est passé, si quelque chose est parti, et que faire.
cli-failed = mhero : { $why }
cli-nothing-sent = Rien n’a été envoyé. { $why }
cli-no-server = Aucun serveur ne tourne ici : cette commande remet elle-même ce qui est prêt. La suite attend mhero serve.
cli-text-erased = (effacé)
cli-direction-in = reçu
cli-direction-out = envoyé

## Columns

cli-column-at = QUAND
cli-column-cadre = CADRE
cli-column-direction = SENS
cli-column-email = ADRESSE
cli-column-facility = ÉTABLISSEMENT
cli-column-kind = TYPE
cli-column-may = PEUT
cli-column-name = NOM
cli-column-number = NUMÉRO
cli-column-people = PERSONNES
cli-column-phone = TÉLÉPHONE
cli-column-place = LIEU
cli-column-rank = RANG
cli-column-rate = DÉBIT
cli-column-role = RÔLE
cli-column-roles = RÔLES
cli-column-state = ÉTAT
cli-column-text = TEXTE
cli-column-url = ADRESSE
cli-column-why = POURQUOI

## Beginning

cli-init-done = Cette installation : { $countries } ; { $languages } ; heures de { $zone }.
cli-serve-ready = mHero est prêt : { $address }
cli-quiet-hours = « { $value } » ne sont pas des heures calmes. Écrivez-les comme 20:00-07:00, ou off.
cli-database-url = Ce n’est pas l’adresse d’un PostgreSQL. Écrivez-la comme postgres://user:password@host/database.
cli-time-unreadable = « { $value } » n’est pas une heure. Écrivez-la comme 2026-05-14T09:00, ou avec un fuseau comme 2026-05-14T09:00[Africa/Monrovia].
cli-setting-unreadable = « { $value } » n’est pas un réglage. Écrivez-le comme clé=valeur.

## Settings

cli-config-file = Le fichier de réglages { $path } ne peut pas être lu ({ $detail }). Vérifiez le chemin et que vous pouvez l’ouvrir.
cli-config-unreadable = Les réglages de { $place } ne peuvent pas être lus : { $detail }
cli-config-unknown-key = Les réglages ({ $place }) ont une clé inconnue : { $key }. On connaît : { $known }.
cli-config-value = « { $value } » ne peut pas être la valeur de { $key }. mhero config default dit ce qui est possible.

## Folders, files and addresses

cli-no-data-folder = Ce compte n’a pas de dossier personnel pour les données. Indiquez un dossier avec --data DIR.
cli-no-key-folder = Ce compte n’a pas de dossier personnel pour la clé de scellement. Indiquez un fichier hors du dossier des données : MHERO__SECRETS__KEY_FILE=/etc/mhero/seal.key
cli-folder-unmade = Le dossier { $path } ne peut pas être créé ({ $detail }). Indiquez-en un autre avec --data DIR, ou créez-le pour ce compte.
cli-folder-unwritable = On ne peut rien écrire dans { $path } ({ $detail }). Donnez-le à ce compte, ou indiquez-en un autre avec --data DIR.
cli-folder-unread = Le dossier { $path } ne peut pas être lu ({ $detail }).
cli-folder-empty = Le dossier { $path } ne contient aucun fichier à importer (.json, .ndjson, .xml, .csv, .xlsx).
cli-key-inside = La clé de scellement { $path } est dans le dossier des données : qui copie les données l’obtient aussi. Indiquez un fichier ailleurs : MHERO__SECRETS__KEY_FILE
cli-key-unmade = La clé de scellement { $path } ne peut pas être créée ({ $detail }). Créez son dossier pour ce compte, ou indiquez un autre fichier : MHERO__SECRETS__KEY_FILE
cli-key-unreadable = La clé de scellement { $path } ne peut pas être lue ({ $detail }). Remettez-la à sa place et laissez ce compte la lire.
cli-socket = On ne peut pas ouvrir dans { $path } de point de contact pour les commandes ({ $detail }). Utilisez un dossier de données sur un disque local.
cli-listen = L’adresse { $address } ne peut pas être utilisée ({ $detail }). Arrêtez ce qui l’utilise, ou indiquez-en une autre avec --listen 127.0.0.1:0, qui prend un port libre.
cli-secret-unreadable = Le mot de passe sur l’entrée standard ne peut pas être lu. Envoyez une ligne de texte.

## A running server

cli-server-gone = Le serveur a disparu avant la fin de la réponse. Consultez son journal ; ce qu’il avait fait jusque-là est fait. Réessayez quand il tourne.
cli-server-other = Le serveur en marche ne connaît pas cette commande, ou elle ne se fait pas pendant qu’un serveur tourne. Arrêtez le serveur, ou relancez-le avec cette version.
cli-server-version = Le serveur en marche a la version { $server }, cette commande { $client }. Relancez le serveur avec cette version.
cli-server-database = Le serveur en marche sur ce dossier utilise une autre base de données. Enlevez --database, ou indiquez un autre dossier.

## Errors of every command

cli-error-not-initialised = Cette installation n’a pas encore de pays. Tapez par exemple : mhero init --country LR --language en,fr --timezone Africa/Monrovia
cli-error-not-allowed = Votre rôle ne le permet pas ({ $right }). Adressez-vous à un administrateur.
cli-error-not-found = On ne trouve pas : { $what } « { $id } ».
cli-error-system = Un élément du système a échoué : { $detail }
cli-what-broadcast = envoi
cli-what-channel = canal
cli-what-draft = brouillon
cli-what-exchange = échange
cli-what-grant = droit accordé
cli-what-phone = téléphone
cli-what-group = groupe
cli-what-message = message
cli-what-number = numéro
cli-what-person = personne
cli-what-place = lieu
cli-what-programme = programme
cli-what-source = source
cli-what-thread = conversation
cli-what-token = jeton
cli-what-user = compte
cli-store-contention = Quelqu’un d’autre a changé la même chose au même moment. Réessayez.
cli-store-exists = Cela existe déjà.
cli-store-disk-full = Le disque est plein, et rien de ce changement n’a été enregistré. Libérez de la place et réessayez.
cli-store-flush-failed = Le disque n’a pas gardé ce qui a été écrit ({ $detail }). Rien n’est plus accepté jusqu’au redémarrage de mHero. Vérifiez d’abord le disque.
cli-store-locked = Un autre mhero utilise { $path }. Arrêtez-le, ou utilisez un autre dossier avec --data DIR.
cli-store-schema-old = La base de données a l’ancien schéma { $found } ; ce programme demande { $needed }. Faites une sauvegarde, puis mhero migrate.
cli-store-schema-new = La base de données a le schéma plus récent { $found } ; ce programme connaît { $needed }. Utilisez le mHero plus récent qui l’a écrite, ou restaurez une sauvegarde.
cli-store-unsafe-setting = PostgreSQL a { $setting } désactivé : il perdrait des messages acceptés. Activez-le et relancez.
cli-store-unreachable = La base de données ne s’ouvre pas : { $detail }. Vérifiez qu’elle tourne et que son adresse est juste.
cli-store-restore-incomplete = Une restauration dans cette base a été interrompue, elle est donc incomplète. Refaites-la : mhero restore FILE --force
cli-store-closed = mHero s’arrête. Réessayez quand il tourne.
cli-store-failed = La base de données a échoué ({ $detail }). Rien de ce changement n’a été enregistré.

## Accounts

cli-user-added = { $email } peut se connecter.
cli-user-added-password = { $email } peut se connecter avec le mot de passe { $password }
cli-programme-added = Le programme { $code } ({ $name }) est là.
cli-programme-renamed = Le programme { $code } s’appelle désormais { $name }.
cli-column-code = CODE
cli-token-revoked = Le jeton { $name } ne vaut plus rien.
cli-role-admin = tout
cli-role-hr = personnes, audiences, messages ; envoyer et répondre, dans tout le pays
cli-role-programme = envois, scénarios et résultats de son propre programme (--programme)
cli-role-district = personnes, messages, envoyer et répondre dans ses propres lieux (--place)
cli-role-approver = lire personnes et messages ; libérer ce que d’autres ont rédigé
cli-role-auditor = tout lire, ne rien écrire
cli-role-integrator = les interfaces de programmation seulement

## Channels and sources

cli-channel-added = Le canal { $name } est en place. Les messages qui en attendaient un partent par lui.
cli-channel-fine = Les réglages du canal { $name } sont complets.
cli-channel-fine-off = Les réglages du canal { $name } sont complets, mais il est arrêté : mhero channel on { $name }
cli-channel-is-on = Le canal { $name } est en marche.
cli-channel-is-off = Le canal { $name } est arrêté. Ce qui l’attend reste dans la file d’envoi.
cli-channel-on = en marche
cli-channel-off = arrêté
cli-channel-default = par défaut
cli-channel-key-twice = Une clé est donnée deux fois. Donnez chacune une fois.
cli-source-added = La source { $name } est en place.
cli-source-files = La source { $name } est un ensemble de fichiers : il n’y a rien à joindre. Importez avec --source { $name }.
cli-source-unknown-kind = Il n’y a pas de type de source « { $kind } ». Utilisez : { $known }.

## Import

cli-import-done = { $read } lus : { $created } créés, { $updated } modifiés, { $unchanged } inchangés, { $rejected } refusés ; { $warnings } avertissements.
cli-import-would = Rien n’a été changé. Sur { $read } lus, { $created } seraient créés, { $updated } modifiés, { $unchanged } inchangés, { $rejected } refusés ; { $warnings } avertissements.
cli-import-waiting = { $n } enregistrements renvoient à ce qui n’est pas encore là. Ils seront complétés dès que cela sera importé.
cli-import-refusal = refusé         { $where }  { $element }  { $reason }
cli-import-warning = avertissement  { $where }  { $element }  { $reason }
cli-import-more = … et { $n } de plus. --json donne les mille premiers.
cli-rejected-where = où
cli-rejected-reason = raison
cli-rejected-record = enregistrement
cli-rejected-written = { $n } enregistrements refusés sont dans { $path }. Corrigez-les là et importez ce fichier.
cli-rejected-unwritten = Le tableau des enregistrements refusés { $path } ne peut pas être écrit ({ $detail }). Les autres sont entrés.

## People

cli-people-counted = { $n ->
    [one] { $n } personne
   *[other] { $n } personnes
}
cli-place-unknown = « { $place } » n’est pas le nom d’un seul lieu. Donnez le nom complet, ou son identifiant.
cli-person-id = Identifiant
cli-person-language = Langue
cli-person-position = Poste
cli-person-training = Formation
cli-person-value = Valeur
cli-person-group = Groupe
cli-person-source = Source
cli-person-heard = Dernier reçu
cli-person-sent = Dernier envoyé
cli-person-until = terminé { $day }

## Sending

cli-preview-audience = À : { $sentence }
cli-preview-people = { $people } personnes sur { $matched } le recevraient, { $sms } SMS en tout.
cli-preview-excluded = Sans : { $people } ({ $reason })
cli-preview-language = { $people ->
    [one] { $language } : { $people } personne, { $segments } SMS
   *[other] { $language } : { $people } personnes, { $segments } SMS chacune
}
cli-preview-costly = Ces lettres rendent le texte plus cher : { $letters }
cli-preview-quiet = Heures calmes : les messages attendent jusqu’à { $until }. --ignore-quiet-hours RAISON envoie tout de suite.
cli-preview-no-channel = Il n’y a pas encore de canal : les messages attendent mhero channel add dans la file d’envoi.
cli-send-ask = { $people ->
    [one] Envoyer à { $people } personne ?
   *[other] Envoyer à { $people } personnes ?
}
cli-send-needs-yes = Personne n’est là pour confirmer. Ajoutez --yes pour envoyer sans question, ou --dry-run pour ne voir que l’aperçu.
cli-send-declined = Rien n’a été envoyé, comme vous l’avez dit.
cli-send-nobody = Personne de cette audience ne peut le recevoir ; l’aperçu dit pourquoi. Changez l’audience.
cli-send-done = { $people ->
    [one] L’envoi { $number } va à { $people } personne. mhero broadcast show { $number } dit où il en est.
   *[other] L’envoi { $number } va à { $people } personnes. mhero broadcast show { $number } dit où il en est.
}
cli-send-planned = { $people ->
    [one] L’envoi { $number } est prévu ; à présent il irait à { $people } personne. Seul un serveur en marche l’envoie : mhero serve.
   *[other] L’envoi { $number } est prévu ; à présent il irait à { $people } personnes. Seul un serveur en marche l’envoie : mhero serve.
}

## Broadcasts

cli-broadcast-head = Envoi { $number }, { $at } : { $name } ({ $status })
cli-broadcast-people = Destinataires : { $people }. Ont répondu : { $answered }.
cli-broadcast-to-decide = { $n } messages sont peut-être partis, peut-être pas : décidez-en dans la console.
cli-broadcast-paused = L’envoi { $id } est en pause : plus rien n’en part.
cli-broadcast-resumed = L’envoi { $id } reprend.
cli-broadcast-cancelled = L’envoi { $id } est annulé : ce qui n’était pas parti est repris.
cli-broadcast-undone = L’envoi { $id } est repris : rien n’en est parti.
cli-status-draft = brouillon
cli-status-undo = sur le point de partir
cli-status-scheduled = prévu
cli-status-recurring = périodique
cli-status-releasing = en préparation
cli-status-sending = en cours d’envoi
cli-status-paused = en pause
cli-status-done = terminé
cli-status-cancelled = annulé
cli-state-waiting = en attente
cli-state-submitting = en route
cli-state-uncertain = incertain
cli-state-sent = envoyé
cli-state-delivered = remis
cli-state-failed = échoué
cli-state-cancelled = annulé
cli-state-left-out = sans envoi
cli-state-handled = traité
cli-state-suspected-double = doublon probable
cli-reason-asked-too-often = pas de réponse : le scénario avait trop souvent répété sa question, peut-être une machine écrit-elle ici
cli-reason-no-number = pas de numéro de téléphone
cli-reason-bad-number = pas de numéro valable
cli-reason-stopped = ne veut plus de messages
cli-reason-failed = n’a pas pu commencer : voir le journal
cli-reason-shares-phone = une personne au même téléphone le reçoit
cli-reason-empty-text = le texte est vide pour ces personnes
cli-thread-answered = La réponse dans la conversation { $id } est en route.
cli-thread-closed = La conversation { $id } est close.

## Backup and restore

cli-backup-done = { $rows } lignes sont dans { $path }. La clé qui scelle les mots de passe des passerelles n’y est pas : gardez-la à part.
cli-backup-exists = Il y a déjà un fichier { $path }. Indiquez-en un autre, ou ajoutez --force.
cli-backup-unread = La sauvegarde { $path } ne peut pas être lue ({ $detail }). Vérifiez le chemin et que vous pouvez l’ouvrir.
cli-backup-unwritten = La sauvegarde { $path } ne peut pas être écrite ({ $detail }). Il n’y a pas de sauvegarde de ce moment.
cli-restore-done = { $rows } lignes de { $path } sont restaurées et ont été comparées à la sauvegarde.

## Migration

cli-migrate-change = { $version }  { $name }
cli-migrate-none = Rien à faire : la base de données a le schéma { $version }, celui que ce programme demande.
cli-migrate-ask = Changer ainsi la base de données ? Faites d’abord une sauvegarde.
cli-migrate-declined = Rien n’a été changé, comme vous l’avez dit.
cli-migrate-done = La base de données a maintenant le schéma { $version }.

## Doctor

cli-doctor-ok = bien
cli-doctor-warning = attention
cli-doctor-problem = PROBLÈME
cli-doctor-disk = { $mib } Mio sont libres sur le disque de { $path }.
cli-doctor-disk-low = Seulement { $mib } Mio sont libres sur le disque de { $path }. Libérez bientôt de la place.
cli-doctor-disk-full = Seulement { $mib } Mio sont libres sur le disque de { $path }. Libérez de la place avant tout autre envoi.
cli-doctor-disk-unknown = On ne peut pas dire ici combien de disque est libre : df manque.
cli-doctor-data = Personne d’autre ne peut regarder dans { $path }.
cli-doctor-data-open = D’autres sur cette machine peuvent regarder dans { $path }. Fermez-le : chmod 700 { $path }
cli-doctor-key = La clé de scellement est { $path }. Gardez-en une copie à part des sauvegardes.
cli-doctor-key-open = D’autres sur cette machine peuvent lire la clé de scellement. Fermez-la : chmod 600 { $path }
cli-doctor-database = La base de données ({ $engine }) répond et a le schéma { $schema }.
cli-doctor-database-failing = Le disque a échoué sous la base de données, et rien n’est plus accepté. Vérifiez le disque, puis relancez le serveur.
cli-doctor-schema = La base de données a un ancien schéma. Faites une sauvegarde, puis mhero migrate.
cli-doctor-clock = L’horloge dit { $now }.
cli-doctor-clock-past = L’horloge dit { $now }, ce qui est passé depuis longtemps. Réglez-la : envois prévus et heures calmes en dépendent.
cli-doctor-clock-apart = L’horloge de cette machine ({ $now }) et celle de la base de données diffèrent de plus de 30 secondes. Faites-les suivre un serveur de temps.
cli-doctor-clock-back = Il y a des messages d’après maintenant ({ $now }) : l’horloge a été reculée, ou était fausse. Faites-la suivre un serveur de temps.
cli-doctor-installation = Pays : { $countries }. Heures de { $zone }.
cli-doctor-no-channel = Il n’y a pas de canal, les messages attendent donc dans la file d’envoi. Ajoutez-en un : mhero channel add TYPE NOM
cli-doctor-port = L’adresse { $address } est libre pour un serveur.
cli-doctor-served = Un serveur tourne ici et répond.

## What use cases refuse

init-no-country = Aucun pays n’est nommé. Tapez par exemple --country LR.
init-unknown-country = Ce pays n’est pas connu ({ $detail }). Utilisez deux lettres d’ISO 3166, comme LR ou GN.
init-no-language = Aucune langue n’est nommée. Tapez par exemple --language en,fr.
init-unknown-zone = Il n’y a pas de fuseau horaire « { $zone } ». Utilisez un nom comme Africa/Monrovia.
init-unreadable = Les données de l’installation ne peuvent pas être gardées ({ $detail }).
words-no-stop = Il ne resterait aucun mot pour arrêter les messages. Gardez-en au moins un.
words-unreadable = Les mots ne peuvent pas être gardés ({ $detail }).
channel-unknown-kind = Il n’y a pas de type de canal « { $kind } ». mhero channel add --help donne ceux qui existent.
channel-name = Un canal a besoin d’un nom d’au plus { $max } lettres.
channel-name-taken = Il y a déjà un canal « { $name } ». Utilisez un autre nom.
channel-unknown-key = Ce type de canal n’a pas de réglage « { $key } ». Il a : { $known }.
channel-rate = « { $value } » n’est pas un débit. Écrivez combien de SMS partent par seconde, par exemple 20, ou 0 pour aucune limite.
channel-unreadable = Les réglages du canal « { $name } » ne peuvent pas être lus. Ajoutez-le de nouveau sous un autre nom.
channel-sealed = Les mots de passe du canal « { $name } » ont été scellés avec une autre clé. Remettez le fichier de clé, ou ajoutez le canal de nouveau.
send-empty-text = Le texte est vide. Écrivez-en un, ou laissez cette langue de côté.
send-long-text = Le texte dépasse { $max } lettres. Raccourcissez-le.
send-language-twice = Une langue a deux textes. Laissez-en un.
send-unreadable = L’envoi ne peut plus être lu. Faites-en un nouveau.
send-quiet-reason = Dites en quelques mots pourquoi il doit partir pendant les heures calmes ; la raison est gardée.
send-recurrence = « { $value } » n’est pas une périodicité. Écrivez minute, heure, jour, mois, jour de semaine : 0 9 * * 1 est chaque lundi à neuf heures.
send-time-passed = { $time } est passé. Choisissez une heure à venir, ou enlevez-la pour envoyer maintenant.
send-unknown-zone = Il n’y a pas de fuseau horaire « { $zone } ». Utilisez un nom comme Africa/Monrovia.
broadcast-too-late = Il est trop tard pour reprendre l’envoi { $number } : des messages partent. Annulez-le pour arrêter le reste.
broadcast-not-waiting = L’envoi { $number } n’attend pas d’être libéré.
broadcast-not-sending = L’envoi { $number } n’est pas en cours.
broadcast-not-paused = L’envoi { $number } n’est pas en pause.
broadcast-ended = L’envoi { $number } est terminé : il n’y a plus rien à arrêter.
draft-sent = Ceci a déjà été envoyé.
answer-empty = La réponse est vide. Écrivez-en une.
answer-closed = La conversation { $number } est close. Elle se rouvre quand la personne écrit.
answer-stopped = Ce numéro ne veut plus de messages et n’a pas écrit depuis. Appelez plutôt.
double-not-held = Ce texte n’est plus retenu comme doublon.
receive-no-sender = L’expéditeur n’est pas un numéro auquel on peut répondre ({ $length } lettres).
