### Les résultats d’un scénario.

results-of = Résultats de { $name }
results-lead-all = Toutes les conversations, quelle qu’en soit l’origine. Version { $revision } à présent.
results-lead-start = Lancement { $n }, { $time }, version { $revision }.
results-said-none = Personne n’a encore été interrogé.
results-said = { $n ->
    [one] { $n } personne sur { $m } a répondu, { $share }. Conversations complètes : { $complete }.
   *[other] { $n } personnes sur { $m } ont répondu, { $share }. Conversations complètes : { $complete }.
}
results-choose = Autres lancements
results-all = Toutes les conversations
results-start = Lancement { $n }, { $time }
results-csv = Télécharger en CSV pour programmes
results-xlsx = Télécharger pour Excel
results-too-many = Rien n’a été téléchargé : un classeur prend { $max } lignes au plus. Téléchargez plutôt le CSV, qui n’a pas de limite.
results-workbook = Rien n’a été téléchargé : le classeur n’a pas pu être composé ({ $detail }). Téléchargez plutôt le CSV.

## Le chemin des agents
results-way = De la question à la fin
results-targeted = Interrogés
results-valid = Numéro valable
results-sent = Envoyé
results-delivered = Remis
results-replied = Première réponse
results-complete = Complet
results-lost-number = { $n } sans numéro utilisable
results-lost-sent = { $n ->
    [one] { $n } non envoyé
   *[other] { $n } non envoyés
}
results-lost-delivered = { $n ->
    [one] { $n } non confirmé
   *[other] { $n } non confirmés
}
results-lost-silent = { $n } sans réponse
results-lost-way = { $n ->
    [one] { $n } non terminé
   *[other] { $n } non terminés
}

## Réponses
results-answers = Réponses
results-answer = Réponse
results-n-answers = { $n ->
    [one] { $n } réponse
   *[other] { $n } réponses
}
results-words = Lire les mots
results-texts-lead = Ce que les agents ont écrit, le plus récent d’abord.
results-rows = Une ligne par personne
results-rows-link = Une ligne par personne
results-rows-lead = Chaque conversation avec toutes ses réponses, la plus récente d’abord.
results-no-questions = Ce scénario ne garde pas de réponses
results-no-questions-why = Donnez un nom de résultat à ses questions, et les réponses apparaîtront ici.
results-nobody = Personne pour l’instant.
results-statuses = Conversations
results-count = Nombre
run-active = En cours
run-waiting = Attend une réponse
run-completed = Complète
run-expired = Sans réponse à temps
run-failed = Échouée
run-interrupted = Interrompue

## Rappels et remerciements
results-follow = Rappeler et remercier
results-silent-head = { $n ->
    [one] { $n } personne n’a pas répondu
   *[other] { $n } personnes n’ont pas répondu
}
results-replied-head = { $n ->
    [one] { $n } personne a répondu
   *[other] { $n } personnes ont répondu
}
results-silent-write = { $n ->
    [one] Écrire un rappel à cette personne
   *[other] Écrire un rappel à ces { $n }
}
results-replied-write = { $n ->
    [one] Remercier cette personne
   *[other] Remercier ces { $n }
}
results-silent-name = Rappel : { $name }
results-replied-name = Merci : { $name }
results-later-hours = Rappeler dans tant d’heures
results-later-hint = Seulement ceux qui n’auront pas répondu d’ici là.
results-later = Prévoir un rappel
results-flow-label = Ou lancer un scénario
results-flow-start = { $n ->
    [one] Lancer pour { $n } personne
   *[other] Lancer pour { $n } personnes
}
results-write-done = Rien n’a été envoyé. Écrivez le texte, vérifiez le nombre, puis envoyez.
results-later-done = Rien n’a été envoyé. Écrivez le texte et appuyez sur Envoyer ; il part à cette heure, à ceux qui n’auront pas répondu d’ici là.
results-flow-done = Le scénario est en cours de lancement.
results-wait = { $value } heures, ce n’est pas possible. Utilisez 1 à { $max }.

## Le tableau
results-col-person = Personne
results-col-name = Nom
results-col-start = Lancement
results-col-status = État
results-col-began = Début
results-col-replied = Première réponse
results-col-ended = Fin
results-col-category = Catégorie
results-col-written = tel qu’écrit
