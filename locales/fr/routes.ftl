# Quel canal joint quel opérateur.

routes-title = Itinéraires
routes-lead = Par quel canal les numéros de chaque opérateur sont joints, et lequel prend la relève quand il est longtemps absent. Un message ne part que par un seul.
routes-no-operators = Aucun opérateur n’est encore connu. Nommez-les avec : mhero channel operators NOM=PRÉFIXE,PRÉFIXE
routes-others = Tous les autres
routes-channel = Canal
routes-default = le premier en service
routes-cheapest = le moins cher d’après les prix
routes-cheapest-now = le moins cher d’après les prix (en ce moment { $channel })
routes-next = S’il est absent
routes-waits = ce qui attend continue d’attendre
routes-minutes = Après combien de minutes
routes-moved = { $count ->
    [one] { $count } message a été confié au canal suivant.
   *[other] { $count } messages ont été confiés au canal suivant.
}
routes-saved = Les itinéraires sont enregistrés. Ils valent pour les messages écrits à partir de maintenant.
routes-link = Itinéraires par opérateur

route-twice = { $name } a deux itinéraires. Gardez-en un.
route-operator = Il n’y a pas d’opérateur { $name }. Nommez-le d’abord : mhero channel operators NOM=PRÉFIXE,PRÉFIXE
route-prefix-twice = Les numéros qui commencent par { $prefix } appartiennent à deux opérateurs. Corrigez d’abord les opérateurs.
route-itself = { $name } ne peut pas prendre sa propre relève. Choisissez un autre canal, ou laissez attendre ce qui attend.
route-minutes = L’attente doit être de { $min } à { $max } minutes ; { $value } ne convient pas.

did-routes-set = a fixé les itinéraires.
did-route-moved = a confié au canal suivant ce qui attendait un canal absent.
route-no-price = Aucun canal en service n’a de prix pour { $name }. Saisissez d’abord les prix sous Coûts, ou choisissez un canal.
route-no-price-others = Aucun canal en service n’a de prix pour tous les autres. Saisissez d’abord les prix sous Coûts, ou choisissez un canal.
