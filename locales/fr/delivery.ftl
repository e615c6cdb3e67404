# Règles d’acheminement : heures calmes par lieu, plafonds, validité, blocages, messages incertains, états.

settings-delivery = Acheminement
delivery-limits = Limites
delivery-limits-lead = Combien de messages une personne reçoit, et combien de temps un message vaut la peine d’être envoyé. Les alertes et les réponses partent toujours.
delivery-no-number = « { $typed } » n’est pas un nombre entier. Écrivez des chiffres seulement, ou laissez le champ vide.

caps-title = Combien une personne reçoit
caps-hint = Messages et envois ensemble, au plus tant par personne. Les alertes, les réponses et les essais ne comptent pas. Vide : pas de limite. Les jours sont ceux de l’heure nationale ; une semaine, c’est aujourd’hui et les six jours d’avant.
caps-day = Par jour, tous programmes
caps-week = Par semaine, tous programmes
caps-programme-day = Par jour, pour un programme
caps-programme-week = Par semaine, pour un programme
caps-over = Ce qui est de trop
caps-hold = attend le prochain jour libre
caps-leave-out = est laissé de côté, avec la raison
caps-save = Enregistrer combien
caps-range = Une limite va de 1 à { $max } messages. Laissez le champ vide pour aucune limite.

validity-title = Combien de temps un message vaut l’envoi
validity-hint = En heures après sa rédaction. Ce qui n’est pas parti d’ici là expire et n’est pas envoyé ; les opérateurs qui le peuvent sont priés de ne pas le garder plus longtemps. Vide : aussi longtemps que le canal est absent ; un texte qui seul n’est pas accepté échoue après un jour.
validity-alert = Alertes, heures
validity-reply = Réponses, heures
validity-normal = Messages à quelques-uns, heures
validity-bulk = Envois, heures
validity-save = Enregistrer combien de temps
validity-range = Écrivez de 1 à { $hours } heures, ou laissez le champ vide.

quiet-title = Heures calmes
quiet-lead = Quand rien d’autre que les alertes et les réponses ne part vers les téléphones. Ce qui attend part à la fin ; personne n’est exclu.
quiet-national = Là où aucun lieu n’a les siennes
quiet-hint = Deux fois la même heure : pas d’heures calmes. Elles peuvent passer minuit.
quiet-rest = Jours de repos
quiet-save-national = Enregistrer pour le pays
quiet-places = Lieux avec leurs propres heures
quiet-no-places = Aucun lieu n’a les siennes : celles du pays valent partout.
quiet-hours = Heures
quiet-none = Pas d’heures calmes
quiet-no-rest = Aucun
quiet-from-until = de { $from } à { $until }
quiet-drop = Retirer
quiet-add = Heures d’un lieu
quiet-add-hint = Elles valent pour tous ceux qui travaillent là ou en dessous, à l’heure de ce lieu ; le lieu le plus proche compte.
quiet-save-place = Enregistrer pour ce lieu
quiet-no-place = Aucun lieu ne s’appelle « { $typed } ». Écrivez un nom comme il figure sous Lieux.
quiet-which-place = Plusieurs lieux portent ce nom. Choisissez-en un.
quiet-no-day-left = Avec sept jours de repos rien ne partirait jamais. Laissez au moins un jour.
quiet-too-many = Au plus { $max } lieux peuvent avoir leurs propres heures. Réglez-les pour un lieu plus haut.

uncertain-policies = Messages incertains
uncertain-policies-lead = Ce qui se passe quand la réponse d’un opérateur s’est perdue, si bien que personne ne sait si un message est parti. Renvoyé, il peut arriver deux fois ; il est renvoyé trois fois au plus.
uncertain-kind-alert = Alerte
uncertain-kind-reply = Réponse
uncertain-kind-question = Premier message d’un scénario
uncertain-kind-message = Message à une personne
uncertain-kind-broadcast = Envoi
uncertain-kind-lab = Résultat de laboratoire
uncertain-what = Ce qui se passe
uncertain-ask = Une personne décide
uncertain-again = Il est renvoyé
uncertain-after = après tant de minutes
uncertain-range = Écrivez de 1 à { $max } minutes.
uncertain-title = Messages incertains à décider
uncertain-lead = { $n ->
    [0] Personne n’a rien à décider.
    [one] { $n } message attend une décision.
   *[other] { $n } messages attendent une décision.
}
uncertain-none = Rien n’est incertain
uncertain-none-why = De chaque message nous savons si l’opérateur l’a pris.
uncertain-choose = Choisir
uncertain-choose-one = Choisir le message à { $name }
uncertain-message = Message
uncertain-next = La suite
uncertain-waits = Attend votre décision.
uncertain-again-at = Renvoyé de lui-même { $time }.
uncertain-do-again = Renvoyer
uncertain-do-sent = Tenir pour envoyé
uncertain-do-give-up = Abandonner
uncertain-all-chosen = Tous ceux qui sont choisis :
uncertain-decide-why = Renvoyer : il peut arriver deux fois. Tenir pour envoyé : vous savez qu’il est arrivé. Abandonner : il compte comme échoué. Votre décision figure au journal.
uncertain-decided = { $n ->
    [0] Il n’y avait plus rien à décider.
    [one] { $n } message décidé.
   *[other] { $n } messages décidés.
}
uncertain-nothing-chosen = Choisissez au moins un message.
uncertain-too-many = Choisissez au plus { $max } messages à la fois.

blocks-title = Numéros bloqués
blocks-lead = { $n ->
    [0] Aucun numéro n’est bloqué.
    [one] { $n } numéro est bloqué : il ne reçoit que les alertes et les réponses, et qui écrit est entendu.
   *[other] { $n } numéros sont bloqués : ils ne reçoivent que les alertes et les réponses, et qui écrit est entendu.
}
blocks-name = Nom de la liste
blocks-name-hint = Quel opérateur l’a donnée, et quand.
blocks-file = Fichier
blocks-file-hint = CSV avec un numéro par ligne, ou avec une colonne nommée phone, numéro ou msisdn. Au plus 8 Mo et 300 000 numéros.
blocks-import = Importer la liste
blocks-lists = Listes
blocks-none = Aucune liste n’a été importée.
blocks-numbers = Numéros
blocks-not-read = { $n ->
    [one] { $n } ligne non lue
   *[other] { $n } lignes non lues
}
blocks-by = Importée par
blocks-undo = Reprendre
blocks-undone = La liste est reprise.
blocks-undone-at = Reprise { $time }
blocks-done = { $n ->
    [one] { $n } numéro est bloqué dès maintenant.
   *[other] { $n } numéros sont bloqués dès maintenant.
}
blocks-unreadable = { $n ->
    [one] { $n } ligne ne contient pas de numéro : ligne { $lines }.
   *[other] { $n } lignes ne contiennent pas de numéro, les premières : { $lines }.
}
blocks-too-large = Le fichier dépasse { $max } Mo. Partagez-le.
blocks-too-many = La liste compte plus de { $max } numéros. Partagez-la.
blocks-no-number = Le fichier ne contient aucun numéro de téléphone ({ $lines } lignes lues). Mettez les numéros dans la première colonne, ou nommez leur colonne phone.
# $max: characters
blocks-list-name = Donnez à la liste un nom d’au plus { $max } caractères.

states-title = Ce que veulent dire les états
states-lead = Chaque message a un état. Il ne fait qu’avancer.
states-out = Messages vers les téléphones
states-in = Textes des téléphones
states-reasons = Pourquoi un message attend ou est laissé de côté
states-submitting = En route
states-means-waiting = Il est ici sur le disque et part à son tour, ou quand ce qui le retient finit.
states-means-submitting = Il est remis à l’opérateur en ce moment.
states-means-uncertain = La réponse de l’opérateur s’est perdue : personne ne sait s’il est parti. Une règle ou une personne décide.
states-means-sent = L’opérateur l’a pris ; le téléphone ne l’a pas confirmé, et certains opérateurs ne le disent jamais.
states-means-delivered = L’opérateur a annoncé que le téléphone l’a.
states-means-failed = L’opérateur l’a refusé, ou n’a pas pu le remettre, ou quelqu’un l’a abandonné.
states-means-cancelled = Il a été repris avant de partir : par une personne, un STOP, une limite ou un blocage.
states-means-expired = Il ne valait plus l’envoi quand son tour est venu, et n’est pas parti.
states-handled = Traité
states-means-handled = Il a été compris par un mot, un scénario ou une personne.
states-double = Doublon probable
states-means-double = Le même texte est venu deux fois en quelques secondes ; il est gardé et peut compter.
states-late = Réponse tardive
states-means-late = Elle est venue quand le scénario n’attendait plus ; elle est gardée avec les résultats du scénario.
state-expired = Expiré
means-expired = Ne valait plus l’envoi à son tour
hop-expired = Expiré, non envoyé

held-title = Qui attend, et pourquoi
held-lead = Ces personnes reçoivent le message quand ce qui le retient finit.
held-nobody = Personne n’attend une heure ou un jour.
held-everybody = C’est calme partout : tout ce qui n’est pas parti attend ensemble.
held-until = Jusqu’à
held-sum = { $reason } : { $n ->
    [one] { $n } personne, jusqu’à { $time }
   *[other] { $n } personnes, jusqu’à { $time }
}
held-by-place = { $reason } ({ $place })
held-see = Voir qui attend
held-note = Attend jusqu’à { $time } : { $reason }
held-worth = Pendant combien d’heures cet envoi vaut-il la peine ?
held-worth-hint = Après sa rédaction. Vide : ce que disent les réglages pour son genre.
held-quiet-hours = Heures calmes
held-rest-day = Jour de repos
held-cap-day = Assez de messages aujourd’hui
held-cap-week = Assez de messages cette semaine
held-cap-programme-day = Assez de messages de ce programme aujourd’hui
held-cap-programme-week = Assez de messages de ce programme cette semaine
held-operator-block = Bloqué par l’opérateur
held-validity = Ne vaut plus l’envoi
held-means-quiet-hours = À cette heure, rien d’autre que les alertes et les réponses ne part vers ce lieu.
held-means-rest-day = Ce jour-là, rien d’autre que les alertes et les réponses ne part vers ce lieu.
held-means-cap-day = Cette personne a reçu aujourd’hui autant de messages que la limite permet.
held-means-cap-week = Cette personne a reçu en sept jours autant de messages que la limite permet.
held-means-cap-programme-day = Cette personne a reçu aujourd’hui autant de messages du programme que la limite permet.
held-means-cap-programme-week = Cette personne a reçu en sept jours autant de messages du programme que la limite permet.
held-means-operator-block = Le numéro figure sur une liste de l’opérateur. Ce n’est pas un STOP : les alertes partent, et qui écrit est entendu.
held-means-validity = Ses heures étaient passées avant qu’il puisse partir.
out-operator-block = Bloqué par l’opérateur

said-written = Écrit, selon le téléphone ou l’opérateur
said-ahead = L’horloge de l’opérateur avançait ; l’heure de réception compte
said-old = L’opérateur a donné une heure très ancienne ; l’heure de réception compte
said-late = Réponse tardive : le scénario n’attendait plus
said-both = écrit { $time }

late-title = Réponses tardives
late-lead = Textes venus quand ce scénario n’attendait plus. Ils ne changent aucun résultat.
late-none = Aucune réponse n’est venue en retard.
late-text = Texte
late-written = Écrit
late-received = Reçu
late-unknown = non dit

cli-state-expired = expiré
cli-reason-validity = ne valait plus l’envoi
cli-reason-operator-block = bloqué par l’opérateur
cli-reason-taken-as-sent = tenu pour envoyé par une personne
cli-reason-given-up = abandonné par une personne
cli-reason-cap-day = assez de messages ce jour-là
cli-reason-cap-week = assez de messages cette semaine-là
cli-reason-cap-programme-day = assez de messages du programme ce jour-là
cli-reason-cap-programme-week = assez de messages du programme cette semaine-là
