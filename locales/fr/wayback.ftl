# Le chemin du retour: corrections aux registres, personnes qui s’inscrivent.
wayback-sms-changed = MS: votre fiche a changé. { $field }: { $new }. Si ce n'est pas exact, répondez CONTESTER dans les 7 jours.
wayback-sms-taken-away = MS: votre fiche a changé. { $field }: retiré. Si ce n'est pas exact, répondez CONTESTER dans les 7 jours.
wayback-sms-objected = Merci. Le changement est revu et une personne vous répondra.
wayback-sms-approve = INSCRIPTION: { $name }, { $number }, { $job }, { $place }. Vous connaissez cet agent? VALIDER { $code }, sinon REFUSER { $code }
wayback-sms-approved = Merci. L'inscription de { $name } est confirmée.
wayback-sms-refused = Merci. { $name } n'est pas mis sur la liste.
wayback-sms-no-code = Personne n'attend sous { $code }. Vérifiez le numéro.
wayback-sms-joined = Bienvenue. Vous voilà sur la liste: vous recevrez les messages du ministère de la santé.
wayback-field-name = Nom
wayback-field-phone = Téléphone
wayback-field-language = Langue
wayback-field-facility = Structure
wayback-field-job = Métier
wayback-field-other = Fiche
wayback-unknown-field = « { $field } » ne peut pas être corrigé. On peut corriger : { $known }, et les champs de cette installation.
wayback-value-length = Donnez une valeur de 1 à { $max } caractères.
wayback-facility-unclear = « { $text } » ne désigne aucune structure, ou plusieurs. Donnez son code.
wayback-no-number = « { $text } » n’est pas un numéro de téléphone de ce pays.
wayback-value-odd = « { $text } » ne convient pas pour { $field }. Donnez par exemple : { $known }.
wayback-same-value = Le registre a déjà cette valeur, ou la même correction attend une décision.
wayback-too-many = Décidez de { $max } corrections au plus à la fois.
wayback-too-late = Cela a été décidé ou écrit entre-temps. Regardez à nouveau.
wayback-not-there = Cette correction n’existe pas.
wayback-place-unclear = On ne sait pas quelle structure est visée. Saisissez la bonne pour cette personne.
wayback-second-person = Vous avez déjà accepté. Une deuxième personne doit accepter aussi.
wayback-no-registry = Aucun registre n’a de fiche où écrire cette correction.
wayback-place-unknown-there = { $source } ne connaît pas cette structure. Ajoutez-la là-bas, puis réessayez.
wayback-field-not-written = { $source } ne nous laisse pas changer { $field }.
wayback-not-a-file = { $source } est mis à jour directement et n’a pas besoin de fichier de corrections.
wayback-nobody-creates = Aucun registre ne prend de nouvelles personnes d’ici. Dites dans les réglages lequel tient ce type d’agent.
wayback-create-conflict = Le registre dit que quelqu’un d’autre a été plus rapide.
wayback-state-open = À décider
wayback-state-seconded = Accepté par une personne sur deux
wayback-state-accepted = Accepté
wayback-state-rejected = Rejeté
wayback-state-writing = En cours d’écriture
wayback-state-written = Écrit
wayback-state-conflict = Conflit
wayback-state-failed = Échec
wayback-state-withdrawn = Retiré
cli-changes-none = Aucune correction ici.
cli-changes-person = Personne
cli-changes-field = Champ
cli-changes-old = Avant
cli-changes-new = Après
cli-changes-sure = Sûr à
cli-changes-state = État
cli-changes-decided = { $n ->
    [one] Une correction décidée.
   *[other] { $n } corrections décidées.
}
cli-changes-seconded = { $n ->
    [one] Une correction attend une deuxième personne.
   *[other] { $n } corrections attendent une deuxième personne.
}
cli-changes-meanwhile = { $n ->
    [one] Une correction a été décidée entre-temps par quelqu’un d’autre.
   *[other] { $n } corrections ont été décidées entre-temps par quelqu’un d’autre.
}
cli-changes-id = « { $id } » n’est pas l’identifiant d’une correction. mhero changes list les affiche.
cli-changes-shelf = « { $word } » n’est pas une partie de la file. Les parties sont : { $known }.
