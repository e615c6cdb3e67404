# RapidPro comme source de personnes, et comme lieu où elles sont écrites.

rapidpro-found = L’espace de travail « { $name } » répond.
rapidpro-holds = Il a { $fields } champs et { $groups } groupes.
rapidpro-has-globalid = Il contient des identifiants de registres (globalid) : ses contacts rejoignent les personnes de ces fiches.
rapidpro-no-contacts = Il n’a pas encore de contacts.
rapidpro-anonymous = Cet espace de travail cache les adresses de ses contacts : on ne peut écrire à personne d’ici.

rapidpro-address-hidden = L’espace de travail cache cette adresse.
rapidpro-address-unreadable = « { $text } » n’est pas une adresse.

rapidpro-token = { $host } n’accepte pas le jeton : { $detail } Prenez-en un dans les réglages de l’espace de travail, de quelqu’un qui peut voir les contacts.
rapidpro-not-here = { $host } répond par une page pour des personnes. Vérifiez l’adresse : c’est celle de la page d’accueil.
rapidpro-refuses = { $host } refuse : { $detail }
rapidpro-no-list = { $host } répond autre chose que RapidPro. Vérifiez l’adresse, et ce qui se trouve entre mHero et le serveur.
rapidpro-paging-loop = Les pages de { $path } tournent en rond : la page { $page } n’apporte rien de nouveau. Rien de plus n’a été lu.
rapidpro-filter-ignored = Le serveur ne tient pas compte de la date des changements demandés : { $count } contacts sont plus anciens. Tout a été lu.

rapidpro-writes-contacts-only = Seuls les contacts sont écrits dans RapidPro, et ceci est { $kind }.
rapidpro-contact-gone = Le contact n’y est plus.
rapidpro-too-long = La valeur de { $field } est plus longue que RapidPro ne l’accepte.
rapidpro-key-differs = { $host } a donné au nouveau champ une autre clé que prévu. Renommez-y le champ, ou choisissez une autre clé ici.
rapidpro-out-taken = Là-bas, un contact d’une autre personne a ce numéro ou cette fiche. Réunissez les deux ici, ou corrigez le numéro.
