# DHIS2 comme source de lieux et de personnes.

registry-setting = Le réglage { $key } ne peut pas être « { $value } ». Utilisez : { $right }.

dhis2-found = { $name } répond : DHIS2 { $version }.
dhis2-version = Ce serveur dit être DHIS2 { $version }. mHero a été essayé avec { $oldest } à { $newest } ; vérifiez ce qui arrive.
dhis2-facility-level = Les unités à partir du niveau { $level } ({ $name }) comptent comme formations sanitaires. Réglez facility_level si c’est faux.
dhis2-level-unknown = Le serveur n’a pas de niveau « { $value } ». Il a : { $known }. Réglez facility_level sur l’un d’eux.
dhis2-units-found = { $count } unités d’organisation peuvent être lues.
dhis2-no-units = Aucune unité d’organisation ne peut être lue. Donnez au compte les unités du pays, pour la recherche et pour la sortie des données.
dhis2-users-found = { $count } utilisateurs peuvent être lus.
dhis2-users-left-out = Les utilisateurs sont laissés de côté ; les lieux arrivent quand même. Pour les lire, donnez au compte le droit de les voir ; pour les laisser de côté toujours, mettez « Prendre les utilisateurs comme personnes » (users) sur non.
dhis2-units-too-many = Cet utilisateur appartient à { $count } unités ; seules les { $limit } premières deviennent des postes.

dhis2-not-dhis2 = { $address } répond, mais pas comme un DHIS2. Vérifiez l’adresse : c’est celle de la page d’accueil, avec le chemin derrière l’hôte s’il y en a un.
dhis2-not-here = Aucun DHIS2 ne répond à { $address }. Il se trouve peut-être à un chemin à lui : regardez l’adresse de sa page d’accueil et prenez tout ce qui précède /dhis-web.
dhis2-login-page = { $host } montre sa page de connexion : personne n’a été admis. Vérifiez le jeton, ou le nom d’utilisateur et le mot de passe ; un compte à double authentification demande un jeton.
dhis2-401 = { $host } ne nous admet pas. Vérifiez le jeton (il a peut-être expiré, ou vaut pour d’autres adresses), ou le nom d’utilisateur et le mot de passe.
dhis2-403 = { $host } ne permet pas à ce compte de lire { $path } : { $detail }
dhis2-refuses = { $host } refuse { $path } : { $detail }
dhis2-no-list = { $host } répond autre chose qu’une liste. Vérifiez l’adresse, et ce qui se trouve entre mHero et le serveur.
dhis2-paging-loop = Les pages de { $path } tournent en rond : la page { $page } n’apporte rien de nouveau. Rien de plus n’a été lu.
dhis2-filter-ignored = Le serveur ne tient pas compte de la date des changements demandés : { $count } de { $path } sont plus anciens. Tout a été lu.
dhis2-count-differs = Le serveur dit qu’il y a { $total } { $path }, et { $came } sont arrivés. Ce qui manque est gardé ; on redemandera.

dhis2-writes-users-only = Seuls les utilisateurs sont corrigés dans DHIS2, et ceci est { $kind }.
dhis2-no-attribute = Ce DHIS2 n’a pas d’attribut { $attribute }. Ajoutez-le aux unités d’organisation, ou changez le réglage place_attributes.
dhis2-unit-field-not-written = Le réglage place_attributes de cette source nomme ces valeurs de lieux : { $fields }. Les autres ne sont pas écrites.
dhis2-field-not-written = Seuls ces champs sont corrigés dans DHIS2 : { $fields }.
dhis2-no-json-patch = Ce serveur ne peut pas être corrigé : il est plus ancien que { $oldest }.
dhis2-not-kept = Le serveur a dit avoir pris la correction, et ne la contient pas.
