### Utilisateurs, connexion, jetons, secrets scellés, sauvegarde : ce qui ne va pas, et que faire.

## Connexion
user-sign-in-wrong = L’adresse ou le mot de passe est incorrect. Vérifiez les deux ; les majuscules comptent dans le mot de passe.
user-sign-in-wait = Trop d’essais erronés. Attendez { $seconds } secondes, puis réessayez.
user-sign-in-no-console = Votre mot de passe est correct, mais aucun de vos rôles n’ouvre la console. Demandez un rôle à un administrateur.

## Utilisateurs et rôles
user-no-email = « { $email } » n’est pas une adresse e-mail. Écrivez-en une comme nom@ministere.example.
user-email-taken = { $email } a déjà un utilisateur.
user-no-name = Écrivez le nom de la personne.
user-name-long = Le nom dépasse { $max } lettres. Raccourcissez-le.
user-last-admin = C’est le dernier administrateur qui peut se connecter. Donnez d’abord le rôle admin à quelqu’un d’autre.
user-role-not-narrowed = Le rôle { $role } vaut pour tout le pays. N’indiquez ni lieu ni programme.
user-role-needs-place = Le rôle { $role } demande un lieu. Indiquez le district ou l’établissement.
user-role-needs-programme = Le rôle { $role } demande un programme. Indiquez-le.
user-programme-code = « { $code } » ne peut pas être le code d’un programme. Utilisez seulement des lettres, des chiffres, - et _, 40 au plus.
user-programme-name = Le programme n’a pas de nom. Écrivez-en un en anglais ou en français.
user-programme-name-unfit = « { $name } » ne peut pas être un nom. Utilisez 200 lettres au plus, sur une ligne.
words-list-means-all = « { $word } » après STOP quitte tous les messages et ne peut donc pas être un mot pour une seule liste. Choisissez un autre mot ou code.
words-list-unknown = Il n’y a pas de public appelé « { $list } ». Écrivez le nom de l’un de ceux de la page Publics.
user-programme-taken = Il existe déjà un programme { $code }.

## Mots de passe
user-password-short = Le mot de passe a { $count } lettres ; il en faut au moins { $min }. Une courte phrase se retient bien.
user-password-long = Le mot de passe dépasse { $max } octets. Raccourcissez-le.
user-password-one-letter = Le mot de passe répète une seule lettre. Choisissez-en un autre.
user-password-wrong = Le mot de passe actuel est incorrect.
user-password-not-hashed = Le mot de passe n’a pas pu être enregistré : la machine manque de mémoire. Réessayez plus tard.
user-session-large = La session contient plus de { $max } octets. Déconnectez-vous puis reconnectez-vous.

## Jetons d’API
token-name = Un jeton a besoin d’un nom de { $max } lettres au plus, qui dit à quoi il sert.
token-name-taken = Il existe déjà un jeton « { $name } ». Choisissez un autre nom ; le nom d’un jeton révoqué reste pris.

## Secrets scellés
seal-no-key = Le fichier de clé ne contient pas de clé mHero. Restaurez-le depuis votre copie sûre ; sans elle, les mots de passe des canaux et des registres doivent être saisis de nouveau.
seal-does-not-open = Un secret enregistré ({ $what }) ne s’ouvre pas avec cette clé. Utilisez le fichier de clé avec lequel il a été enregistré, ou saisissez le secret de nouveau.
seal-too-large = Le secret est trop grand pour être scellé.

## Sauvegarde et restauration
backup-not-written = La sauvegarde n’a pas pu être écrite ({ $detail }). Vérifiez l’espace libre du disque et le chemin ; ce qui a été écrit est incomplet, supprimez-le.
backup-not-read = La sauvegarde n’a pas pu être lue ({ $detail }). Vérifiez le disque et le chemin.
backup-not-ours = Ce fichier n’est pas une sauvegarde de mHero.
backup-newer = Cette sauvegarde vient d’un mHero plus récent (schéma { $found } ; celui-ci connaît { $known }). Installez cette version ou une plus récente, puis restaurez.
backup-older = Cette sauvegarde vient d’un mHero plus ancien (schéma { $found } ; celui-ci a { $known }). Restaurez-la avec la version qui l’a écrite, puis lancez `mhero migrate` avec celle-ci.
backup-damaged = La sauvegarde est abîmée à la table { $table }. Utilisez une autre copie ; ce qui en a été restauré est incomplet.
backup-cut-short = La sauvegarde s’arrête trop tôt, après la table { $table }. Copiez-la de nouveau ; ce qui en a été restauré est incomplet.
backup-target-used = Cette base n’est pas vide (la table { $table } contient des lignes). Restaurez dans une base vide, ou ajoutez --force pour tout y remplacer.
backup-differs = La table { $table } ne se relit pas comme dans la sauvegarde. La base est incomplète : vérifiez le disque, puis restaurez de nouveau avec --force.
