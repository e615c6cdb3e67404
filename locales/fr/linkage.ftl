### Une personne à partir de plusieurs fiches : pourquoi deux fiches sont réunies, montrées ou laissées séparées.

## Ce qui est comparé
linkage-field-name-given = prénom
linkage-field-name-family = nom de famille
linkage-field-sex = sexe
linkage-field-birth = date de naissance
linkage-field-phone = téléphone
linkage-field-id = identifiant
linkage-field-place = lieu
linkage-field-cadre = cadre

## La ressemblance de deux valeurs
linkage-level-missing = l’une des deux fiches ne le dit pas
linkage-level-exact = identique : { $left }
linkage-level-variant = deux formes d’un même nom : { $left } et { $right }
linkage-level-near = presque identique : { $left } et { $right }
linkage-level-loose = ressemblant, ou de même sonorité : { $left } et { $right }
linkage-level-initial = l’un est une partie ou l’initiale de l’autre : { $left } et { $right }
linkage-level-crossed = prénom et nom de famille inversés : { $left } et { $right }
linkage-level-crossed-near = ressemblant, avec prénom et nom de famille inversés : { $left } et { $right }
linkage-level-day-month = jour et mois inversés : { $left } et { $right }
linkage-level-digit = un chiffre diffère : { $left } et { $right }
linkage-level-year = la même année : { $left } et { $right }
linkage-level-year-near = années proches, ou même jour d’une autre année : { $left } et { $right }
linkage-level-parent = deux lieux d’une même zone : { $left } et { $right }
linkage-level-ancestor = la même région : { $left } et { $right }
linkage-level-far = différent : { $left } et { $right }

## La force de l’indice
linkage-strength-strongly-for = indique fortement une seule personne
linkage-strength-for = indique une seule personne
linkage-strength-little = dit peu de chose
linkage-strength-against = indique deux personnes
linkage-strength-strongly-against = indique fortement deux personnes

## Ce qui a été décidé
linkage-because-told-link = Quelqu’un a confirmé qu’il s’agit d’une seule personne.
linkage-because-told-apart = Quelqu’un a indiqué qu’il s’agit de deux personnes.
linkage-because-identifier = Réunies d’office : les deux fiches portent le même identifiant de confiance.
linkage-because-score-link = Réunies : une seule personne à { $percent } %.
linkage-because-score-review = À décider : une seule personne à { $percent } %.
linkage-because-score-apart = Laissées séparées : une seule personne à { $percent } % seulement.
linkage-veto-same-source = Laissées séparées : les deux figurent dans un même registre, où personne ne figure deux fois.
linkage-veto-other-birth-and-sex = Laissées séparées : la date de naissance et le sexe diffèrent, et aucun nom n’est le même.
linkage-veto-shared-id-only = À décider : l’identifiant est le même, mais le nom et la date de naissance ou le sexe diffèrent. L’un des deux identifiants est peut-être mal saisi.
linkage-veto-two-ids = À examiner : chaque fiche porte un identifiant différent d’un système qui n’en donne qu’un par personne.
linkage-veto-phone-only = Laissées séparées : seul le téléphone est le même. Des collègues partagent un téléphone.

## Un rapprochement retenu
linkage-guard-same-source = Non réunies : cette personne figurerait deux fois dans un même registre.
linkage-guard-unlike = Non réunies : d’autres fiches des deux personnes ne vont pas ensemble.
linkage-guard-too-many = Non réunies : plus de fiches qu’une personne n’en a.
