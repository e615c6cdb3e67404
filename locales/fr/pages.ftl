### Autres mots des pages de la console : erreurs avec leur cause, réglages, journal en phrases.

error-impossible = Ceci n’a pas pu être fait
error-impossible-why = Rien n’a été envoyé ni modifié.
error-empty = Cette installation n’a pas encore de pays
error-empty-why = Rien n’a été envoyé. Lancez « mhero init » sur la machine, puis rouvrez cette page.
account = Votre compte

## Personnes et lieux
person-message-sent = Le message est en route.
person-stopped-all = tout
person-last-sent = Dernier message envoyé
sex-female = femme
sex-male = homme
sex-other = autre
answer-no-number = Cette personne n’a pas de numéro auquel écrire.
places-facilities = Structures ouvertes
places-no-cadre = Sans catégorie
talk-erased = (le texte a été effacé)

## Aujourd’hui
today-paused = Un envoi est en pause
today-undo = Un envoi part dans moins d’une minute
today-quiet-words = de { $from } à { $until }
today-quiet-now = Silence en ce moment, jusqu’à { $time }
today-import-words = { $n ->
    [one] { $n } fiche lue
   *[other] { $n } fiches lues
}
today-import-refused = { $n } refusées
settings-ready = Prêt
settings-incomplete = Réglages incomplets

## Échanges
exchange-ok = répondu
exchange-refused = refusé
exchange-failed = échoué
exchange-unknown = issue inconnue

## Journal, en phrases après un nom
audit-open = Ouvrir
audit-somebody = quelqu’un
audit-check = Vérifier que rien n’a été modifié
audit-whole = Le journal est entier : chaque ligne se lit comme elle a été écrite.
audit-broken = Le journal ne tient pas à la ligne { $n }. Prévenez votre administrateur.
actor-user = un ancien utilisateur
actor-token = un programme
actor-command-line = la ligne de commande
actor-system = mHero
actor-phone = un agent de santé
did-backup-taken = a fait une sauvegarde.
did-broadcast-sent = a fait un envoi.
did-broadcast-undone = a repris un envoi.
did-broadcast-released = a fait partir un envoi tout de suite.
did-broadcast-paused = a mis un envoi en pause.
did-broadcast-resumed = a fait reprendre un envoi.
did-broadcast-cancelled = a arrêté un envoi.
did-uncertain-decided = a décidé de messages à l’issue inconnue.
did-draft-discarded = a jeté un brouillon.
did-channel-added = a ajouté un canal.
did-channel-switched = a commuté un canal.
did-double-released = a libéré un doublon supposé.
did-exchange-opened = a ouvert le contenu d’un échange.
did-group-created = a enregistré un public.
did-group-renamed = a renommé un public.
did-group-query-changed = a changé la phrase d’un public.
did-group-archived = a supprimé un public.
did-group-member-removed = a retiré quelqu’un d’un public.
did-group-members-added = a ajouté des personnes à un public.
did-import-run = a importé des fiches.
did-source-added = a ajouté un registre.
did-installation-set = a changé les données de l’installation.
did-words-set = a changé les mots que les téléphones peuvent écrire.
did-number-shown = a vu un numéro en entier.
did-person-opened = a ouvert une fiche.
did-password-set = a défini le mot de passe de { $whom }.
did-programme-added = a ajouté un programme.
did-role-given = a donné un rôle à { $whom }.
did-role-taken = a retiré un rôle à { $whom }.
did-signed-in = s’est connecté.
did-sign-in-refused = a refusé une connexion.
did-signed-out-everywhere = a déconnecté { $whom } partout.
did-thread-answered = a répondu dans un fil.
did-thread-closed = a fermé un fil.
did-thread-owned = a pris ou rendu un fil.
did-token-created = a créé un jeton d’API.
did-token-revoked = a révoqué un jeton d’API.
did-user-added = a ajouté l’utilisateur { $whom }.
did-user-changed = a modifié l’utilisateur { $whom }.
did-user-let-in = a rouvert la porte à { $whom }.
did-user-shut-out = a fermé la porte à { $whom }.
audiences-not-found = Ceux-ci sont inconnus ici. Les autres ont été pris.

## Réglages
settings-channel-added = Le canal est là. Il envoie tout de suite.
settings-channel-paused = { $name } est en pause. Ce qui attend reste.
settings-channel-resumed = { $name } envoie de nouveau.
settings-channel-whole = Les réglages de { $name } sont complets. Rien n’a été envoyé.
settings-check = Vérifier
settings-check-one = Vérifier les réglages de { $name }
settings-registries = Registres
settings-registries-lead = D’où viennent les personnes. Le premier compte quand deux se contredisent.
settings-no-registry = Rien n’a encore été importé
import-read-head = Lues
import-created-head = Nouvelles
import-updated-head = Modifiées
import-unchanged-head = Comme avant
import-rejected-head = Refusées
settings-roles = Rôles
settings-give = Donner ce rôle
settings-take = Retirer
settings-take-one = Retirer : { $role }, { $place }
settings-set-password = Définir le mot de passe
settings-enable = Laisser entrer de nouveau
settings-enabled = { $name } peut de nouveau se connecter.
settings-role-given = { $name } a le rôle.
settings-role-taken = Le rôle de { $name } a été retiré.
settings-password-set = Le mot de passe de { $name } est défini. Toutes ses connexions sont fermées.
settings-role-unknown = Choisissez un rôle de la liste.
settings-place-unclear = « { $place } » ne désigne pas un seul lieu. Écrivez son nom entier tel qu’il figure sous Lieux.
settings-shut-out = ne peut pas se connecter
settings-languages = Langues des messages
settings-languages-hint = Deux lettres chacune, la plus courante d’abord, avec des virgules : en, fr
settings-language-unknown = « { $tag } » n’est pas une langue. Écrivez deux lettres, comme en ou fr.
settings-time-unreadable = « { $time } » n’est pas une heure. Écrivez heures et minutes, comme 20:00.
settings-phones = Ce que les téléphones peuvent écrire
settings-phones-hint = Avec des virgules. Majuscules, espaces et petites fautes sont pardonnés.
settings-save-phones = Enregistrer les mots
settings-word-stop = Pour partir
settings-word-start = Pour revenir
settings-word-help = Pour demander les mots
settings-word-keyword = { $keyword }, en { $language }
