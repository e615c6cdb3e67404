# Les téléphones qui portent les textes avec l’application Android : ce qui ne va pas, et ce qu’il faut savoir.

android-no-phone = Aucun téléphone ne porte encore ce canal. Installez l’application sur un téléphone, donnez-lui l’adresse de ce serveur, et tapez le code qu’elle montre sur la page du canal.
android-silent = Le téléphone n’a pas donné signe de vie depuis { $minutes } minutes. Vérifiez qu’il est allumé, qu’il a des données et que l’application tourne. Les messages attendent.
android-battery-low = La batterie du téléphone est à { $level } % et rien ne la charge. Branchez-le.
android-heard-now = Le téléphone a donné signe de vie il y a moins d’une minute.
android-heard = Dernier signe de vie du téléphone il y a { $minutes } minutes.
android-battery = Sa batterie est à { $level } %.
android-battery-charging = Sa batterie est à { $level } % et se charge.
android-network = Il nous joint par { $network }.
android-device = C’est un { $device }, avec la version { $version } de l’application.
relayer-too-many = Trop de téléphones attendent qu’on tape leur code. Réessayez dans une heure.
relayer-wait = Trop de codes faux. Attendez { $seconds } secondes, puis tapez-le de nouveau.
relayer-has-phone = { $name } a déjà un téléphone. Laissez d’abord partir celui-là.
relayer-code = Aucun téléphone ne montre ce code. Les codes valent un jour : rouvrez l’application s’il est plus ancien.

## Pourquoi un texte n’est pas parti

cli-reason-android-failed = le téléphone n’a pas pu l’envoyer : vérifiez que sa carte SIM a du crédit et du réseau
cli-reason-android-away = le téléphone ne demande pas de messages en ce moment
cli-reason-android-unconfirmed = le téléphone l’a reçu et n’a pas dit ce qu’il en est devenu
cli-reason-android-no-number = les téléphones avec l’application ne joignent que des numéros de téléphone
