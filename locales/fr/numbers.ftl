# État des numéros.
nav-numbers = État des numéros
numbers-lead = Ce qui est arrivé, ce qui a échoué et ce que disent les gens décide, non ce que prétend une fiche.
numbers-all = Tous
numbers-wrong = Pas la bonne personne
numbers-invalid = Pas un numéro
numbers-failing = En échec
numbers-verified = Confirmé
numbers-works = Fonctionne
numbers-tried = Sans nouvelles
numbers-never = Jamais essayé
numbers-without = { $n ->
    [one] Un agent de santé n’a aucun numéro dans le registre.
   *[other] { $n } agents de santé n’ont aucun numéro dans le registre.
}
numbers-ask-why = { $n ->
    [one] Un numéro est affiché. Écrivez à son titulaire pour qu’il le confirme : une réponse suffit.
   *[other] { $n } numéros sont affichés. Écrivez à leurs titulaires pour qu’ils les confirment : une réponse suffit.
}
numbers-ask = Leur demander
numbers-empty = Aucun numéro ici
numbers-empty-why = Les numéros viennent avec les personnes des registres et des fichiers.
numbers-person = Personne
numbers-number = Numéro
numbers-state = État
numbers-evidence = Preuve
numbers-people = Personnes
numbers-more = Afficher la suite
numbers-why-failing = { $n ->
    [one] Un échec, { $day }.
   *[other] { $n } échecs depuis le dernier succès, le dernier { $day }.
}
numbers-why-error = Le réseau dit : { $error }.
numbers-why-verified = Confirmé par la personne, { $day }.
numbers-why-works = Fonctionnait { $day }.
numbers-why-tried = Dernier essai { $day }; le réseau n’a pas dit l’issue.
numbers-why-wrong = Quelqu’un qui a ce téléphone a dit ne pas être cette personne. Plus rien n’y est envoyé.
numbers-why-invalid = Ce qui figure dans la fiche ne peut être un numéro de ce pays. Corrigez-le à la source.
numbers-why-never = Rien n’y a encore été envoyé.
numbers-give-back = C’est bien le sien
numbers-given-back = Le numéro est de nouveau le sien.
numbers-shared = Numéros de plusieurs personnes
numbers-shared-lead = Chaque message à l’une d’elles arrive au même téléphone. Les textes disent alors à qui ils s’adressent.
numbers-shared-none = Aucun numéro n’appartient à plusieurs agents en activité
numbers-reach = Portée
numbers-reach-lead = Combien de messages ont atteint les téléphones, par lieu de travail et par opérateur. Ceux dont nul ne connaît l’issue sont laissés de côté.
numbers-reach-none = Rien n’a été envoyé ces jours-là.
numbers-days = { $n } jours
numbers-by-place = Par lieu
numbers-by-operator = Par opérateur
numbers-by-day = Jour par jour
numbers-place = Lieu
numbers-operator = Opérateur
numbers-day = Jour
numbers-tried-head = Envoyés
numbers-delivered-head = Arrivés
numbers-no-place = Sans lieu
numbers-no-operator = Opérateur inconnu
operators-too-many = Il peut y avoir { $max } opérateurs au plus.
operator-name = Donnez à chaque opérateur un nom de { $max } caractères au plus.
operator-without-prefix = { $name } a besoin d’au moins un préfixe, par exemple +23177.
operator-prefix = « { $prefix } » de { $name } n’est pas un préfixe. Écrivez le signe plus, l’indicatif du pays et les premiers chiffres, par exemple +23177.
cli-operators-none = Aucun opérateur n’est connu. Nommez-les : mhero channel operators NOM=PRÉFIXE,PRÉFIXE
