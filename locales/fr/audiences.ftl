### Audiences, groupes, personnes et lieux : ce qui ne peut pas se faire et pourquoi.

## Audiences

audiences-too-many-tests = Groupes compris, cette audience pose plus de { $max } questions sur chaque personne. Utilisez moins de groupes à la fois.
audiences-group-circle = Le groupe « { $group } » revient à lui-même, ou des groupes s’emboîtent sur plus de cinq niveaux. Modifiez sa requête.

## Groups

groups-name-empty = Donnez un nom au groupe.
groups-name-long = Le nom dépasse { $max } caractères. Raccourcissez-le.
groups-name-taken = Un groupe s’appelle déjà « { $name } ». Choisissez un autre nom, ou modifiez ce groupe.
groups-query-not-allowed = Un groupe ne peut pas être tenu par une requête sur des groupes ou sur une seule personne. Interrogez le cadre, le lieu, la formation ou une autre propriété.
groups-kept-by-query = Une requête tient ce groupe : on ne peut pas y mettre ni en retirer des personnes une à une. Modifiez sa requête.
groups-kept-by-hand = Ce groupe est tenu à la main et n’a pas de requête. Ajoutez-y des personnes ou retirez-en.

## People

people-several = { $count } personnes répondent à « { $text } ». Désignez-en une par son identifiant : { $list }
