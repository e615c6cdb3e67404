### Les expressions dans les textes : ce qui ne va pas, pour la personne qui écrit.

expr-unfinished = { $expression } n’est pas terminée : il manque une valeur ou une parenthèse fermante.
expr-syntax = { $expression } n’est pas lisible à partir de « { $at } ».
expr-unknown-name = { $expression } utilise « { $name } », qui n’est ni un nom connu ni une fonction.
expr-unknown-function = { $expression } utilise une fonction « { $name } » qui n’existe pas.
expr-too-complex = { $expression } est trop complexe. Découpez-la en parties plus simples.
expr-number-range = { $expression } : le nombre { $number } a trop de chiffres pour être calculé.
expr-failed = { $expression } ne donne aucune valeur : { $why }
expr-too-long = Le texte compte { $length } caractères ; le maximum est de { $most }.
