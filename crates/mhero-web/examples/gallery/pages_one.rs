//! The pages of the first walk: sign in, send, simulator, inbox.

use askama::Template;
use mhero_core::Lang;
use mhero_web::{
    broadcasts::view::{BroadcastRow, Counts},
    inbox::view::{InboxPage, Thread, ThreadRow},
    marks::Mark,
    page::{Band, Here, Page, Toast},
    parts::{Editor, QueryFault},
    send::view::{ChannelShare, Check, Chosen, Confirm, Insert, Manner, Preview, SendPage, When},
    sign_in::view::SignInPage,
    simulator::view::{Did, Phone, PhoneLine, SimulatorPage},
    today::view::{Begin, Job, TodayPage, Work},
};

use crate::made_up::{ago, choice, counted, editors, five, in_language, sentence, talk};

/// The page of a name.
pub fn page(name: &str, page: Page) -> Option<askama::Result<String>> {
    Some(match name {
        "sign-in" => sign_in(page, false).render(),
        "sign-in-wrong" => sign_in(page, true).render(),
        "today" => today(page).render(),
        "today-first" => today_first(page).render(),
        "send" => send(page, false, false).render(),
        "send-open" => send(page, true, false).render(),
        "send-faults" => send(page, false, true).render(),
        "simulator" => simulator(page).render(),
        "inbox" => inbox(page).render(),
        "inbox-empty" => inbox_empty(page).render(),
        _ => return None,
    })
}

fn sign_in(mut page: Page, is_wrong: bool) -> SignInPage {
    page.reader = None;
    let title = page.t("sign-in");
    let fault = is_wrong.then(|| page.t("sign-in-wrong"));
    SignInPage {
        page: page.titled(title, Here::Elsewhere),
        id: String::new(),
        next: "/".into(),
        onward: String::new(),
        fault,
        provider: None,
    }
}

/// A broadcast on its way.
pub fn broadcast(page: &Page) -> BroadcastRow {
    BroadcastRow {
        name: in_language(page, "Polio days: who can vaccinate", "Journées polio : qui peut vacciner"),
        href: "/broadcast".into(),
        mark: Mark::Sent,
        state: page.t("broadcast-state-sending"),
        at: ago(4),
        counts: Counts {
            delivered: 1_748,
            sent: 612,
            waiting: 1_481,
            failed: 49,
            uncertain: 8,
            cancelled: 0,
            expired: 0,
        },
    }
}

fn today(page: Page) -> TodayPage {
    let job = |mark, head, about: &str, text: Option<&str>, since, is_late, verb: &str| Job {
        mark,
        head,
        about: about.into(),
        text: text.map(Into::into),
        since: ago(since),
        is_late,
        verb: page.t(verb),
        href: "/inbox".into(),
    };
    let gloves = Some("we have no gloves since monday can we still do deliveries?");
    let oldest = page.t1("today-oldest", "who", "Ruth Sumo, Fisabo Clinic");
    let jobs = vec![
        job(Mark::Answered, page.t1("today-messages", "n", 7_i64), &oldest, gloves, 190, true, "today-answer"),
        job(Mark::Uncertain, page.t1("today-uncertain", "n", 8_i64), "Polio days", None, 3, false, "today-decide"),
    ];
    let work =
        |name: &str, mark, words: String, aside: &str| Work { name: name.into(), mark, words, aside: aside.into() };
    let works = vec![
        work("Sewacel", Some(Mark::Good), page.t("settings-connected"), "412 SMS / min"),
        work("Teltano", Some(Mark::Alarm), page.t("settings-down"), ""),
        work(&page.t("today-queue"), None, page.t2("today-queue-words", "urgent", 0_i64, "bulk", 1_481_i64), ""),
    ];
    let live = vec![broadcast(&page)];
    let title = page.t("nav-today");
    TodayPage { page: page.titled(title, Here::Today), jobs, live, begin: Vec::new(), works, registries: Vec::new() }
}

fn today_first(mut page: Page) -> TodayPage {
    page.ministry.is_demo = true;
    page.toast = Some(Toast { words: page.t("send-kept"), undo: Some("/".into()) });
    let begin = ["begin-channel", "begin-people", "begin-send"].map(|key| Begin {
        words: page.t(key),
        aside: page.t(&format!("{key}-why")),
        verb: page.t(&format!("{key}-verb")),
        href: "/send".into(),
    });
    let title = page.t("nav-today");
    TodayPage {
        registries: Vec::new(),
        page: page.titled(title, Here::Today),
        jobs: Vec::new(),
        live: Vec::new(),
        begin: begin.into(),
        works: Vec::new(),
    }
}

fn carried(operator: &str, (people, sms): (i64, i64), cost: &str, seconds: i64) -> ChannelShare {
    ChannelShare { name: "smpp".into(), operator: operator.into(), people, sms, cost: Some(cost.into()), seconds }
}

fn send(page: Page, is_open: bool, is_faulty: bool) -> SendPage {
    let title = page.t("send-head");
    let editors = editors(&page);
    let french = page.words.lang() == Lang::FRENCH;
    let text = editors[usize::from(french)].text.clone();
    let mut sentence = sentence(&page, "say-send-to", is_open);
    let mut faults = Vec::new();
    if is_faulty {
        sentence.fault = Some(QueryFault {
            before: "cadre = midwife AND ".into(),
            wrong: "plaec".into(),
            after: " = Nimbara".into(),
            words: in_language(&page, "There is no field plaec.", "Il n’y a pas de champ plaec."),
        });
        faults.push(page.t("send-no-text"));
    }
    let check = |mark, key: &str| Check { mark, words: page.t(key), link: None };
    SendPage {
        action: "/send".into(),
        once: "k".into(),
        name: in_language(&page, "EmONC refresher June", "Recyclage SONU juin"),
        saved: Some(ago(3)),
        faults,
        sentence,
        counted: counted(&page),
        sample: five(&page),
        more_sample: Some("/send?five=2".into()),
        editors,
        inserts: vec![
            Insert { expression: "@contact.first_name".into(), words: page.t("insert-first-name"), letters: 18 },
            Insert { expression: "@fields.facility".into(), words: page.t("insert-facility"), letters: 27 },
        ],
        missing: vec![choice("por", page.words.language(Lang::PORTUGUESE), Some(3), false)],
        unspoken: None,
        previews: vec![Preview {
            tag: if french { "fr" } else { "en" }.into(),
            language: page.words.language(page.words.lang()),
            time: "09:34".into(),
            text,
            about: page.t1("preview-as", "who", "Mary Kollie"),
        }],
        when: when(&page, is_open, is_faulty),
        manner: manner(&page, is_open),
        channels: vec![
            carried("Sewacel", (711, 1_047), "20.94 USD", 105),
            carried("Teltano", (395, 587), "11.74 USD", 120),
        ],
        checks: vec![
            check(Mark::Good, "send-quiet-now"),
            check(Mark::Good, "send-stop-words"),
            check(Mark::Warning, "send-simulator-only"),
        ],
        confirm: Confirm {
            is_asked: true,
            above: 500,
            typed: if is_faulty { "1160".into() } else { String::new() },
            fault: is_faulty.then(|| page.t1("confirm-wrong", "typed", "1160")),
            verb: page.t1("send-go", "n", 1_106_i64),
        },
        is_pretend: false,
        may_try: true,
        said: page.t2("send-said-now", "sms", 1_634_i64, "n", 1_106_i64),
        sms: 1_634,
        cost: Some("32.68 USD".into()),
        seconds: Some(120),
        page: page.titled(title, Here::Send),
    }
}

fn manner(page: &Page, is_special: bool) -> Manner {
    Manner {
        lanes: ["manner-lane-alert", "manner-lane-normal", "manner-lane-bulk"]
            .map(|key| choice(key, page.t(key), None, key == "manner-lane-normal"))
            .into(),
        manners: ["manner-real", "manner-drill"].map(|key| choice(key, page.t(key), None, false)).into(),
        programmes: vec![choice("", page.t("manner-programme-none"), None, true)],
        validities: vec![choice("", page.t("manner-valid-usual"), None, true)],
        senders: vec![choice("", page.t("manner-sender-usual"), None, true)],
        is_special,
        said: is_special.then(|| page.t("manner-alert-said")),
    }
}

fn when(page: &Page, is_open: bool, is_faulty: bool) -> When {
    When {
        chosen: if is_open { Chosen::At } else { Chosen::Now },
        at: "2026-05-18T16:00".into(),
        zones: vec![choice("Africa/Monrovia", "Monrovia, 09:34", None, true)],
        repeats: ["when-daily", "when-weekly"].map(|key| choice(key, page.t(key), None, false)).into(),
        fault: is_faulty.then(|| page.t("when-gone")),
        said: None,
        quiet: Some(page.t2("when-quiet", "from", "20:00", "until", "07:00")),
        reason: Some(String::new()),
    }
}

fn simulator(mut page: Page) -> SimulatorPage {
    page.band = Some(Band::Unreal { word: page.t("band-simulator"), sentence: page.t("band-simulator-sentence") });
    let line = |is_from_us, text: &str| PhoneLine { is_from_us, text: text.into() };
    let behaviours =
        || ["sim-by-hand", "sim-by-itself", "sim-silent"].map(|key| choice(key, page.t(key), None, false)).to_vec();
    let phone = |key: &str, name: &str, first: &str, about, number: &str, tag: &str, lines| Phone {
        key: key.into(),
        name: name.into(),
        first: first.into(),
        href: Some("/person".into()),
        about,
        number: number.into(),
        time: "14:06".into(),
        tag: tag.into(),
        lines,
        behaviours: behaviours(),
    };
    let mary = vec![
        line(true, "MOH staff check: are you Mary K., nurse at Fisabo Clinic? Reply 1 yes, 2 moved, 3 not me."),
        line(false, "2"),
        line(true, "Where do you work now? Reply the facility name or code."),
    ];
    let mariam =
        vec![line(true, "Verif MSP: etes-vous Mariam C., CS Bossari? 1 oui, 2 mutée, 3 pas moi."), line(false, "oui")];
    let did = |minutes, words: String, aside: &str| Did { at: ago(minutes), words, aside: aside.into() };
    let events = vec![
        did(0, page.t1("sim-handed", "who", "Mary Kollie"), "0.2 s"),
        did(1, page.t1("sim-received", "who", "Mary Kollie"), "19 ms"),
    ];
    let phones = vec![
        phone(
            "231770000214",
            "Mary Kollie",
            "Mary",
            in_language(&page, "Midwife, English", "Sage-femme, anglais"),
            "0770 000 214",
            "en",
            mary,
        ),
        phone(
            "231778000402",
            "Mariam Camara",
            "Mariam",
            in_language(&page, "Nurse, French", "Infirmière, français"),
            "0778 000 402",
            "fr",
            mariam,
        ),
    ];
    let title = page.t("sim-head");
    SimulatorPage {
        page: page.titled(title, Here::Simulator),
        phones,
        others: "231770000214,231778000402".into(),
        refresh: "/simulator".into(),
        seen: vec![choice("/simulator", "Ruth Sumo", None, false)],
        once: "k".into(),
        fault: None,
        faults: Vec::new(),
        events,
    }
}

fn inbox(page: Page) -> InboxPage {
    let row = |name: &str, text: &str, place: &str, minutes, is_open| ThreadRow {
        name: name.into(),
        text: text.into(),
        place: place.into(),
        since: ago(minutes),
        is_late: minutes > 120,
        href: "/inbox".into(),
        is_open,
    };
    let mut editor = Editor::blank("ans", page.t1("inbox-answer", "name", "Ruth"), Lang::ENGLISH);
    editor.text = "County team: 4 boxes leave Voza today, driver calls you. Use clean technique kit C meanwhile. Text \
                   HELP if not there by 18h. -H. Karnley"
        .into();
    (editor.used, editor.aside) = (136, page.t1("inbox-free", "name", "Ruth"));
    let thread = Thread {
        id: "1".into(),
        name: "Ruth Sumo".into(),
        first: "Ruth".into(),
        href: Some("/person".into()),
        about: in_language(
            &page,
            "Midwife, Fisabo Clinic, Lofaye. English.",
            "Sage-femme, CS Fisabo, Lofaye. Anglais.",
        ),
        phone: "0770 ••• 590".into(),
        owners: vec![choice("", page.t("inbox-nobody"), None, true), choice("me", page.t("inbox-me"), None, false)],
        earlier: Some("/inbox?before=1".into()),
        talk: talk(&page),
        editor: Some(editor),
        cannot_answer: None,
        label: String::new(),
        is_closed: false,
    };
    let rows = vec![
        row(
            "Ruth Sumo",
            "we have no gloves since monday can we still do deliveries?",
            "Fisabo Clinic, Lofaye",
            190,
            true,
        ),
        row("Mariam Camara", "plus de gants depuis lundi, peut-on faire les accouchements?", "Borkesa", 163, false),
        row("0886 ••• 118", "good morning i am the new OIC of zuluma", &page.t("inbox-stranger"), 79, false),
        row("Aissata Diallo", "bien reçu merci, et le transport?", "Bossari Health Centre", 47, false),
    ];
    InboxPage { rows, thread: Some(thread), ..inbox_empty(page) }
}

fn inbox_empty(page: Page) -> InboxPage {
    let title = page.t("nav-inbox");
    InboxPage {
        waiting: 7,
        filters: vec![
            choice("/inbox", page.t("inbox-mine"), None, true),
            choice("/inbox?owner=all", page.t("inbox-all"), Some(31), false),
            choice("/inbox?state=closed", page.t("inbox-closed"), None, false),
        ],
        rows: Vec::new(),
        next: None,
        back: "/inbox".into(),
        thread: None,
        once: "k".into(),
        fault: None,
        page: page.titled(title, Here::Inbox),
    }
}
