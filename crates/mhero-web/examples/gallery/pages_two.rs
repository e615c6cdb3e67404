//! The other pages: register, broadcasts, settings, records.

use askama::Template;
use mhero_core::{Lang, Role};
use mhero_signin::Standing;
use mhero_web::{
    account::view::AccountPage,
    audiences::view::{AudiencePage, AudienceRow, AudiencesPage, NewAudiencePage},
    audit::view::{AuditDay, AuditPage, AuditRow},
    broadcasts::view::{
        BroadcastPage, BroadcastsPage, Counts, DraftRow, Event, PlaceShare, RecipientRow, RecipientsPage, SentText,
        Todo, Verbs,
    },
    channel_pages::view::{ChannelRow, ListPage},
    exchange::view::{
        ClientRow, ClientsPage, ExchangeFact, ExchangePage, ExchangeRow, ExchangesPage, MadeClient, TypedClient,
        WebHookRow, WebHooksPage,
    },
    marks::Mark,
    page::{Band, Here, Page},
    parts::QueryFault,
    people::view::{Fact, FoundPage, FoundPlace, PeoplePage, PersonPage, PersonPhone},
    places::view::{PlacePage, PlaceRow},
    settings::view::{Field, TypedUser, UserRow, UsersPage, WordsPage},
};

use crate::{
    made_up::{ago, choice, counted, editors, five, in_language, pager, people, sentence, talk},
    pages_one::broadcast,
};

/// The page of a name.
pub fn page(name: &str, page: Page) -> Option<askama::Result<String>> {
    Some(match name {
        "people" => people_page(page, false).render(),
        "people-fault" => people_page(page, true).render(),
        "people-found" => found(page).render(),
        "person" => person(page).render(),
        "places" => place(page).render(),
        "audiences" => audiences(page).render(),
        "audience" => audience(page).render(),
        "audience-new" => audience_new(page).render(),
        "broadcasts" => broadcasts(page).render(),
        "broadcast" => broadcast_page(page, false).render(),
        "broadcast-undo" => broadcast_page(page, true).render(),
        "broadcast-people" => recipients(page).render(),
        "channels" => channels(page).render(),
        "users" => users(page).render(),
        "words" => words(page).render(),
        "exchanges" => exchanges(page).render(),
        "exchange" => exchange(page).render(),
        "webhooks" => webhooks(page).render(),
        "clients" => clients(page).render(),
        "audit" => audit(page).render(),
        "account" => account(page).render(),
        _ => return None,
    })
}

fn under(page: Page, key: &str, here: Here) -> Page {
    let title = page.t(key);
    page.titled(title, here)
}

fn fact(name: String, value: &str, owner: &str) -> Fact {
    Fact { name, value: value.into(), href: None, owner: owner.into() }
}

fn people_page(page: Page, is_faulty: bool) -> PeoplePage {
    let mut sentence = sentence(&page, "say-show", !is_faulty);
    if is_faulty {
        sentence.fault = Some(QueryFault {
            before: "cadre = midwife AND (".into(),
            wrong: "place".into(),
            after: String::new(),
            words: in_language(&page, "A value is missing after it.", "Il manque une valeur ensuite."),
        });
    }
    let lead = page.t1("people-lead", "n", 5_000_i64) + " " + &page.t("people-lead-country");
    PeoplePage {
        lead,
        sentence,
        path: "/people?q=cadre&".into(),
        matched: if is_faulty { 0 } else { 214 },
        reachable: Some(186),
        rows: if is_faulty { Vec::new() } else { people(&page) },
        pager: pager(),
        none_why: page.t("people-none-drop"),
        save_href: "/audience-new".into(),
        send_href: "/send".into(),
        page: under(page, "nav-people", Here::People),
    }
}

fn found(page: Page) -> FoundPage {
    FoundPage {
        find: "Kollie".into(),
        matched: 6,
        rows: people(&page),
        places: vec![FoundPlace { name: "Kollieta Clinic".into(), about: "Lofaye".into(), href: "/places".into() }],
        pager: pager(),
        page: page.titled("Kollie", Here::People),
    }
}

fn person(page: Page) -> PersonPage {
    let phone = |label: String, number: &str, show: Option<&str>, mark, state: String, aside: &str| PersonPhone {
        label,
        key: "1".into(),
        number: number.into(),
        show: show.map(Into::into),
        mark,
        state,
        aside: aside.into(),
    };
    let mut editor = editors(&page).remove(0);
    editor.label =
        page.t2("person-message-label", "name", "Mary Kollie", "language", page.words.language(Lang::ENGLISH));
    let second = page.t1("person-other-number", "n", 2_i64);
    PersonPage {
        origins: Vec::new(),
        joined: Vec::new(),
        ways: Vec::new(),
        way_said: String::new(),
        may_take: true,
        may_tell: true,
        id: "0190".into(),
        name: "Mary Kollie".into(),
        first: "Mary".into(),
        about: page.t1("person-at", "work", in_language(&page, "Midwife", "Sage-femme")),
        works_at: Some(("Fisabo Clinic".into(), "/places".into())),
        thread: Some("/inbox".into()),
        talk: talk(&page),
        earlier: Some("/person?before=1".into()),
        editor: Some(editor),
        once: "k".into(),
        fault: None,
        phones: vec![
            phone(
                page.t("person-first-number"),
                "0770 ••• 214",
                Some("/person"),
                Mark::Good,
                page.t("number-ok"),
                &in_language(&page, "HR registry", "Registre RH"),
            ),
            phone(
                second,
                "0886 000 552",
                None,
                Mark::Clock,
                page.t1("number-shared", "n", 2_i64),
                &page.t1("person-shared-with", "who", "Ruth Sumo"),
            ),
        ],
        reach: Vec::new(),
        record: vec![
            fact(page.t("person-cadre"), &in_language(&page, "Midwife", "Sage-femme"), "iHRIS"),
            fact(page.t("person-trained"), "EmONC, 2026", "iHRIS"),
            fact(page.t("person-registries"), "iHRIS HW-10442, CHW C-0871", ""),
        ],
        groups: vec![choice("/audience", in_language(&page, "Vaccinators", "Vaccinateurs"), None, false)],
        why: page.t2("person-hint-why", "role", page.t("role-admin"), "place", page.t("blank-any-place")),
        simulator: Some("/simulator".into()),
        page: page.titled("Mary Kollie", Here::People),
    }
}

fn place(page: Page) -> PlacePage {
    let row = |name: &str, about: &str, people| PlaceRow {
        name: name.into(),
        about: about.into(),
        href: "/places".into(),
        people,
    };
    PlacePage {
        above: vec![row("Sewara", "", 5_000)],
        name: "Lofaye".into(),
        about: page.t1("places-about", "n", 412_i64),
        people: 412,
        send_href: "/send".into(),
        people_href: "/people".into(),
        below: vec![row("Fisabo Clinic", "clinic", 12), row("Vozara Hospital", "hospital", 212)],
        rows: people(&page),
        pager: pager(),
        record: vec![fact(page.t("places-level"), "county", ""), fact(page.t("places-id"), "CTY-07", "iHRIS")],
        page: page.titled("Lofaye", Here::Places),
    }
}

fn audiences(page: Page) -> AudiencesPage {
    let row = |name: String, said: String, is_query, people| AudienceRow {
        name,
        href: "/audience".into(),
        said,
        is_query,
        people,
    };
    let said = in_language(
        &page,
        "midwives who work in Nimbara or Lofaye",
        "sages-femmes qui travaillent à Nimbara ou Lofaye",
    );
    AudiencesPage {
        rows: vec![
            row(in_language(&page, "Midwives of the north", "Sages-femmes du nord"), said, true, 214),
            row(in_language(&page, "Vaccinators", "Vaccinateurs"), String::new(), false, 1_040),
        ],
        page: under(page, "nav-audiences", Here::Audiences),
    }
}

fn audience(page: Page) -> AudiencePage {
    AudiencePage {
        name: in_language(&page, "Vaccinators", "Vaccinateurs"),
        about: page.t2("audiences-saved-by", "who", "Hawa Karnley", "day", page.date(&ago(17_000))),
        href: "/audience".into(),
        send_href: "/send".into(),
        query: None,
        said: String::new(),
        counted: counted(&page),
        rows: people(&page),
        pager: pager(),
        may_edit: true,
        typed: String::new(),
        fault: None,
        page: under(page, "nav-audiences", Here::Audiences),
    }
}

fn audience_new(page: Page) -> NewAudiencePage {
    NewAudiencePage {
        name: String::new(),
        fault: Some(page.t("audiences-name-needed")),
        is_static: false,
        sentence: sentence(&page, "say-audience", true),
        counted: counted(&page),
        sample: five(&page),
        page: under(page, "audiences-new", Here::Audiences),
    }
}

fn broadcasts(page: Page) -> BroadcastsPage {
    let mut done = broadcast(&page);
    (done.mark, done.state, done.at) = (Mark::Good, page.t("broadcast-state-done"), ago(9_000));
    done.counts = Counts { delivered: 3_800, failed: 98, ..Counts::default() };
    BroadcastsPage {
        drafts: vec![DraftRow {
            name: in_language(&page, "EmONC refresher June", "Recyclage SONU juin"),
            href: "/send".into(),
            at: ago(3),
            by: "Hawa Karnley".into(),
            short: None,
        }],
        rows: vec![broadcast(&page), done],
        pager: pager(),
        page: under(page, "nav-broadcasts", Here::Broadcasts),
    }
}

fn broadcast_page(mut page: Page, is_undo: bool) -> BroadcastPage {
    let mut row = broadcast(&page);
    let (left, total) = (row.counts.left(), row.counts.total());
    let lead = if is_undo {
        row.counts = Counts { waiting: 3_898, ..Counts::default() };
        page.t("broadcast-lead-undo")
    } else {
        page.band = Some(Band::Live(page.t("band-live-sentence")));
        page.t3("broadcast-lead-sending", "time", page.hour(&ago(4)), "left", left, "total", total)
    };
    let verbs =
        Verbs { may_release: is_undo, may_undo: is_undo, may_pause: !is_undo, may_resume: false, may_stop: !is_undo };
    let todo = Todo {
        head: page.t1("broadcast-uncertain-head", "n", 8_i64),
        why: page.t("broadcast-uncertain-why"),
        is_uncertain: true,
        verb: String::new(),
        href: String::new(),
    };
    let failed = Todo {
        head: page.t1("broadcast-failed-head", "n", 49_i64),
        why: page.t("means-failed"),
        is_uncertain: false,
        verb: page.t("broadcast-failed-verb"),
        href: "/broadcast-people".into(),
    };
    let text = |editor: &mhero_web::parts::Editor, n: i64| SentText {
        tag: editor.tag(),
        text: editor.text.clone(),
        about: page.t2("broadcast-text-about", "language", page.words.language(editor.lang), "n", n),
    };
    let texts = editors(&page);
    let title = row.name.clone();
    BroadcastPage {
        ahead: Vec::new(),
        correction: None,
        links: Vec::new(),
        stop: None,
        fault: None,
        lead,
        verbs,
        is_moving: true,
        was: "sending".into(),
        undo_seconds: is_undo.then_some(52),
        once: "k".into(),
        todos: if is_undo { Vec::new() } else { vec![todo, failed] },
        places: vec![
            PlaceShare { name: "Nimbara".into(), part: 590, whole: 612 },
            PlaceShare { name: "Cape Sewa".into(), part: 31, whole: 402 },
        ],
        texts: vec![text(&texts[0], 2_911), text(&texts[1], 987)],
        said: in_language(&page, "all health workers in Nimbara", "tous les agents de santé de Nimbara"),
        counted: counted(&page),
        events: vec![Event {
            at: ago(4),
            words: in_language(
                &page,
                "Sending began, the 60 seconds to undo had passed.",
                "L’envoi a commencé, les 60 secondes pour annuler étaient passées.",
            ),
        }],
        row,
        page: page.titled(title, Here::Broadcasts),
    }
}

fn recipients(page: Page) -> RecipientsPage {
    let row = |name: &str, phone: &str, why: &str| RecipientRow {
        name: name.into(),
        href: "/person".into(),
        phone: phone.into(),
        mark: Mark::Failed,
        state: page.t("state-failed"),
        why: why.into(),
        at: Some(ago(3)),
    };
    RecipientsPage {
        href: "/broadcast".into(),
        name: broadcast(&page).name,
        lead: page.t("means-failed"),
        filters: vec![
            choice("?", page.t("inbox-all"), Some(3_898), false),
            choice("?state=failed", page.t("state-failed"), Some(49), true),
        ],
        rows: vec![row("Mary Kollie", "0770 ••• 214", "Unknown subscriber"), row("Ruth Sumo", "0770 ••• 590", "")],
        pager: pager(),
        page: under(page, "broadcast-people", Here::Broadcasts),
    }
}

fn tabs(page: &Page, here: &str) -> Vec<mhero_web::parts::Choice> {
    ["channels", "users", "words"]
        .map(|name| choice(&format!("/{name}"), page.t(&format!("settings-{name}")), None, name == here))
        .to_vec()
}

fn channels(page: Page) -> ListPage {
    let row = |name: &str, mark, state: &str, is_paused| ChannelRow {
        href: "/settings/channels/1".into(),
        name: name.into(),
        kind: page.t("settings-channel-simulator"),
        sender: String::new(),
        mark,
        state: page.t(state),
        why: String::new(),
        rate: page.t1("channels-a-second", "rate", "50".to_owned()),
        sent: Some(ago(60)),
        heard: None,
        waiting: 1_481,
        is_paused,
    };
    ListPage {
        tabs: tabs(&page, "channels"),
        rows: vec![
            row("main", Mark::Good, "settings-ready", false),
            row("second", Mark::Clock, "settings-paused", true),
        ],
        page: under(page, "settings-channels", Here::Settings),
    }
}

fn users(page: Page) -> UsersPage {
    let row = |name: &str, role: Role, place: String, may_disable| UserRow {
        id: "1".into(),
        name: name.into(),
        login: "hawa@moh.example".into(),
        role: page.t(&format!("role-{role}")),
        place,
        seen: Some(ago(60)),
        may_disable,
        has_factor: !may_disable,
    };
    UsersPage {
        tabs: tabs(&page, "users"),
        rows: vec![
            row("Hawa Karnley", Role::Hr, page.t("settings-whole-country"), false),
            row("Joseph Tarr", Role::District, "Lofaye".into(), true),
        ],
        roles: Role::ALL
            .iter()
            .map(|role| choice(role.as_str(), page.t(&format!("role-{role}")), None, false))
            .collect(),
        programmes: vec![choice("", page.t("settings-programme-all"), None, true)],
        typed: TypedUser::default(),
        fault: Some(page.t("settings-login-taken")),
        page: under(page, "settings-users", Here::Settings),
    }
}

fn words(page: Page) -> WordsPage {
    let field = |id: &str, label, value: &str, tag: &str, hint| Field {
        id: id.into(),
        label,
        value: value.into(),
        tag: tag.into(),
        hint,
    };
    let ministry = |lang| page.t1("settings-ministry", "language", page.words.language(lang));
    WordsPage {
        tabs: tabs(&page, "words"),
        names: vec![
            field("ministry_en", ministry(Lang::ENGLISH), "Ministry of Health", "en", String::new()),
            field("ministry_fr", ministry(Lang::FRENCH), "Ministère de la Santé", "fr", String::new()),
            field("sender", page.t("settings-sender"), "MOH", "", page.t("settings-sender-hint")),
        ],
        quiet: ("20:00".into(), "07:00".into()),
        country: "LR".into(),
        countries: "GN, SL".into(),
        zone: "Africa/Monrovia".into(),
        phones: Vec::new(),
        fault: None,
        page: under(page, "settings-words", Here::Settings),
    }
}

fn exchange_row() -> ExchangeRow {
    ExchangeRow {
        id: "0190b0a0-0000-7000-8000-000000000001".into(),
        at: ago(3),
        peer: "iHRIS".into(),
        direction: "→".into(),
        what: "GET /fhir/Practitioner?_lastUpdated=gt2026-05-14".into(),
        href: "/exchange".into(),
        mark: Mark::Good,
        answer: "200".into(),
        took: "41 ms".into(),
        folded: 3,
        may_rerun: true,
    }
}

fn exchanges(page: Page) -> ExchangesPage {
    ExchangesPage {
        tabs: vec![choice("/exchange", page.t("exchange-log"), None, true)],
        peers: vec![choice("", page.t("exchange-peer-any"), None, true)],
        directions: vec![choice("in", page.t("exchange-direction-in"), None, true)],
        results: vec![choice("error", page.t("exchange-result-error"), None, true)],
        what: String::new(),
        since: String::new(),
        is_filtered: true,
        lost: 2,
        rows: vec![exchange_row(), exchange_row()],
        may_rerun: true,
        pager: pager(),
        page: under(page, "nav-exchanges", Here::Exchanges),
    }
}

fn exchange(page: Page) -> ExchangePage {
    ExchangePage {
        row: exchange_row(),
        facts: vec![ExchangeFact {
            name: page.t("exchange-fact-correlation"),
            value: "0190b0a0-0000-7000-8000-000000000001".into(),
            href: None,
        }],
        timeline: vec![(true, exchange_row()), (false, exchange_row())],
        reruns: vec![exchange_row()],
        has_bodies: true,
        sent: "{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[{\"fullUrl\":\"urn:uuid:0190\"}]}"
            .into(),
        answered: "HTTP/1.1 429".into(),
        can_rerun: true,
        why_not: None,
        page: under(page, "nav-exchanges", Here::Exchanges),
    }
}

fn webhooks(page: Page) -> WebHooksPage {
    let row = |name: &str, (mark, state): (Mark, &str), why: &str, (waiting, dead)| WebHookRow {
        id: "0190b0a0-0000-7000-8000-000000000002".into(),
        name: name.into(),
        about: format!("{name}.moh.example · {name}"),
        events: vec!["message.received", "run.finished", "person.changed"],
        mark,
        state: page.t(state),
        why: why.into(),
        why_is_foreign: !why.is_empty(),
        waiting,
        dead,
        since: ago(40_000),
        is_on: state != "hook-failed",
    };
    let rows = vec![
        row("dashboard", (Mark::Good, "hook-on"), "", (0, 0)),
        row("hr", (Mark::Warning, "hook-on-fails"), "hr.moh.example: no answer in time", (12, 3)),
        row("bus", (Mark::Failed, "hook-failed"), "bus.moh.example: connection refused", (1_000, 0)),
    ];
    WebHooksPage {
        tabs: vec![choice("/exchange/webhooks", page.t("exchange-webhooks"), None, true)],
        rows,
        may_audit: true,
        fault: None,
        page: under(page, "exchange-webhooks", Here::Exchanges),
    }
}

fn clients(page: Page) -> ClientsPage {
    let row = |name: &str, is_in_sandbox| ClientRow {
        name: name.into(),
        role: page.t("role-integrator"),
        used: Some(ago(3)),
        is_revoked: false,
        is_in_sandbox,
        kinds: "Practitioner Location:read".into(),
        networks: "10.2.0.0/16".into(),
        issuer: String::new(),
        audience: String::new(),
        subject: String::new(),
        keys_url: String::new(),
        certificate: String::new(),
        has_keys: false,
        told_at: None,
    };
    ClientsPage {
        tabs: vec![choice("/exchange/clients", page.t("exchange-clients"), None, true)],
        rows: vec![row("iHRIS", false), row("trial", true)],
        openhim: None,
        made: Some(MadeClient { name: "trial".into(), token: format!("mh_{}", "0a".repeat(32)) }),
        typed: TypedClient::default(),
        typed_fault: None,
        fault: None,
        page: under(page, "exchange-clients", Here::Exchanges),
    }
}

fn audit(page: Page) -> AuditPage {
    let row = |minutes, who: &str, did: String| AuditRow { at: ago(minutes), who: who.into(), did, link: None };
    let opened = in_language(&page, "opened the record of Mary Kollie.", "a ouvert la fiche de Mary Kollie.");
    AuditPage {
        people: vec![choice("1", "Hawa Karnley", None, false)],
        days: vec![
            AuditDay { at: ago(5), rows: vec![row(5, "Hawa Karnley", opened.clone())] },
            AuditDay { at: ago(2_000), rows: vec![row(2_000, "Joseph Tarr", opened)] },
        ],
        pager: pager(),
        page: under(page, "nav-audit", Here::Audit),
    }
}

fn account(page: Page) -> AccountPage {
    AccountPage {
        name: "Hawa Karnley".into(),
        login: "hawa@moh.example".into(),
        facts: vec![
            fact(page.t("account-role"), &page.t("role-hr"), ""),
            fact(page.t("account-where"), &page.t("settings-whole-country"), ""),
        ],
        sessions: 2,
        factor: Standing { since: Some(ago(60)), codes_left: 9, is_waiting: false },
        fault: None,
        page: page.titled("Hawa Karnley", Here::Elsewhere),
    }
}
