# Kannel comme canal : ce qui ne va pas dans ses réglages, ce que trouve mhero channel test, pourquoi un texte n’est pas parti.

settings-channel-kannel = Passerelle Kannel


## Ce que trouve mhero channel test

kannel-unreachable = Personne ne répond à { $host }. Démarrez-y le smsbox de Kannel, ou corrigez url=… selon l’adresse et le sendsms-port de kannel.conf.
kannel-silent = { $host } accepte la connexion mais ne répond pas à temps. Vérifiez que bearerbox et smsbox tournent et lisez leurs journaux.
kannel-password = Kannel, à { $host }, refuse le nom d’utilisateur, le mot de passe ou l’adresse de ce serveur. Comparez-les avec username, password et user-allow-ip du groupe sendsms-user de kannel.conf.
kannel-sender = Kannel, à { $host }, exige un expéditeur. Ajoutez de nouveau le canal avec from=…, le numéro court, ou réglez global-sender dans kannel.conf.
kannel-path = { $host } répond, mais il n’y a pas de sendsms à { $path }. Corrigez url=…, par exemple http://{ $host }/cgi-bin/sendsms
kannel-busy = Kannel, à { $host }, ne prend rien en ce moment : son smsbox a perdu le bearerbox, ou sa file est pleine. Les messages attendent et partiront quand il en reprendra.
kannel-fault = Ce qui répond à { $host } est en panne. Lisez les journaux de smsbox, et d’un éventuel serveur web placé devant.
kannel-stranger = Ce qui répond à { $host } n’est pas Kannel. Corrigez url=… selon l’adresse et le sendsms-port de kannel.conf.
kannel-no-smsc = Kannel tourne, mais aucun centre SMS n’y est réglé : les textes y attendraient. Ajoutez un groupe smsc à kannel.conf.
kannel-smsc-offline = Kannel tourne, mais n’est relié à aucun centre SMS : { $names }. Les textes y attendraient. Demandez à l’opérateur, ou lisez le journal de bearerbox.
kannel-smsc-partly = Ces centres SMS ne sont pas reliés : { $names }.
kannel-no-status = La page d’état à { $host } est illisible : on ne sait pas si un centre SMS est relié. Corrigez admin=… selon l’adresse et l’admin-port de kannel.conf.
kannel-status-denied = La page d’état à { $host } refuse le mot de passe. Donnez dans admin_password=… le status-password de kannel.conf.
kannel-no-callback = Sans callback=…, l’adresse à laquelle Kannel joint mHero, il n’y a pas d’accusés de réception.
kannel-no-reports = Avec dlr_mask=0, il n’y a pas d’accusés de réception.
cli-channel-works = Le canal { $name } fonctionne : sa passerelle répond et nous connaît. Rien n’a été envoyé.
cli-channel-works-off = Le canal { $name } fonctionne, mais il est coupé : mhero channel on { $name }
cli-channel-remark = Mais : { $remark }
cli-channel-addresses = Pour la passerelle de { $name } (ces lignes contiennent un secret) :

## Pourquoi un texte n’est pas parti ou arrivé

cli-reason-kannel-no-phone = Kannel n’achemine que vers des numéros de téléphone
cli-reason-kannel-unreached = Kannel n’a pas pu être joint
cli-reason-kannel-unanswered = Kannel n’a pas répondu à temps
cli-reason-kannel-cut = la connexion à Kannel a pris fin avant sa réponse
cli-reason-kannel-unsent = Kannel n’a rien pris de ce canal : voir mhero channel test
cli-reason-kannel-not-now = Kannel ne prenait rien à ce moment
cli-reason-kannel-odd-answer = ce qui a répondu à la place de Kannel est incompréhensible
cli-reason-kannel-refused = refusé par Kannel
cli-reason-kannel-denied = le numéro est sur une liste de numéros que Kannel refuse
cli-reason-kannel-not-routable = Kannel n’a pas d’opérateur pour ce numéro
cli-reason-kannel-undelivered = non remis, dit l’opérateur
cli-reason-kannel-rejected = rejeté par l’opérateur
