### Les registres dans la console : réglages, passages, et d’où viennent les valeurs.

settings-sources = Registres
sources-none-why = Ajoutez le registre qui connaît vos agents de santé, ou importez un fichier.
sources-add = Ajouter un registre
sources-add-lead = De quoi s’agit-il ?
sources-choose = Choisir
sources-other-kind = Un autre genre
sources-success = Dernier succès
sources-next = Prochain passage
sources-next-never = Seulement sur demande
sources-name-hint = Le nom que tous lui donnent : rh, établissements, paie.
sources-url = Adresse
sources-url-hint = Par exemple { $example }
sources-more = Autres réglages
sources-when = Quand il est lu, et combien peut partir
sources-secret-stays = Laissé vide, ce qui est gardé reste. Ce n’est jamais montré.
sources-forget = Oublier : { $what }
sources-added = Le registre est ajouté. Vérifiez s’il répond.
sources-saved = Les réglages sont changés.
sources-queued = Un passage est demandé et commence dans quelques secondes. Rechargez la page pour le voir.
sources-going-on = Cela prend plus de temps et continue tout seul. Rechargez la page dans un moment.
sources-test = Vérifier
sources-test-slow = Le registre n’a pas répondu en 20 secondes. Vérifiez son adresse, et si un pare-feu se trouve entre les deux.
sources-test-failed = Cela ne marche pas encore.
sources-test-fine = Il répond et nous laisse entrer.
sources-run = Lire maintenant
sources-answer = Répondre à sa question
sources-failures = Échecs depuis
sources-runs = Passages
sources-no-runs = Il n’a pas encore été lu.
sources-settings = Réglages
sources-rank = Rang
sources-rank-hint = Quand deux sources se contredisent, la valeur du plus petit nombre compte.
sources-save = Enregistrer les réglages
sources-owners = Ce qui lui appartient
sources-owners-why = Pour ces champs, sa valeur compte avant celle de toute autre source, quel que soit le rang.
sources-owner-other = Un autre champ
sources-owner-other-hint = La clé d’un champ, par exemple village.
sources-owners-save = Enregistrer ce qui lui appartient
sources-owners-saved = Ce qui lui appartient est changé.
sources-notify = Nous prévenir aussitôt
sources-notify-why = Un registre qui sait annoncer les changements (un abonnement FHIR) appelle ce chemin de ce serveur. Le chemin est un secret.
sources-notify-show = Montrer le chemin
sources-remove = Retirer le registre
sources-remove-why = Il n’est plus lu, son adresse et ses secrets sont oubliés. Les personnes venues de lui restent.
sources-remove-sure = Oui, retirer { $name }
sources-remove-sure-first = Rien n’a été retiré. Cochez d’abord la case.
sources-removed = Le registre est retiré.
sources-retired = Le registre n’est plus lu. Ce qui en est venu reste.

source-asks = Attend votre réponse
source-asks-since = Depuis le { $since }. { $why }
source-silent = Silencieux
source-failing = En échec
source-queued = Passage demandé
source-files = Fichiers
source-fine = En ordre
source-refused = En ordre, sauf ce qui a été refusé
source-refused-why = { $n ->
    [one] La dernière lecture a refusé { $n } enregistrement ou page.
   *[other] La dernière lecture a refusé { $n } enregistrements ou pages.
}
source-never = Pas encore lu

## Genres

source-kind-ihris = iHRIS 5
source-kind-ihris-why = Le registre du personnel de nombreux ministères, lu par son serveur FHIR.
source-kind-ihris-example = https://rh.example.org/hapi/fhir
source-kind-fhir = Serveur FHIR (R4)
source-kind-fhir-why = Un registre d’établissements par mCSD, un échange national, ou tout autre serveur FHIR.
source-kind-fhir-example = https://etablissements.example.org/fhir
source-kind-csd = Annuaire CSD
source-kind-csd-why = Tout ce qui répond à ITI-73 ou ITI-74.
source-kind-csd-example = https://annuaire.example.org/CSD
source-kind-openinfoman = OpenInfoMan
source-kind-openinfoman-why = L’annuaire d’iHRIS 4 et du premier mHero.
source-kind-openinfoman-example = https://annuaire.example.org/CSD
source-kind-dhis2 = DHIS2 (2.38 à 2.42)
source-kind-dhis2-why = Les unités d’organisation deviennent des lieux, les utilisateurs avec téléphone des personnes.
source-kind-dhis2-example = https://snis.example.org
source-kind-rapidpro = RapidPro
source-kind-rapidpro-why = Contacts, champs et groupes d’un espace de travail RapidPro.
source-kind-rapidpro-example = https://rapidpro.example.org
source-kind-files = Fichiers
source-kind-files-why = Tableaux et exports que quelqu’un apporte de temps en temps.

## Réglages d’un registre

setting-auth = Comment on nous laisse entrer
setting-auth-hint = Laissez vide quand un nom d’utilisateur ou un jeton suffit. Sinon : none, basic, bearer, apitoken, token, ihris ou oauth2.
setting-username = Nom d’utilisateur
setting-password = Mot de passe
setting-token = Jeton
setting-token-url = Adresse de la connexion (token_url)
setting-client-id = client_id
setting-client-secret = client_secret
setting-scope = scope
setting-ca = Autorité de certification du ministère
setting-ca-hint = Le chemin d’un fichier PEM sur ce serveur.
setting-timeout = Patience en secondes
setting-timeout-hint = Combien de temps le registre peut se taire au milieu d’une réponse : 60 si vide.
setting-types = Genres à lire
setting-types-hint = Par exemple Practitioner,PractitionerRole,Location. Tous si vide.
setting-page = Enregistrements par page
setting-page-size = Enregistrements par page
setting-jobs = Systèmes de codes des fonctions
setting-history = Demander l’historique
setting-history-hint = auto, yes ou no
setting-write = Comment les corrections sont écrites
setting-write-hint = auto, put ou patch
setting-document = Document
setting-document-hint = Le nom du document de l’annuaire, quand il en a plusieurs.
setting-mode = Transaction
setting-overlap = Recouvrement de deux passages
setting-write-document = Document pour les corrections
setting-users = Prendre les utilisateurs comme personnes
setting-users-hint = yes ou no. Si vide, ils viennent quand le compte peut les voir.
setting-user-roles = Seulement les utilisateurs de ces rôles
setting-facility-level = Niveau des établissements
setting-facility-groups = Groupes d’établissements
setting-uid-system = Système des identifiants d’unités
setting-code-system = Système des codes d’unités
setting-language = Langue des noms
setting-groups = Groupes à prendre
setting-groups-hint = all ou none. Si vide, ceux qui sont tenus à la main.
setting-every = Lire toutes les
setting-every-hint = Par exemple 15m, 6h ou 1d. Laissez vide s’il y a une expression cron.
setting-schedule = Ou à heures fixes
setting-schedule-hint = Une expression cron : 30 2 * * * veut dire chaque nuit à deux heures et demie.
setting-jitter = Étalement
setting-jitter-hint = De combien un passage peut être retardé, pour que tous ne commencent pas ensemble. Par exemple 5m.
setting-whole = Tout relire tous les
setting-whole-hint = Beaucoup de registres disent ce qui a changé et non ce qui a disparu. Par exemple 7d.
setting-shrink = Combien peut partir d’un coup, en pour cent
setting-shrink-hint = Un passage qui enlèverait davantage s’arrête et demande. 5 si vide.
setting-silent-after = Alerte après un silence de
setting-silent-after-hint = Les administrateurs reçoivent alors un SMS. Par exemple 1d. Trois passages manqués si vide.

## Champs qui peuvent appartenir à une source

own-name = Nom
own-phone = Téléphones
own-language = Langue
own-sex = Sexe
own-birth = Date de naissance
own-active = En service

## Passages

run-head = Passage
run-title = { $kind }, { $when }
run-began = Début
run-ended = fini { $when }
run-of = de ce passage
run-what = Quoi
run-counts = Comptes
run-kind-pull = Lecture
run-kind-import = Import d’un fichier
run-kind-undo = Annulation
run-kind-replay = Relecture
run-kind-derive = Nouveau calcul
run-why-schedule = Selon l’horaire
run-why-notified = Le registre a annoncé un changement
run-why-now = Quelqu’un l’a demandé
run-why-confirmed = Quelqu’un a accepté les départs
run-why-files = Quelqu’un a apporté un fichier
run-state-running = En cours
run-state-done = Fait
run-state-failed = Échoué
run-state-asks = Vous demande
run-state-refused = Départs refusés
run-state-undone = Annulé
run-n-read = { $n } lus
run-n-created = { $n } nouveaux
run-n-updated = { $n } modifiés
run-n-unchanged = { $n } comme avant
run-n-waiting = { $n } en attente de ce qu’ils citent
run-n-removed = { $n } retirés
run-n-rejected = { $n } refusés
run-undo = Annuler ce passage
run-undo-sure = Annuler ce passage ?
run-undo-why = Chaque enregistrement qu’il a changé redevient comme avant, sauf si quelqu’un l’a changé depuis. Les personnes que lui seul a fait connaître quittent toutes les listes ; leurs messages restent.
run-undo-yes = Oui, l’annuler
run-undo-no = Non, le laisser
run-undone = { $restored } enregistrements sont comme avant ; { $kept } ont été changés depuis et restent.
run-replay = Le relire
run-replayed = { $read } enregistrements ont été relus, { $updated } ont changé.
run-asks = Tant de personnes peuvent-elles partir ?
run-asks-why = Tout le reste de ce passage est entré. Si le registre les a perdues par erreur, gardez-les et faites-le corriger là-bas.
run-let-go = Les laisser partir
run-keep = Les garder
run-confirmed = Elles peuvent partir : le registre est relu dans quelques secondes.
run-refused = Personne n’est retiré.
run-waits-head = Ce qui attend
run-waits = Ces fiches citent une personne ou un lieu encore absents, et seront complétées dès leur arrivée.
run-removals = Qui partirait
run-removals-n = { $n ->
    [one] 1 fiche
   *[other] { $n } fiches
 }
run-rejected = Refusés
run-changes = Changements
run-changes-first = Depuis le premier
run-before = avant :
run-after = maintenant :
run-more-values = et { $n } autres valeurs
run-warnings = Avertissements

## Accueil et personne

today-registries = Registres
today-registries-all = Tous les registres
today-asks = Un registre retirerait beaucoup de personnes
today-source-since = Dernier succès : { $when }
person-origin = D’où vient chaque valeur
person-origin-here = dit ici
person-origin-verified = confirmé le { $day }
person-origin-others = { $source } dit : { $value }

## Les réponses qui corrigent le registre
answers-head = Réponses qui corrigent des fiches
answers-why = La vérification des agents et celle des structures sont déjà connues. D’autres de vos scénarios peuvent aussi proposer des corrections : elles attendent de même sous Modifications.
answers-lines = Autres réponses, une par ligne
answers-hint = village_said = village : ce que des scénarios gardent d’une personne corrige ce champ. Cold chain / fridges = fridges:value : un résultat d’un scénario est une valeur de la structure. Record check / village = person:village : un résultat est une valeur de la personne. Facility check / none : ce scénario ne dit rien des structures.
answers-save = Enregistrer
answers-saved = Enregistré. Cela vaut pour les réponses à venir.
wayback-answers-line = « { $line } » ne peut pas être lu. Écrivez CHAMP = CHAMP, SCÉNARIO / RÉSULTAT = CHAMP, ou SCÉNARIO / RÉSULTAT = person:CHAMP, avec des clés en minuscules, chiffres et tirets bas.
wayback-answers-field = Il n’y a pas de champ « { $field } » pour « { $line } ». Les champs des personnes sont dans les réglages et sur la page de chaque personne.
wayback-answers-many = C’est trop de lignes : { $max } au plus.
did-answers-taken-set = a dit quelles réponses de scénarios corrigent des fiches.
