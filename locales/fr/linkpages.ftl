# Pages des paires qui sont peut-être une seule personne.
nav-links = Doublons possibles
links-lead = { $n ->
    [0] Aucune paire n’attend.
    [one] Une paire est peut-être une seule personne. Comparez, puis décidez.
   *[other] { $n } paires sont peut-être chacune une seule personne. Comparez, puis décidez.
}
links-open = À décider
links-decided = Décidées
links-field = Quoi
links-agreement = Ressemblance
links-likely = { $percent } de chances d’être une seule personne
links-same = Même personne
links-different = Deux personnes
links-next = Paire suivante
links-key-same = même
links-key-different = deux personnes
links-key-next = suivante
links-what-same = Elles deviennent une seule fiche : un seul message, un seul historique, chaque source est gardée. On peut l’annuler.
links-empty = Aucune paire à comparer
links-empty-why = Les paires sont trouvées à la lecture des registres et des fichiers. Ce qui est clair est réuni tout seul.
links-again = Reprendre au début
links-said-same = Désormais une seule personne.
links-said-different = Deux personnes. Cette paire ne sera plus demandée.
links-changed = Cette paire a changé depuis que vous l’avez vue. Rien n’a été décidé ; voici la suivante.
links-undone = Annulé. Ce sont de nouveau deux personnes, chacune avec sa fiche.
links-not-undone = C’est déjà annulé, ou impossible.
links-person = Personne
links-other = Autre fiche
links-decision = Décision
links-by = Par
links-by-rule = Règle
links-undo = Annuler
links-undo-of = Annuler la réunion de { $name }
links-none-decided = Rien n’a encore été décidé
links-joined = Fiches réunies
links-joined-at = Réunies le { $day }, par { $who }.
links-records-of = Fiches de { $names }
links-compare = { $left } à côté de { $right }
links-after-all = Finalement une seule personne
