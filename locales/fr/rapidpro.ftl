# Ce que des programmes font par l’API de RapidPro, comme le dit le journal.

did-contact-written = a écrit un contact par l’API.
did-contact-deleted = a supprimé un contact par l’API.
did-contact-blocked = a bloqué quelqu’un : plus rien ne lui est envoyé.
did-contact-unblocked = a permis d’écrire de nouveau à quelqu’un.
did-contact-messages-archived = a rangé les textes de quelqu’un, dans l’API.
did-person-interrupted = a mis fin aux conversations de quelqu’un.
did-message-sent = a envoyé un texte à une personne.
did-message-marked = a trié un texte, dans l’API.
did-label-created = a créé une étiquette.
did-label-renamed = a renommé une étiquette.
did-label-deleted = a supprimé une étiquette.
did-field-created = a créé un champ des personnes.
did-field-renamed = a renommé un champ des personnes.
did-flow-thing-written = a modifié un élément auquel des scénarios renvoient.
did-resthook-subscribed = a abonné un système à ce qu’un resthook envoie.
did-resthook-unsubscribed = a mis fin à l’abonnement d’un système à un resthook.
did-campaign-changed = a modifié une campagne.
did-campaign-event-changed = a modifié un événement d’une campagne.
