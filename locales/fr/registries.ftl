# Registres : comment on en atteint un, et ce qui ne va pas quand il ne répond pas comme il devrait.

source-is-read-only = Ce registre n’accepte pas de corrections. Enregistrez-les dans un fichier pour ceux qui le tiennent.

## Réglages

registry-url-missing = L’adresse (url) du registre manque. Écrivez-la comme dans { $example }
registry-url = L’adresse (url) { $value } n’est pas celle d’un registre. Écrivez-la comme dans { $example }, sans utilisateur, mot de passe ni point d’interrogation.
registry-value = La valeur de { $key } est trop longue ou contient un saut de ligne.
registry-timeout = La patience (timeout) ne peut pas être { $value } : indiquez un nombre entier de secondes de { $min } à { $max }.
registry-auth-unknown = La façon d’entrer (auth) ne peut pas être { $value } : utilisez l’une de { $known }.
registry-auth-missing = Pour entrer par { $auth }, la source a besoin du réglage { $key } : remplissez-le.
registry-token-url = L’adresse de la connexion (token_url) { $value } n’en est pas une. Écrivez-la comme dans https://login.example.org/token
registry-ca = L’autorité de certification (ca) { $value } ne contient aucun certificat. Donnez le fichier de l’autorité au format PEM : il commence par -----BEGIN CERTIFICATE-----
registry-ca-unreadable = Le fichier { $value } de l’autorité de certification (ca) ne peut pas être lu ({ $detail }). Corrigez le chemin, ou donnez le droit de lecture à l’utilisateur qui exécute mHero.
registry-no-client = Aucune connexion chiffrée n’est possible ici : les certificats du système ne peuvent pas être lus. Installez le paquet ca-certificates.

## Pourquoi personne ne répond

registry-name-unknown = Personne ne connaît le nom { $host }. Corrigez l’adresse (url) de la source, ou demandez à ceux qui gèrent votre réseau si ce serveur peut le chercher.
registry-refused = { $host } refuse les connexions : rien n’y écoute. Démarrez le registre, ou corrigez le port dans l’adresse (url) de la source.
registry-no-connection = Aucune connexion avec { $host } ne s’établit. Vérifiez le réseau entre ce serveur et le registre, et le pare-feu.
registry-connect-slow = Aucune connexion avec { $host } ne s’est établie à temps. Souvent un pare-feu l’avale : faites ouvrir { $host } pour ce serveur.
registry-slow = { $host } accepte la connexion mais ne répond pas à temps. Il est peut-être surchargé ; sinon, donnez plus de secondes à la patience (timeout) de la source.
registry-cut = { $host } a coupé la connexion au milieu de sa réponse. Réessayer plus tard suffit souvent ; si cela continue, regardez le journal du registre.
registry-tls = Aucune connexion chiffrée avec { $host } ne s’établit. Vérifiez si l’adresse (url) de la source devrait commencer par http://, et le certificat du registre.
registry-tls-issuer = Le certificat de { $host } a été délivré par une autorité que ce serveur ne connaît pas. Si c’est celle de votre ministère, donnez le fichier de son certificat dans l’autorité de certification (ca) de la source.
registry-tls-expired = Le certificat de { $host } a expiré, ou n’est pas encore valable. Renouvelez-le là-bas, et vérifiez l’heure de ce serveur.
registry-tls-name = Le certificat de { $host } vaut pour un autre nom. Écrivez dans l’adresse (url) de la source le nom qui figure dans le certificat.

## Ce qu’il répond

registry-401 = { $host } ne nous connaît pas : le nom d’utilisateur, le mot de passe ou le jeton est faux, ou il faut entrer autrement (auth). Corrigez-les dans les réglages de la source.
registry-403 = { $host } nous connaît mais ne nous laisse pas lire { $path }. Donnez ce droit au compte.
registry-404 = { $host } n’a rien à l’adresse { $path }. Corrigez le chemin dans l’adresse (url) de la source.
registry-busy = { $host } nous demande de revenir plus tard : trop de requêtes. La prochaine exécution réessaie.
registry-fault = { $host } est en panne (état { $status } : { $detail }). Regardez le journal du registre.
registry-status = { $host } refuse la requête (état { $status }) : { $detail }
registry-html = { $host } répond à l’adresse { $path } par une page web destinée aux humains au lieu de données : l’adresse (url) de la source mène à ses pages, ou à une page de connexion qui le précède. Corrigez-la.
registry-not-json = { $host } répond à l’adresse { $path } par quelque chose qui n’est pas du JSON. Corrigez le chemin dans l’adresse (url) de la source.
registry-too-large = Une réponse de { $host } dépasse { $limit } Mo et n’est pas acceptée.
registry-redirects = { $host } nous renvoie d’adresse en adresse. Corrigez l’adresse (url) de la source : écrivez l’endroit où il se trouve vraiment.
registry-redirect-strange = { $host } nous renvoie à une adresse qui n’en est pas une.
registry-redirect-open = { $host } nous renvoie d’une connexion chiffrée à une connexion ouverte ({ $to }), ce qui n’est pas suivi.
registry-moved = { $host } veut la modification à une autre adresse : { $to }. Corrigez l’adresse (url) de la source.
registry-login-refused = { $host } refuse la connexion : corrigez le nom d’utilisateur et le mot de passe (ou client_id et client_secret).
registry-login-missing = { $host } n’a pas de page de connexion à l’adresse { $path }. Corrigez l’adresse de la connexion (token_url).
registry-login-odd = { $host } répond à la connexion sans donner de jeton. Corrigez l’adresse de la connexion (token_url).

## Fiches

import-leave-without-person = Le congé ne désigne personne.
import-leave-without-days = Le congé n’indique aucun jour.

## Réglages (FHIR et iHRIS)

registry-choice = Le réglage { $key } ne peut pas être { $value } : utilisez { $known }.
registry-number = Le réglage { $key } ne peut pas être { $value } : indiquez un nombre entier de { $min } à { $max }.

## Ce que trouve l’essai d’un serveur FHIR

registry-fhir-server = { $software } répond (FHIR { $version }). On peut lui demander : { $kinds }.
registry-fhir-version = { $host } parle FHIR { $version } ; mHero lit R4 (4.0). Demandez l’adresse de son interface R4.
registry-fhir-no-metadata = { $host } ne dit pas ce qu’il sait faire (rien à /metadata). Il est lu comme s’il savait tout faire ; l’autre possibilité est un chemin faux dans l’adresse (url) de la source.
registry-fhir-people = Agents de santé qui peuvent être lus : { $count }.
registry-fhir-nobody = { $host } ne nous montre aucun agent de santé. Vérifiez que le compte a le droit de lire Practitioner.
registry-fhir-count-unknown = { $host } répond, mais ne dit pas combien d’agents de santé il contient.
registry-fhir-without = On ne peut pas lui demander : { $kinds }. Sans cela, personne ne sait qui travaille où.
registry-fhir-no-history = Il ne tient pas d’historique consultable : les suppressions ne se voient que lorsque tout est relu.
registry-fhir-no-writes = Il n’accepte pas de corrections : elles peuvent être enregistrées dans un fichier.
registry-ihris-current = Les fiches suivent les profils actuels d’iHRIS 5.
registry-ihris-older = Les fiches suivent les anciens profils d’iHRIS 5, qui sont lus aussi.
registry-ihris-both = Les fiches suivent les profils actuels et anciens d’iHRIS 5 ; les deux sont lus.
registry-ihris-people-only = Les agents de santé suivent les profils d’iHRIS 5 ; les lieux n’en nomment aucun.
registry-ihris-none = Aucune fiche ne suit un profil d’iHRIS. S’il s’agit d’un autre serveur FHIR, ajoutez-le avec le type fhir.

## Ce que rencontre la lecture d’un serveur FHIR

registry-fhir-ignores = { $host } ne tient pas compte de { $parameter } et répond tout : tout est lu à chaque fois.
registry-fhir-anew = Les réglages de la source ont changé : tout est relu.
registry-fhir-endless = Les pages de { $kind } tournent en rond ou ne finissent jamais (après { $pages } pages). Ce qui a été lu reste ; rien n’est considéré comme supprimé.
registry-fhir-outcome = Le serveur dit à propos de { $kind } qu’il n’a pas fait ce qui était demandé : { $detail }
registry-fhir-remark = Le serveur remarque à propos de { $kind } : { $detail }
registry-fhir-no-bundle = Interrogé sur { $kind }, le serveur ne répond pas par une liste ({ $detail }). Corrigez le chemin dans l’adresse (url) de la source.
registry-fhir-fewer = Le serveur annonce { $total } { $kind } et en a donné { $found }. Rien n’est considéré comme supprimé.
registry-fhir-entry-broken = Cette fiche ne peut pas être lue : ce n’est pas du JSON, ou elle est trop grande. Les autres sont entrées.
registry-fhir-page-lost = Le serveur ne connaît plus la page { $pages } de { $kind } : il ne garde une recherche que quelques minutes. Ce qui a été lu reste, et la prochaine exécution recommence ; davantage de fiches par page (page) va plus vite.
registry-fhir-page-broken = Cette page s’est interrompue. Ce qui précédait est entré ; la prochaine lecture réessaie.

## Pourquoi une correction n’a pas été écrite

registry-fhir-gone = { $host } ne contient plus { $what }.
registry-fhir-not-writable = { $field } ne peut pas être écrit dans { $kind }.
registry-fhir-create-lacks = Un nouvel agent de santé ne peut pas y être créé sans : { $fields }.
registry-fhir-create-odd = { $host } a pris le nouveau { $kind } sans dire quel identifiant il a.
