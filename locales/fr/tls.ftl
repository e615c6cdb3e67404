# Connexions chiffrées.

cli-serve-tls = Chiffré : { $address }
cli-tls-listen = L’adresse { $address } des connexions chiffrées ne peut pas être utilisée ({ $detail }). Arrêtez ce qui l’utilise, ou indiquez-en une autre dans server.tls.listen.
cli-tls-unread = { $path } n’est pas lisible ({ $detail }). Indiquez le fichier dans [server.tls], et laissez le compte de mHero le lire.
cli-tls-no-certificate = Il n’y a pas de certificat dans { $path }. Il doit en contenir un en PEM : -----BEGIN CERTIFICATE-----
cli-tls-no-key = Il n’y a pas de clé privée dans { $path }. Il doit en contenir une en PEM, sans mot de passe : -----BEGIN PRIVATE KEY-----
cli-tls-mismatch = La clé dans { $key } ne va pas avec le premier certificat de { $path }. Mettez d’abord le certificat du serveur, puis ceux de son autorité, et indiquez la clé avec laquelle il a été demandé.
cli-tls-odd = { $path } n’est pas utilisable : { $detail }. Redemandez-le à qui l’a fait.
cli-tls-no-authority = Des certificats sont demandés aux clients, mais personne n’est indiqué qui les signe : server.tls.client_ca_file.
cli-doctor-tls = Le certificat de { $subject } est valable jusqu’au { $ends }.
cli-doctor-tls-soon = Le certificat de { $subject } prend fin le { $ends }. Demandez dès maintenant le suivant et mettez-le à la place de { $path } ; mHero le lit de lui-même.
cli-doctor-tls-over = Le certificat de { $subject } a pris fin le { $ends } : qui le vérifie n’entre plus. Mettez-en un nouveau à la place de { $path } ; mHero le lit de lui-même.
cli-doctor-tls-early = Le certificat de { $subject } n’est valable qu’à partir du { $begins }. Vérifiez l’horloge de cette machine, ou reprenez le certificat précédent.
cli-doctor-tls-name = Le certificat n’est pas pour { $name } mais pour { $names }. Demandez-en un avec ce nom, ou corrigez server.tls.name.
cli-doctor-tls-nobody = personne
cli-doctor-tls-key-open = D’autres sur cette machine peuvent lire la clé du certificat. Fermez-la : chmod 600 { $path }
cli-doctor-tls-authority = L’autorité des clients { $subject } a pris fin le { $ends } : aucun de ses clients n’entre. Mettez son nouveau certificat dans { $path }.
cli-doctor-tls-plain = Les mots de passe voyagent en clair vers { $address }, qui n’est pas que cette machine. Écoutez là sur 127.0.0.1, et ailleurs par TLS : [server.tls].
