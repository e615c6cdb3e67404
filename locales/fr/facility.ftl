# Ce que le personnel d'une structure répond à son sujet : les deux réponses gardées, un troisième collègue interrogé, un responsable décide.
wayback-place-asked = Deux collègues ne répondent pas la même chose. Un troisième de cette structure a été interrogé.
wayback-place-nobody = Les collègues ne sont pas d’accord, et personne d’autre de cette structure ne peut être interrogé. À vous de décider.
wayback-place-most-say = Les collègues ne sont pas d’accord. La plupart le disent.
wayback-place-most-confirm = Les collègues ne sont pas d’accord. La plupart disent ce que la fiche contient.
wayback-place-all-differ = Trois personnes ou plus ont répondu, et aucune réponse ne l’emporte. À vous de décider.
wayback-place-alone = Cette personne est la seule à travailler ici : personne d’autre n’a été interrogé.
wayback-place-one-answer = Une seule personne a répondu en deux semaines.
wayback-choose-answer = Les collègues ne sont pas d’accord : choisissez une de leurs réponses, ou gardez la fiche.
wayback-nobody-said = Personne de cette structure n’a répondu « { $value } ». Réponses reçues : { $known }.
changes-differ = Les collègues ne sont pas d’accord : toutes les réponses sont gardées, et la fiche ne change pas avant votre décision.
changes-answers = Les réponses du personnel
changes-colleague = Un collègue
changes-take-answer = Prendre : { $value }
changes-keep-record = Garder la fiche
changes-field-open = Ouverture
changes-field-power = Électricité
changes-field-water = Eau propre
changes-field-staff_on_duty = Agents présents
changes-place-fully = Ouvert
changes-place-partly = En partie
changes-place-closed = Fermé
changes-place-grid = Réseau
changes-place-solar = Solaire
changes-place-none = Aucune
changes-place-generator = Groupe électrogène
changes-place-yes = Oui
changes-place-no = Non
places-verified = vérifié le { $day }
places-waiting = { $n ->
    [one] 1 réponse du personnel attend une décision
   *[other] { $n } réponses du personnel attendent une décision
}
