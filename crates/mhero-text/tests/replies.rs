//! What texts mean: tables by what people want, and properties that hold for every text.

use std::sync::LazyLock;

use mhero_core::Lang;
use mhero_text::reply::{Choice, ControlWords, Keyword, Situation, Topic, Vocabulary, understand};
use proptest::prelude::*;

fn topic(topic: &str, words: &[&str]) -> Topic {
    Topic { topic: topic.to_owned(), words: words.iter().map(|word| (*word).to_owned()).collect() }
}

/// The words of a country that uses much of what can be used.
fn words() -> &'static Vocabulary {
    static WORDS: LazyLock<Vocabulary> = LazyLock::new(country);
    &WORDS
}

fn country() -> Vocabulary {
    let mut control = ControlWords::standard();
    control.topics = vec![
        topic("VAC", &["VAC", "PEV", "EPI"]),
        topic("GAME", &["QUIZ", "COURS"]),
        topic("NEWS", &["NEWS", "INFOS"]),
    ];
    let mut keywords = Keyword::standard();
    keywords.extend([
        Keyword::new("REC", false, &["REC", "RECEIVED"], &["RECU"]),
        Keyword::new("STOCK", false, &["STOCK"], &["STOCK"]),
        Keyword::new("MON", false, &["MON", "MONTHLY"], &["MENS", "MENSUEL"]),
        Keyword::new("CHECK", false, &["CHECK"], &["VERIF"]),
        Keyword::new("FIND", false, &["FIND"], &["CHERCHE"]),
        Keyword::new("INFO", false, &["INFO"], &["INFO"]),
        Keyword::new("NOTME", false, &["NOTME"], &["PASMOI"]),
        Keyword::new("SICK", false, &["SICK"], &["MALADE"]),
        Keyword::new("MORE", false, &["MORE"], &["SUITE"]),
        Keyword::new("FIX", false, &["FIX"], &["CORR"]),
        Keyword::new("PPE", false, &["PPE"], &["EPI"]),
        Keyword::new("CODES", false, &["CODES"], &["CODES"]),
        Keyword::new("JOIN", false, &["JOIN"], &["JOINDRE"]),
    ]);
    Vocabulary::new(&control, &keywords)
}

fn read(text: &str) -> String {
    let words = words();
    said(text, &Situation::idle(words))
}

/// The meaning in short; the rest of a keyword after a bar.
fn said(text: &str, situation: &Situation<'_>) -> String {
    use mhero_text::{Meaning, Question};
    match understand(text, situation).meaning {
        Meaning::Keyword { keyword, rest } if rest.is_empty() => keyword,
        Meaning::Keyword { keyword, rest } => format!("{keyword}|{rest}"),
        Meaning::Answer { field, value } => format!("{field}={value}"),
        Meaning::Ask(Question::Stop) => "stop?".to_owned(),
        Meaning::Ask(Question::Start) => "start?".to_owned(),
        Meaning::Ask(Question::Topic { .. }) => "topic?".to_owned(),
        Meaning::Ask(Question::Keyword { .. }) => "keyword?".to_owned(),
        Meaning::Ask(Question::Answer { .. }) => "answer?".to_owned(),
        Meaning::Stop { scope } => format!("stop({})", scope.as_deref().unwrap_or("all")),
        Meaning::Start { scope } => format!("start({})", scope.as_deref().unwrap_or("all")),
        other => format!("{other:?}").to_lowercase(),
    }
}

#[track_caller]
fn table(rows: &[(&str, &str)]) {
    let wrong: Vec<String> = rows
        .iter()
        .map(|(text, expected)| (text, expected, read(text)))
        .filter(|(_, expected, got)| !expected.split(" ~ ").any(|one| one == got))
        .map(|(text, expected, got)| format!("{text:?}: expected {expected}, got {got}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn wishes_to_leave() {
    table(&[
        ("STOP", "stop(all)"),
        (" Stop!!! ", "stop(all)"),
        ("ST0P", "stop(all)"),
        ("S T O P", "stop(all)"),
        ("S.T.O.P", "stop(all)"),
        ("stoooop", "stop(all)"),
        ("*stop*", "stop(all)"),
        ("STOP STOP STOP", "stop(all)"),
        ("stop pls", "stop(all)"),
        ("Please stop", "stop(all)"),
        ("Stop sending me these messages", "stop(all)"),
        ("stop all messages", "stop(all)"),
        ("Good morning sir, please stop", "stop(all)"),
        ("I want to stop receiving your messages", "stop(all)"),
        ("ok stop now", "stop(all)"),
        ("stop it", "stop(all)"),
        ("stopsms", "stop(all)"),
        ("STOPALL", "stop(all)"),
        ("END", "stop(all)"),
        ("cancel", "stop(all)"),
        ("quit", "stop(all)"),
        ("I want to unsubscribe", "stop(all)"),
        ("opt out", "stop(all)"),
        ("don't send me messages anymore", "stop(all)"),
        ("do not text me again", "stop(all)"),
        ("no more messages please", "stop(all)"),
        ("remove me from your list", "stop(all)"),
        ("take me off the list", "stop(all)"),
        ("remove my number", "stop(all)"),
        ("ARRÊT", "stop(all)"),
        ("ARR?T", "stop(all)"),
        ("Arret.", "stop(all)"),
        ("arret tout", "stop(all)"),
        ("arretez", "stop(all)"),
        ("arrêtez de m'envoyer des messages", "stop(all)"),
        ("Bonjour, arrêtez les sms svp", "stop(all)"),
        ("je ne veux plus de messages", "stop(all)"),
        ("je ne veux plus recevoir vos messages merci", "stop(all)"),
        ("ne m'envoyez plus de sms", "stop(all)"),
        ("désabonnez moi", "stop(all)"),
        ("je souhaite me désabonner", "stop(all)"),
        ("retirez mon numero de la liste", "stop(all)"),
        ("je veux arreter", "stop(all)"),
        ("quitter la liste", "stop(all)"),
        ("PARAR", "stop(all)"),
        ("quero parar por favor", "stop(all)"),
        ("pare de enviar mensagens", "stop(all)"),
        ("não envie mais mensagens", "stop(all)"),
        ("توقف", "stop(all)"),
        ("توقف من فضلك", "stop(all)"),
        ("لا أريد رسائل", "stop(all)"),
        ("إيقاف الرسائل", "stop(all)"),
        ("STOP NEWS", "stop(NEWS)"),
        ("stop vac messages pls", "stop(VAC)"),
        ("STOPQUIZ", "stop(GAME)"),
        ("stop-quiz", "stop(GAME)"),
        ("arrêt infos svp", "stop(NEWS)"),
        ("stop all news", "stop(NEWS)"),
        ("No. Stop", "stop(all)"),
        ("I no want dis message again", "stop(all)"),
        ("توقف عن إرسال الرسائل", "stop(all)"),
        ("S T O P Q U I Z", "stop(GAME)"),
        ("un subscribe", "stop(all)"),
    ]);
}

#[test]
fn nearly_a_wish_to_leave_is_asked_back() {
    table(&[
        ("stpo", "stop?"),
        ("sotp pls", "stop?"),
        ("aret'", "stop(all)"),
        ("arette", "stop?"),
        ("unsuscribe", "stop?"),
        ("how to stop these messages", "stop?"),
        ("comment arreter ces messages?", "stop?"),
        ("stop start", "stop?"),
        ("STOP. I left the ministry", "stop?"),
        ("plus de messages", "stop?"),
        ("STOP to 4636", "stop?"),
        ("stop news and quiz", "topic? ~ inbox"),
        ("STOP NEWS QUIZ", "topic?"),
        ("stop quizes", "topic?"),
        ("STOP ALERT", "topic?"),
        ("STOP malaria", "topic?"),
        ("ARRET paludisme svp", "topic?"),
        ("je veux quitter", "stop?"),
    ]);
}

#[test]
fn a_stop_word_in_a_sentence_is_talk() {
    table(&[
        ("how do we stop the bleeding", "inbox"),
        ("stop the ambulance at the bridge", "inbox"),
        ("Patient stopped breathing", "inbox"),
        ("non stop vomiting", "inbox"),
        ("non-stop", "inbox ~ keyword?"),
        ("don't stop the messages", "inbox"),
        ("please do not stop", "inbox"),
        ("never stop sending", "inbox"),
        ("bus stop near the clinic", "inbox"),
        ("end of shift at 6", "inbox"),
        ("cancel my leave request", "inbox"),
        ("I quit my job", "inbox"),
        ("the end", "stop?"),
        ("help me stop", "stop?"),
        ("too many messages", "stop?"),
        ("leave me alone", "stop?"),
        ("Stopped", "keyword?"),
        ("can I stop the drip", "inbox"),
        ("stop giving iron?", "inbox"),
        ("stop bleeding", "inbox"),
        ("cancer", "inbox"),
        ("stock out", "inbox"),
        ("arrêt cardiaque salle 2", "inbox"),
        ("arret maladie", "inbox"),
        ("ARRET MALADIE", "inbox"),
        ("STOP bleeding in ward 3", "inbox"),
        ("arret de travail", "inbox"),
        ("la pluie tombe sans arrêt", "inbox"),
        ("n'arrêtez pas svp", "inbox"),
        ("comment arreter l'hémorragie", "inbox"),
        ("le groupe électrogène est à l'arrêt", "inbox"),
        ("fin de garde", "inbox"),
        ("le bébé a arrêté de téter", "inbox"),
        ("não parar o tratamento", "inbox"),
        ("a criança não para de chorar", "inbox"),
        ("توقف القلب", "inbox"),
        ("توقف التنفس عند المريض", "inbox"),
        ("we did not receive messages", "inbox"),
        ("je ne recois pas les messages", "inbox"),
        ("I have no messages", "inbox"),
        ("we will start tomorrow", "inbox"),
        ("leave", "inbox ~ keyword?"),
        ("I want to leave my post", "inbox"),
    ]);
}

#[test]
fn wishes_to_return() {
    table(&[
        ("START", "start(all)"),
        ("Start please", "start(all)"),
        ("start again", "start(all)"),
        ("STARTT", "start(all)"),
        ("unstop", "start(all)"),
        ("subscribe", "start(all)"),
        ("I want to receive messages again", "start(all)"),
        ("REPRISE", "start(all)"),
        ("reprise svp", "start(all)"),
        ("recomecar", "start(all)"),
        ("RECOMEÇAR", "start(all)"),
        ("ابدأ", "start(all)"),
        ("START NEWS", "start(NEWS)"),
        ("reprise pev", "start(VAC)"),
        ("reabonnez moi", "start(all)"),
        ("strat", "start?"),
        ("reprize", "start?"),
        ("je veux revenir", "start?"),
        ("start the oxytocin?", "inbox"),
        ("reprise du travail lundi", "inbox"),
        ("when does the training start", "inbox"),
        ("dont start yet", "inbox"),
        ("smart", "inbox"),
    ]);
}

#[test]
fn calls_for_the_list_of_words() {
    table(&[
        ("HELP", "help"),
        ("help pls", "help"),
        ("Help!", "help"),
        ("hlp", "help"),
        ("HEPL", "help"),
        ("I need help", "help"),
        ("help me", "help"),
        ("AIDE", "help"),
        ("aide svp", "help"),
        ("besoin d'aide", "help"),
        ("ajuda", "help"),
        ("مساعدة", "help"),
        ("مساعده من فضلك", "help"),
        ("?", "help"),
        ("help alert", "help"),
        ("help the baby is not breathing", "inbox"),
        ("aide soignante absente", "inbox"),
        ("aidez nous plus de gants", "inbox"),
        ("I need help with the fridge", "inbox"),
    ]);
}

#[test]
fn keywords_are_forgiven_much() {
    table(&[
        ("ALERT", "ALERT"),
        ("alerte svp", "ALERT"),
        ("Alert!", "ALERT"),
        ("allert", "ALERT"),
        ("ALRT cholera", "ALERT|cholera"),
        ("alret measles", "ALERT|measles"),
        ("ALERT.MEA.F.3", "ALERT|MEA.F.3"),
        ("alert: measles", "ALERT|measles"),
        ("AL ERT measles", "ALERT|measles"),
        ("A L E R T", "ALERT"),
        ("ALERT ALERT cholera", "ALERT|cholera"),
        ("ALERT 🚨 cholera", "ALERT|cholera"),
        ("Hello doc, alert cholera", "ALERT|cholera"),
        ("Good day this is Mary of Borkeza. Alert cholera 2", "ALERT|cholera 2"),
        ("I want to report an alert: cholera", "ALERT|cholera"),
        ("nous avons une alerte rougeole", "ALERT|rougeole"),
        ("alerte à la rougeole", "ALERT|à la rougeole"),
        ("alerterougeole", "ALERT|rougeole"),
        ("ALERTcholera", "ALERT|cholera"),
        ("WK19 mal 3", "WK|19 mal 3"),
        ("wk 19", "WK|19"),
        ("semaine 19: palu 4", "WK|19: palu 4"),
        ("s0h zi 40", "SOH|zi 40"),
        ("SOH: zi 40, or 12", "SOH|zi 40, or 12"),
        ("lab4471", "LAB|4471"),
        ("re?u gants 5", "REC|gants 5"),
        ("recu gants 5", "REC|gants 5"),
        ("quizz", "QUIZ"),
        ("QU1Z", "QUIZ"),
        ("kwiz", "QUIZ"),
        ("sem 19 palu 4", "WK|19 palu 4"),
        ("semène 19", "WK|19"),
        ("quiz please", "QUIZ"),
        ("lern palu", "LEARN|palu"),
        ("aprendre", "LEARN"),
        ("problem no water", "PROBLEM|no water"),
        ("probleme d'eau au centre", "PROBLEM|d'eau au centre"),
        ("prblm water", "PROBLEM|water"),
        ("probl: frigo", "PROBLEM|frigo"),
        ("problem with my salary", "PROBLEM|with my salary"),
        ("MON anc 34 del 12", "MON|anc 34 del 12"),
        ("mon", "MON"),
        ("MORE", "MORE"),
        ("suite svp", "MORE"),
        ("sick", "SICK"),
        ("FIX MEA 3", "FIX|MEA 3"),
        ("corr rougeole 3", "FIX|rougeole 3"),
        ("find midwife Zorzor", "FIND|midwife Zorzor"),
        ("cherche sage-femme Lola", "FIND|sage-femme Lola"),
        ("verif K7P", "CHECK|K7P"),
        ("NOTME", "NOTME"),
        ("EPI", "PPE"),
        ("codes svp", "CODES"),
        ("I have an alert cholera", "ALERT|cholera"),
        ("j'ai une alerte", "ALERT"),
        ("a lert cholera", "ALERT|cholera"),
        ("rapport hebdo 19", "WK|19"),
        ("sohzi40", "SOH|zi40"),
        ("pb frigo", "PROBLEM|frigo"),
        ("pbm d'eau", "PROBLEM|d'eau"),
        ("stok", "STOCK"),
        ("infos palu", "INFO|palu"),
        ("JOIN Mary Kollie nurse Borkeza", "JOIN|Mary Kollie nurse Borkeza"),
    ]);
}

#[test]
fn a_keyword_in_a_sentence_is_talk() {
    table(&[
        ("mon enfant est malade", "inbox"),
        ("mon 3e enfant a la fièvre", "inbox"),
        ("more gloves please", "inbox"),
        ("suite à votre message, je viens demain", "inbox"),
        ("check my transfer please", "inbox"),
        ("can you check the salary list", "inbox"),
        ("labour ward needs gloves", "inbox"),
        ("laboratory is closed", "inbox"),
        ("information please", "inbox ~ keyword?"),
        ("monday meeting is where", "inbox"),
        ("stock of gloves is finished", "inbox"),
        ("no alert today", "inbox"),
        ("semaine prochaine je suis en congé", "inbox"),
        ("sick child in the ward", "inbox"),
        ("week end", "inbox ~ keyword?"),
        ("weekend duty list", "inbox"),
        ("sem prochaine formation?", "inbox"),
        ("the quiz was hard", "inbox"),
        ("quiz was hard", "inbox"),
        ("lab results when?", "inbox"),
        ("find out why we have no water", "inbox"),
        ("where is the lab", "inbox"),
        ("recent cases in Foya", "inbox"),
        ("je suis malade", "inbox"),
        ("fixed line is down", "inbox"),
        ("police came to the clinic", "inbox"),
        ("problems", "inbox ~ keyword? ~ PROBLEM"),
        ("alertness course", "inbox"),
        ("alertez le district", "inbox"),
        ("please alert the team", "inbox"),
        ("alerte fausse", "inbox"),
        ("stock épuisé", "inbox"),
        ("received with thanks", "inbox"),
        ("join us for prayer", "inbox"),
        ("labo fermé?", "inbox"),
    ]);
}

#[test]
fn what_is_nearly_a_keyword_is_asked_back() {
    table(&[
        ("al", "keyword?"),
        ("xx", "keyword?"),
        ("hello", "keyword?"),
        ("Bonjour docteur", "keyword?"),
        ("who is this?", "keyword?"),
        ("qui etes vous", "keyword?"),
        ("pro", "keyword?"),
        ("7", "keyword?"),
        ("19 wk", "keyword?"),
        ("sho zi 40", "keyword?"),
        ("xyz 12", "keyword?"),
        ("Good morning", "keyword?"),
        ("👍", "keyword?"),
    ]);
}

#[test]
fn machines_get_no_reply() {
    table(&[
        ("I'm driving. I'll call you later.", "ignore(automaticreply)"),
        ("Can't talk now. What's up?", "ignore(automaticreply)"),
        ("Je ne peux pas parler pour l'instant", "ignore(automaticreply)"),
        ("Désolé, je suis en réunion. Je vous rappelle.", "ignore(automaticreply)"),
        ("You have 2 missed calls from 0880000000", "ignore(operatornotice)"),
        ("Dear customer, your airtime is low. Dial *123#", "ignore(operatornotice)"),
        ("Cher client, votre solde est de 0 GNF", "ignore(operatornotice)"),
        ("Get 1GB for 1 USD, dial *142*3# now", "ignore(operatornotice)"),
        ("Félicitations! Vous avez gagné 5 millions. Appelez le 0777000000", "ignore(fraud)"),
        ("You have won a car, claim now http://x.test", "ignore(fraud)"),
        ("Votre prêt de 500 000 est approuvé, cliquez ici", "ignore(fraud)"),
        ("alert cholera, dial *123# does not work", "ALERT|cholera, dial *123# does not work"),
        ("my airtime balance is finished, I can't report", "inbox"),
        ("j'ai vu votre appel manqué, que voulez-vous?", "inbox"),
        ("we won the prize for best clinic, thanks", "inbox"),
    ]);
}

#[test]
fn the_wrong_person_is_heard() {
    table(&[
        ("wrong number", "notme"),
        ("Sorry you have the wrong number", "notme"),
        ("not me", "notme"),
        ("i am not a nurse", "notme"),
        ("mauvais numéro", "notme"),
        ("Vous vous trompez de personne, je vends du poisson", "notme"),
        ("c'est pas moi", "notme"),
        ("je ne suis pas infirmier", "notme"),
        ("numero errado", "notme"),
        ("الرقم خطأ", "notme"),
        ("wrong number of gloves came", "inbox"),
        ("mauvais numéro de lot sur les vaccins", "inbox"),
        ("je ne suis pas payé depuis mars", "inbox"),
        ("i am not paid", "inbox"),
        ("it was not me who took the key from the store", "inbox"),
    ]);
    let words = words();
    let asked =
        Situation { last_sent: Some("Staff check: are you Mary K., nurse at Borkeza?"), ..Situation::idle(words) };
    assert_eq!(said("i am not Mary", &asked), "notme");
    assert_eq!(said("i am not Joseph", &asked), "inbox");
}

fn question(json: &str) -> Choice {
    serde_json::from_str(json).expect("a question")
}

#[test]
fn a_question_that_waits_is_answered_or_asked_again() {
    let words = words();
    let read = question(r#"{"field":"read","options":[{"n":"1","value":"yes","labels":{"en":["read"],"fr":["lu"]}}]}"#);
    let gloves = question(
        r#"{"field":"gloves","options":[{"n":"1","value":"none","labels":{"en":["none"],"fr":["aucun"]}},
            {"n":"2","value":"few","labels":{"en":["a few"],"fr":["quelques-uns"]}},
            {"n":"3","value":"not_counted","labels":{"en":["not counted"],"fr":["pas comptés"]}}]}"#,
    );
    for (text, choice, expected) in [
        ("1", &read, "read=yes"),
        ("1.", &read, "read=yes"),
        ("Lu", &read, "read=yes"),
        ("ok received", &read, "read=yes"),
        ("👍", &read, "read=yes"),
        ("1, but no gloves here", &read, "read=yes"),
        ("1 read but no gloves", &read, "read=yes"),
        ("read but we have no gloves", &read, "read=yes"),
        ("re?u", &read, "read=yes"),
        ("l", &read, "read=yes"),
        ("what is this", &read, "inbox"),
        ("I do not know", &gloves, "answer?"),
        ("2 and alert ebola", &gloves, "ALERT|ebola"),
        ("1 new case in Foya", &read, "answer?"),
        ("not read", &read, "answer?"),
        ("1 alert cholera in Foya", &read, "ALERT|cholera in Foya"),
        ("2", &gloves, "gloves=few"),
        ("two", &gloves, "gloves=few"),
        ("(2)", &gloves, "gloves=few"),
        ("A FEW", &gloves, "gloves=few"),
        ("pas comptes", &gloves, "gloves=not_counted"),
        ("1 or 2", &gloves, "answer?"),
        ("9", &gloves, "answer?"),
        ("QUIZ", &gloves, "answer?"),
        ("stop", &gloves, "stop(all)"),
        ("STOP QUIZ", &gloves, "stop(GAME)"),
        ("help", &gloves, "help"),
        ("alert ebola", &gloves, "ALERT|ebola"),
        ("You have 1 missed call from 0880000000", &gloves, "ignore(operatornotice)"),
        ("why do you ask this every week?", &gloves, "inbox"),
    ] {
        let situation = Situation { question: Some(choice), ..Situation::idle(words) };
        assert_eq!(said(text, &situation), expected, "{text}");
    }
    let last = Situation {
        last_sent: Some("MOH malaria update: test before ACT. Reply STOP to leave."),
        ..Situation::idle(words)
    };
    assert_eq!(said("STOP MOH", &last), "stop(all)");
    assert_eq!(said("STOP MALARIA", &last), "topic?");
    let left = Situation { stopped: true, ..Situation::idle(words) };
    assert_eq!(said("restart", &left), "start(all)");
    let invited = Situation {
        question: Some(&read),
        last_sent: Some("Need gloves? Text PPE. Reply 1 if read."),
        ..Situation::idle(words)
    };
    assert_eq!(said("ppe", &invited), "PPE");
}

#[test]
fn words_follow_the_context() {
    let control = ControlWords {
        stop: vec!["HALT".into()],
        start: vec!["GO".into()],
        help: vec!["WORDS".into()],
        topics: vec![topic("T9", &["rats"])],
    };
    let keywords = vec![Keyword::new("REPORT", true, &["BONGO"], &["TAMTAM"])];
    let words = Vocabulary::new(&control, &keywords);
    let idle = Situation::idle(&words);
    for (text, expected) in [
        ("halt pls", "stop(all)"),
        ("halt rats", "stop(T9)"),
        ("go", "start(all)"),
        ("words", "help"),
        ("bongo cholera", "REPORT|cholera"),
        ("tamtam cholera", "REPORT|cholera"),
        ("bonggo cholera", "REPORT|cholera"),
        ("BONGOcholera", "REPORT|cholera"),
        ("alert cholera", "inbox"),
        ("quiz", "keyword?"),
    ] {
        assert_eq!(said(text, &idle), expected, "{text}");
    }
    assert_eq!(understand("tamtam", &idle).lang, Some(Lang::FRENCH));
    assert_eq!(understand("bongo", &idle).lang, Some(Lang::ENGLISH));
}

#[test]
fn the_answer_comes_in_the_language_of_the_word() {
    let words = words();
    let idle = Situation::idle(words);
    for (text, lang) in [
        ("alerte", Some(Lang::FRENCH)),
        ("alert", Some(Lang::ENGLISH)),
        ("quiz", None),
        ("arret", Some(Lang::FRENCH)),
        ("parar", Some(Lang::PORTUGUESE)),
        ("توقف", Some(Lang::ARABIC)),
        ("aide", Some(Lang::FRENCH)),
        ("help", Some(Lang::ENGLISH)),
        ("mauvais numero", Some(Lang::FRENCH)),
        ("bonjour", Some(Lang::FRENCH)),
    ] {
        assert_eq!(understand(text, &idle).lang, lang, "{text}");
    }
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,200}") {
        let words = words();
        let _ = understand(&text, &Situation::idle(words));
    }

    #[test]
    fn nor_do_words_in_any_order(text in "((stop|arret|alert|quiz|1|ok|not|me|توقف|st0p|re\\?u|é|'|\\?|\\.|=|🚨|mon|ALERTx)[ ,.]?){0,30}") {
        let words = words();
        let choice = question(r#"{"field":"read","options":[{"n":"1","value":"yes","labels":{"en":["read"],"fr":["lu"]}}]}"#);
        let _ = understand(&text, &Situation { question: Some(&choice), ..Situation::idle(words) });
    }

    /// Whatever else it may be: a STOP word beside a word that has nothing to do with it does not stop.
    #[test]
    fn a_stranger_beside_a_stop_word_never_stops(stranger in "(bleeding|fridge|hemorragie|ambulance|oxytocin|salary|vaccin)", stop in "(STOP|arret|parar|cancel|END)", first: bool) {
        let text = if first { format!("{stop} {stranger}") } else { format!("{stranger} {stop}") };
        let words = words();
        let said = said(&text, &Situation::idle(words));
        prop_assert!(!said.starts_with("stop("), "{} gave {}", text, said);
    }
}

#[test]
fn long_texts_take_no_long_time() {
    let words = words();
    let started = std::time::Instant::now();
    for text in
        ["a".repeat(10_000), "stop ".repeat(2_000), "é ?".repeat(3_000), "1.".repeat(5_000), "ALERTx".repeat(1_600)]
    {
        let _ = understand(&text, &Situation::idle(words));
    }
    assert!(started.elapsed().as_secs() < 5, "{:?}", started.elapsed());
}
