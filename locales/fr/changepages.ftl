# Modifications : ce que les agents nous ont dit, en route vers le registre qui en est responsable ; et ceux qui demandent à entrer.
nav-changes = Modifications
changes-lead = { $n ->
    [0] Aucune modification n’attend. Ce que les agents corrigent par SMS arrive ici.
    [one] Une modification attend. Une fois acceptée, elle va au registre responsable du champ.
   *[other] { $n } modifications attendent. Une fois acceptées, elles vont au registre responsable du champ.
}
changes-all = Toutes
changes-sure = Sûres
changes-eye = À regarder
changes-conflict = Conflit
changes-way = En route
changes-done = Terminées
changes-list = Modifications
changes-choose = Choisir la modification de { $name }
changes-from = de
changes-to = à
changes-nothing = rien
changes-certain = sûr à { $n } %
changes-by-sms = selon son SMS
changes-by-source = selon { $source }
changes-registry-changed = Le registre a changé entre-temps
changes-goes-to = Va à { $source }.
changes-no-owner = Aucun registre n’est responsable de ce champ. La valeur reste ici.
changes-said-console = Saisi dans la console.
changes-said-import = Vient d’un fichier importé.
changes-erased = Le texte a été effacé à son terme.
changes-seconded = Une personne l’a acceptée. Il en faut une deuxième.
changes-seconded-you = Vous l’avez acceptée. Une autre personne doit aussi l’accepter.
changes-accept = Accepter
changes-reject = Refuser
changes-take-theirs = Prendre son SMS
changes-keep-registry = Garder le registre
changes-accept-chosen = Accepter les choisies
changes-reject-chosen = Refuser les choisies
changes-preselected = { $n ->
    [0] Choisissez pour décider ensemble
    [one] 1 sûre est choisie
   *[other] { $n } sûres sont choisies
}
changes-key-move = se déplacer
changes-key-choose = choisir
changes-key-accept = accepter
changes-key-reject = refuser
changes-empty = Rien ici
changes-empty-why = Les corrections viennent de scénarios comme la vérification des agents, de cette console et de fichiers.
changes-more = Afficher la suite
changes-none-chosen = Choisissez au moins une modification. Rien n’a été décidé.
changes-you-accepted = { $n ->
    [one] Vous avez accepté une modification.
   *[other] Vous avez accepté { $n } modifications.
}
changes-you-rejected = { $n ->
    [one] Vous avez refusé une modification.
   *[other] Vous avez refusé { $n } modifications.
}
changes-you-missed = { $n ->
    [one] Une a été décidée ou changée entre-temps par quelqu’un d’autre.
   *[other] { $n } ont été décidées ou changées entre-temps par quelqu’un d’autre.
}
changes-now = { $written } confirmées par le registre, { $way } en route, { $second } en attente d’une deuxième personne.
changes-undo = Annuler
changes-undone = Annulé. Les modifications attendent de nouveau.
changes-not-undone = Ce n’est plus possible : le registre l’a reçue, ou quelqu’un a décidé depuis.
changes-file = { $n ->
    [one] Une modification acceptée appartient à { $source }, qui est un fichier. Reportez-la dedans.
   *[other] { $n } modifications acceptées appartiennent à { $source }, qui est un fichier. Reportez-les dedans.
}
changes-file-get = Télécharger les corrections
changes-state-open = Attend
changes-state-seconded = Attend une deuxième personne
changes-state-accepted = Acceptée
changes-state-rejected = Refusée
changes-state-writing = En route
changes-state-written = Dans le registre
changes-state-conflict = Conflit
changes-state-failed = Échec
changes-state-withdrawn = L’agent s’y est opposé
changes-objection = La personne peut s’y opposer jusqu’au { $day }.
changes-field-name = Nom
changes-field-given = Prénom
changes-field-family = Nom de famille
changes-field-phone = Téléphone
changes-field-facility = Centre
changes-field-place = Lieu
changes-field-job = Poste
changes-field-cadre = Cadre
changes-field-language = Langue
changes-field-sex = Sexe
changes-field-birth = Date de naissance
changes-field-email = Courriel
changes-field-active = En activité
changes-field-status = Statut
changes-field-departed = Ne travaille plus ici
changes-joins = Personnes qui demandent à entrer
changes-joins-lead = Elles ont écrit JOIN et ne figurent dans aucun registre. Comparez, puis approuvez : elles sont créées dans le registre responsable de leur catégorie.
changes-joins-none = Personne ne demande à entrer
changes-joins-none-why = Qui envoie JOIN répond à trois questions, puis attend ici ou chez son superviseur.
changes-join-person = Personne
changes-join-work = Travail
changes-join-state = État
changes-join-code = Son superviseur peut confirmer par SMS avec le numéro { $code }.
changes-join-is = Peut-être { $name }
changes-join-why-phone = Le même téléphone.
changes-join-why-name-and-place = Le même nom au même lieu.
changes-join-approve = Approuver
changes-join-refuse = Refuser
changes-join-approved = Approuvé. Le registre sera informé.
changes-join-refused = Refusé. Personne n’a été créé.
changes-join-state-gathering = Répond encore
changes-join-state-waiting = Attend
changes-join-state-approved = Approuvé
changes-join-state-creating = En route
changes-join-state-created = Créé
changes-join-state-matched = Déjà connu
changes-join-state-refused = Refusé
changes-join-state-failed = Échec
changes-join-state-conflict = Conflit
changes-correct = Corriger la fiche
changes-correct-field = Quoi
changes-correct-value = Ce que ce devrait être
changes-correct-why = Elle rejoint la file des modifications. Une fois acceptée, elle va au registre responsable du champ.
changes-correct-button = La proposer
changes-correct-said = Proposée. Elle attend parmi les modifications.
