//! What people write, in English and French.

/// Texts of one language.
pub struct Words {
    pub thanks: &'static [&'static str],
    pub read: &'static [&'static str],
    pub troubles: &'static [&'static str],
    pub opinions: &'static [&'static str],
    pub not_here: &'static [&'static str],
    pub stop: &'static [&'static str],
    pub keywords: &'static [&'static str],
    pub after: &'static [&'static str],
}

pub const ENGLISH: Words = Words {
    thanks: &["ok thank u", "Thank you", "ok", "Noted with thanks", "thanks sir", "ok i will"],
    read: &["ok", "ok noted", "Received", "well received thank u", "Thanks for the information"],
    troubles: &[
        "we have no gloves since monday can we still do deliveries?",
        "the fridge is not working since last night what can we do with the vaccine",
        "pls when is the salary for last month coming",
        "is the training for nurses also?",
        "we are only two at the clinic, who will cover for me",
        "lab machine down again, who to call",
        "the road is bad here motorbike cannot pass, can you send earlier",
        "no network at our place since sunday i just saw this message",
        "good morning i am the new OIC please put my number",
        "Rapid test finish here. When will the next supply come?",
    ],
    opinions: &[
        "we need gloves and delivery kits",
        "Water. We fetch it from the creek",
        "more staff for night duty",
        "solar light for the delivery room",
        "drugs for malaria finish two weeks now",
        "everything is fine for now",
        "transport for referral",
    ],
    not_here: &[
        "She is not here now, I will tell her",
        "this is her brother she left the phone with me",
        "Who is this?",
        "wrong number please",
    ],
    stop: &["STOP", "stop", "Stop please"],
    keywords: &["HELP", "help", "HLEP", "hlp", "ALERT", "ALRT measles", "Alert", "PROBLEM no gloves", "prblm fridge"],
    after: &["thanks", "thank u", "please", "sir", "but who will cover"],
};

pub const FRENCH: Words = Words {
    thanks: &["ok merci", "Merci", "ok", "bien compris merci", "merci chef", "c'est note"],
    read: &["ok", "bien reçu", "bien reçu merci", "Recu", "merci pour l'information"],
    troubles: &[
        "plus de gants depuis lundi, peut-on faire les accouchements?",
        "le frigo ne marche plus depuis hier, que faire des vaccins",
        "svp quand est ce que le salaire va venir",
        "la formation c'est aussi pour les infirmiers?",
        "nous sommes deux au centre, qui me remplace",
        "bien reçu merci, et le transport?",
        "la route est coupée ici, la moto ne passe pas",
        "pas de réseau chez nous depuis dimanche je viens de voir le message",
        "bonjour je suis la nouvelle responsable du centre, ajoutez mon numero",
        "Les tests rapides sont finis. C'est quand la prochaine livraison?",
    ],
    opinions: &[
        "il faut des gants et des kits d'accouchement",
        "l'eau. On la cherche au marigot",
        "plus de personnel pour la garde de nuit",
        "une lampe solaire pour la salle d'accouchement",
        "rupture de médicaments palu depuis deux semaines",
        "tout va bien pour le moment",
        "le transport pour les évacuations",
    ],
    not_here: &[
        "Elle n'est pas là, je vais lui dire",
        "c'est son frère, elle a laissé le téléphone",
        "c'est qui?",
        "vous vous êtes trompé de numéro",
    ],
    stop: &["STOP", "ARRET", "arret", "stop svp"],
    keywords: &[
        "AIDE",
        "aide",
        "AID",
        "ALERTE",
        "alrte rougeole",
        "Alerte",
        "PROBLEME plus de gants",
        "probleme frigo",
    ],
    after: &["merci", "svp", "chef", "mais qui me remplace"],
};
