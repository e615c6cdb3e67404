# Textes de SMS : comptage et lettres coûteuses, numéros inutilisables, et ce que mHero répond de lui-même.
# Les réponses (reply-…) voyagent en SMS : lettres de GSM-7 seulement, 160 au plus avec leurs variables.

## Comptage

# $used unités sur $room, en $segments SMS.
sms-count = { $used }/{ $room } · { $segments ->
    [one] { $segments } SMS
   *[other] { $segments } SMS
}
sms-encoding-gsm7 = Lettres simples : 160 dans un SMS
sms-encoding-ucs2 = Lettres spéciales : 70 seulement dans un SMS
# $letter figure $times fois dans le texte.
sms-costly-letter = { $times ->
    [one] La lettre { $letter } rend ce texte plus cher.
   *[other] La lettre { $letter } ({ $times } fois) rend ce texte plus cher.
}
sms-costly-substitute = Écrire { $substitute } à la place
sms-costly-drop = L’omettre
sms-costly-none = Aucune lettre simple ne peut remplacer { $letter }.
sms-substitute-all = Remplacer toutes les lettres coûteuses
# Ce que l’on gagne : SMS par personne avant et après.
sms-substitute-saves = { $before } SMS deviennent { $after }.

## Numéros inutilisables

phone-empty = Pas de numéro de téléphone
phone-has-letters = Il y a une lettre dans ce numéro. Il est gardé tel quel et n’est pas utilisé.
phone-not-a-number = Ceci n’est pas un numéro de téléphone.
phone-not-valid = Ce numéro n’est pas valide ici : trop court, trop long, ou préfixe inconnu.
phone-foreign-country = C’est un numéro d’un autre pays ({ $country }), qui n’est pas configuré ici.

## Réponses que mHero envoie de lui-même

reply-stopped = Vous ne recevrez plus de messages. Envoyez { $start } pour revenir. Vos alertes restent les bienvenues. Gratuit.
reply-stopped-topic = Vous ne recevrez plus les messages { $topic }. Envoyez { $start } pour revenir.
reply-started = Bon retour. Vous recevez à nouveau nos messages. Envoyez { $stop } pour quitter.
reply-started-topic = Vous recevez à nouveau les messages { $topic }. Envoyez { $stop } pour quitter.
reply-help = Vous pouvez envoyer: { $words }. Tout est gratuit.
reply-confirm-stop = Ne voulez-vous plus de messages? Alors envoyez { $stop }.
reply-confirm-start = Voulez-vous à nouveau nos messages? Alors envoyez { $start }.
reply-which-topic = Quels messages voulez-vous quitter? Envoyez { $stop } et un de ces mots: { $topics }.
reply-who = Qui écrit? Répondez par le numéro: { $names }.
reply-which-keyword = Vouliez-vous dire { $words }? Renvoyez ce mot au début du texte.
reply-unknown-keyword = Nous n'avons pas compris. Vous pouvez envoyer: { $words }. Ou écrivez librement, une personne vous répond.
reply-keyword-taken = Votre { $keyword } est bien arrivé et sera lu. Merci.
reply-not-me = Pardon pour le dérangement. Nous allons vérifier ce numéro. Envoyez { $stop } pour ne plus rien recevoir.
# Une alerte. $keyword est le mot tel qu’on l’écrit dans la langue.
reply-keyword-urgent = { $keyword } est bien arrivé. L'agent de garde le voit maintenant. Gardez votre téléphone près de vous.
