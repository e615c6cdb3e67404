//! Texts that no person wrote to us: notices of operators, automatic answers, fraud. They get no reply, or two machines would talk.

use std::sync::LazyLock;

use super::{Silence, fold::Text, phrases::Phrases};

/// Longest automatic answer of a phone, in words.
const AUTOREPLY_TOKENS_MAX: usize = 14;

static AUTOREPLY: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::new(
        "can't talk right now|can't talk now|cannot talk right now|can't talk at the moment|can't answer right now|ill call you back\
         |i will call you back|call you right back|ill call you later|call you later|can i call you later|im driving|i am driving\
         |im in a meeting|i am in a meeting|cant pick up|whats up|auto reply|autoreply|automatic reply|automated response|out of office\
         |away from my phone|this is an automatic message|ne peux pas parler|peux pas parler|impossible de parler|busy right now|busy now|currently unavailable|will call you back|will call back|get back to you later\
         |vous rappelle plus tard\
         |te rappelle plus tard|je vous rappelle|je te rappelle|je vous rappellerai|je te rappellerai|t'appelle plus tard\
         |vous appelle plus tard|puis je vous rappeler|puis je te rappeler|je suis en reunion|je suis au volant|je conduis\
         |reponse automatique|message automatique|absent du bureau|ne pas repondre a ce message|nao posso falar|ligo mais tarde\
         |estou em reuniao|لا استطيع التحدث|ساتصل بك لاحقا",
    )
});

static OPERATOR: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::new(
        "missed call|missed calls|appel manque|appels manques|appel en absence|appels en absence|chamada perdida|chamadas perdidas\
         |tried to call you|a essaye de vous appeler|a tente de vous appeler|a cherche a vous joindre|a essaye de vous joindre\
         |dear customer|dear subscriber|valued customer|cher client|chere cliente|cher abonne|chers clients|prezado cliente|caro cliente\
         |your airtime|airtime balance|your balance|account balance|your main balance|votre solde|solde principal|votre credit\
         |credit de communication|votre forfait|votre pass|data bundle|your bundle|your data|voice mail|voicemail|voice message|new voice message|your recharge|recharge was successful|recharged with\
         |messagerie vocale\
         |boite vocale|nouveau message vocal|message not delivered|not delivered|delivery failed|delivery report|message non delivre|non delivre|nouveau solde|new balance|balance is|correspondant que vous|votre correspondant\
         |non remis|echec de l'envoi|sms non envoye|rapport de remise|you have been credited|you have received a transfer|topped up\
         |recharge reussie|rechargement|transaction id|transaction reussie|mobile money|orange money|momo account|numero que vous\
         |number you are calling|number you have dialed|subscriber you|abonne que vous|sim card registration|verification code is\
         |code de verification|otp",
    )
});

static WIN: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::new(
        "win|winner|won|you have won|you won|youve won|u have won|you win|lucky winner|lucky draw|lucky number|lottery|jackpot|have been selected\
         |congratulations you|congratulations your|claim your prize|your prize|free gift|vous avez gagne|tu as gagne|avez ete tire\
         |heureux gagnant|l'heureux gagnant|gagnant|tirage au sort|loterie|tombola|felicitations vous|felicitation vous|votre gain\
         |votre lot|voce ganhou|ganhou um|sorteio|لقد ربحت|مبروك لقد|جائزه",
    )
});

static LOAN: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::new(
        "your loan|loan of|invest|investment|double your money|earn|investissez|gagnez|votre investissement|instant loan|quick loan|get a loan|get cash|cash loan|loan offer|votre pret|pret de|pret rapide|credit rapide\
         |pret instantane|obtenez un pret|emprunt de|emprestimo",
    )
});

static PUSH: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::new(
        "claim|click|call|call now|reply yes|apply|approved|pre approved|get cash|http|https|www|bit ly|whatsapp|cliquez|cliquez sur\
         |appelez|appelez le|reclamer|reclamez|repondez oui|approuve|accorde|million|millions|usd|dollars|fcfa|cfa|gnf|lrd|cash|prize|ligue\
         |reclame|clique|aprovado",
    )
});

/// Who speaks of oneself is a person. Automatic answers do so as well; operators and fraud rarely.
static FIRST_PERSON: LazyLock<Phrases> =
    LazyLock::new(|| Phrases::new("i|im|ive|my|we|our|je|j|nous|notre|nos|mon|ma|mes|moi|eu|meu|minha|انا"));

/// Whether nobody should be answered, and why.
pub(super) fn silence(text: &Text) -> Option<Silence> {
    if AUTOREPLY.are_in(text) && text.tokens.len() <= AUTOREPLY_TOKENS_MAX {
        return Some(Silence::AutomaticReply);
    }
    if FIRST_PERSON.are_in(text) {
        return None;
    }
    if OPERATOR.are_in(text) || dials_service(&text.source) {
        return Some(Silence::OperatorNotice);
    }
    let money = text.source.contains(['$', '€', '£']);
    let pushed = money || PUSH.are_in(text);
    let baited = WIN.are_in(text) && (pushed || WIN.count_in(text) > 1) || LOAN.are_in(text) && PUSH.are_in(text);
    baited.then_some(Silence::Fraud)
}

/// Whether a service code stands in it: `*123#`, `#144*1#`.
fn dials_service(source: &str) -> bool {
    source.split(|c: char| !(c.is_ascii_digit() || matches!(c, '*' | '#'))).any(|part| {
        part.len() >= 4
            && part.starts_with(['*', '#'])
            && part.ends_with('#')
            && part.bytes().any(|b| b.is_ascii_digit())
    })
}
