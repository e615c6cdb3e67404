### Si un message est vrai.

## SMS, un seul chacun : uniquement les lettres du GSM-7
trust-mark-test = ESSAI:
trust-mark-drill = EXERCICE:
trust-sms-true = Oui, { $code } est un vrai message de { $ministry }, { $since }: { $name }. Nous ne demandons jamais votre PIN ni d'argent.
trust-sms-drill = { $code } est un vrai message de { $ministry }, { $since }, mais un essai ou exercice: { $name }. Jamais de demande de PIN ni d'argent.
trust-sms-other = { $code } est un vrai code du { $since }, mais ce message n'est pas pour ce numéro. Ne le suivez pas. Signalez-le: SPAM et le texte.
trust-sms-false = Non, { $code } n'est pas notre code. Ne suivez pas ce message. Signalez-le: SPAM et le texte. Nous ne demandons jamais PIN ni argent.
trust-sms-spam = Merci, un responsable va lire. Ne répondez pas à ce message. Nous ne demandons jamais votre PIN ni d'argent.

## Console
trust-head = Messages douteux
trust-lead = Ce que des agents ont demandé ces 30 derniers jours et qui n’est pas de nous. Quelqu’un écrit peut-être en votre nom.
trust-none = Personne n’a demandé un code qui n’est pas le nôtre
trust-none-why = Un agent qui doute d’un message envoie VERIF et son code, et apprend s’il est de nous.
trust-code = Code
trust-no-code = Signalé par SPAM, sans code
trust-phones = Téléphones
trust-last = Dernier
trust-inbox = Ce qu’ils ont écrit après SPAM est dans la réception.
trust-of-broadcast = Son code est { $code }. Qui en doute envoie VERIF { $code }.
trust-of-broadcast-asked = { $n ->
    [0] Personne n’a encore demandé.
    [one] Demandé { $n } fois.
   *[other] Demandé { $n } fois.
}
trust-in-text = Écrivez @code dans le texte et le code y sera.
