# Le journal des échanges, les comptes des programmes, OpenHIM.

exchange-lead = Chaque appel d’un autre système ou vers lui, sauf les messages eux-mêmes. Les adresses ne montrent ni secret, ni numéro, ni texte ; ce qui a été envoyé est scellé, et l’audit note que vous l’ouvrez.
exchange-log = Journal
exchange-letters = En attente et abandonnés
exchange-clients = Comptes
exchange-lost = { $n ->
    [one] Il manque un appel : il en est venu plus à la fois qu’on ne pouvait en écrire.
   *[other] Il manque { $n } appels : il en est venu plus à la fois qu’on ne pouvait en écrire.
}
exchange-peer-any = Tous les systèmes
exchange-peer-unknown = inconnu
exchange-direction-any = Dans les deux sens
exchange-direction-in = nous a appelés
exchange-direction-out = a été appelé
exchange-result-any = Toutes les réponses
exchange-result-error = Erreurs seulement
exchange-result-ok = Répondu
exchange-result-refused = Refusé
exchange-result-failed = Échoué
exchange-result-unknown = Issue inconnue
exchange-what-filter = L’adresse contient
exchange-since = Depuis le
exchange-choose = Choisir
exchange-choose-one = Choisir { $what } de { $at }
exchange-strangers = Appels sans compte en une minute ; l’adresse et le chemin sont ceux du premier.
exchange-folded = { $n ->
    [one] et un autre tout pareil
   *[other] et { $n } autres tout pareils
}
exchange-rerun = Redemander
exchange-rerun-chosen = Redemander ceux qui sont choisis
exchange-rerun-many = Au plus { $max } à la fois.
exchange-rerun-safe = Ce qui a été fait n’est pas refait : aucun SMS ne part deux fois.
exchange-rerun-none = Rien n’a été choisi.
exchange-rerun-done = { $made } redemandés, { $failed } échoués de nouveau, { $left } laissés tels quels.
exchange-rerun-made = Redemandé : { $status }.
exchange-rerun-ours = C’est nous qui avons appelé. Un registre se relit sur sa propre page ; ce qui doit arriver se trouve sous « En attente et abandonnés ».
exchange-rerun-folded = Cette ligne vaut pour plusieurs appels.
exchange-rerun-was-done = C’est fait. Redemander le ferait deux fois.
exchange-rerun-uncertain = L’appel s’est interrompu et a peut-être abouti. Vérifiez, puis faites renvoyer la demande par l’autre système.
exchange-rerun-unknown-client = On ne sait pas qui l’a demandé.
exchange-rerun-no-body = Ce qui a été envoyé n’a pas été gardé, ou ne l’est plus.
exchange-rerun-cut = C’était trop long pour être gardé en entier.
exchange-rerun-nobody = Aucun serveur en marche ne peut le faire.
exchange-done-before = déjà fait : la première réponse a été redonnée
exchange-log-full = le journal était plein
exchange-unreadable = ce n’est plus lisible
exchange-timeline = Ce qui va ensemble
exchange-reruns = Redemandé
exchange-no-body = Rien.
exchange-bodies-off = Ce qui a été envoyé et répondu n’a pas été gardé, ou ne l’est plus.
exchange-open = l’ouvrir
exchange-octets = { $n ->
    [one] { $n } octet
   *[other] { $n } octets
}
exchange-fact-direction = Sens
exchange-fact-protocol = Protocole
exchange-fact-reason = Motif
exchange-fact-address = Depuis
exchange-fact-form = Nature du contenu
exchange-fact-sent = Envoyé
exchange-fact-received = Répondu
exchange-fact-folded = Autres tout pareils
exchange-fact-correlation = Corrélation
exchange-fact-transaction = Numéro chez OpenHIM
exchange-fact-once = Fait une seule fois sous
exchange-fact-rerun-of = Répète

exchange-letters-lead = Les appels qui doivent parvenir à un autre système sont refaits, de plus en plus espacés, jusqu’à ce qu’il réponde. Ce qui est refusé, ou échoue douze fois, est abandonné.
exchange-dead-count = Abandonnés ({ $n })
exchange-waiting-count = En attente ({ $n })
exchange-dead-none = Rien n’a été abandonné.
exchange-waiting-none = Rien n’attend.
exchange-why = Pourquoi
exchange-why-none = pas encore essayé
exchange-why-status = réponse { $status }
exchange-attempts = Essais
exchange-next = Prochain
exchange-revive = Réessayer ceux qui sont choisis
exchange-revive-all = Tout réessayer
exchange-revived = { $n ->
    [0] Il n’y avait rien à réessayer.
    [one] Un appel est réessayé.
   *[other] { $n } appels sont réessayés.
}

exchange-clients-lead = Chaque programme a son propre jeton, fait ci-dessous ou par mhero token create. On le restreint ici davantage : à des types de ressources, à des réseaux, à qui signe ses jetons.
client-none = Aucun programme n’a encore de jeton
client-none-why = Faites-en un ci-dessous, ou par : mhero token create NOM --role integrator
client-role = Peut
client-used = Dernière utilisation
client-kinds = Types de ressources
client-kinds-hint = Des noms séparés par des espaces : Practitioner, Location:read. Vide : tout ce que son rôle permet.
client-networks = Réseaux
client-networks-hint = Des adresses séparées par des espaces : 10.2.0.0/16 192.0.2.7. Vide : de partout.
client-all = tous
client-signed = Jetons signés (JWT)
client-signed-hint = RS256 ou ES256, par des clés lues à une adresse ou données ici.
client-issuer = Signés par (iss)
client-subject = De (sub)
client-audience = Pour (aud)
client-everybody = Tout le monde chez cet émetteur
client-everybody-hint = Sans « de » ni « pour », chaque jeton que signe cet émetteur ouvre le compte, quel que soit son titulaire et le programme auquel il est destiné. Une connexion du ministère signe pour tous ses utilisateurs : nommez alors l’un des deux.
client-is-open-name = Ouvert à
client-is-open = tous ceux dont le jeton est signé par cet émetteur, pour n’importe quel programme
client-keys-url = Adresse des clés (JWKS)
client-keys = Clés (JWKS ou PEM)
client-keys-hint = À la place d’une adresse.
client-keys-known = Des clés sont connues. Ne laissez vide que si une adresse est donnée plus haut.
client-narrow = Restreindre
client-revoked = Ce jeton a été repris.
client-told = Échecs signalés aux administrateurs
client-saved = { $name } est enregistré.
client-add = Nouveau compte
client-make = Créer le compte
client-name-hint = Ce qu’est le programme : iHRIS, tableau de bord.
client-sandbox = Bac à sable
client-sandbox-hint = Pour essayer : il ne voit que des personnes inventées, et rien de ce qu’il envoie n’atteint un vrai téléphone. Un compte reste ce pour quoi il a été fait.
client-sandbox-place = Le bac à sable a son propre lieu : laissez le lieu vide, ou faites le compte pour le pays.
client-place-hint = Un comté, un district ou une structure par son nom ; vide pour tout le pays, et pour le bac à sable.
client-made = { $name } a un jeton. Copiez-le maintenant : il n’est montré que cette fois.
client-too-long = Une valeur a au plus { $max } caractères.
client-too-many = Une liste a au plus { $max } éléments.
client-kind-odd = « { $value } » n’est pas un type de ressource : écrivez Practitioner, ou Location:read.
client-network-odd = « { $value } » n’est pas un réseau : écrivez 10.2.0.0/16, ou une adresse.
client-keys-odd = Ces clés ne sont pas lisibles : un jeu JWK de clés RSA ou P-256, ou une clé publique en PEM.
client-keys-url-odd = L’adresse des clés commence par https://.
client-keys-missing = Des jetons signés demandent des clés : leur adresse, ou les clés elles-mêmes.
client-issuer-open = Dites à qui sont les jetons (sub) ou à qui ils sont destinés (aud) : sans l’un des deux, tous ceux dont cet émetteur signe un jeton se serviraient de ce compte, pour n’importe quel programme. Si c’est voulu, cochez « Tout le monde chez cet émetteur » (--everybody).
client-issuer-missing = Des clés ne servent à rien sans qui signe (iss).
client-issuer-taken = Un autre compte prend déjà les jetons de cet émetteur et de ce sujet.
client-unsigned = le jeton signé n’est pas connu
client-network = pas depuis cette adresse
client-certificate-name = Certificat
client-certificate-hint = Son SHA-256, ou son sujet : CN=ihris.moh.example, O=Ministère de la Santé. Par TLS, le programme est alors reconnu à ce certificat, sans jeton ; et sans lui, le jeton est refusé. Vide : aucun n’est demandé.
client-certificate = pas sans son certificat
client-certificate-odd = « { $value } » ne décrit aucun certificat : écrivez son SHA-256 (openssl x509 -fingerprint -sha256), ou son sujet : CN=ihris.moh.example, O=Ministère de la Santé.
client-certificate-taken = Un autre compte est déjà reconnu à ce certificat.
client-kind = pas ce type de ressource
client-often = trop de mauvais jetons venus de là

openhim-urn = Connu sous
openhim-registered = Inscrit
openhim-heard = Entendu pour la dernière fois
openhim-configured = Réglages repris
openhim-sources = Registres d’un appel périodique
openhim-sources-all = tous
openhim-good = OpenHIM nous connaît
openhim-begins = pas encore inscrit
openhim-trouble = OpenHIM n’a pas été joint

alert-client-fails = mHero : le programme { $client } a échoué { $n } fois en dix minutes. Voir Échanges dans la console.

did-exchange-rerun = a fait redemander un échange.
did-exchange-revived = a fait réessayer un appel abandonné.
did-client-narrowed = a changé ce que peut le compte d’un programme.
did-openhim-configured = a repris des réglages d’OpenHIM.

atna-not-taken = Le dépôt d’audit ne prend rien ({ $detail }).

cli-exchange-file = { $path } n’est pas lisible : { $detail }
cli-audit-whole = L’audit est intact : chaque entrée telle qu’écrite, chaque bloc à sa place.
cli-audit-broken = L’audit est rompu à l’entrée { $n } : { $what }.
cli-audit-last = Dernier bloc : { $number }, { $hash }
audit-block-missing = un bloc manque
audit-chain-broken = la chaîne des blocs est rompue
audit-block-changed = un bloc a été changé
audit-entry-changed = une entrée a été changée
cli-client-narrowed = { $name } est enregistré.
cli-openhim-none = Aucun OpenHIM n’est réglé : openhim.url dans les réglages.
cli-openhim-polling = OpenHIM appellera selon cet horaire : { $schedule }
cli-openhim-refused = { $detail }
cli-column-peer = AVEC
cli-column-what = QUOI
cli-column-outcome = ISSUE
cli-exchange-rerun = { $id } : { $came }
