# Canaux par HTTP : ce qui ne va pas dans leurs réglages, ce que trouve mhero channel test, pourquoi un texte n’est pas parti ou arrivé.

settings-channel-external = Passerelle HTTP
settings-channel-africastalking = Africa’s Talking
settings-channel-twilio = Twilio

## Réglages

channel-address = { $key }={ $value } n’est pas une adresse du web. Écrivez par exemple { $key }=https://sms.example.org, sans utilisateur ni mot de passe.
channel-secret = Le secret doit avoir au moins { $min } lettres ou chiffres, sans espace. Ne le donnez pas et mHero en crée un.
channel-allow = { $value } dans { $key }=… n’est pas une adresse. Écrivez des adresses ou des réseaux séparés par des virgules : { $key }=10.0.0.5,192.168.1.0/24
channel-header = L’en-tête { $value } dans { $key }=… ne peut pas être envoyé. Écrivez-en un par ligne, comme X-Key: valeur, sans saut de ligne dans la valeur.
channel-no-client = Aucune connexion chiffrée n’est possible ici : les certificats du système sont illisibles. Installez le paquet ca-certificates.
external-variable = Il n’y a pas de { $name } à mettre dans { $key }. Sont connus : { $known }.
external-body-json = Le corps n’est pas du JSON une fois ses valeurs en place : { $detail }. Les valeurs apportent leurs guillemets : {"{"}"text": {"{{"}text{"}}"}{"}"}

## Ce que trouve mhero channel test

http-unreachable = Personne ne répond à { $host }. Corrigez l’adresse, ou vérifiez que cette machine l’atteint ({ $provider }).
http-silent = { $host } accepte la connexion mais ne répond pas à temps. Demandez à { $provider } si son service est perturbé.
http-password = { $provider }, à { $host }, nous refuse. Comparez avec votre compte : { $settings }.
http-sender = { $provider }, à { $host }, refuse l’expéditeur. Donnez dans sender=… un nom ou un numéro de ce compte.
http-path = { $host } répond, mais rien n’y prend de textes à cette adresse. Comparez avec le manuel de { $provider } : { $settings }.
http-busy = { $provider } ne prend rien en ce moment : trop de textes à la fois, ou sa file est pleine. Les messages attendent et partiront quand il en reprendra. Un rate=… au-dessous de sa limite l’évite.
http-money = Il n’y a plus d’argent sur le compte chez { $provider }. Les messages attendent qu’il soit rechargé.
http-fault = Ce qui répond à { $host } est en panne. Demandez à { $provider } si son service est perturbé.
http-stranger = Ce qui répond à { $host } n’est pas { $provider }, ou dit ce que personne ne comprend. Corrigez l’adresse.
http-balance = Le solde chez { $provider } est de { $balance }.
http-no-callback = Sans callback=…, l’adresse où { $provider } atteint mHero, il n’y a ni accusés de réception ni textes des téléphones.
external-reached-only = Quelqu’un y répond. Le premier texte montrera s’il en prend : on ne peut interroger une telle passerelle sans envoyer.

## Qui nous y a arrêtés

did-stopped-by-carrier = a arrêté tout message à un numéro, comme sa ou son propriétaire l’avait dit à l’opérateur ou à la passerelle.

## Pourquoi un texte n’est pas parti ou arrivé

cli-reason-http-no-phone = ce canal ne porte qu’à des numéros de téléphone
cli-reason-http-no-address = l’adresse de la passerelle ne peut pas être formée avec ce numéro
cli-reason-http-unreached = la passerelle n’a pas pu être jointe
cli-reason-http-unanswered = la passerelle n’a pas répondu à temps
cli-reason-http-cut = la connexion à la passerelle s’est coupée avant sa réponse
cli-reason-http-unsent = la passerelle n’a rien pris de ce canal : voir mhero channel test
cli-reason-http-not-now = la passerelle ne prenait rien à ce moment
cli-reason-http-odd-answer = la réponse de la passerelle n’a pas pu être comprise
cli-reason-http-refused = refusé par la passerelle
cli-reason-http-rejected = rejeté par l’opérateur
cli-reason-http-undelivered = non remis, dit l’opérateur
cli-reason-http-number = la passerelle dit que ce n’est pas un numéro de téléphone
cli-reason-http-number-kind = ce genre de numéro ne reçoit pas de SMS
cli-reason-http-number-gone = le numéro n’est plus en service, dit l’opérateur
cli-reason-http-number-suspended = le numéro est bloqué par son opérateur
cli-reason-http-not-routable = la passerelle n’a pas d’opérateur pour ce numéro
cli-reason-http-no-airtime = le téléphone n’avait pas de crédit pour ce genre de SMS
cli-reason-http-absent = le téléphone était éteint ou hors de portée
cli-reason-http-expired = non remis à temps
cli-reason-http-stopped = sa ou son propriétaire l’a dit à l’opérateur ou à la passerelle : plus rien de nous
cli-reason-external-not-confirmed = la passerelle n’a pas dit qu’elle l’a pris
cli-reason-at-risk-hold = retenu par la passerelle, qui soupçonne un abus
cli-reason-at-hours = l’opérateur ne porte pas de tels textes à cette heure
cli-reason-http-trial = le compte est à l’essai et n’écrit qu’aux numéros de sa liste
cli-reason-twilio-no-sender = le canal n’a pas d’expéditeur : donnez sender=… ou messaging_service_sid=…
cli-reason-twilio-region = le compte ne peut pas écrire dans ce pays
cli-reason-whatsapp-window = la personne n’a pas écrit depuis 24 heures, et le texte n’est pas un modèle approuvé

## Un agrégateur décrit dans un fichier

settings-channel-template = Passerelle HTTP décrite dans un fichier
channel-why-template = Personne n’a écrit de pilote pour votre agrégateur, et un fichier décrit comment lui parler.
template-file-unread = Le fichier { $path } est illisible ({ $detail }). Vérifiez le chemin, et que vous pouvez l’ouvrir.
template-unreadable = { $file }, ligne { $line } : { $detail }
template-value = { $file } : la valeur de { $key } ne convient pas : { $value }. Possible : { $known }
template-missing = { $file } demande { $key }=… ({ $what }).
cli-reason-http-no-header = un en-tête de la passerelle ne peut pas être formé avec ce numéro

## Leurs réglages

channel-external-send-url = Adresse qui prend les textes
channel-external-send-url-hint = Peut contenir des variables : https://sms.example.org/send?to={"{{"}to{"}}"}
channel-external-method = Méthode
channel-external-content-type = Type du corps
channel-external-content-type-hint = urlencoded, json, xml, ou le type lui-même.
channel-external-body = Corps
channel-external-body-hint = Avec des variables : id, text, to, to_no_plus, from, from_no_plus, channel. Sans lui, un formulaire comme RapidPro l’envoie.
channel-external-send-authorization = Autorisation
channel-external-headers = En-têtes
channel-external-headers-hint = Un par ligne : X-Key: valeur
channel-external-mt-response-check = Ce que contient une réponse quand un texte est pris
channel-external-max-length = Lettres par requête
channel-external-encoding = Lettres
channel-external-encoding-D = Comme écrites
channel-external-encoding-S = Moins chères là où cela suffit
channel-external-mo-from-field = Champ de l’expéditeur
channel-external-mo-text-field = Champ du texte
channel-external-mo-date-field = Champ de l’heure
channel-external-mo-id-field = Champ de l’identifiant de la passerelle
channel-external-from-xpath = Chemin de l’expéditeur dans le XML
channel-external-text-xpath = Chemin du texte dans le XML
channel-external-mo-response = Ce que la passerelle veut entendre
channel-external-mo-response-content-type = Type de cette réponse
channel-africastalking-sandbox = Bac à sable
channel-africastalking-sandbox-no = Non, le vrai réseau
channel-africastalking-sandbox-yes = Oui, des téléphones fictifs
channel-africastalking-shared = Numéro court partagé avec d’autres
channel-africastalking-shared-no = Non
channel-africastalking-shared-yes = Oui
channel-twilio-account-sid = Account SID
channel-twilio-auth-token = Jeton (auth token)
channel-twilio-messaging-service-sid = Messaging service SID
channel-twilio-numbers = Numéros
channel-twilio-numbers-sms = SMS
channel-twilio-numbers-whatsapp = WhatsApp
channel-twilio-signed = Ses appels sont signés
channel-twilio-signed-yes = Oui
channel-twilio-signed-no = Non, ils portent le secret
channel-template-file = Nom du fichier
channel-template-file-hint = Pour vous y retrouver, par exemple clickatell.toml. Le contenu se colle ci-dessous.
channel-template-template = Contenu du fichier
channel-template-template-hint = Du TOML : ce qui est demandé à l’agrégateur et ce que veulent dire ses réponses. Deux modèles se trouvent avec la documentation, sous channel-templates. Ce que le fichier réclame sous [settings] est demandé ensuite ici.

## Infobip, Vonage, WhatsApp

settings-channel-infobip = Infobip
settings-channel-vonage = Vonage
settings-channel-whatsapp = WhatsApp
channel-why-infobip = Vous avez un compte chez Infobip.
channel-why-vonage = Vous avez un compte chez Vonage (Nexmo).
channel-why-whatsapp = Votre ministère a un numéro WhatsApp Business, avec la Cloud API de Meta.
channel-infobip-transliteration = Lettres
channel-infobip-transliteration-none = Comme écrites
channel-infobip-transliteration-french = Celles du français rendues moins chères
channel-infobip-transliteration-portuguese = Celles du portugais rendues moins chères
channel-infobip-transliteration-all = Toutes rendues moins chères
channel-vonage-api-secret = Secret d’API
channel-vonage-signature-secret = Secret de signature
channel-vonage-signature-secret-hint = Avec lui, seuls les appels que Vonage a signés en SHA-256 HMAC sont crus.
channel-whatsapp-phone-number-id = Identifiant du numéro (phone number ID)
channel-whatsapp-access-token = Jeton d’accès
channel-whatsapp-app-secret = Secret de l’application
channel-whatsapp-app-secret-hint = Meta signe ses appels avec lui ; les autres sont refusés.
channel-whatsapp-verify-token = Jeton de vérification
channel-whatsapp-template = Modèle pour qui n’a pas écrit depuis 24 heures
channel-whatsapp-template-hint = Un modèle approuvé dont la seule variable est le texte. Sans lui, WhatsApp refuse les textes à qui n’a pas écrit depuis 24 heures.
channel-whatsapp-template-language = Langues du modèle, la première pour toutes les autres
whatsapp-no-template = Sans template=…, WhatsApp ne porte de textes qu’aux personnes qui ont écrit dans les dernières 24 heures.
whatsapp-quality = WhatsApp note mal ce numéro : on le bloque ou le signale. Il pourrait bientôt être limité.
cli-reason-http-no-sender = le canal n’a pas d’expéditeur : donnez sender=…
cli-reason-whatsapp-number = ce numéro n’est pas chez WhatsApp, ou n’y est pas joignable
cli-reason-whatsapp-limited = WhatsApp l’a retenu, pour épargner la personne
cli-reason-whatsapp-template = WhatsApp refuse le modèle : vérifiez qu’il est approuvé, dans cette langue, avec une variable
