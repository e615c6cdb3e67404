//! What words of everyday English, French, Portuguese and Arabic do in a short text. General knowledge only: everything local comes
//! from the context.

use std::{collections::HashMap, sync::LazyLock};

use mhero_core::Lang;

use super::fold::Text;

/// What a word or phrase does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Class {
    /// Opens a text: `good morning`.
    Greet,
    /// Whom one speaks to: `sir`, `docteur`.
    Title,
    /// Courtesy that changes nothing.
    Polite,
    /// A wish.
    Want,
    /// A question how.
    How,
    /// Who writes here?
    Who,
    /// Turns the sense around.
    Neg,
    /// To stop something, in general.
    Cease,
    /// To leave a list of messages, and nothing else.
    Unsubscribe,
    /// To leave, of a list or of a job.
    Leave,
    /// To have had enough of something.
    Tire,
    /// To be taken off a list.
    Remove,
    /// To begin again, in general.
    Resume,
    /// To come back to a list of messages, and nothing else.
    Resubscribe,
    /// Help, in general.
    Help,
    /// Messages.
    Object,
    /// A list or group of receivers.
    List,
    /// Everything.
    All,
    /// To send (said to us).
    Send,
    /// To get (said of oneself).
    Receive,
    /// Articles and the like.
    Det,
    /// The writer.
    Me,
    /// `it`, `this`.
    It,
    /// `more`, `any more`, `now`.
    More,
    /// `again`.
    Anew,
}

/// Class, language, phrases.
type Row = (Class, &'static str, &'static str);

const ROWS: &[Row] = &[
    (Class::Greet, "en", "hello|hi|hey|good morning|good afternoon|good evening|good day|morning|greetings|dear"),
    (Class::Greet, "fr", "bonjour|bonsoir|bjr|bsr|salut|allo|slt|bonjour a tous|cher|chere"),
    (Class::Greet, "pt", "ola|bom dia|boa tarde|boa noite|oi"),
    (Class::Greet, "ar", "السلام عليكم|سلام|مرحبا|صباح الخير|مساء الخير"),
    (
        Class::Title,
        "en",
        "sir|madam|boss|chief|doc|doctor|dr|mr|mrs|ms|team|friend|my friend|my people|colleague|colleagues|all of you",
    ),
    (
        Class::Title,
        "fr",
        "monsieur|madame|mme|docteur|chef|cheffe|equipe|collegue|collegues|mon ami|mes amis|mon frere|ma soeur",
    ),
    (Class::Title, "pt", "senhor|senhora|doutor|doutora|chefe|amigo"),
    (
        Class::Polite,
        "en",
        "please|pls|plz|plse|pliz|kindly|thanks|thank you|thank u|thx|tnx|tks|sorry|excuse me|ok|okay|yes|yeah|abeg|i beg|i beg you|o|ya|god bless|god bless you|have a nice day|regards|best regards",
    ),
    (
        Class::Polite,
        "fr",
        "svp|stp|s il vous plait|s il te plait|merci|merci beaucoup|merci bien|pardon|desole|excusez moi|veuillez|d accord|bonne journee|bonne soiree|cordialement|voila",
    ),
    (Class::Polite, "pt", "por favor|pf|obrigado|obrigada|desculpe|sim"),
    (Class::Polite, "ar", "من فضلك|من فضلكم|لو سمحت|لو سمحتم|رجاء|شكرا|نعم"),
    (
        Class::Want,
        "en",
        "i want to|i want|i wish to|i would like to|id like to|i like to|i need to|i need|want to|want|can you|can u|could you|would you|can i|may i|let me|i have decided to|i say|i said|i wanna|wanna",
    ),
    (
        Class::Want,
        "fr",
        "je veux|je voudrais|je souhaite|je desire|j aimerais|je demande|je demande de|pouvez vous|pourriez vous|peux tu|j ai besoin|besoin|veux|voudrais|souhaite",
    ),
    (Class::Want, "pt", "quero|queria|gostaria de|desejo|pode|podem|preciso"),
    (Class::Want, "ar", "اريد|اريد ان|ارغب|ارجو|اود"),
    (Class::How, "en", "how|how to|how do i|how can i|how do we|how can we|how i can|what to do to"),
    (Class::How, "fr", "comment|comment faire|comment faire pour|comment puis je|comment on|que faire pour"),
    (Class::How, "pt", "como|como faco para|como posso"),
    (Class::How, "ar", "كيف"),
    (
        Class::Who,
        "en",
        "who are you|who are u|who r u|who is this|whos this|who is it|who is there|who is texting|who sent this|whose number is this",
    ),
    (
        Class::Who,
        "fr",
        "c qui|c est qui|qui est ce|qui etes vous|qui es tu|t es qui|vous etes qui|qui m ecrit|qui ecrit|a qui est ce numero|c est le numero de qui",
    ),
    (Class::Who, "pt", "quem e|quem fala|quem e voce"),
    (Class::Who, "ar", "من انت|من انتم|من معي"),
    (Class::Neg, "en", "not|no|dont|do not|never|cannot|cant|wont|didnt|doesnt|dnt|non|without"),
    (Class::Neg, "fr", "ne|n|pas|jamais|sans|aucun|non"),
    (Class::Neg, "pt", "nao|nunca|sem"),
    (Class::Neg, "ar", "لا|ليس|لم|لن"),
    (Class::Cease, "en", "stop|stopping|cease|halt|leave me alone"),
    (
        Class::Cease,
        "fr",
        "arret|arrete|arreter|arretez|arretes|stopper|stoppez|cesser|cessez|cesse|d arreter|fin|laissez moi tranquille|laisse moi tranquille|laissez moi en paix",
    ),
    (Class::Cease, "pt", "parar|pare|parem|para de|pare de|parem de|cancelar|cancela|cancelem"),
    (Class::Cease, "ar", "توقف|توقفوا|اوقف|اوقفوا|ايقاف|كفي"),
    (Class::Unsubscribe, "en", "unsubscribe|un subscribe|unsubscribed|unsub|opt out|optout|opt me out"),
    (
        Class::Unsubscribe,
        "fr",
        "desabonner|desabonnez|desabonne|desabonnement|me desabonner|desinscrire|desinscrivez|desinscription|me desinscrire",
    ),
    (Class::Unsubscribe, "pt", "cancelar subscricao|cancelar assinatura|descadastrar"),
    (Class::Unsubscribe, "ar", "الغاء الاشتراك|الغ الاشتراك"),
    (Class::Leave, "en", "leave|leaving|exit|get out of"),
    (Class::Leave, "fr", "quitter|quitte|sortir|sortir de"),
    (Class::Leave, "pt", "sair|sair de|deixar"),
    (Class::Tire, "en", "tired of|fed up with|fed up of|too many|too much|enough of"),
    (Class::Tire, "fr", "trop de|marre de|j en ai marre de|fatigue de|assez de|j en ai assez de"),
    (Class::Tire, "pt", "demasiadas|muitas|farto de"),
    (Class::Remove, "en", "remove|take off|take out|delete|erase|take"),
    (Class::Remove, "fr", "retirer|retirez|enlever|enlevez|supprimer|supprimez|effacer|effacez|rayez"),
    (Class::Remove, "pt", "remover|remova|tirar|tire|apagar|apague"),
    (Class::Remove, "ar", "احذف|احذفوا|حذف"),
    (Class::Resume, "en", "start|restart|resume|start again|begin|begin again"),
    (Class::Resume, "fr", "reprise|reprendre|reprenez|recommencer|recommencez|commencer|revenir|retour"),
    (Class::Resume, "pt", "recomecar|comecar|voltar|recomece"),
    (Class::Resume, "ar", "ابدا|ابداوا|استئناف|استانف"),
    (Class::Resubscribe, "en", "unstop|resubscribe|subscribe|subscribe me|opt in|optin"),
    (Class::Resubscribe, "fr", "reabonner|reabonnez|me reabonner|abonner|abonnez moi|reinscrire|reinscrivez"),
    (Class::Help, "en", "help|commands|list of words|which words|what can i text|menu"),
    (Class::Help, "fr", "aide|aidez|aider|d aide|de l aide|liste des mots|quels mots|menu"),
    (Class::Help, "pt", "ajuda|ajude|ajudar"),
    (Class::Help, "ar", "مساعده|ساعدوني|ساعدني"),
    (
        Class::Object,
        "en",
        "message|messages|msg|msgs|mesage|mesages|sms|smses|text|texts|texting|messaging|notifications|updates|texts messages|text messages",
    ),
    (Class::Object, "fr", "message|messages|msg|texto|textos|notifications|envois|mise a jour|mises a jour"),
    (Class::Object, "pt", "mensagem|mensagens|avisos"),
    (Class::Object, "ar", "الرسائل|رسائل|رساله|الرساله|رسائلكم"),
    (Class::List, "en", "list|mailing list|group|subscription"),
    (Class::List, "fr", "liste|groupe|abonnement"),
    (Class::List, "pt", "lista|grupo"),
    (Class::List, "ar", "القائمه|قائمه|المجموعه"),
    (Class::All, "en", "all|everything|completely|totally|for good|forever"),
    (Class::All, "fr", "tout|tous|toutes|completement|definitivement|pour toujours"),
    (Class::All, "pt", "tudo|todos|todas"),
    (Class::All, "ar", "الكل|كل|جميع"),
    (Class::Send, "en", "send|sending|to send|spamming|disturbing|bothering|disturb|bother"),
    (Class::Send, "fr", "envoyer|envoyez|d envoyer|envoie|ecrire|ecrivez|d ecrire|deranger|derangez"),
    (Class::Send, "pt", "enviar|envie|enviem|mandar|mande|mandem"),
    (Class::Send, "ar", "ارسال|ترسلوا|ارسلوا|ترسل"),
    (Class::Receive, "en", "receive|receiving|to receive|get|getting|be getting|have"),
    (Class::Receive, "fr", "recevoir|de recevoir|avoir"),
    (Class::Receive, "pt", "receber|de receber"),
    (Class::Receive, "ar", "استلام|استقبال"),
    (Class::Det, "en", "the|this|these|those|your|that|any|a|from|of|to|on|off|in|with|and|or|am|dis|dat|dem"),
    (Class::Det, "fr", "le|la|les|l|ce|ces|cet|cette|vos|votre|de|des|du|d|a|sur|au|et|ou"),
    (Class::Det, "pt", "os|as|estas|essas|suas|sua|e|me de"),
    (Class::Det, "ar", "عن|من|في|الي|علي|و"),
    (Class::Me, "en", "me|my number|my phone|my name|to me|i|us|myself"),
    (Class::Me, "fr", "moi|m|me|se|mon numero|mon nom|nous|je|a moi"),
    (Class::Me, "pt", "me|mim|eu|meu numero|para mim"),
    (Class::Me, "ar", "عني|لي|رقمي"),
    (Class::It, "en", "it|them"),
    (Class::It, "fr", "ca|cela|ceci"),
    (Class::It, "pt", "isso|isto"),
    (Class::It, "ar", "هذا|هذه"),
    (Class::More, "en", "more|anymore|any more|any longer|further|now|right now|immediately|today"),
    (Class::More, "fr", "plus|maintenant|immediatement|tout de suite|desormais|rien"),
    (Class::More, "pt", "mais|agora|ja"),
    (Class::More, "ar", "الان|بعد الان|المزيد"),
    (Class::Anew, "en", "again|once more|back"),
    (Class::Anew, "fr", "encore|a nouveau|de nouveau"),
    (Class::Anew, "pt", "de novo|novamente|outra vez"),
    (Class::Anew, "ar", "من جديد|مره اخري"),
];

/// A phrase made ready.
struct Phrase {
    tokens: Vec<String>,
    class: Class,
    lang: Lang,
}

/// Phrases by their first word, longest first.
static PHRASES: LazyLock<HashMap<String, Vec<Phrase>>> = LazyLock::new(|| {
    let mut all: HashMap<String, Vec<Phrase>> = HashMap::new();
    for (class, lang, phrases) in ROWS {
        let Ok(lang) = lang.parse() else { continue };
        for phrase in phrases.split('|') {
            let tokens: Vec<String> = Text::read(phrase).tokens.into_iter().map(|token| token.text).collect();
            if let Some(first) = tokens.first() {
                all.entry(first.clone()).or_default().push(Phrase { tokens: tokens.clone(), class: *class, lang });
            }
        }
    }
    for phrases in all.values_mut() {
        phrases.sort_by_key(|phrase| std::cmp::Reverse(phrase.tokens.len()));
    }
    all
});

/// A phrase found in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) class: Class,
    pub(super) length: usize,
    /// `None` when two languages write it alike.
    pub(super) lang: Option<Lang>,
}

/// The longest phrase that begins at a word; of equal ones, the first class of the table.
pub(super) fn phrase_at(text: &Text, index: usize) -> Option<Found> {
    let first = text.tokens.get(index)?;
    let here = |phrase: &&Phrase| {
        text.tokens[index..].len() >= phrase.tokens.len()
            && phrase.tokens.iter().zip(&text.tokens[index..]).all(|(a, b)| *a == b.text)
    };
    let phrases = PHRASES.get(&first.text)?;
    let best = phrases.iter().find(here)?;
    let mut alike = phrases.iter().filter(|phrase| phrase.tokens == best.tokens && phrase.class == best.class);
    let lang = alike.all(|phrase| phrase.lang == best.lang).then_some(best.lang);
    Some(Found { class: best.class, length: best.tokens.len(), lang })
}

/// The class of a single folded word.
pub(super) fn class_of(word: &str) -> Option<Class> {
    PHRASES.get(word)?.iter().find(|phrase| phrase.tokens.len() == 1).map(|phrase| phrase.class)
}

/// The languages in which a single folded word stands in the table.
pub(super) fn languages_of(word: &str) -> Vec<Lang> {
    let mut langs: Vec<Lang> = PHRASES
        .get(word)
        .into_iter()
        .flatten()
        .filter(|phrase| phrase.tokens.len() == 1)
        .map(|phrase| phrase.lang)
        .collect();
    langs.dedup();
    langs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_phrase_wins() {
        let text = Text::read("I want to stop receiving messages");
        let found = phrase_at(&text, 0).expect("a wish");
        assert_eq!((found.class, found.length, found.lang), (Class::Want, 3, Some(Lang::ENGLISH)));
        assert_eq!(phrase_at(&text, 3).map(|found| found.class), Some(Class::Cease));
        assert_eq!(class_of("hemorragie"), None);
    }
}
