### Fichiers de personnes dans la console : apportés, examinés, importés.

imports-head = Importer un fichier
imports-lead = Le fichier est d’abord examiné. Rien n’est écrit avant votre accord.
imports-file = Fichier
imports-file-hint = Un tableau (CSV, Excel), un export FHIR (JSON) ou un annuaire CSD (XML), { $max } Mo au plus.
imports-source = D’où il vient
imports-source-hint = Un fichier de la même source est comparé aux précédents : les lignes inchangées ne changent rien.
imports-new = Ou une nouvelle source
imports-new-hint = Un nom court, par exemple paie ou sages-femmes.
imports-look = L’examiner
imports-no-file = Choisissez un fichier.
imports-no-files = { $name } est un registre lu de lui-même. Choisissez une autre source pour le fichier, ou donnez un nouveau nom.
imports-not-kept = Le fichier ne peut pas être gardé sur ce serveur ({ $detail }). Libérez de la place sur son disque ou prévenez l’administrateur.
imports-not-written = Le tableau ne peut pas être écrit ({ $detail }).
imports-broke-off = Le travail s’est interrompu. Ce qui était venu est entré ; apportez de nouveau le fichier pour compléter. Le journal du serveur dit pourquoi.
imports-looking = Examen en cours. Rien n’est écrit.
imports-importing = Import en cours. Il continue si vous quittez cette page.
imports-far = { $n } enregistrements jusqu’ici
imports-far-of = { $n } enregistrements sur { $total }
imports-reload = Regarder de nouveau
imports-discarded = Le fichier est jeté. Rien n’a été importé.
imports-look-lead = De la source { $source }. Rien n’est encore écrit.
imports-done-lead = De la source { $source }.
imports-would = Ce qui se passerait
imports-done = Ce qui s’est passé
imports-counts = Les lignes selon ce qu’elles deviennent
imports-read = { $n } lignes lues
imports-confirm = { $n ->
    [one] Importer { $n } ligne
   *[other] Importer { $n } lignes
}
imports-nothing-new = Tout ce que contient ce fichier est déjà connu.
imports-discard = Jeter le fichier
imports-see-run = Voir le passage
imports-undo = Annuler l’import
imports-another = Importer un autre fichier
imports-mend = Les lignes refusées, chacune avec sa raison, à corriger puis à importer :
imports-mend-csv = fichier CSV
imports-mend-xlsx = fichier Excel
imports-columns = Ce que veulent dire les colonnes
imports-columns-why = D’après leurs noms. Corrigez ce qui est faux et examinez de nouveau ; après l’import, la source { $source } s’en souvient.
imports-column = Colonne
imports-sample = Premières cellules
imports-meaning = Sens
imports-look-again = Examiner de nouveau avec ces sens
imports-rows = Ligne par ligne
imports-rows-all = Toutes les lignes
imports-verdict = Ce qu’elle devient
imports-title-where = Où
imports-title-why = Pourquoi
imports-title-what = Enregistrement

## Ce que devient une ligne

verdict-new = Nouvelle
verdict-new-why = Personne n’était encore connu ainsi.
verdict-matched = Reconnue
verdict-matched-why = La personne est connue d’une autre source ; les deux enregistrements comptent.
verdict-changed = Modifiée
verdict-changed-why = Elle était déjà venue avec un autre contenu.
verdict-duplicate = En double
verdict-duplicate-why = Une autre ligne du fichier a le même identifiant ; la dernière compte.
verdict-rejected = Refusée
verdict-rejected-why = Elle ne peut pas entrer telle quelle.
verdict-warning = Avertissement
verdict-warning-why = La ligne entre sans cette partie.
verdict-unchanged = Comme avant
verdict-unchanged-why = Rien ne change.
verdict-removed = Retirée
verdict-by = par { $by }

## Ce que peut vouloir dire une colonne

column-field = Champ « { $field } »
column-number-of = Numéro de { $system }
column-id = Identifiant dans cette source
column-name = Nom complet
column-given = Prénom
column-middle = Deuxième prénom
column-family = Nom de famille
column-phone = Téléphone
column-cadre = Cadre
column-job = Fonction
column-facility = Établissement
column-facility-id = Identifiant de l’établissement
column-place = Lieu
column-county = Comté
column-region = Région
column-district = District
column-language = Langue
column-sex = Sexe
column-birth = Date de naissance
column-groups = Groupes
column-trainings = Formations
column-active = En service : oui ou non
column-start = Début du poste
column-end = Fin du poste
column-absence-reason = Motif du congé
column-absence-start = Premier jour du congé
column-absence-end = Dernier jour du congé
column-ignore = L’omettre
