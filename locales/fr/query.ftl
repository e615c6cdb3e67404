### Requêtes de public : ce qui peut y être faux, et les mots de la phrase.

## Le texte s’arrête ou dévie

query-error-empty = La requête est vide. Écrivez une condition comme cadre = midwife, ou * pour tout le monde.
query-error-ends-early = La requête s’arrête trop tôt : il manque une condition à la fin.
query-error-condition-missing = Une condition devrait se trouver là où il y a « { $found } ».
query-error-no-property = « { $found } » n’est pas un nom de propriété : lettres, chiffres et soulignés seulement.
query-error-value-missing = Il manque une valeur après le signe. Écrivez "" pour demander s’il y en a une.
query-error-parenthesis-missing = Une parenthèse est ouverte et n’est pas fermée.
query-error-quote-missing = Un guillemet est ouvert et n’est pas fermé : « { $found } ».
query-error-sign = Le signe « { $found } » ne peut se trouver ici. Mettez entre guillemets les valeurs qui ont de tels signes.
query-error-quotes-missing = « { $value } » n’est pas connu. Un nom de plusieurs mots demande des guillemets : { $quoted }

## Trop grande

query-error-too-long = La requête dépasse { $max } caractères. Enregistrez-en une partie comme groupe.
query-error-too-deep = Les parenthèses sont imbriquées plus de { $max } fois. Retirez-en.
query-error-too-many-conditions = Il y a plus de { $max } conditions. Enregistrez-en une partie comme groupe.

## Propriétés

query-error-unknown-prefix = « { $prefix } » ne peut précéder un point. Écrivez fields., training. ou urns.
query-error-unknown-property = Rien ne s’appelle « { $value } » ici. Demandez name, phone, language, group, cadre, job, facility, place, training, ou l’un de vos champs.
query-error-unknown-property-near = Rien ne s’appelle « { $value } » ici. Vouliez-vous dire { $near } ?
query-error-no-contains = ~ ne vaut que pour name et phone, pas pour { $property }. Utilisez =.
query-error-no-comparison = { $operator } ne vaut que pour les dates et les nombres, pas pour { $property }. Utilisez = ou !=.
query-error-always-set = Tout le monde a { $property } ; on ne peut demander s’il y en a.
query-error-numbers-hidden = Les numéros vous sont cachés. Vous pouvez seulement demander phone = "" et phone != "".
query-error-contacts-only = Les personnes du registre n’ont pas de { $property } comme les contacts des scénarios. Demandez uuid, name ou phone.

## Valeurs

query-error-partial-name = Après ~ il faut un mot d’au moins { $min } lettres.
query-error-partial-number = Après ~ il faut au moins { $min } chiffres.
query-error-number = « { $value } » n’est pas un nombre. Écrivez des chiffres, avec un point avant les décimales : 18 ou 2.5.
query-error-date = « { $value } » n’est pas une date. Écrivez 2026-05-01, today (aujourd’hui), ou -30d pour il y a 30 jours (w semaines, m mois, y ans).
query-error-language = « { $value } » n’est pas une langue. Écrivez ses trois lettres, comme eng ou fra.
query-error-phone = « { $value } » n’est pas un numéro de téléphone. Écrivez ses chiffres, ou une partie après ~.
query-error-sex = « { $value } » n’est pas connu. Écrivez female (femme), male (homme), other (autre) ou unknown (inconnu).
query-error-status = « { $value } » n’est pas un état de contact.
query-error-status-unused = Personne n’est « { $value } » au registre : qui est parti n’est dans aucun public. Demandez active ou stopped.
query-error-yes-or-no = « { $value } » n’est ni oui ni non. Écrivez oui ou non.
query-error-number-health = « { $value } » ne dit rien d’un numéro. Demandez wrong, invalid, failing, never, tried, works ou verified.
query-error-uuid = « { $value } » n’est pas l’identifiant d’une personne. Copiez-le de la page de la personne.

## Noms inconnus

query-error-unknown-place = Aucun lieu ne s’appelle « { $value } ». Cherchez-le sous Lieux, ou écrivez son identifiant.
query-error-unknown-place-near = Aucun lieu ne s’appelle « { $value } ». Vouliez-vous dire { $near } ?
query-error-unknown-facility = Aucun établissement ne s’appelle « { $value } ». Cherchez-le sous Lieux, ou écrivez son identifiant.
query-error-unknown-facility-near = Aucun établissement ne s’appelle « { $value } ». Vouliez-vous dire { $near } ?
query-error-unknown-cadre = Aucun cadre ne s’appelle « { $value } ». Écrivez son nom dans une langue quelconque, ou son code.
query-error-unknown-cadre-near = Aucun cadre ne s’appelle « { $value } ». Vouliez-vous dire { $near } ?
query-error-unknown-job = Aucun poste ne s’appelle « { $value } ». Écrivez-le comme le registre, ou son code.
query-error-unknown-job-near = Aucun poste ne s’appelle « { $value } ». Vouliez-vous dire { $near } ?
query-error-unknown-group = Aucun groupe ne s’appelle « { $value } ». Voyez les groupes sous Publics.
query-error-unknown-group-near = Aucun groupe ne s’appelle « { $value } ». Vouliez-vous dire { $near } ?
query-error-unknown-training = Aucune formation ne s’appelle « { $value } ». Écrivez son nom comme le registre, ou son code.
query-error-unknown-training-near = Aucune formation ne s’appelle « { $value } ». Vouliez-vous dire { $near } ?
query-error-unknown-broadcast = Aucun envoi ne s’appelle « { $value } ». Voyez les noms sous Envois.
query-error-unknown-broadcast-near = Aucun envoi ne s’appelle « { $value } ». Vouliez-vous dire { $near } ?
query-error-unknown-source = Aucune source ne s’appelle « { $value } ». Voyez les noms sous Réglages, Registres.
query-error-unknown-source-near = Aucune source ne s’appelle « { $value } ». Vouliez-vous dire { $near } ?
query-error-unknown-flow = Aucun scénario ne s’appelle « { $value } ». Voyez les noms sous Scénarios.
query-error-unknown-flow-near = Aucun scénario ne s’appelle « { $value } ». Vouliez-vous dire { $near } ?

## Noms que plusieurs portent

query-error-ambiguous-place = { $count } lieux s’appellent « { $value } ». Écrivez l’identifiant qui suit le bon : { $candidates }
query-error-ambiguous-facility = { $count } établissements s’appellent « { $value } ». Écrivez l’identifiant qui suit le bon : { $candidates }
query-error-ambiguous-group = { $count } groupes s’appellent « { $value } ». Écrivez l’identifiant qui suit le bon : { $candidates }
query-error-ambiguous-source = { $count } sources s’appellent « { $value } ». Écrivez l’identifiant qui suit le bon : { $candidates }
query-error-ambiguous-flow = { $count } scénarios s’appellent « { $value } ». Écrivez l’identifiant qui suit le bon : { $candidates }

## De quoi parle une partie de la phrase

query-kind-person = Personne
query-kind-name = Nom
query-kind-language = Langue
query-kind-phone = Téléphone
query-kind-group = Groupe
query-kind-cadre = Cadre
query-kind-job = Poste
query-kind-facility = Établissement
query-kind-place = Lieu et tout ce qui en dépend
query-kind-training = Formation
query-kind-sex = Sexe
query-kind-source = Source
query-kind-created-on = Au registre depuis
query-kind-last-sent = Dernier message de nous
query-kind-last-heard = Dernier message reçu
query-kind-broadcast = Envoi
query-kind-field = Champ
query-kind-urn = Adresse
query-kind-status = Arrêt de tous les messages
query-kind-on-leave = En congé
query-kind-number-health = État des numéros
query-kind-flow = Scénario
query-kind-tickets = Tickets ouverts
query-kind-several = Plusieurs conditions
