//! What the sentence builder says.

mod common;

use common::audience;
use mhero_core::Lang;
use mhero_query::{blanks, parse, sentence};

fn said(text: &str, lang: Lang) -> String {
    sentence(&audience(text).expect(text), lang)
}

#[test]
fn audiences_are_said_in_both_languages() {
    for (query, english, french) in [
        ("*", "all health workers", "tous les agents de santé"),
        (
            "(cadre = midwife OR cadre = nurse) AND (place = Nimbara OR place = Bondou) AND emonc < 2026-01-01",
            "midwives and nurses who work in Nimbara or Bondou and were trained in EmONC before 1 January 2026",
            "sages-femmes et infirmiers qui travaillent à Nimbara ou Bondou et ont suivi la formation « SONU » avant le \
             1er janvier 2026",
        ),
        ("cadre = midwife", "midwives", "sages-femmes"),
        ("cadre != midwife", "health workers who are not midwives", "agents de santé qui ne sont pas sages-femmes"),
        (
            "place = Nimbara cadre = nurse phone != ''",
            "nurses who work in Nimbara and have a valid phone number",
            "infirmiers qui travaillent à Nimbara et ont un numéro de téléphone valable",
        ),
        (
            "place = TF.C.CAP AND facility != 'Fisabo Clinic' AND group = 'Ebola team'",
            "health workers who work in Capital (Central, Taifafeki), do not work at Fisabo Clinic and are in the group \
             “Ebola team”",
            "agents de santé qui travaillent à Capital (Central, Taifafeki), ne travaillent pas dans l’établissement \
             Fisabo Clinic et sont dans le groupe « Ebola team »",
        ),
        (
            "cadre = midwife AND place = Nimbara OR cadre = nurse AND place = Bondou",
            "midwives who work in Nimbara, or nurses who work in Bondou",
            "sages-femmes qui travaillent à Nimbara, ou infirmiers qui travaillent à Bondou",
        ),
        (
            "cadre = midwife (language = fra OR answered != B12 place = Bondou) age >= 2.5",
            "midwives who either speak French or (did not answer “Polio days” and work in Bondou) and have “Age” of at \
             least 2.5",
            "sages-femmes qui soit parlent français, soit (n’ont pas répondu à l’envoi « Polio days » et travaillent à \
             Bondou) et ont « Age » d’au moins 2,5",
        ),
        (
            "delivered = B12 AND on_leave = yes AND last_sent > yesterday AND on_leave != yes AND sex = f",
            "health workers who received “Polio days”, are on leave, had our last message after 13 May 2026 (1 day ago), are \
             not on leave and are women",
            "agents de santé qui ont reçu l’envoi « Polio days », sont en congé, ont eu notre dernier message après le 13 mai \
             2026 (il y a 1 jour), ne sont pas en congé et sont des femmes",
        ),
        (
            "flow = Registration AND history != Registration AND tickets >= 2 AND status = active AND telegram = 12",
            "health workers who are in the flow “Registration”, have not been in the flow “Registration”, have at least 2 \
             open tickets, have not stopped all our messages and have the Telegram address “12”",
            "agents de santé qui sont dans le scénario « Registration », n’ont pas suivi le scénario « Registration », ont au \
             moins 2 tickets ouverts, n’ont pas arrêté tous nos messages et ont l’adresse Telegram « 12 »",
        ),
        (
            "flow = '' AND status != active AND urn ~ ewok AND instagram != '' AND tickets != 1",
            "health workers who are in no flow, have stopped all our messages, have an address with “ewok”, have an \
             Instagram address and do not have exactly 1 open ticket",
            "agents de santé qui ne sont dans aucun scénario, ont arrêté tous nos messages, ont une adresse qui contient \
             « ewok », ont une adresse Instagram et n’ont pas exactement 1 ticket ouvert",
        ),
        (
            "home = Bondou OR shirt_size = ''",
            "health workers who have “Home” in Bondou or have “Shirt size” empty",
            "agents de santé qui ont « Home » à Bondou ou n’ont pas « Shirt size » dans leur fiche",
        ),
    ] {
        assert_eq!(said(query, Lang::ENGLISH), english, "{query}");
        let plain = said(query, Lang::FRENCH).replace('\u{a0}', " ");
        assert_eq!(plain, french, "{query}");
    }
}

#[test]
fn blanks_know_their_part_and_make_up_the_sentence() {
    let text = "place = Nimbara AND (cadre = midwife OR cadre = nurse) AND training.emonc < 2026-01-01";
    let audience = audience(text).expect("an audience");
    let blanks = blanks(&audience, Lang::ENGLISH);
    let shown: Vec<_> = blanks.iter().map(|b| (b.part, b.kind.as_str(), b.before.as_str(), b.text.as_str())).collect();
    assert_eq!(
        shown,
        [
            (1, "cadre", "", "midwives and nurses"),
            (0, "place", " who work in ", "Nimbara"),
            (2, "training", " and were trained in ", "EmONC before 1 January 2026"),
        ]
    );
    assert_eq!(blanks[0].span.of(text), "cadre = midwife OR cadre = nurse");
    let query = parse(text).expect("a query");
    assert_eq!(query.part(1).expect("the cadres").to_string(), "cadre = midwife OR cadre = nurse");
    assert_eq!(query.remove_part(1).to_string(), "place = Nimbara AND training.emonc < 2026-01-01");
}
