# What programs do through the API in the shape of RapidPro's, as the audit log says it.

did-contact-written = wrote a contact through the API.
did-contact-deleted = deleted a contact through the API.
did-contact-blocked = blocked somebody: nothing more is sent to them.
did-contact-unblocked = let somebody be written to again.
did-contact-messages-archived = put away the texts of somebody, in the API.
did-person-interrupted = ended the conversations of somebody.
did-message-sent = sent a text to one person.
did-message-marked = sorted a text, in the API.
did-label-created = made a label.
did-label-renamed = renamed a label.
did-label-deleted = deleted a label.
did-field-created = made a field of people.
did-field-renamed = renamed a field of people.
did-flow-thing-written = changed something that flows refer to.
did-resthook-subscribed = let a system get what a resthook sends.
did-resthook-unsubscribed = ended that a system gets what a resthook sends.
did-campaign-changed = changed a campaign.
did-campaign-event-changed = changed an event of a campaign.
