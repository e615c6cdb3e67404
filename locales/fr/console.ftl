### La console. Ce fichier suit la typographie française : espaces insécables, apostrophe courbe, capitales accentuées.

## Everywhere
skip = Aller au contenu
find = Chercher un agent, un numéro ou un centre
find-short = Nom ou numéro
find-button = Chercher
menu = Menu
menu-close = Fermer le menu
nav = Navigation principale
nav-today = Aujourd’hui
nav-send = Envoyer
nav-broadcasts = Envois
nav-inbox = Réception
nav-register = Registre
nav-people = Agents
nav-places = Lieux
nav-audiences = Publics
nav-system = Système
nav-exchanges = Échanges
nav-audit = Journal
nav-simulator = Simulateur
nav-settings = Réglages
nav-live = { $n } en cours
undo = Annuler
show = Montrer
set = Fixer
add = Ajouter
choose = Choisir
none = aucun
name = Nom
kind = Genre
state = État
phone = Téléphone
place = Lieu
language = Langue
channel = Canal
when = Quand
why = Pourquoi
share = Part
filter = Filtre
sms = SMS
duration = Durée
people-head = Personnes
people-word = personnes
people-word-n = { $n ->
    [one] personne
   *[other] personnes
}
n-people = { $n ->
    [one] { $n } personne
   *[other] { $n } personnes
}
n-days = { $n ->
    [one] { $n } jour
   *[other] { $n } jours
}
n-failed = { $n ->
    [one] { $n } échec
   *[other] { $n } échecs
}
n-uncertain = { $n ->
    [one] { $n } incertain
   *[other] { $n } incertains
}
n-of-m = { $n } sur { $m }
nothing-was-sent = Rien n’a été envoyé.
foot-short-code = Le numéro court du ministère est le { $code }. Il ne demande jamais de PIN ni d’argent.
foot-no-pin = Le ministère ne demande jamais de PIN ni d’argent.
band-live = En direct
band-live-sentence = De vrais téléphones sonnent. On peut à tout moment arrêter ce qui n’est pas parti.
band-unreal = Fictif
band-demo = Pays de démonstration
band-demo-sentence = Agents et téléphones inventés. Pas d’heures calmes ici.
band-simulator = Simulateur
band-simulator-sentence = Rien sur cette page n’atteint un vrai téléphone.
pager = Pages
pager-of = { $first } à { $last } sur { $total }
pager-rows = { $first } à { $last }
pager-previous = Page précédente
pager-next = Page suivante

## Days and times
time-today = Aujourd’hui
time-today-at = Aujourd’hui à { $time }
time-yesterday = hier à { $time }
time-was-yesterday = Hier
time-tomorrow = demain à { $time }
time-on-day = { $day }, { $time }
time-never = Jamais
month-1 = janvier
month-2 = février
month-3 = mars
month-4 = avril
month-5 = mai
month-6 = juin
month-7 = juillet
month-8 = août
month-9 = septembre
month-10 = octobre
month-11 = novembre
month-12 = décembre
weekday-1 = Lundi
weekday-2 = Mardi
weekday-3 = Mercredi
weekday-4 = Jeudi
weekday-5 = Vendredi
weekday-6 = Samedi
weekday-7 = Dimanche

## Languages
language-eng = anglais
language-fra = français
language-por = portugais
language-ara = arabe
language-swa = swahili
language-spa = espagnol
language-kpe = kpellé

## The door
sign-in = Se connecter
sign-in-lead = Les messages entre le ministère et ses agents de santé.
sign-in-id = Adresse de courriel
sign-in-id-hint = Celle que votre administrateur a inscrite
sign-in-password = Mot de passe
sign-in-forgot = Oublié ? Votre administrateur peut vous en donner un autre.
sign-in-demo = La fenêtre où la démonstration a été lancée montre comment se connecter.
sign-in-wrong = Cet identifiant et ce mot de passe ne vont pas ensemble. Rien n’a été modifié. Réessayez.
sign-in-too-many = Trop d’essais. Rien n’a été modifié. Réessayez dans { $n ->
    [one] { $n } minute
   *[other] { $n } minutes
}.
sign-in-aside = Ce que voit un agent de santé
sign-in-sample = Merci Mariam, votre district a votre reponse. Ecrivez quand vous voulez, c'est gratuit.
sign-out = Se déconnecter
sign-out-everywhere = Se déconnecter partout
phone-reply = Répondre
phone-back = Retour

## The account
account-sessions = Connexions
account-open = { $n ->
    [one] { $n } navigateur est connecté à votre nom.
   *[other] { $n } navigateurs sont connectés à votre nom.
}
account-password = Mot de passe
account-old = Mot de passe actuel
account-new = Nouveau mot de passe
account-change = Changer le mot de passe
account-changed = Le mot de passe est changé. Les autres navigateurs sont déconnectés.
account-wrong = Le mot de passe actuel n’est pas celui-là. Rien n’a été modifié.
account-role = Rôle
account-where = Où

## Today
today-lead = { $now }. Semaine épidémiologique { $week }.
today-waiting = À faire
today-waiting-n = { $n ->
    [one] { $n } chose
   *[other] { $n } choses, alertes d’abord
}
today-nothing = Rien ne vous attend
today-nothing-why = Nouveaux messages, échecs et décisions apparaissent ici.
today-messages = { $n ->
    [one] { $n } message attend une réponse
   *[other] { $n } messages attendent une réponse
}
today-oldest = Le plus ancien : { $who }
today-answer = Répondre
today-uncertain = { $n ->
    [one] { $n } message est peut-être parti
   *[other] { $n } messages sont peut-être partis
}
today-decide = Décider
today-failed-channel = { $name } ne répond pas
today-look = Voir
today-live = Envoi en cours
today-all-broadcasts = Tous les envois
today-left = { $left } sur { $total } sont partis.
today-begin = Premiers pas
today-works = Tout fonctionne-t-il ?
today-queue = En file
today-queue-words = { $urgent ->
    [one] { $urgent } urgent, { $bulk } en masse
   *[other] { $urgent } urgents, { $bulk } en masse
}
today-backup = Sauvegarde
today-registry = Registre
begin-channel = Ajouter un canal
begin-channel-why = Le simulateur en est un. Sans canal, les messages attendent.
begin-channel-verb = Ouvrir les réglages
begin-people = Importer vos agents
begin-people-why = Une liste en tableau, ou un export du registre RH. Elle est examinée avant que rien ne soit écrit.
begin-people-verb = Importer un fichier
begin-send = Envoyer le premier message
begin-send-why = Sur le simulateur, rien n’atteint un vrai téléphone.
begin-send-verb = Envoyer un message

## Sentence and query
query = Requête
query-as-text = La même chose en texte
query-as-text-or-saved = La même chose en texte, ou un public enregistré
query-use = Prendre ce texte
query-saved = Public enregistré
query-use-saved = Prendre ce public
query-fault = La requête n’a pas pu être lue.
blank-use = Prendre ceux-ci
blank-drop = Retirer la condition
blank-close = Fermer
blank-add = + ajouter une condition
blank-cadre = Cadre
blank-place = Lieu
blank-language = Langue
blank-group = Public
blank-job = Fonction
blank-phone = Numéro de téléphone
blank-more = Ajouter une condition
blank-typed-place = Nom d’un comté, d’un district ou d’un centre ; plusieurs avec des virgules
blank-typed-query = Une condition en texte, par exemple : emonc < 2026-01-01
blank-any-cadre = tous les agents de santé
blank-any-place = tout le pays
blank-unknown-place = « { $place } » n’est pas le nom d’un seul lieu.
say-send-to = Envoyer à
say-show = Montrer
say-audience = Tous :
say-who-work-in = qui travaillent à
say-who-speak = qui parlent
say-who-are-in = qui sont dans
say-whose-job-is = dont la fonction est
say-with = avec
say-and-also = et aussi
say-or = ou
say-a-number = un numéro qui marche
say-any-number = un numéro ou non

## Counts
count = Compte
count-get-it = { $n ->
    [one] personne le recevra
   *[other] personnes le recevront
}
count-caption = Qui est écarté et pourquoi
count-match = Correspondent à la phrase
count-out = Écartés
count-final = Ne peut être forcé
count-counting = Calcul en cours…
out-no-number = Sans numéro
out-bad-number = Numéro impossible
out-shared = Partage un téléphone, un SMS suffit
out-empty = Le texte est vide pour ces personnes
out-stopped = A demandé d’arrêter
out-inactive = Plus en service
out-no-text = Pas de texte dans leur langue
out-see-who = Voir qui
sample-head = { $n ->
    [1] L’un de ces agents
    [2] Deux d’entre eux
    [3] Trois d’entre eux
    [4] Quatre d’entre eux
    [5] Cinq d’entre eux
   *[other] { $n } d’entre eux
}
sample-others = Cinq autres

## Editor
letters-of = # lettres sur #
letters-because = à cause de
letters-pasted = typographie retirée
letters-ruler = Règle : un bloc est un SMS
letters-count = { $used } lettres sur { $room } · { $parts } SMS
fix-head = { $letters } en fait { $parts } SMS.
fix-why = Avec { $letters }, un SMS ne contient que 70 lettres au lieu de 160. « { $reads } » se lit aussi bien.
fix-button = Écrire « { $reads } »
fix-saves = { $parts } SMS, économise { $saves } SMS

## Send
send-head = Envoyer un message
send-saved = Brouillon « { $name } », enregistré { $time }.
send-nothing-sent = Rien n’a été envoyé.
send-steps = Étapes
send-step-1 = 1 Qui
send-step-2 = 2 Quoi
send-step-3 = 3 Vérifier
send-who = Qui doit le recevoir ?
send-what = Que doit-il dire ?
send-check = Vérifier, puis envoyer
send-name = Nom de ce message
send-name-hint = Vous et vos collègues seuls le voyez
send-unnamed = Message du { $day }
send-text-label = En { $language }, à { $n ->
    [one] { $n } personne
   *[other] { $n } personnes
}
send-insert = Insérer
send-insert-one = { $name }, { $letters } lettres au plus
insert-first-name = prénom
insert-name = nom entier
insert-facility = centre
send-add-language = Ajouter une langue
send-unspoken = { $n ->
    [one] { $n } personne parle { $language } et lira le premier texte.
   *[other] { $n } personnes parlent { $language } et liront le premier texte.
}
send-by-channel = Par canal
send-keep = Garder le brouillon
send-discard = Jeter le brouillon
send-kept = Brouillon enregistré.
send-discarded = Le brouillon est jeté. Rien n’a été envoyé.
send-in-one-sentence = En une phrase
send-said-now = { $sms } SMS à { $n ->
    [one] { $n } personne
   *[other] { $n } personnes
}, dès que vous l’envoyez.
send-said-at = { $sms } SMS à { $n ->
    [one] { $n } personne
   *[other] { $n } personnes
}, { $when }.
send-frozen = La phrase est relue au départ du message. La liste est alors figée.
send-go = Envoyer à { $n ->
    [one] { $n } personne
   *[other] { $n } personnes
}
send-go-later = Programmer pour { $n ->
    [one] { $n } personne
   *[other] { $n } personnes
}
send-no-text = Écrivez d’abord un texte.
send-nobody = Personne ne correspond à la phrase. Choisissez d’abord d’autres personnes.
send-no-channel = Il n’y a pas encore de canal. Les messages attendront.
send-simulator-only = Le canal est le simulateur. Aucun vrai téléphone ne sonnera.
send-quiet-now = Personne en heures calmes
send-quiet-wait = Heures calmes jusqu’à { $time }. Les messages attendront.
send-stop-words = Chacun peut répondre STOP
preview = Aperçu
preview-head = Sur un téléphone simple
preview-again = Le montrer de nouveau
preview-as = Comme le lira { $who }
when-now = Maintenant
when-at = À une heure fixée
when-each = Régulièrement
when-more = Jour, heure et fuseau
when-time = Jour et heure
when-zone = Fuseau horaire
when-repeat = Fréquence
when-daily = Chaque jour
when-weekly = Chaque semaine
when-monthly = Chaque mois
when-leaves = Part le { $time }, heure de { $zone }.
when-repeats = D’abord le { $time }, heure de { $zone }, puis de nouveau : { $each }.
when-gone = Cette heure est passée. Rien n’a été envoyé. Choisissez-en une autre.
when-unclear = Ce jour et cette heure n’ont pas pu être lus. Rien n’a été envoyé.
when-quiet = Entre { $from } et { $until } rien ne part, sauf alertes et réponses.
when-quiet-off = Il n’y a pas d’heures calmes.
confirm-head = { $n ->
    [one] { $n } vrai téléphone va sonner
   *[other] { $n } vrais téléphones vont sonner
}
confirm-head-demo = { $n ->
    [one] { $n } téléphone simulé va sonner
   *[other] { $n } téléphones simulés vont sonner
}
confirm-type = Tapez le nombre de personnes pour continuer
confirm-why = Demandé au-delà de { $n } personnes.
confirm-wrong = { $typed } n’est pas le nombre ci-dessus. Rien n’a été envoyé. Relisez le compte et tapez-le.
confirm-moved = Le compte est passé à { $n } depuis votre lecture. Rien n’a été envoyé. Relisez-le.
confirm-undo = Vous aurez ensuite 60 secondes pour annuler. Vous pouvez suspendre et arrêter à tout moment.

## Broadcasts
broadcasts-lead = Ce qui a été envoyé, ce qui part, ce qui partira.
broadcasts-empty = Rien n’a encore été envoyé
broadcasts-empty-why = Le premier message commence par « Envoyer un message ».
broadcasts-drafts = Brouillons
broadcasts-draft-saved = Enregistré { $time } par { $who }. Rien n’a été envoyé.
broadcast-undo = Annuler, ne rien envoyer
broadcast-undo-left = { $n ->
    [one] L’envoi commence dans { $n } seconde.
   *[other] L’envoi commence dans { $n } secondes.
}
broadcast-undone = Annulé. Rien n’a été envoyé.
broadcast-pause = Suspendre
broadcast-paused = Suspendu. Ce qui n’est pas parti reste ici.
broadcast-resume = Reprendre l’envoi
broadcast-resumed = L’envoi reprend.
broadcast-stop = Arrêter les { $n } non envoyés
broadcast-stopped = Arrêté. { $n } n’ont pas été envoyés.
broadcast-where = Où sont les { $n } messages
broadcast-everybody = Toute la liste figée
broadcast-counted-at = Compté à { $time }.
broadcast-count-again = Compter de nouveau
broadcast-by-itself = (se fait seul toutes les 5 secondes si votre navigateur le permet)
broadcast-todo = Que faire pour ceux qui ne l’ont pas reçu
broadcast-resend = Renvoyer
broadcast-leave = Laisser
broadcast-resent = { $n } seront renvoyés.
broadcast-left = { $n } restent tels quels.
broadcast-uncertain-head = { $n ->
    [one] { $n } incertain
   *[other] { $n } incertains
}
broadcast-uncertain-why = La réponse du canal s’est perdue. Ils l’ont reçu une fois ou pas du tout. Un renvoi peut arriver deux fois.
broadcast-failed-head = { $n ->
    [one] { $n } échec
   *[other] { $n } échecs
}
broadcast-failed-verb = Voir qui
broadcast-by-place = Par lieu
broadcast-handed-over = Transmis
broadcast-this = Ce message
broadcast-texts = Ce qu’ils lisent
broadcast-text-about = { $language }, à { $n ->
    [one] { $n } personne
   *[other] { $n } personnes
}
broadcast-to = À qui
broadcast-left-out = { $n } sur { $m } ont été écartés.
broadcast-events = Ce qui s’est passé
broadcast-duplicate = Reprendre comme nouveau brouillon
broadcast-people = Qui en est où
broadcast-nobody-here = Personne n’est dans cet état.
broadcast-state-scheduled = Programmé
broadcast-state-undo = Peut être annulé
broadcast-state-sending = En cours
broadcast-state-paused = Suspendu
broadcast-state-stopped = Arrêté
broadcast-state-done = Terminé
broadcast-state-undone = Annulé
broadcast-lead-scheduled = Part { $time }. Rien n’a été envoyé.
broadcast-lead-undo = Rien n’a été envoyé.
broadcast-lead-sending = En cours depuis { $time }. { $left } sur { $total } sont partis.
broadcast-lead-paused = Suspendu. { $left } sur { $total } sont partis.
broadcast-lead-stopped = Arrêté. { $left } sur { $total } étaient partis.
broadcast-lead-done = Envoyé { $time }, à { $n ->
    [one] { $n } personne
   *[other] { $n } personnes
}.
broadcast-lead-undone = Annulé dans la première minute. Rien n’a été envoyé.
counts-said = { $delivered } remis, { $sent } envoyés, { $waiting } pas encore envoyés, { $failed } échecs, { $uncertain } incertains
state-waiting = En attente
state-submitting = En attente
state-sent = Envoyé
state-delivered = Remis
state-answered = Répondu
state-failed = Échec
state-uncertain = Incertain
state-cancelled = Retiré
state-means = Ce que cela veut dire
means-waiting = Sur disque ici, partira dans l’ordre
means-sent = L’opérateur l’a pris, le téléphone n’a rien confirmé
means-delivered = Le téléphone l’a confirmé
means-failed = L’opérateur l’a refusé, ou le numéro n’existe pas
means-uncertain = La réponse de l’opérateur s’est perdue. Nous ne renvoyons pas de nous-mêmes
means-cancelled = Retiré avant de partir

## Inbox
inbox-lead = { $n ->
    [0] Personne n’attend de réponse.
    [one] { $n } personne attend une réponse.
   *[other] { $n } personnes attendent une réponse.
}
inbox-mine = Les miens et sans responsable
inbox-all = Tous
inbox-closed = Clos
inbox-waiting = En attente
inbox-empty = Aucun message ne vous attend
inbox-empty-why = Les nouveaux messages apparaissent ici.
inbox-keys-move = suivant et précédent
inbox-keys-answer = répondre
inbox-back = Réception, { $n } en attente
inbox-owner = Responsable
inbox-nobody = Personne encore
inbox-me = Moi
inbox-stranger = Dans aucun registre
inbox-answer = Répondre à { $name }
inbox-free = gratuit pour { $name }
inbox-send-to = Envoyer à { $name }
inbox-send-close = Envoyer et clore
inbox-close = Clore sans réponse
inbox-is-closed = Ce dialogue est clos.
inbox-open-again = Rouvrir
inbox-stopped = { $name } a demandé d’arrêter. Rien ne peut être envoyé avant un START de sa part.
inbox-no-number = { $name } n’a pas de numéro qui marche.
inbox-sent = Votre réponse est en route.
inbox-was-closed = Le dialogue est clos.
inbox-empty-answer = Écrivez d’abord une réponse.
talk-release = Le traiter quand même
talk-travelled = Le chemin de ce message
talk-earlier = Messages plus anciens
talk-no-keyword = aucun mot-clé reconnu, donc arrivé ici
talk-doubled = ressemble au message précédent

## People
people-lead = { $n ->
    [one] { $n } agent de santé.
   *[other] { $n } agents de santé.
}
people-lead-place = Vous voyez { $place }.
people-lead-country = Vous voyez tout le pays.
people-caption = Agents
people-reachable = { $n } joignables, { $m } non
people-save = Enregistrer comme public
people-send = Envoyer à { $n }
people-none = Personne ne correspond à la phrase
people-none-drop = Retirez une condition et réessayez.
people-works-at = Travaille à
people-number = Numéro
people-heard = Dernier signe
found-head = « { $what } »
found-nobody = Personne trouvé
found-nobody-why = Essayez une partie du nom, un numéro ou un centre.
number-ok = Joignable
number-verified = Vérifié le { $day }
number-shared = { $n ->
    [one] Partagé par { $n } agent
   *[other] Partagé par { $n } agents
}
number-bad = Impossible
number-none = Sans numéro
number-stopped = A demandé d’arrêter
number-inactive = A quitté le service
person-write = Envoyer un message
person-conversation = Dialogue
person-thread = Ouvrir le dialogue
person-silent = Aucun message encore
person-silent-why = Ce qui lui est envoyé et ce que cette personne écrit se lit ici.
person-record = Fiche
person-reach = Joindre
person-show-number = Montrer le numéro entier : { $number }
person-no-number = Sans numéro
person-first-number = Premier numéro
person-other-number = Numéro { $n }
person-as-written = Écrit { $raw }
person-shared-with = Partagé avec { $who }
person-cadre = Cadre
person-job = Fonction
person-facility = Centre
person-language = Langue
person-since = Depuis
person-trained = Formations
person-registries = Registres
person-sex = Sexe
person-birth = Naissance
person-speaks = Parle { $language }.
person-at = { $work } à
person-hint-why = Vous voyez cette fiche comme { $role } pour { $place }. Son ouverture est notée au journal.
person-simulator = Ouvrir ce téléphone dans le simulateur
person-message-label = À { $name }, en { $language }

## Places
places-below = Au-dessous
places-people = Agents de santé
places-who = Qui travaille ici
places-all-people = Les { $n }
places-empty = Personne ne travaille encore ici
places-empty-why = Lieux et agents viennent du registre.
places-about = { $n ->
    [one] { $n } agent de santé ici et au-dessous.
   *[other] { $n } agents de santé ici et au-dessous.
}
places-level = Niveau
places-id = Numéro
places-country = Pays

## Audiences
audiences-lead = Phrases et listes qui resservent.
audiences-new = Nouveau public
audiences-new-lead = Une phrase suit le registre. Une liste reste telle quelle.
audiences-empty = Aucun public n’est encore enregistré
audiences-empty-why = Choisissez des agents, puis « Enregistrer comme public ».
audiences-who = Qui
audiences-kept = Tenu
audiences-by-query = par la phrase
audiences-by-hand = à la main
audiences-name = Nom du public
audiences-kind-query = Par la phrase : qui correspond le moment venu
audiences-kind-static = À la main : qui correspond maintenant
audiences-save = Enregistrer le public
audiences-saved = Le public est enregistré.
audiences-nobody = Il n’y a personne
audiences-nobody-why = S’il est tenu à la main, ajoutez des personnes plus bas.
audiences-add = Ajouter ou retirer des personnes
audiences-add-hint = Numéros de téléphone ou de fiche, un par ligne
audiences-add-button = Les ajouter
audiences-remove-button = Les retirer
audiences-added = { $n ->
    [one] { $n } personne ajoutée.
   *[other] { $n } personnes ajoutées.
}
audiences-removed = { $n ->
    [one] { $n } personne retirée.
   *[other] { $n } personnes retirées.
}
audiences-delete = Supprimer ce public
audiences-deleted = Le public est supprimé. Les personnes restent.
audiences-saved-by = Enregistré par { $who } le { $day }.
audiences-name-needed = Donnez-lui un nom.
audiences-name-taken = Un autre public porte ce nom.

## Simulator
sim-head = Simulateur de téléphones
sim-lead = Deux téléphones fictifs sur un réseau fictif. Écrivez comme la personne qui les tient.
sim-other = Autre téléphone : nom ou numéro
sim-take = Le prendre
sim-none = Aucun téléphone allumé
sim-none-why = Cherchez une personne, ou envoyez d’abord un message à quelqu’un.
sim-not-found = Aucun téléphone fictif n’a ce nom ou ce numéro.
sim-reply-as = Écrire pour { $name }
sim-send = Envoyer
sim-behaviour = Comment il répond
sim-by-hand = Répond à la main
sim-by-itself = Répond seul, comme un agent
sim-silent = Reste silencieux
sim-network = Réseau
sim-hard = Compliquer
sim-apply = Appliquer
sim-did = Ce que mHero a fait
sim-did-nothing = Rien encore.
sim-messages-of = Messages sur le téléphone de { $name }
sim-received = Sur disque : SMS de { $who }
sim-handed = Transmis au téléphone de { $who }
sim-delivered = Remis à { $who }

## Settings
settings-channels = Canaux
settings-channels-lead = Comment joindre les téléphones.
settings-no-channel = Il n’y a pas de canal
settings-no-channel-why = Les messages attendent qu’il y en ait un. Le simulateur n’atteint aucun vrai téléphone.
settings-add-channel = Ajouter un canal
settings-channel-simulator = Simulateur de téléphones
settings-channel-name = Donnez au canal un nom à lui.
settings-rate = SMS par seconde
settings-queue = En attente
settings-pause = Suspendre
settings-resume = Reprendre
settings-pause-one = Suspendre { $name }
settings-resume-one = Reprendre { $name }
settings-connected = Connecté
settings-paused = Suspendu
settings-down = Ne répond pas
settings-users = Utilisateurs
settings-users-lead = Qui peut se connecter, et pour quoi faire.
settings-role = Rôle
settings-where = Où
settings-last-in = Dernière connexion
settings-sign-out = Déconnecter
settings-sign-out-one = Déconnecter { $name } partout
settings-disable = Bloquer
settings-disable-one = Bloquer { $name }
settings-add-user = Ajouter un utilisateur
settings-login = Adresse de courriel
settings-place = Seulement pour ce lieu
settings-place-hint = Vide pour tout le pays
settings-first-password = Premier mot de passe
settings-first-password-hint = Au moins 10 lettres ; une phrase convient le mieux
settings-password-short = Le mot de passe est trop court. Rien n’a été modifié.
settings-login-taken = Quelqu’un a déjà cet identifiant. Rien n’a été modifié.
settings-user-added = { $name } peut se connecter.
settings-signed-out = { $name } est déconnecté partout.
settings-disabled = { $name } ne peut plus se connecter.
settings-whole-country = Tout le pays
settings-word-programme = Pour quitter { $name } ({ $code }), après STOP, outre son code et ses noms
settings-word-list = Pour quitter la liste { $list }, après STOP
settings-word-new-list = Une autre liste à quitter : le nom d’un public
settings-word-new-list-words = Mots pour cette liste
settings-programmes = Programmes
settings-programmes-lead = Pour qui on envoie, tient des budgets et donne des rôles. Un téléphone quitte les messages d’un programme avec STOP et son code ou un nom.
settings-programmes-none = Il n’y en a pas encore.
settings-programme = Seulement pour ce programme
settings-programme-all = Tous les programmes
settings-programme-add = Ajouter un programme
settings-programme-code = Code
settings-programme-code-hint = Court, pour les commandes et pour STOP : lettres, chiffres, - et _. Il ne change plus.
settings-programme-en = Nom en anglais
settings-programme-fr = Nom en français
settings-programme-rename = Enregistrer les noms
settings-programme-rename-one = Enregistrer les noms de { $code }
settings-programme-added = Le programme { $code } est là.
settings-programme-renamed = Les noms de { $code } sont enregistrés.
settings-words = Mots et heures
settings-words-lead = L’en-tête, les heures calmes et les numéros.
settings-ministry = Ministère, en { $language }
settings-country-name = Pays, en { $language }
settings-sender = Expéditeur sur les téléphones
settings-sender-hint = 11 lettres au plus, sans accents
settings-short-code = Numéro court
settings-quiet = Heures calmes
settings-quiet-hint = Alertes et réponses partent quand même. Deux fois la même heure : aucune.
settings-from = De
settings-until = à
settings-countries = Numérotation
settings-countries-hint = Deux lettres du pays dont les numéros s’écrivent sans préfixe, et de ses voisins, avec des virgules
settings-country-first = Pays
settings-country-more = Voisins
settings-save = Enregistrer
settings-saved = Enregistré.
settings-fault = Impossible d’enregistrer : { $what }. Rien n’a été modifié.
role-admin = administrateur
role-hr = responsable RH
role-programme = responsable de programme
role-district = responsable de district
role-approver = approbateur
role-auditor = auditeur
role-integrator = intégrateur

## Exchanges and audit
exchanges-empty = Aucun échange avec un autre système
exchanges-empty-why = Importations, canaux et registres apparaissent ici.
exchanges-time = Heure
exchanges-with = Avec
exchanges-what = Quoi
exchanges-answer = Réponse
exchanges-took = Durée
exchanges-all = Tous
exchanges-sent = Envoyé
exchanges-answered = Répondu
audit-lead = Ce que des personnes ont décidé. Nul ne peut le changer.
audit-who = Qui
audit-anybody = Tout le monde
audit-empty = Rien n’est encore noté.
audit-system = mHero

## Errors
error-not-found = Cette page n’existe pas, ou pas pour vous
error-not-found-why = Rien n’a été envoyé. L’adresse est peut-être ancienne, ou concerne des agents hors de vos lieux.
error-forbidden = Votre rôle ne le permet pas
error-forbidden-why = Rien n’a été envoyé ni modifié. Demandez à votre administrateur.
error-foreign = Ceci vient d’un autre site
error-foreign-why = Rien n’a été envoyé ni modifié. Ouvrez la page ici et recommencez.
error-too-large = C’est trop grand
error-too-large-why = Rien n’a été envoyé ni modifié. Les grands fichiers s’importent depuis la ligne de commande.
error-too-many = Trop de demandes
error-too-many-why = Rien n’a été envoyé ni modifié. Attendez une minute, puis réessayez.
error-unreadable = Ce formulaire n’a pas pu être lu
error-unreadable-why = Rien n’a été envoyé ni modifié. Revenez en arrière et recommencez.
error-nul-in-text = Un texte contient le caractère U+0000, qui ne peut pas être conservé : enlevez-le.
error-broken = Quelque chose s’est cassé chez nous
error-broken-why = La demande a été interrompue. Voyez sous Envois si quelque chose est parti avant de recommencer. Deux pressions n’envoient jamais deux fois.
error-slow = C’était trop long
error-slow-why = La demande a été interrompue. Voyez sous Envois si quelque chose est parti avant de recommencer. Deux pressions n’envoient jamais deux fois.
error-back = À la première page
error-number = Numéro de cette demande, pour votre administrateur : { $number }
