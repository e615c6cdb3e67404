### Ce qui tient les registres en ordre, dans la console : où se trouvait une fiche, touches d’une lettre, qui accepte.

origin-row = { $file }, ligne { $n }
origin-page = { $kind }, page { $page }
origin-entry = { $kind }, page { $page }, entrée { $n }
record-kind-row = Ligne
record-kind-practitioner = Agent de santé
record-kind-practitionerrole = Poste
record-kind-location = Lieu
record-kind-organization = Organisation
record-kind-codesystem = Liste de codes
record-kind-basic = Fiche annexe
record-kind-provider = Agent de santé
record-kind-facility = Établissement
record-kind-service = Service
record-kind-organisationunit = Unité d’organisation
record-kind-user = Utilisateur
record-kind-contact = Contact
column-staff-number = Matricule
imports-changed = Ce fichier a été décidé entre-temps, dans une autre fenêtre ou par un autre serveur. Rouvrez la page.
imports-too-large = Le fichier dépasse { $max } Mo. Partagez-le, ou importez-le avec la commande mhero import.
today-asks-about = { $source } : { $why }

keys-head = Touches d’une lettre
keys-why = Dans les pages des doublons possibles, des modifications et de la réception, une seule lettre agit aussitôt (s, d, n, a, r, j, k, x). Qui dicte à l’ordinateur, ou effleure une touche, préfère s’en passer.
keys-on = Les touches d’une lettre sont actives.
keys-off = Les touches d’une lettre sont désactivées.
keys-switch-off = Les désactiver
keys-switch-on = Les activer
keys-now-on = Les touches d’une lettre sont actives dans ce navigateur.
keys-now-off = Les touches d’une lettre sont désactivées dans ce navigateur.

accept-head = Qui accepte les modifications
accept-why = Une modification proposée par un agent ou un responsable part vers le registre quand elle est acceptée.
accept-two = Deux personnes doivent accepter chaque modification
accept-two-hint = Le premier accord est noté ; la modification part quand quelqu’un d’autre l’accepte aussi.
accept-save = Enregistrer qui accepte
accept-saved-two = Désormais deux personnes acceptent chaque modification.
accept-saved-one = Désormais une personne accepte une modification.

setting-auth-basic = Nom d’utilisateur et mot de passe (basic)
setting-auth-bearer = Jeton (bearer)
setting-auth-apitoken = Jeton d’accès personnel de DHIS2 (apitoken)
setting-auth-token = Jeton de RapidPro (token)
setting-auth-ihris = Connexion propre à iHRIS (ihris)
setting-auth-oauth2 = OAuth2 avec client_id et client_secret (oauth2)
setting-auth-none = Sans rien (none)
setting-choice-unset = Selon le registre
setting-choice-auto = Comme le registre l’annonce (auto)
setting-choice-yes = Oui
setting-choice-no = Non
setting-write-put = La fiche entière (put)
setting-write-patch = Seulement ce qui change (patch)
setting-mode-updates = Ce qui a changé (updates, ITI-74)
setting-mode-search = Page par page (search, ITI-73)
setting-mode-document = Le document entier à chaque fois (document)
setting-groups-all = Tous les groupes
setting-groups-none = Aucun groupe
