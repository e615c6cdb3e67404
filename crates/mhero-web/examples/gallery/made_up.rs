//! Invented people and parts that several pages show.

use jiff::{Timestamp, ToSpan, tz::TimeZone};
use mhero_core::{Lang, Rights, Role};
use mhero_web::{
    marks::Mark,
    page::{Here, Ministry, Page, Reader, Waiting},
    parts::{
        Choice, Counted, Editor, Fix, LeftOut, Line, Pager, PersonRow, Piece, Pop, Remedy, Sample, Sentence, Talk,
    },
    words::{Clock, Words},
};

/// 14 May 2026, 09:34, as in the mock-ups.
pub fn now() -> Timestamp {
    "2026-05-14T09:34:11.418Z".parse().unwrap_or(Timestamp::UNIX_EPOCH)
}

/// So many minutes before now.
pub fn ago(minutes: i64) -> Timestamp {
    now() - minutes.minutes()
}

/// One of two texts by the reader's language.
pub fn in_language(page: &Page, en: &str, fr: &str) -> String {
    if page.words.lang() == Lang::FRENCH { fr } else { en }.to_owned()
}

/// A page of the Ministry of Health of Sewara.
pub fn page(lang: Lang, path: String) -> Page {
    let words = Words::of(lang);
    let is_french = lang == Lang::FRENCH;
    Page {
        clock: Clock { now: now(), zone: TimeZone::get("Africa/Monrovia").unwrap_or(TimeZone::UTC) },
        ministry: Ministry {
            name: if is_french { "Ministère de la Santé" } else { "Ministry of Health" }.into(),
            country: if is_french { "République de Sewara" } else { "Republic of Sewara" }.into(),
            short_code: Some("4636".into()),
            sender: if is_french { "MSP" } else { "MOH" }.into(),
            is_demo: false,
        },
        reader: Some(Reader { name: "Hawa Karnley".into(), rights: Rights::of([Role::Admin]) }),
        waiting: Waiting { live: 1, approvals: 2, threads: 7, changes: 23, pairs: 4 },
        title: String::new(),
        here: Here::Elsewhere,
        path,
        band: None,
        toast: None,
        has_keys: true,
        words,
    }
}

/// A choice.
pub fn choice(value: &str, words: impl Into<String>, people: Option<i64>, is_on: bool) -> Choice {
    Choice { value: value.into(), words: words.into(), people, is_on }
}

/// The sentence of the mock-up, with the cadre blank open or not.
pub fn sentence(page: &Page, verb: &str, is_open: bool) -> Sentence {
    let blank = |en: &str, fr: &str, edit: &str| Piece::Blank {
        words: in_language(page, en, fr),
        edit: edit.into(),
        is_add: false,
    };
    let pop = Pop {
        edit: "cadre".into(),
        legend: page.t("blank-cadre"),
        choices: vec![
            choice("midwife", in_language(page, "Midwife", "Sage-femme"), Some(1_044), true),
            choice("nurse", in_language(page, "Nurse", "Infirmier"), Some(1_870), true),
            choice("chw", in_language(page, "Community health worker", "Agent communautaire"), Some(1_522), false),
        ],
        is_single: false,
        typed: None,
        hint: String::new(),
        fault: None,
        is_removable: true,
    };
    Sentence {
        pieces: vec![
            Piece::Words(page.t(verb)),
            blank("midwives and nurses", "sages-femmes et infirmiers", "cadre"),
            Piece::Words(page.t("say-who-work-in")),
            blank("Nimbara, Lofaye or Bondou", "Nimbara, Lofaye ou Bondou", "place"),
            Piece::Blank { words: page.t("blank-add"), edit: "more".into(), is_add: true },
        ],
        pop: is_open.then_some(pop),
        query: "(cadre = midwife OR cadre = nurse) AND (place = Nimbara OR place = Lofaye OR place = Bondou)".into(),
        fault: None,
        saved: vec![choice("1", in_language(page, "Vaccinators", "Vaccinateurs"), None, false)],
    }
}

/// 1,106 of 1,312.
pub fn counted(page: &Page) -> Counted {
    let row = |key: &str, people, is_final: bool| LeftOut {
        words: page.t(key),
        people,
        href: "/people".into(),
        remedy: if is_final {
            Remedy::None
        } else {
            Remedy::Link { words: page.t("out-see-who"), href: "/people".into() }
        },
    };
    Counted {
        matched: 1_312,
        matched_href: "/people".into(),
        left_out: vec![
            row("out-no-number", 98, false),
            row("out-bad-number", 65, false),
            row("out-shared", 31, false),
            row("out-stopped", 12, true),
        ],
        refresh: None,
        hint: None,
    }
}

/// Five people.
pub fn five(page: &Page) -> Vec<Sample> {
    let one = |name: &str, en: &str, fr: &str| Sample {
        name: name.into(),
        about: in_language(page, en, fr),
        href: "/person".into(),
    };
    vec![
        one("Mary Kollie", "Midwife, Fisabo Clinic", "Sage-femme, CS Fisabo"),
        one("Aissata Diallo", "Midwife, Bossari Health Centre", "Sage-femme, CSA Bossari"),
        one("James Flomo", "Nurse, Gantala Hospital", "Infirmier, hôpital de Gantala"),
        one("Mariam Camara", "Midwife, Borkesa Health Centre", "Sage-femme, CSA Borkesa"),
        one("Prince Zaza", "Nurse, Vozara Hospital", "Infirmier, hôpital de Vozara"),
    ]
}

/// The English and the French text of the mock-up.
pub fn editors(page: &Page) -> Vec<Editor> {
    let label = |lang: Lang, n: i64| page.t2("send-text-label", "language", page.words.language(lang), "n", n);
    let mut en = Editor::blank("eng", label(Lang::ENGLISH, 842), Lang::ENGLISH);
    en.text = "MOH: EmONC refresher for midwives and nurses, 12-14 June, Gantala Hospital. Travel is paid. Can you \
               attend? Reply 1 yes, 2 no. Free. STOP to leave."
        .into();
    en.used = 147;
    let mut fr = Editor::blank("fra", label(Lang::FRENCH, 264), Lang::FRENCH);
    fr.text = "MSP: recyclage SONU pour sages-femmes et infirmiers, 12-14 juin, hôpital de Gantala. Serez-vous là? \
               Répondez 1 oui, 2 non. Gratuit. STOP pour quitter."
        .into();
    (fr.used, fr.room, fr.parts, fr.costly) = (150, 201, 3, "ô".into());
    fr.fix = Some(Fix {
        letters: "ô".into(),
        parts_now: 3,
        parts_then: 1,
        reads: "hopital".into(),
        saves: 528,
        saves_cost: Some("10.56 USD".into()),
        changes: vec![("ô".into(), "o".into())],
    });
    vec![en, fr]
}

/// Rows of people in different states.
pub fn people(page: &Page) -> Vec<PersonRow> {
    let row = |name: &str, place: &str, phone: &str, mark, state: String, language, heard| PersonRow {
        id: "0190".into(),
        name: name.into(),
        work: in_language(page, "Midwife", "Sage-femme"),
        place: place.into(),
        phone: phone.into(),
        mark,
        state,
        language: page.words.language(language),
        heard,
    };
    let ok = || page.t("number-ok");
    let shared = page.t1("number-shared", "n", 2_i64);
    let (en, fr) = (Lang::ENGLISH, Lang::FRENCH);
    vec![
        row("Mary Kollie", "Fisabo Clinic, Lofaye", "0770 ••• 214", Mark::Good, ok(), en, Some(ago(53))),
        row("Aissata Diallo", "Bossari Health Centre, Nimbara", "0881 ••• 067", Mark::Good, ok(), fr, Some(ago(1_500))),
        row("Hawa Massaquin", "Gantala Hospital, Nimbara", "0555 ••• 860", Mark::Clock, shared, en, Some(ago(9_000))),
        row(
            "Marie Lamah",
            "Gamari Health Post, Nimbara",
            "0881 ••• 339",
            Mark::LeftOut,
            page.t("number-stopped"),
            fr,
            Some(ago(14_000)),
        ),
        row(
            "Comfort Weah-Gaye",
            "Zuluma Clinic, Lofaye",
            "0770 ••• 118",
            Mark::Failed,
            page.t("number-bad"),
            en,
            Some(ago(260_000)),
        ),
        row("Patience Toe", "Sanokwe Health Centre, Nimbara", "", Mark::LeftOut, page.t("number-none"), en, None),
    ]
}

/// 1 to 50 of 214.
pub fn pager() -> Pager {
    Pager { first: 1, last: 50, total: Some(1_214), previous: None, next: Some("/people?page=2".into()) }
}

/// A line of a conversation.
pub fn line(is_out: bool, text: &str, lang: Lang, minutes: i64) -> Line {
    Line {
        is_out,
        text: text.into(),
        lang: Some(lang),
        at: ago(minutes),
        about: None,
        mark: None,
        note: String::new(),
        hops: Vec::new(),
        release: None,
        behind: "/messages".into(),
    }
}

/// The conversation with Ruth Sumo.
pub fn talk(page: &Page) -> Vec<Talk> {
    let mut sent = line(
        true,
        "Reminder: your weekly report (week 19) is due today. Text WK to start. Thank you for \
        your work.",
        Lang::ENGLISH,
        4_420,
    );
    sent.about = Some((in_language(page, "Weekly report", "Rapport hebdo"), "/broadcast".into()));
    sent.mark = Some((Mark::Delivered, page.t("state-delivered")));
    sent.hops = vec![
        mhero_web::parts::Hop { at: ago(4_420), words: "Written by Hawa Karnley".into() },
        mhero_web::parts::Hop { at: ago(4_419), words: "Accepted by Sewacel, their number 7f3a-20917".into() },
    ];
    let mut asked = line(false, "we have no gloves since monday can we still do deliveries?", Lang::ENGLISH, 190);
    asked.note = page.t("talk-no-keyword");
    let mut again = line(false, "we have no gloves since monday can we still do deliveries?", Lang::ENGLISH, 189);
    again.note = page.t("talk-doubled");
    again.release = Some("/inbox".into());
    vec![
        Talk::Day(ago(4_420)),
        Talk::Message(Box::new(sent)),
        Talk::Day(ago(190)),
        Talk::Message(Box::new(asked)),
        Talk::Message(Box::new(again)),
        Talk::Event(in_language(page, "Joseph Tarr took this thread.", "Joseph Tarr a pris ce dialogue.")),
    ]
}
