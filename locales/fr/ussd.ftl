# Téléphones qui composent un code : ce qu’ils affichent, les réglages, ce que trouve mhero channel test.

ussd-more = { $key } Suite
ussd-late = Un instant. La réponse arrive par SMS.
ussd-thanks = Merci. C’est bien reçu.

settings-channel-ussd = Code à composer (USSD)
channel-why-ussd = L’opérateur ou Africa’s Talking vous a donné un code comme *384*55#. Qui le compose parcourt un scénario, écran par écran.
channel-ussd-word = Mot que vaut l’appel du code
channel-ussd-word-hint = Le mot d’un déclencheur : composer le code lance son scénario.
channel-ussd-style = Qui transmet les appels
channel-ussd-style-africastalking = Africa’s Talking, ou une passerelle qui parle comme lui
channel-ussd-style-http = Une autre passerelle, avec les noms ci-dessous
channel-ussd-sms = Canal pour ce qui ne trouve pas d’écran
channel-ussd-sms-hint = Le nom d’un canal SMS : les messages y passent quand le scénario n’est pas prêt à temps ou que le téléphone a raccroché. Sans lui, le canal habituel.
channel-ussd-answer-within = Secondes que le réseau attend
channel-ussd-answer-within-hint = Demandez à l’opérateur, et retirez une ou deux secondes.
channel-ussd-resume-minutes = Minutes pour reprendre
channel-ussd-resume-minutes-hint = Qui recompose le code dans ce délai revoit la question où il s’est arrêté. 0 : on recommence toujours.
channel-ussd-letters = Lettres d’un écran
channel-ussd-letters-hint = 160 convient partout ; beaucoup de réseaux en affichent 182.
channel-ussd-more = Touche pour la page suivante
channel-ussd-more-hint = Un nombre qu’aucun de vos menus n’utilise. Sans lui : 98.
channel-ussd-session-field = Champ de l’identifiant du dialogue
channel-ussd-phone-field = Champ du téléphone
channel-ussd-text-field = Champ de ce qui a été tapé
channel-ussd-typed = Ce champ contient
channel-ussd-typed-all = Toutes les réponses, séparées par *
channel-ussd-typed-last = La dernière réponse seule
channel-ussd-id-field = Champ de l’identifiant de l’appel
channel-ussd-id-field-hint = Grâce à lui, un appel qui arrive deux fois est reconnu à coup sûr.
channel-ussd-screen-type = Type de la réponse
channel-ussd-screen-goes-on = Réponse qui en attend une
channel-ussd-screen-goes-on-hint = {"{{"}text{"}}"} représente l’écran. En JSON, il apporte ses guillemets.
channel-ussd-screen-ends = Dernière réponse

ussd-style = { $key }=… ne va qu’avec style=http. Ajoutez style=http, ou retirez { $key }.
ussd-more-key = { $value } ne peut pas être la touche de la page suivante : au plus { $max } lettres ou chiffres, ou #.
ussd-screen = { $key }=… doit contenir {"{{"}text{"}}"} et aucune autre variable.
ussd-unread = La vérification a échoué : { $detail }
ussd-no-flow = Aucun scénario ne commence par le mot { $word }. Créez un déclencheur avec ce mot, ou mettez dans word=… un mot qui existe.
ussd-never-called = On ne peut pas interroger le réseau d’ici : composez le code une fois pour voir.
ussd-no-sms = Aucun canal SMS ne porte ce qui ne trouve pas d’écran : cela attendrait. Ajoutez-en un, ou corrigez sms=…
ussd-no-callback = Sans callback=…, les adresses à donner au réseau s’affichent sans leur début.
cli-reason-ussd-passed-by = non affiché : la réponse avait été composée avec le code
cli-reason-ussd-no-screen = le téléphone n’affiche pas d’écran
cli-reason-no-address = la personne n’a pas d’adresse que ce canal dessert
