# Prix, budgets, ce qui a été envoyé comparé à ce qui a été facturé.

cost = Coût
together = Ensemble

# Prix
prices-link = Prix
prices-title = Prix
prices-lead = Ce que coûte un SMS, par canal et par opérateur. Un long message fait plusieurs SMS, et chacun se paie.
prices-currency = Monnaie
prices-currency-hint = Trois lettres, comme les banques l’écrivent : USD, XOF, GNF. Elle ne change plus dès qu’il y a un prix ou un budget.
prices-in-currency = Tous les montants sont en { $currency }.
prices-none = Aucun prix pour le moment
prices-none-why = Avec les prix, la page d’envoi dit ce que coûtera un message, et ce qui a été envoyé peut être comparé à la facture de l’opérateur.
prices-operator = Opérateur
prices-direction = Sens
prices-out = Vers les téléphones
prices-in = Depuis les téléphones
prices-price = Prix d’un SMS
prices-payer = Qui paie
prices-payer-hint = Numéro court gratuit : le ministère paie ce que les téléphones lui envoient. Les questions des scénarios partent alors par lui.
prices-ministry = Le ministère
prices-worker = L’agent
prices-from = Valable à partir du
prices-from-hint = Aujourd’hui veut dire dès maintenant. Ce qui est parti garde le prix enregistré avec lui.
prices-holds = En vigueur
prices-coming = À venir
prices-over = N’est plus en vigueur
prices-drop = Retirer
prices-new = Un nouveau prix
prices-amount = Prix d’un SMS, en { $currency }
prices-amount-hint = Jusqu’à six décimales : 0,0125
prices-add = Ajouter le prix
prices-saved = Le prix est enregistré. Il vaut pour ce qui partira dès lors.
prices-dropped = Le prix est retiré.
prices-recorded = Le prix est enregistré avec chaque message à son départ. Un autre prix, plus tard, ne change rien à ce qui est enregistré.

currency-code = { $value } n’est pas une monnaie. Écrivez ses trois lettres, par exemple USD.
currency-stays = Des montants sont déjà en { $currency }. La monnaie ne peut changer que tant qu’il n’y a ni prix ni budget.
price-no-currency = Dites d’abord dans quelle monnaie vous payez.
price-amount = { $value } n’est pas un prix. Écrivez des chiffres avec six décimales au plus, par exemple 0,0125.
price-day = { $value } n’est pas une date. Écrivez-la comme 2026-05-14.
price-day-passed = Le { $day } est passé. Un prix peut valoir à partir d’aujourd’hui, car ce qui est parti garde ce qui a été enregistré.
price-operator = Il n’y a pas d’opérateur { $name }. Nommez-le d’abord : mhero channel operators NOM=PRÉFIXE,PRÉFIXE
price-twice = À partir du { $day }, il y a déjà un prix pour ce canal, cet opérateur et ce sens. Retirez-le d’abord.
price-holds = Ce prix est déjà en vigueur, et des messages ont été enregistrés avec lui. Ajoutez-en plutôt un autre.
price-too-many = Il y a { $max } prix, ce qui est le maximum.

# Budgets
settings-budgets = Budgets
budgets-lead = Combien peut être dépensé, pour un programme ou pour tout ce qui est envoyé. Les alertes et les réponses partent toujours.
budgets-no-currency = Dites d’abord dans quelle monnaie vous payez et ce que coûte un SMS.
budgets-none = Aucun budget pour le moment
budgets-none-why = Sans budget, rien n’est retenu, quel qu’en soit le coût.
budgets-all = Tout ce qui est envoyé
budgets-month = Chaque mois
budgets-total = En tout, à partir d’aujourd’hui
budgets-left = { $left } restants
budgets-warns-at = Avertit à { $percent } %.
budgets-stops = Les envois attendent quand il est épuisé.
budgets-goes-on = Les envois continuent quand il est épuisé.
budgets-state-good = { $percent } % sont dépensés
budgets-state-warns = { $percent } % sont dépensés : il sera bientôt épuisé
budgets-state-used-up = Épuisé : { $percent } % sont dépensés, et les envois continuent
budgets-state-lifted = Épuisé : { $percent } % sont dépensés, et un administrateur laisse les envois continuer
budgets-state-stopped = Épuisé : les envois attendent
budgets-lift = Laisser les envois continuer
budgets-lift-why = Pourquoi ils peuvent continuer
budgets-lift-hint = Jusqu’à la fin du mois, ou pour 31 jours quand le budget est en tout. Votre nom et ce motif figurent dans le journal d’audit.
budgets-lifted = Les envois continuent.
budgets-lifted-until = Un administrateur laisse les envois continuer jusqu’à { $time }.
budgets-unlift = Les faire attendre de nouveau
budgets-change = Modifier
budgets-drop = Supprimer
budgets-dropped = Le budget est supprimé.
budgets-new = Un nouveau budget
budgets-changing = Modifier le budget de { $name }
budgets-programme = Pour quoi
budgets-period = Pour combien de temps
budgets-amount = Combien, en { $currency }
budgets-warn = Avertir à tant de pour cent
budgets-stop = Faire attendre les envois quand il est épuisé
budgets-stop-hint = Les alertes et les réponses partent quand même. Seul un administrateur peut laisser les envois continuer.
budgets-not = Laisser tel quel
budgets-saved = Le budget est enregistré.

budget-amount = { $value } n’est pas un montant au-dessus de zéro. Écrivez des chiffres, par exemple 500 ou 1250,50.
budget-percent = La part à laquelle il avertit doit être de 1 à 100 pour cent.
budget-twice = Un tel budget existe déjà : un seul par programme et par période. Modifiez celui-là.
budget-too-many = Il y a { $max } budgets, ce qui est le maximum.
budget-reason = Dites pourquoi les envois peuvent continuer, en { $min } à { $max } caractères.
budget-used-up = Un budget est épuisé : cet envoi continue de lui-même quand le budget est augmenté ou qu’un administrateur laisse les envois continuer, ou le mois prochain.

# La page d’envoi
send-cost-row = Coût par canal et par opérateur
send-said-cost = Environ { $cost }.
send-unpriced = { $n ->
    [one] Pour { $n } personne, aucun prix n’est connu : cela coûtera plus que ce qui est dit ici.
   *[other] Pour { $n } personnes, aucun prix n’est connu : cela coûtera plus que ce qui est dit ici.
}
send-prices-none = Le coût n’est pas connu : aucun prix n’a été saisi.
send-prices-link = Saisir les prix
send-answers-worker = { $n ->
    [one] Une personne paie elle-même sa réponse.
   *[other] { $n } personnes paient elles-mêmes leurs réponses.
}
send-answers-some = { $n ->
    [one] Répondre est gratuit pour une personne : le ministère paie.
   *[other] Répondre est gratuit pour { $n } personnes : le ministère paie.
}
send-answers-by = Rendre les réponses gratuites : envoyer par { $name }
send-chat = messagerie
send-by-chat = { $n ->
    [one] Une personne le reçoit par messagerie.
   *[other] { $n } personnes le reçoivent par messagerie.
}
send-by-chat-later = { $n ->
    [one] Si la messagerie n’atteint pas l’une d’elles à temps, il part par SMS.
   *[other] Si la messagerie ne les atteint pas à temps, il part par SMS pour { $n } d’entre elles.
}
send-by-chat-later-cost = { $n ->
    [one] Si la messagerie n’atteint pas l’une d’elles à temps, il part par SMS, pour { $cost } de plus.
   *[other] Si la messagerie ne les atteint pas à temps, il part par SMS pour { $n } d’entre elles, pour { $cost } de plus au maximum.
}
send-answers-ministry = Répondre est gratuit pour les personnes : le ministère paie.
send-budget-good = { $name } : il reste { $left } du budget.
send-budget-warns = { $name } : il reste { $left } du budget, { $percent } % sont dépensés.
send-budget-over = { $name } : il reste { $left } du budget. Ceci coûte plus : l’envoi attendra quand le budget sera épuisé.
send-budget-over-goes-on = { $name } : il reste { $left } du budget. Ceci coûte plus.
send-budget-stopped = { $name } : le budget est épuisé. L’envoi attendra qu’il soit augmenté ou que l’arrêt soit levé.
letters-over = { $n ->
    [one] { $n } lettre de trop pour { $parts } SMS : enlevez-la et le message de chacun coûte moins.
   *[other] { $n } lettres de trop pour { $parts } SMS : enlevez-les et le message de chacun coûte moins.
}
fix-changes = Changé : { $changes }.
fix-saves-cost = Économise { $cost }.
fix-done = { $language } : { $changes }. Le sens reste.
fix-nothing = Il n’y a rien à remplacer dans ce texte.
fix-dropped = rien

# Un envoi
broadcast-cost = Coût jusqu’ici : { $cost }.
broadcast-held = Le budget « { $name } » est épuisé ({ $spent } sur { $whole }). Ce qui n’est pas parti attend. L’envoi continue de lui-même quand le budget est augmenté, qu’un administrateur lève l’arrêt ou qu’un nouveau mois commence. Les alertes et les réponses partent quand même.
event-held = Retenu : un budget est épuisé.
event-let-go = Continue : le budget le permet de nouveau.

# Ce qui a été envoyé et ce qui a été facturé
nav-reconcile = Envoyé et facturé
reconcile-lead = Ce qui a été remis aux opérateurs en un jour, ce qui en est revenu, et où leurs factures diffèrent.
reconcile-before = Jour précédent
reconcile-after = Jour suivant
reconcile-day = Jour
reconcile-show = Afficher
reconcile-nothing = Rien n’a été envoyé et rien n’est venu ce jour-là.
reconcile-caption = Le jour par canal et par opérateur
reconcile-way = Canal et opérateur
reconcile-no-operator = Opérateur inconnu
reconcile-messages = Messages
reconcile-delivered = Remis
reconcile-unreported = Sans rapport
reconcile-failed = Échecs
reconcile-uncertain = Incertains
reconcile-not-sent = Non pris
reconcile-heard = Reçus
reconcile-means = Remis, sans rapport, échecs et incertains comptent des parties : un long message en a plusieurs. Non pris : l’opérateur n’a pas été joint ou a refusé ; cela ne coûte rien et ne compte pas parmi les messages.
reconcile-unpriced = { $n ->
    [one] { $n } partie est partie avant qu’un prix soit connu.
   *[other] { $n } parties sont parties avant qu’un prix soit connu.
}
reconcile-heard-cost = Ce qui est venu a coûté { $cost }.

day-csv-channel = canal
day-csv-operator = opérateur
day-csv-messages = messages
day-csv-segments = sms
day-csv-delivered = remis
day-csv-unreported = sans rapport
day-csv-failed = échecs
day-csv-uncertain = incertains
day-csv-not-sent = non pris
day-csv-cost = coût
day-csv-heard = reçus
day-csv-heard-cost = coût des reçus
day-csv-currency = monnaie

bill-list = Factures des opérateurs
bill-none = Aucune facture n’a encore été comparée.
bill-new = Comparer une facture
bill-new-why = La facture ou le relevé de messages de l’opérateur est comparé à ce qui a été envoyé par un canal aux mêmes jours. Les numéros n’y sont pas montrés en entier.
bill-file = Le fichier
bill-file-hint = CSV, { $max } Mo et 200 000 lignes au plus, avec un titre au-dessus de chaque colonne : quand c’est parti, et le numéro ou l’identifiant du message chez l’opérateur. SMS, prix et statut s’il y en a.
bill-columns-head = Si les colonnes ne sont pas reconnues
bill-columns-why = Écrivez le titre de la colonne tel qu’il figure dans le fichier. Ce qui reste vide est deviné.
bill-column-date = Quand c’est parti
bill-column-number = Numéro
bill-column-id = Identifiant chez l’opérateur
bill-column-segments = SMS
bill-column-price = Prix
bill-column-status = Statut
bill-compare = Comparer
bill-compared = La facture est comparée.
bill-not-taken = La facture n’a pas été lue.
bill-no-file = Choisissez un fichier.
bill-days = { $first } au { $last }
bill-agrees = Concorde
bill-differs = { $n ->
    [one] { $n } différence
   *[other] { $n } différences
}
bill-lead = { $channel }, { $days }
bill-drop = Supprimer cette facture
bill-dropped = La facture est supprimée.
bill-differences = Différences
bill-no-difference = La facture concorde avec ce qui a été envoyé.
bill-more = Suite
bill-message = Message
bill-person = Personne
behind-bill = Facture d’un opérateur
behind-bill-says = { $name } : { $kind }
bill-line = Ligne { $n }
bill-number-hidden = un numéro que vous ne pouvez pas voir
bill-fact-agreed = { $n ->
    [one] Les deux concordent pour { $n } message ; la facture a { $lines } lignes.
   *[other] Les deux concordent pour { $n } messages ; la facture a { $lines } lignes.
}
bill-fact-segments = SMS : { $billed } sont facturés, { $sent } ont été envoyés.
bill-fact-money = { $billed } sont facturés ; aux prix convenus, ce serait { $ours }.
bill-fact-no-money = Aux prix convenus, ce serait { $ours } ; la facture ne donne pas de prix.
bill-kind-not-sent = Facturé, mais jamais envoyé par nous
bill-kind-not-billed = Envoyé, mais pas facturé
bill-kind-more-segments = Plus de SMS facturés qu’envoyés
bill-kind-other-price = Autre prix que convenu
bill-kind-delivered-uncertain = Remis selon la facture, incertain ici
bill-said-not-sent = La facture a un message que nous ne trouvons nulle part dans ce que ce canal a envoyé à ce moment.
bill-said-not-billed = Nous l’avons remis et l’opérateur l’a pris, mais la facture ne l’a pas.
bill-said-segments = La facture a { $billed } SMS, nous en avons envoyé { $sent }.
bill-said-more-segments = La facture a plus de SMS que nous n’en avons envoyé.
bill-said-price = La facture dit { $billed } pour { $parts } SMS ; au prix enregistré, c’est { $ours }.
bill-said-other-price = La facture a un autre prix que celui enregistré.
bill-said-delivered-uncertain = La réponse de l’opérateur s’est perdue ici ; la facture dit que le téléphone l’a.
bill-csv-line = ligne
bill-csv-kind = différence
bill-csv-time = heure
bill-csv-number = numéro
bill-csv-message = message
bill-csv-segments = sms facturés
bill-csv-our-segments = sms envoyés
bill-csv-price = facturé
bill-csv-our-price = convenu

bill-too-large = Le fichier dépasse { $max } Mo. Prenez-le par morceaux, mois par mois.
bill-too-long = Le fichier a plus de { $max } lignes. Prenez-le par morceaux, semaine par semaine.
bill-no-table = Ce n’est pas un tableau. Enregistrez-le en CSV, avec les titres des colonnes à la première ligne.
bill-columns = Il faut une colonne avec l’heure et une avec le numéro ou l’identifiant chez l’opérateur. Le fichier a : { $titles }. Écrivez ci-dessous laquelle est laquelle.
bill-no-column = Il n’y a pas de colonne { $column }. Le fichier a : { $titles }.
bill-no-lines = Aucune ligne n’a à la fois une heure et un numéro ou identifiant lisibles ({ $count } ont été lues). Écrivez ci-dessous quelle colonne est laquelle.
bill-too-many-days = La facture porte sur la période du { $from } au { $until }. On peut comparer { $max } jours au plus à la fois.
bill-too-many-messages = Plus de { $max } messages sont partis ces jours-là. Prenez la facture par morceaux.

did-currency-set = a dit dans quelle monnaie l’installation paie.
did-price-added = a ajouté un prix.
did-price-dropped = a retiré un prix.
did-budget-set = a fixé un budget.
did-budget-lifted = a laissé les envois continuer malgré un budget épuisé.
did-budget-unlifted = a de nouveau fait attendre les envois pour un budget.
did-budget-dropped = a supprimé un budget.
did-broadcast-held = a retenu un envoi parce qu’un budget est épuisé.
did-broadcast-let-go = a laissé continuer un envoi qu’un budget avait retenu.
did-bill-brought = a comparé une facture d’opérateur.
did-bill-taken = a pris les différences d’une facture en fichier.
did-bill-dropped = a supprimé une facture.
