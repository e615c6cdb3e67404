### Une personne à partir de plusieurs fiches : ce qui est dit à qui réunit des personnes ou les sépare.

linking-thresholds = Le seuil inférieur ({ $low }) ne doit pas dépasser le seuil supérieur ({ $high }), et les deux se situent entre 0 et 1.
linking-refused = Les personnes n’ont pas pu être comparées : { $error }. Merci de le signaler.
linking-pair-changed = Les deux fiches ont changé depuis que vous les avez vues. Regardez-les de nouveau.
linking-decided-same = Quelqu’un a été plus rapide et a dit qu’il s’agit d’une seule personne.
linking-decided-different = Quelqu’un a été plus rapide et a dit qu’il s’agit de deux personnes.
linking-one-already = Il s’agit déjà d’une seule personne.
linking-strangers = Aucune des deux n’est un agent de santé d’un registre. Réunissez un inconnu à un agent de santé.
linking-no-source = Il n’y a pas encore de registre. Importez d’abord des personnes.
linking-undone = Cette réunion a déjà été annulée.
linking-under-way = Les personnes sont en train d’être comparées. Réessayez dans une minute.
linking-shares = { $m } et { $u } doivent être des proportions : plus de 0, et au plus 1.
linking-no-level = Il n’y a pas de poids pour ce niveau de { $comparison }. Pour voir la liste : mhero people weights
linking-weight-unreadable = « { $text } » ne peut pas être lu comme un poids. Écrivez CHAMP.NIVEAU=UNE/DEUX, par exemple birth.exact=0.9/0.0001.

## Ligne de commande
linking-cli-joined = { $name } est désormais une seule personne issue de { $n } fiches. Pour annuler : mhero people unlink { $link }
linking-cli-parted = Annulé. Ce sont deux personnes, et la question ne sera plus posée.
linking-cli-different = Ce sont deux personnes. La question ne sera plus posée.
linking-cli-pairs = { $n ->
    [0] Aucune paire n’attend d’être examinée.
    [one] { $n } paire attend d’être examinée. Pour décider : mhero people link GAUCHE DROITE, ou mhero people link --different GAUCHE DROITE
   *[other] { $n } paires attendent d’être examinées. Pour décider : mhero people link GAUCHE DROITE, ou mhero people link --different GAUCHE DROITE
}
linking-cli-left = Gauche
linking-cli-right = Droite
linking-cli-likely = Probabilité
linking-cli-why = Pourquoi
linking-cli-learned = Appris de nouveau à partir de { $n ->
    [one] { $n } personne
   *[other] { $n } personnes
}. Toutes ont été comparées avec ces poids.
linking-cli-too-few = Trop peu de personnes figurent dans deux registres sans être déjà réunies : il n’y a rien à en apprendre. Les poids restent tels quels.
linking-cli-field = Champ
linking-cli-level = Niveau
linking-cli-one = Une personne
linking-cli-two = Deux personnes
linking-cli-bits = Bits
linking-cli-weights-set = Quelqu’un a fixé des poids : ils ne sont appris de nouveau qu’avec --learn.
linking-cli-weights-learned = Appris à partir de { $n ->
    [one] { $n } personne
   *[other] { $n } personnes
}. Ils sont appris de nouveau dès qu’il y en a moitié plus, ou un autre registre.
linking-cli-weights-usual = Les poids habituels : rien n’a encore été appris.
