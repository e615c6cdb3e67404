# Canaux par SMPP, et réglages des canaux en général.

## Réglages

channel-missing = Un canal de type { $kind } a besoin de { $key }=…
channel-value = La valeur de { $key } dépasse { $max } lettres ou contient un caractère de commande.
channel-field = { $key } peut avoir au plus { $max } lettres de l’alphabet simple, sans accents.
channel-number = { $key }={ $value } n’est pas possible : prenez un nombre entier de { $min } à { $max }.
channel-choice = { $key }={ $value } est inconnu : prenez l’un de { $known }.
smpp-host = { $value } n’est pas un nom de machine. Écrivez par exemple host=smsc.example.org port=2775
smpp-ca = Le certificat dans ca=… est illisible : { $detail }. Donnez le texte PEM du certificat de l’opérateur, à partir de -----BEGIN CERTIFICATE-----.

## Ce que trouve mhero channel test

smpp-no-host = Le nom { $host } est inconnu. Vérifiez host=…, et que cette machine résout les noms.
smpp-refused = Personne n’écoute sur { $place }. Vérifiez port=…, et que le VPN de l’opérateur est actif.
smpp-unreachable = Pas de réponse de { $place }. Le plus souvent, un pare-feu ou un VPN inactif : demandez à l’opérateur d’ouvrir l’accès à cette machine.
smpp-tls = La connexion à { $place } ne peut pas être chiffrée : { $detail }. Vérifiez tls=…, et ca=… si l’opérateur a sa propre autorité de certification.
smpp-closed-at-bind = { $place } a fermé la connexion avant de répondre au bind. Le plus souvent, l’adresse n’est pas autorisée : demandez à l’opérateur d’autoriser { $address } (ou l’adresse que votre réseau montre à l’extérieur).
smpp-no-answer = { $place } a accepté la connexion mais n’a pas répondu au bind. Vérifiez que le port est bien celui de SMPP, et tls=….
smpp-password = Le centre SMS refuse le mot de passe. Vérifiez password=… avec l’opérateur.
smpp-system-id = Le centre SMS ne connaît pas le nom { $system_id }. Vérifiez system_id=… avec l’opérateur.
smpp-already-bound = Le compte est déjà connecté, d’ailleurs ou trop de fois. Arrêtez l’autre programme, ou réduisez binds=… (ici { $binds } connexions).
smpp-no-transceiver = Le centre SMS ne connaît pas les binds qui envoient et reçoivent à la fois. Mettez bind=separate.
smpp-bind-failed = Le centre SMS refuse le bind : { $code }. Donnez à l’opérateur ce code, le nom (system_id) et l’adresse { $address } de cette machine.
smpp-unbound = { $place } a pris congé ; mHero se reconnecte de lui-même.
smpp-silent = { $place } ne répond plus ; mHero se reconnecte de lui-même.
smpp-lost = La connexion à { $place } est rompue ; mHero se reconnecte de lui-même.
smpp-sender = Le centre SMS refuse l’expéditeur : { $code }. Les messages attendent. Vérifiez sender=… avec l’opérateur, et son type dans source_ton et source_npi.
smpp-account = Le centre SMS ne prend aucun texte de ce compte : { $code }. Les messages attendent. Donnez ce code à l’opérateur : le plus souvent, il n’y a plus d’argent, ou le compte n’est pas ouvert à l’envoi.
smpp-tried-only = Le bind fonctionne. Il a été essayé une fois puis abandonné : un serveur en marche le garde ouvert.
