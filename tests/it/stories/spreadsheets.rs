//! S42: three files of contacts with errors, from a county, a council and a body that registers.

use mhero_app::Caller;
use mhero_store::Engine;

use super::{Browser, Page, World, browser::plain};

/// Two rows name nobody or have too many cells, a number is none, and one person stands there twice.
const COUNTY: &str = "id,payroll,name,phone,county,facility,cadre\n\
    C1,9001,Ruth Sumo,0770100001,Nimba,Fissebu Clinic,Nurse\n\
    C2,9002,Prince Zaza,0770100002,Nimba,Fissebu Clinic,Midwife\n\
    C3,9003,Mary Kollie,077010,Nimba,Fissebu Clinic,Nurse\n\
    ,,,,Nimba,Fissebu Clinic,Nurse\n\
    C5,9005,Joe Flomo,0770100005,Nimba,Fissebu Clinic,Nurse,one,too many\n\
    C1,9001,Ruth Sumo,0770100011,Nimba,Fissebu Clinic,Nurse\n";
/// The council knows two of them by their payroll number, and somebody else.
const COUNCIL: &str = "council id,payroll,name,phone\n\
    N-1,9001,\"Sumo, Ruth\",0770100011\n\
    N-2,,Ama Weah,0770100020\n\
    N-3,9002,P. Zaza,0770100032\n\
    ,,,\n\
    ,,,not a number either way,and,more\n";
/// In French, with semicolons, a day that can't be and a date to come.
const REGISTRATION: &str = "matricule;nom complet;telephone;date de naissance;sexe\n\
    R1;Fatou Camara;0770200001;31/02/1990;F\n\
    R2;Ousmane Bah;0770200002;12/05/2031;M\n\
    ;;;;F\n";

#[tokio::test(flavor = "multi_thread")]
async fn every_row_of_three_files_gets_its_verdict_before_anything_is_written_on_sqlite() {
    story(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_row_of_three_files_gets_its_verdict_before_anything_is_written_on_postgresql() {
    story(Engine::Postgres).await;
}

/// What a page counts: new, matched, changed, duplicate, refused, as before. A duplicate changes what the row before it said.
fn counts(page: &Page) -> [u64; 6] {
    let table = page.all_between("<table class=\"sum\">", "</table>").remove(0);
    let rows: Vec<String> = table.split("<tr>").skip(1).map(plain).collect();
    ["New", "Matched", "Changed", "Duplicate", "Refused", "As before"].map(|word| {
        let row = rows.iter().find(|row| row.contains(word)).unwrap_or_else(|| panic!("no {word} in {rows:?}"));
        // The number is said once more for those who hear the page.
        row.split(' ').find_map(|part| part.parse().ok()).expect("a number")
    })
}

async fn bring(browser: &Browser<'_>, source: &str, name: &str, text: &str) -> (String, Page) {
    let brought = browser.bring("/people/import", &[("source", source), ("new", "")], (name, text)).await;
    assert_eq!(brought.status, 303, "{}", brought.text());
    let page = browser.get(&brought.to).await;
    (brought.to, page)
}

async fn runs(world: &World) -> usize {
    world.app.sync_runs(&Caller::system(), None, 100).await.expect("runs").len()
}

async fn story(engine: Engine) {
    let Some(world) = World::new(engine).await else { return };
    let browser = world.admin().await;
    let payroll = [("identifier.payroll", "http://moh.example/payroll")];
    for source in ["county", "council", "registration"] {
        browser.add_source("files", source, "", &payroll).await;
    }
    let (draft, look) = bring(&browser, "county", "county.csv", COUNTY).await;
    assert_eq!(counts(&look), [3, 0, 0, 1, 2, 0], "{}", look.text());
    look.must_have("The row names nobody").must_have("more cells than there are columns").must_have("Duplicate");
    assert_eq!((world.people("*").await.0, runs(&world).await), (0, 0), "nothing is written before it is confirmed");
    rejected(&browser, &draft).await;
    let done = browser.press(&draft, &[("do", "confirm")]).await;
    assert_eq!(counts(&done), [3, 0, 0, 1, 2, 0], "{}", done.text());
    assert_eq!(world.people("*").await, (3, 2), "one number was none");

    let (draft, look) = bring(&browser, "council", "council.csv", COUNCIL).await;
    assert_eq!(counts(&look), [1, 2, 0, 0, 1, 0], "{}", look.text());
    assert_eq!(world.people("*").await.0, 3);
    let done = browser.press(&draft, &[("do", "confirm")]).await;
    assert_eq!(world.people("*").await.0, 4);
    let council = done.all_between("href=\"/settings/sources/runs/", "\"").remove(0);

    let (draft, look) = bring(&browser, "registration", "ordre.csv", REGISTRATION).await;
    assert_eq!(counts(&look), [2, 0, 0, 0, 1, 0], "{}", look.text());
    look.must_have("Fatou Camara");
    browser.press(&draft, &[("do", "confirm")]).await;
    assert_eq!(world.people("*").await.0, 6);

    again(&world, &browser).await;
    mended(&world, &browser).await;
    undone(&world, &browser, &format!("/settings/sources/runs/{council}")).await;
}

/// The rows that were refused, as a file with the reason of each.
async fn rejected(browser: &Browser<'_>, draft: &str) {
    let file = browser.get(&format!("{draft}/rejected")).await;
    let lines: Vec<&str> = file.body.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(lines.len(), 3, "{}", file.body);
    let head: Vec<&str> = lines[0].split(',').collect();
    assert!(head.iter().any(|name| name.ends_with("Why")) && head.contains(&"payroll"), "{}", lines[0]);
    assert!(lines[0].starts_with("id,payroll,name,phone,county,facility,cadre,"), "{}", lines[0]);
    assert!(lines[1].contains("names nobody") && lines[2].contains("Joe Flomo"), "{}", file.body);
    let workbook = browser.get(&format!("{draft}/rejected?as=xlsx")).await;
    assert_eq!(workbook.status, 200);
}

/// Each file once more changes nothing.
async fn again(world: &World, browser: &Browser<'_>) {
    let there = world.people("*").await;
    // Of two rows of one person the first differs from what the second left, and the second from the first: neither is a change.
    for (source, text, refused) in [("county", COUNTY, 2), ("council", COUNCIL, 1), ("registration", REGISTRATION, 1)] {
        let (draft, look) = bring(browser, source, &format!("{source}.csv"), text).await;
        let [new, matched, changed, _, rejected, _] = counts(&look);
        assert_eq!((new, matched, changed, rejected), (0, 0, 0, refused), "{source}: {}", look.text());
        look.must_have("Everything in this file is known already");
        // Whoever presses all the same changes nothing either.
        browser.post(&draft, &[("do", "confirm")]).await;
        let done = browser.get(&draft).await;
        let [new, _, changed, ..] = counts(&done);
        assert_eq!((new, changed), (0, 0), "{source}: {}", done.text());
        assert_eq!(world.people("*").await, there, "{source}");
        assert_eq!(world.people("phone = 0770100011").await.0, 1, "the later row counts");
    }
}

/// The file comes again with a row mended and a number changed.
async fn mended(world: &World, browser: &Browser<'_>) {
    let text = COUNTY.replace("0770100002", "0770100042").replace(",Nurse,one,too many", ",Nurse");
    let text = text.replace("C1,9001,Ruth Sumo,0770100001,Nimba,Fissebu Clinic,Nurse\n", "");
    let (draft, look) = bring(browser, "county", "county.csv", &text).await;
    let [new, matched, changed, _, rejected, _] = counts(&look);
    assert_eq!((new, matched, changed, rejected), (1, 0, 1, 1), "{}", look.text());
    let done = browser.press(&draft, &[("do", "confirm")]).await;
    assert_eq!(world.people("name ~ \"Joe Flomo\"").await, (1, 1));
    assert_eq!(world.people("phone = 0770100042").await.0, 1);
    // And is undone as a whole: asked first, then as it was.
    let run = format!("/settings/sources/runs/{}", done.all_between("href=\"/settings/sources/runs/", "\"").remove(0));
    undone(world, browser, &run).await;
    assert_eq!(world.people("name ~ \"Joe Flomo\"").await.0, 0);
    assert_eq!(world.people("phone = 0770100042").await.0, 0);
    assert_eq!(world.people("phone = 0770100002").await.0, 1);
}

/// A whole import is taken back: whoever came with it alone is gone, all others are as before.
async fn undone(world: &World, browser: &Browser<'_>, run: &str) {
    let (before, _) = world.people("*").await;
    browser.post(run, &[("do", "undo-ask")]).await.must_have("Undo this run?");
    assert_eq!(world.people("*").await.0, before, "it was only asked");
    let undone = browser.press(run, &[("do", "undo")]).await;
    undone.must_have("are as they were before");
    assert_eq!(world.people("*").await.0, before - 1);
}
