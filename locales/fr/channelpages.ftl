# Les pages des canaux, et les noms de leurs réglages. Un réglage est `channel-GENRE-CLÉ`, ou `channel-any-CLÉ` là où il veut dire la
# même chose pour tous ; `-hint` est dessous, `-MOT` est un choix.

channels-lead = Les voies vers les gens. Le premier canal en marche qui atteint les téléphones porte tout ce qui n’en nomme pas d’autre.
channels-trouble = Ne marche pas
channels-sent = Dernier envoi
channels-heard = Dernière réception
channels-not-lately = pas récemment
channels-rate = Débit
channels-a-second = { $rate } SMS par seconde
channels-no-limit = sans limite
channels-sender = Expéditeur
channels-now = En ce moment
channels-is-default = Il porte tout ce qui ne nomme pas d’autre canal.
channels-waiting = { $count ->
    [0] Rien n’attend.
    [one] { $count } message attend.
   *[other] { $count } messages attendent.
}
channels-waiting-since = Le premier depuis { $since }.
channels-add-lead = Par quoi faut-il joindre les téléphones ?
channels-name-hint = Pour vous et vos collègues : l’opérateur, par exemple. Les téléphones ne le voient jamais.
channels-may = (facultatif)
channels-default = Sinon : { $value }.
channels-save = Enregistrer les réglages
channels-saved = Les réglages sont enregistrés. Ce qui attend part avec eux.
channels-to-setting = Aller au réglage
channels-test = Vérifier
channels-test-fine = Cela marche. Rien n’a été envoyé.
channels-test-failed = Rien n’a été envoyé : cela ne marche pas encore.
channels-test-slow = Pas de réponse en 20 secondes. Rien n’a été envoyé. Vérifiez l’adresse, et si un pare-feu se trouve entre les deux.
channels-addresses = Ce que l’autre côté doit appeler
channels-addresses-why = Copiez chacune dans les réglages de la passerelle ou du portail de l’opérateur. Elles contiennent un secret : qui les possède peut vous écrire au nom de n’importe qui.
channels-addresses-show = Montrer les adresses

## Le téléphone d’un canal Android

channels-phone = Le téléphone
channels-phone-install = Installez l’application Android de relais SMS sur un téléphone avec une carte SIM, un chargeur et des données.
channels-phone-server = Dans les réglages de l’application, donnez comme serveur l’adresse de ce serveur, telle que les téléphones l’atteignent. L’application montre alors un code de neuf lettres.
channels-phone-type = Tapez le code ici dans la journée.
channels-phone-code = Code affiché par le téléphone
channels-phone-claim = Prendre ce téléphone
channels-phone-claimed = Ce téléphone porte désormais le canal.
channels-phone-release = Laisser partir ce téléphone
channels-phone-release-why = Un téléphone perdu ou remplacé : il ne reçoit plus rien, et montre un nouveau code à sa prochaine demande. Ce qui attend reste jusqu’à ce qu’un autre téléphone soit pris.
channels-phone-release-sure = Oui, le laisser partir
channels-phone-release-sure-first = Rien n’a été changé. Cochez d’abord la case si c’est bien ce que vous voulez.
channels-phone-released = Le téléphone est parti. Les messages en attendent un autre.

## Genres

settings-channel-smpp = Centre SMS de l’opérateur (SMPP)
settings-channel-android = Téléphone Android
settings-channel-telegram = Telegram
channel-why-smpp = L’opérateur vous a donné un compte sur son centre SMS : machine, port, nom et mot de passe.
channel-why-kannel = Un Kannel à vous tourne entre mHero et l’opérateur.
channel-why-africastalking = Vous avez un compte chez Africa’s Talking, qui joint la plupart des opérateurs du continent.
channel-why-twilio = Vous avez un compte chez Twilio, ou chez un service qui parle comme lui.
channel-why-external = Toute autre passerelle appelée par HTTP, ou qui appelle mHero.
channel-why-android = Un téléphone avec une carte SIM et l’application de relais envoie et reçoit. Assez pour un district, ou jusqu’à la signature du contrat de l’opérateur.
channel-why-telegram = Les agents de santé qui ont Telegram sur leur téléphone y écrivent à votre bot.
channel-why-simulator = Pour essayer : des téléphones sur une page de mHero. Aucun vrai téléphone ne sonne.

## Réglages de tous les genres

channel-any-sender = Expéditeur
channel-any-sender-hint = Ce que montrent les téléphones, si l’opérateur le permet : 11 lettres au plus, ou le numéro court.
channel-any-rate = SMS par seconde
channel-any-rate-hint = Ce que permet le contrat. 0 : sans limite.
channel-any-url = Adresse
channel-any-host = Machine
channel-any-port = Port
channel-any-username = Nom d’utilisateur
channel-any-password = Mot de passe
channel-any-token = Jeton
channel-any-api-key = Clé d’API
channel-any-from = Numéro court ou expéditeur du compte
channel-any-callback = Adresse de mHero, telle que l’autre côté l’atteint
channel-any-callback-hint = Par exemple https://mhero.moh.example. Sans elle, pas d’accusés de réception.
channel-any-secret = Secret dans les adresses appelées
channel-any-secret-hint = mHero en crée un si vous n’en donnez pas.
channel-any-allow = Adresses qui peuvent appeler sans le secret
channel-any-allow-hint = Une ou plusieurs, ou des réseaux comme 10.0.0.0/8, séparés par des virgules.
channel-any-connections = Demandes à la fois
channel-any-timeout = Temps laissé pour répondre, en secondes
channel-any-validity = Combien de temps l’opérateur réessaie, en heures
channel-any-use-national = Numéros
channel-any-use-national-false = Avec l’indicatif du pays
channel-any-use-national-true = Sans l’indicatif du pays
channel-any-base-url = Adresse du service

## Kannel

channel-kannel-url = Adresse de sendsms
channel-kannel-url-hint = Par exemple http://127.0.0.1:13013
channel-kannel-username-hint = Comme dans le groupe sendsms-user de kannel.conf
channel-kannel-from = Numéro court
channel-kannel-smsc = Centre SMS
channel-kannel-smsc-hint = Son smsc-id, si Kannel en a plusieurs.
channel-kannel-parts = Textes longs
channel-kannel-parts-whole = Kannel les coupe
channel-kannel-parts-split = mHero les coupe
channel-kannel-validity = Combien de temps l’opérateur réessaie, en minutes
channel-kannel-dlr-mask = Accusés de réception demandés
channel-kannel-dlr-mask-hint = La somme de : remis 1, échoué 2, pris par le centre SMS 8, refusé par lui 16.
channel-kannel-admin = Adresse de la page d’état
channel-kannel-admin-hint = Avec elle, la vérification dit si un opérateur est connecté : http://127.0.0.1:13000
channel-kannel-admin-password = Mot de passe de la page d’état

## SMPP

channel-smpp-host-hint = Telle que l’opérateur l’a donnée, par exemple smsc.example.org
channel-smpp-system-id = Nom du compte (system_id)
channel-smpp-window = Messages en route à la fois
channel-smpp-window-hint = La fenêtre du contrat. Plus, c’est plus rapide, et refusé si l’opérateur en permet moins.
channel-smpp-bind = Connexions
channel-smpp-bind-transceiver = Une seule, qui envoie et reçoit
channel-smpp-bind-separate = Une pour envoyer, une pour recevoir
channel-smpp-tls = Chiffrement
channel-smpp-tls-no = Aucun : le VPN de l’opérateur protège la ligne
channel-smpp-tls-yes = TLS
channel-smpp-ca = L’autorité de certification propre à l’opérateur (PEM)
channel-smpp-system-type = Type de système
channel-smpp-address-range = Plage d’adresses
channel-smpp-binds = Nombre de connexions
channel-smpp-enquire = Demander si la ligne est là, en secondes
channel-smpp-alphabet = Lettres simples
channel-smpp-alphabet-gsm7 = Alphabet GSM
channel-smpp-alphabet-latin1 = Latin-1, annoncé
channel-smpp-alphabet-latin1-default = Latin-1 comme alphabet propre du centre SMS
channel-smpp-long = Textes longs
channel-smpp-long-udh = En parties avec un en-tête, que chaque téléphone réunit
channel-smpp-long-sar = En parties numérotées ; le centre SMS fait les en-têtes
channel-smpp-long-payload = Entiers ; le centre SMS coupe
channel-smpp-receipts = Accusés de réception
channel-smpp-receipts-yes = Les demander
channel-smpp-receipts-no = Aucun
channel-smpp-receipts-unmarked = Les demander ; ce centre SMS ne les marque pas
channel-smpp-id-form = Identifiants dans les accusés de réception
channel-smpp-id-form-auto = Peut-être écrits autrement que dans la réponse
channel-smpp-id-form-same = Comme dans la réponse
channel-smpp-numbers = Numéros
channel-smpp-numbers-plain = Sans le plus
channel-smpp-numbers-plus = Avec le plus
channel-smpp-service-type = Type de service
channel-smpp-source-ton = Type du numéro de l’expéditeur
channel-smpp-source-npi = Plan de numérotation de l’expéditeur
channel-smpp-dest-ton = Type du numéro du destinataire
channel-smpp-dest-npi = Plan de numérotation du destinataire

## Simulateur

channel-simulator-behaviour = Ce que font les téléphones
channel-simulator-behaviour-hint = none : ils reçoivent seulement. answer : ils répondent comme des agents de santé.
channel-simulator-pace = Rythme
channel-simulator-pace-hint = demo, field, ou un nombre : 1 comme sur le terrain, 0.1 dix fois plus vite.
channel-simulator-seed = Graine
channel-simulator-delay-ms = Accusé de réception après, en millisecondes

## Dans le journal

did-channel-changed = a changé les réglages d’un canal.
did-relayer-claimed = a donné un téléphone à un canal.
did-relayer-released = a laissé partir le téléphone d’un canal.
did-chat-linked = a relié un compte de messagerie à l’agent de santé qui a montré son numéro.

## Sur la ligne de commande

cli-channel-set = Les réglages du canal { $name } sont changés.
cli-channel-claimed = Ce téléphone porte désormais le canal { $name }.
