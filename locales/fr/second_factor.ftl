## Le second facteur d'une personne, et la connexion propre au ministère (OpenID Connect).

factor = Second facteur
factor-lead = Un code de votre téléphone en plus du mot de passe : un mot de passe vu par quelqu’un n’ouvre plus rien.
factor-owed = Votre compte peut envoyer ou approuver des messages : un second facteur vous est demandé. Configurez-le ici ; les autres pages s’ouvrent ensuite.
factor-off = Vous n’en avez pas. Votre mot de passe seul vous connecte.
factor-on-since = En place depuis le { $date }.
factor-codes-left = { $n ->
    [0] Il ne reste aucun code de secours : créez-en de nouveaux.
    [one] Il reste un code de secours.
   *[other] Il reste { $n } codes de secours.
}
factor-set-up = Le configurer
factor-change = Le modifier
factor-before = Il vous faut un téléphone avec une application de codes : Google Authenticator, Aegis, FreeOTP, Microsoft Authenticator ou une autre. Elle n’a besoin d’aucun réseau et n’envoie aucun SMS.
factor-begin = Commencer
factor-cancel = Pas maintenant
factor-step-1 = 1. Ouvrez l’application sur votre téléphone
factor-step-2 = 2. Donnez-lui le secret
factor-step-3 = 3. Saisissez le code qu’elle affiche
factor-app = Dans l’application de codes, choisissez d’ajouter un compte.
factor-scan = Visez cette image avec l’appareil photo du téléphone.
factor-picture = Une image carrée qui contient le secret pour l’application
factor-type = Ou saisissez ces lettres dans l’application :
factor-this-phone = L’application est sur cet appareil même : lui transmettre le secret
factor-confirm = Confirmer
factor-is-on = Le second facteur est en place. Les autres navigateurs ont été déconnectés.
factor-removed = Le second facteur a été retiré. Les autres navigateurs ont été déconnectés.
factor-codes = Codes de secours
factor-codes-lead = Chacun vous connecte une fois à la place d’un code, si vous perdez votre téléphone.
factor-codes-once = Ils ne sont affichés que cette fois. Notez-les, ou imprimez cette page, et gardez-les ailleurs qu’avec votre téléphone.
factor-codes-list = Dix codes
factor-codes-kept = Je les ai gardés
factor-now-label = Un code actuel
factor-now-hint = De l’application de votre téléphone, ou un code de secours
factor-new-codes = Nouveaux codes de secours
factor-new-phone = Un autre téléphone
factor-remove = Le retirer

## Le code à la porte
factor-code = Le code de votre téléphone
factor-code-label = Code
factor-code-hint = Six chiffres, de l’application de codes
factor-paper = Un code de secours
factor-paper-label = Code de secours
factor-paper-hint = L’un des dix que vous avez notés, par exemple k3mfp-7xw2c
factor-go-on = Continuer
factor-use-paper = Le téléphone n’est pas là : utiliser un code de secours
factor-use-code = Utiliser le code du téléphone
factor-lost = Ni téléphone ni codes de secours ? Votre administrateur peut retirer le second facteur, et vous le configurez de nouveau.
factor-again = Trop de codes faux. Connectez-vous de nouveau avec votre mot de passe.
factor-code-wrong = Ce code est faux, ou a déjà servi. Rien n’a changé. Attendez le suivant et saisissez-le ; si cela continue, vérifiez l’heure de votre téléphone.
factor-code-missing = Il manque un code de votre second facteur : écrivez-le sur la deuxième ligne de l’entrée standard.
factor-not-set = Un second facteur est demandé à votre compte, et vous n’en avez pas. Mettez-le d’abord en place sur la page de votre compte, dans la console.
factor-code-wait = Trop de codes faux. Attendez { $seconds } secondes, puis réessayez.
factor-nothing-waits = Il n’y a pas de nouveau secret à confirmer. Recommencez.
factor-secret-odd = Le secret ne peut pas servir. Recommencez.
factor-is-asked = Un second facteur est demandé à votre compte : il ne peut pas être retiré. Configurez plutôt un autre téléphone.
factor-reset-own = Votre propre second facteur se modifie sur la page de votre compte, avec un code.

## Paramètres
settings-sign-in = Connexion
settings-sign-in-lead = Comment on entre dans la console.
factor-asked = À qui un second facteur est demandé
factor-asked-hint = Qui doit en avoir un et n’en a pas le configure dès la prochaine page ouverte, et ne peut rien faire d’autre avant. À qui en a un, le code est toujours demandé.
factor-asked-nobody = À personne
factor-asked-senders = À ceux qui envoient ou approuvent
factor-asked-everybody = À tous
factor-asked-unknown = Choisissez à qui un second facteur est demandé.
factor-have = { $n ->
    [one] { $with } sur la seule personne qui envoie ou approuve en a un.
   *[other] { $with } des { $n } personnes qui envoient ou approuvent en ont un.
}
factor-fresh = Un nouveau code avant d’approuver, si le dernier date de plus de tant de minutes
factor-fresh-hint = Demandé à ceux qui ont un second facteur. Vide : jamais
factor-minutes = Les minutes doivent aller de { $from } à { $to }, ou rester vides.
factor-minutes-number = Les minutes sont un nombre entier, ou rien pour jamais.
settings-has-factor = Second facteur
settings-factor-on = La personne en a un.
settings-factor-off = La personne n’en a pas.
settings-factor-take = Le retirer
settings-factor-reset = Le second facteur de { $name } a été retiré, et ses sessions ont été fermées. Son mot de passe seul connecte cette personne jusqu’à ce qu’elle en configure un nouveau.
settings-unlink = Oublier qui c’est là-bas
settings-unlinked = Oublié. La prochaine connexion de { $name } là-bas sera de nouveau reconnue par l’adresse e-mail.
cli-user-factor-reset = Le second facteur de { $email } a été retiré, et toutes ses sessions ont été fermées. Son mot de passe seul le connecte jusqu’à ce qu’il en configure un nouveau.
cli-user-factor-none = { $email } n’a pas de second facteur. Rien n’a changé.

## La connexion propre au ministère
provider-in = Se connecter avec { $name }
provider-own = La connexion propre au ministère
provider-button = Sur le bouton
provider-issuer = Émetteur
provider-none = Aucune n’est configurée. Un administrateur du serveur la configure dans [oidc] du fichier de réglages.
provider-out = Vous êtes déconnecté ici
provider-out-why = Vous êtes peut-être encore connecté chez { $name } : la prochaine personne devant cet ordinateur pourrait entrer par là. Sur un ordinateur partagé, déconnectez-vous là-bas aussi.
provider-out-there = Se déconnecter aussi de { $name }
provider-down = { $name } ne répond pas comme il faut et ne peut pas vous connecter pour le moment. Rien n’a changé. Votre mot de passe ici marche toujours ; le journal du serveur dit ce qui ne va pas.
provider-stale = Cette connexion est trop ancienne, ou n’a pas commencé dans ce navigateur. Rien n’a changé. Réessayez d’ici.
provider-denied = La connexion a été refusée là-bas ({ $code }). Rien n’a changé. Réessayez, ou utilisez votre mot de passe ici.
provider-not-believed = Ce qui est revenu n’est pas digne de foi : personne n’est entré. Réessayez ; si cela continue, dites-le à votre administrateur.
provider-unverified = La connexion là-bas ne confirme pas votre adresse e-mail : nous ne savons pas qui vous êtes ici. Demandez à ceux qui la gèrent de confirmer l’adresse, ou utilisez votre mot de passe ici.
provider-other-domain = Seules les personnes avec une adresse à { $domains } entrent par ici. Demandez un compte à votre administrateur.
provider-no-account = Personne ici n’a l’adresse { $email }. Demandez à votre administrateur de vous ajouter comme utilisateur avec cette adresse exacte, puis reconnectez-vous.
provider-other-identity = Le compte avec votre adresse appartient à quelqu’un d’autre là-bas. Demandez à votre administrateur de le voir sous Paramètres, Utilisateurs : « Oublier qui c’est là-bas ».
provider-shut-out = Votre compte ici est fermé, ou aucun de ses rôles n’ouvre la console. Demandez à votre administrateur.

## L'audit
did-second-factor-begun = a commencé à configurer un second facteur.
did-second-factor-set = a configuré un second facteur.
did-second-factor-removed = a retiré son second facteur.
did-second-factor-reset = a retiré le second facteur de { $whom }.
did-second-factor-refused = a saisi un code faux.
did-second-factor-rule = a changé à qui un second facteur est demandé.
did-recovery-codes-made = a créé de nouveaux codes de secours.
did-recovery-code-used = a utilisé un code de secours.
did-identity-linked = a rapproché { $whom } de la connexion propre au ministère.
did-identity-unlinked = a oublié qui est { $whom } à la connexion propre au ministère.
did-provider-refused = a refusé une connexion venue de la connexion propre au ministère.

# The doctor's word on it.
cli-doctor-factor-on = Un second facteur est demandé à ceux qui envoient ou approuvent.
cli-doctor-factor-off = Aucun second facteur n’est demandé : un mot de passe volé suffit pour écrire à tous. Réglages, Connexion : demandez-le à ceux qui envoient ou approuvent.
