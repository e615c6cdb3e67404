# Le courriel comme canal : ses réglages, ce que trouve mhero channel test, pourquoi un courriel n’est pas parti.

settings-channel-email = Courriel
channel-why-email = Pour les responsables : ce qu’on écrit aux gens part à leur adresse électronique, par votre propre serveur.
channel-email-host = Serveur de courriel
channel-email-from = Adresse d’où partent les courriels
channel-email-from-hint = Avec ou sans nom : Ministère de la Santé <mhero@sante.example>
channel-email-security = Protection
channel-email-security-starttls = STARTTLS, d’ordinaire le port 587
channel-email-security-tls = Chiffré dès le début, d’ordinaire le port 465
channel-email-security-none = Aucune : pour un serveur sur cette machine
channel-email-subject = Objet
channel-email-subject-hint = Sans lui : le titre de la diffusion, ou le début du texte.
channel-email-reply-to = Adresse pour les réponses
channel-email-reply-to-hint = mHero ne lit pas les courriels : donnez une adresse que quelqu’un lit.
channel-email-ca = Certificat de votre propre autorité
channel-email-ca-hint = Au format PEM, si aucune autorité publique n’a signé le certificat du serveur.

mail-host = { $value } dans host=… n’est pas un nom de serveur. Écrivez par exemple host=mail.sante.example, sans https:// ni adresse.
mail-address = { $value } dans { $key }=… n’est pas une adresse électronique. Écrivez par exemple { $key }=Ministère de la Santé <mhero@sante.example>
mail-clear = Avec security=none, chacun pourrait lire le mot de passe en chemin. Choisissez starttls ou tls, ou retirez nom d’utilisateur et mot de passe.
mail-subject = L’objet peut avoir { $max } lettres, sur une ligne.
mail-ca = Ce qui est dans ca=… n’est pas un certificat PEM. Il commence par -----BEGIN CERTIFICATE-----
mail-works = { $host } laisse entrer mHero. Rien n’a été envoyé.
mail-unreachable = Personne ne répond à { $host }. Corrigez host et port, ou vérifiez que cette machine l’atteint.
mail-silent = { $host } prend la connexion mais ne répond pas à temps. C’est ce que l’on voit avec security=tls sur un port prévu pour starttls, ou l’inverse.
mail-password = { $host } refuse le nom d’utilisateur ou le mot de passe.
mail-sender = { $host } refuse l’adresse dans from=…
mail-certificate = La connexion à { $host } ne peut pas être protégée comme demandé : le certificat n’est pas reconnu, ou le serveur parle une autre protection. Réglez security=…, ou donnez le certificat dans ca=…
mail-fault = Le serveur { $host } nous refuse ou tombe en panne. Demandez à qui s’en occupe.
cli-reason-mail-unsent = le serveur de courriel ne nous a pas laissé entrer : voir mhero channel test
cli-reason-mail-not-now = le serveur de courriel n’a rien pris à ce moment
cli-reason-mail-unanswered = le serveur de courriel n’a pas dit s’il a pris le courriel
cli-reason-mail-no-address = ce n’est pas une adresse électronique
cli-reason-mail-unwritten = cela ne peut pas s’écrire comme un courriel
cli-reason-mail-no-mailbox = le serveur de courriel ne connaît pas cette boîte
cli-reason-mail-full = la boîte aux lettres est pleine
cli-reason-mail-rejected = refusé par le serveur de courriel
