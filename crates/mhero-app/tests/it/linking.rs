//! One person from many records: who is joined and why, what is asked, and that a wrong merge is taken back without loss.

use mhero_app::{
    AppError, Caller,
    broadcasts::{Draft, Release},
    linking::PairDecision,
    people::{ImportOptions, ImportReport},
};
use mhero_core::{
    Lane, Lang, PersonId, PlaceId, Role,
    record::{Content, Identifier, PathStep, PersonRecord, PositionRecord, RawPhone, Record, Ref, Value, ValueRecord},
};
use serde_json::json;

use crate::{
    common::{TestApp, engines},
    flows::{keyword, saved, stock},
};

const GIVEN: [&str; 12] =
    ["Martha", "Fatu", "James", "Aissata", "Mamadou", "Ruth", "Prince", "Hawa", "Joseph", "Kebbeh", "Sekou", "Musu"];
const FAMILY: [&str; 20] = [
    "Kollie", "Kpanna", "Sumo", "Flomo", "Diallo", "Weah", "Zaza", "Karnley", "Tokpa", "Barry", "Camara", "Mulbah",
    "Gbowee", "Sirleaf", "Dolo", "Kamara", "Toure", "Yekeh", "Bah", "Conteh",
];

/// Somebody as a registry has them.
#[derive(Clone, Debug)]
pub(crate) struct Worker {
    pub(crate) id: String,
    pub(crate) given: String,
    pub(crate) family: String,
    pub(crate) birth: Option<String>,
    pub(crate) phones: Vec<String>,
    pub(crate) national: Option<String>,
    pub(crate) district: &'static str,
    pub(crate) village: Option<String>,
}

impl Worker {
    fn new(id: &str, given: &str, family: &str, birth: &str, phone: &str) -> Self {
        Self {
            id: id.to_owned(),
            given: given.to_owned(),
            family: family.to_owned(),
            birth: Some(birth.to_owned()),
            phones: vec![phone.to_owned()],
            national: None,
            district: "Lola",
            village: None,
        }
    }

    pub(crate) fn record(&self, kind: &str) -> Record {
        let step = |level: &str, name: &str| PathStep { level: Some(level.to_owned()), name: name.to_owned() };
        let place = Ref::Path(vec![step("county", "Nzerekore"), step("district", self.district)]);
        let text = |field: &str, text: &str| ValueRecord { field: field.into(), value: Value::Text(text.into()) };
        Record {
            origin: format!("test {}", self.id),
            kind: kind.to_owned(),
            id: self.id.clone(),
            raw: format!("{self:?}"),
            warnings: vec![],
            content: Content::Person(Box::new(PersonRecord {
                name: format!("{} {}", self.given, self.family),
                given: self.given.clone(),
                family: self.family.clone(),
                birth: self.birth.as_ref().and_then(|day| day.parse().ok()),
                active: true,
                phones: self
                    .phones
                    .iter()
                    .map(|raw| RawPhone { raw: raw.clone(), usage: None, element: "phone".into() })
                    .collect(),
                identifiers: self
                    .national
                    .iter()
                    .map(|value| Identifier { system: "http://id.example/national".into(), value: value.clone() })
                    .collect(),
                values: self.village.iter().map(|village| text("village", village)).collect(),
                positions: vec![PositionRecord { place: Some(place), active: true, ..PositionRecord::default() }],
                ..PersonRecord::default()
            })),
        }
    }
}

pub(crate) async fn import(t: &TestApp, source: &str, people: &[Worker]) -> ImportReport {
    let records: Vec<_> = people.iter().map(|worker| Ok(worker.record("row"))).collect();
    let options = ImportOptions::default();
    t.app.import(&Caller::system(), source, records.into_iter(), &options).await.expect("an import")
}

pub(crate) async fn settle(t: &TestApp) {
    for _ in 0..3 {
        t.app.run_until_idle().await.expect("idle");
    }
}

pub(crate) async fn find(t: &TestApp, text: &str) -> PersonId {
    t.app.find_person(&Caller::system(), text).await.expect("somebody")
}

/// Everything that is known of somebody, without what tells only when they were written.
async fn digest(t: &TestApp, person: PersonId) -> String {
    let caller = Caller::system();
    let page = t.app.person(&caller, person).await.expect("a person");
    let mut json = page.to_json(&caller, t.app.clock().now_micros());
    json["last_heard"] = json!(null);
    let messages = t.app.store().messages_of_person(&caller.scope, person, i64::MAX, 100).await.expect("messages");
    format!("{json} {:?}", messages.iter().map(|m| m.id).collect::<Vec<_>>())
}

fn draft(query: &str) -> Draft {
    Draft {
        name: String::new(),
        query: query.into(),
        texts: vec![(Lang::ENGLISH, "One Health alert: dead bats reported.".into())],
        lane: Lane::Bulk,
        channel: None,
        release: Release::Now,
        zone: None,
        quiet_override: None,
        once_key: None,
        is_test: false,
        is_drill: false,
        programme: None,
        valid_minutes: None,
    }
}

/// 200 people of the HR registry, of whom 120 stand in the CHW registry, too: every other by the same national id, the others by
/// name, birth and number, with the name turned about.
fn registries() -> (Vec<Worker>, Vec<Worker>) {
    let (mut hr, mut chw) = (Vec::new(), Vec::new());
    for n in 0..200_usize {
        let (given, family) = (GIVEN[n % 12], FAMILY[(n / 12 + n * 7) % 20]);
        let birth = format!("{}-{:02}-{:02}", 1960 + n % 37, 1 + n % 12, 1 + (n * 5) % 28);
        let mut worker = Worker::new(&format!("HR-{n}"), given, family, &birth, &format!("07700{n:05}"));
        worker.national = (n % 2 == 0).then(|| format!("NAT-{n:06}"));
        hr.push(worker.clone());
        if n < 120 {
            worker.id = format!("CHW-{n}");
            worker.village = Some(format!("Village {n}"));
            if n % 2 == 1 {
                (worker.given, worker.family) = (worker.family.to_uppercase(), worker.given.to_uppercase());
            }
            chw.push(worker);
        }
    }
    (hr, chw)
}

#[tokio::test]
pub(crate) async fn everybody_in_two_registries_gets_one_message_and_the_merge_shows_why() {
    for engine in engines() {
        let t = TestApp::new(engine).await;
        let caller = Caller::system();
        let (hr, chw) = registries();
        import(&t, "hr", &hr).await;
        import(&t, "chw", &chw).await;
        settle(&t).await;
        assert_eq!(t.app.count_audience(&caller, "place = Lola").await.expect("a count"), 200, "{engine:?}");
        assert_eq!(t.app.count_link_pairs(&caller).await.expect("a count"), 0);
        // By name, birth and number: a merge with its reasons. The HR registry keeps the name, the CHW register gives the village.
        let person = find(&t, "HR-7").await;
        assert_eq!(find(&t, "CHW-7").await, person);
        let links = t.app.links_of(&caller, person).await.expect("merges");
        assert_eq!(links.len(), 1);
        let why = links[0].why.explanation.as_ref().expect("an explanation");
        assert_eq!(why.words().key, "linkage-because-score-link");
        let strongest: Vec<&str> = why.strongest().iter().take(4).map(|part| part.field.as_str()).collect();
        assert!(strongest.contains(&"phone"), "{strongest:?}");
        assert!(!links[0].why.by_hand);
        let page = t.app.person(&caller, person).await.expect("a person");
        assert_eq!(page.record.name, format!("{} {}", hr[7].given, hr[7].family));
        let village = page.record.values.iter().find(|value| value.key == "village").expect("a village");
        assert_eq!((village.text.as_str(), village.source.as_deref()), ("Village 7", Some("chw")));
        assert_eq!(page.record.sources.len(), 2);
        // By the same id they are one from the beginning.
        assert_eq!(find(&t, "HR-8").await, find(&t, "CHW-8").await);
        t.app.send(&caller, &draft("place = Lola")).await.expect("sent");
        settle(&t).await;
        let texts = t.fake.texts();
        let mut numbers: Vec<&String> = texts.iter().map(|(number, _)| number).collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!((texts.len(), numbers.len()), (200, 200), "{engine:?}");
        // Importing again keeps them joined.
        let mut again = chw.clone();
        again[7].village = Some("Bossou".into());
        import(&t, "chw", &again).await;
        import(&t, "hr", &hr).await;
        settle(&t).await;
        assert_eq!(t.app.count_audience(&caller, "place = Lola").await.expect("a count"), 200);
        let page = t.app.person(&caller, person).await.expect("a person");
        assert!(page.record.values.iter().any(|value| value.text == "Bossou"));
    }
}

#[tokio::test]
pub(crate) async fn a_merge_taken_back_leaves_each_what_they_had_and_what_came_since() {
    for engine in engines() {
        let t = TestApp::new(engine).await;
        let caller = Caller::system();
        let mut one = Worker::new("HR-1", "Martha", "Kollie", "1984-03-07", "0770000001");
        one.village = Some("Bossou".into());
        let mut other = Worker::new("CHW-1", "Hawa", "Karnley", "1990-11-30", "0770000002");
        other.village = Some("Zorzor".into());
        import(&t, "hr", &[one.clone()]).await;
        import(&t, "chw", &[other.clone()]).await;
        settle(&t).await;
        let (a, b) = (find(&t, "HR-1").await, find(&t, "CHW-1").await);
        assert_ne!(a, b);
        t.hear("+231770000002", "we have no gloves since monday").await;
        let before = (digest(&t, a).await, digest(&t, b).await);
        let link = t.app.merge_people(&caller, a, b).await.expect("joined");
        settle(&t).await;
        assert_eq!(find(&t, "0770000002").await, a, "{engine:?}");
        assert_eq!(find(&t, &b.to_string()).await, a);
        assert_eq!(t.app.person(&caller, b).await.expect("as the other").record.id, a);
        assert_eq!(t.app.person(&caller, a).await.expect("a person").record.numbers.len(), 2);
        let heard = t.app.store().messages_of_person(&caller.scope, a, i64::MAX, 100).await.expect("messages");
        assert!(!heard.is_empty(), "what the joined person wrote is shown");
        let twice = t.app.merge_people(&caller, a, b).await;
        assert!(matches!(twice, Err(AppError::Invalid(_))), "{twice:?}");
        t.app.undo_link(&caller, link).await.expect("taken back");
        settle(&t).await;
        assert_eq!((digest(&t, a).await, digest(&t, b).await), before, "{engine:?}");
        let again = t.app.undo_link(&caller, link).await;
        assert!(matches!(again, Err(AppError::Invalid(_))), "{again:?}");
        // Joined again, their records change, and the merge is taken back: each has their own news.
        let link = t.app.merge_people(&caller, a, b).await.expect("joined");
        one.phones.push("0770000011".into());
        other.village = Some("Voinjama".into());
        import(&t, "hr", &[one]).await;
        import(&t, "chw", &[other]).await;
        t.app.undo_link(&caller, link).await.expect("taken back");
        settle(&t).await;
        let (left, right) =
            (t.app.person(&caller, a).await.expect("one"), t.app.person(&caller, b).await.expect("two"));
        assert_eq!((left.record.numbers.len(), right.record.numbers.len()), (2, 1), "{engine:?}");
        assert_eq!(left.record.values[0].text, "Bossou");
        assert_eq!(right.record.values[0].text, "Voinjama");
        assert_eq!(t.app.count_audience(&caller, "place = Lola").await.expect("a count"), 2);
    }
}

#[tokio::test]
async fn merges_in_a_row_are_taken_back_one_by_one() {
    for engine in engines() {
        let t = TestApp::new(engine).await;
        let caller = Caller::system();
        let worker = |n: usize| {
            let birth = format!("19{}0-01-0{n}", 5 + n);
            Worker::new(&format!("W-{n}"), GIVEN[n], FAMILY[n * 4], &birth, &format!("077000010{n}"))
        };
        for (n, source) in ["a", "b", "c"].into_iter().enumerate() {
            import(&t, source, &[worker(n + 1)]).await;
        }
        settle(&t).await;
        let [a, b, c] = [find(&t, "W-1").await, find(&t, "W-2").await, find(&t, "W-3").await];
        let before = [digest(&t, a).await, digest(&t, b).await, digest(&t, c).await];
        let first = t.app.merge_people(&caller, b, c).await.expect("c to b");
        let second = t.app.merge_people(&caller, a, b).await.expect("b to a");
        assert_eq!([find(&t, "W-2").await, find(&t, "W-3").await], [a, a], "{engine:?}");
        assert_eq!(t.app.links_of(&caller, c).await.expect("merges").len(), 2);
        assert_eq!(t.app.person(&caller, c).await.expect("a").record.numbers.len(), 3);
        t.app.undo_link(&caller, first).await.expect("c is c again");
        assert_eq!([find(&t, "W-2").await, find(&t, "W-3").await], [a, c]);
        t.app.undo_link(&caller, second).await.expect("b is b again");
        assert_eq!([digest(&t, a).await, digest(&t, b).await, digest(&t, c).await], before, "{engine:?}");
        t.app.merge_people(&caller, b, c).await.expect("c to b");
        let second = t.app.merge_people(&caller, a, b).await.expect("b to a");
        t.app.undo_link(&caller, second).await.expect("b takes c along");
        assert_eq!([find(&t, "W-2").await, find(&t, "W-3").await], [b, b]);
    }
}

#[tokio::test]
async fn a_flow_that_waits_goes_on_under_the_person_who_stays() {
    for engine in engines() {
        let t = TestApp::new(engine).await;
        let caller = Caller::system();
        import(&t, "hr", &[Worker::new("HR-1", "Martha", "Kollie", "1984-03-07", "0770000001")]).await;
        import(&t, "chw", &[Worker::new("CHW-1", "Hawa", "Karnley", "1990-11-30", "0770000002")]).await;
        settle(&t).await;
        let flow = saved(&t, &stock()).await;
        keyword(&t, flow, "stock", false).await;
        t.hear("+231770000002", "stock").await;
        let (a, b) = (find(&t, "HR-1").await, find(&t, "CHW-1").await);
        t.app.send(&caller, &draft("phone = 0770000002")).await.expect("queued");
        let link = t.app.merge_people(&caller, a, b).await.expect("joined");
        settle(&t).await;
        t.hear("+231770000002", "12").await;
        let texts: Vec<String> = t.fake.texts().into_iter().map(|(_, text)| text).collect();
        assert_eq!(texts.iter().filter(|text| text.contains("12 noted")).count(), 1, "{engine:?} {texts:?}");
        assert!(texts.iter().filter(|text| text.contains("dead bats")).count() <= 1, "{texts:?}");
        assert_eq!(t.app.waiting_threads(&caller).await.expect("threads").0, 0, "{texts:?}");
        t.app.undo_link(&caller, link).await.expect("taken back");
        assert_eq!(find(&t, "0770000002").await, b);
    }
}

async fn officer(t: &TestApp, email: &str, place: PlaceId) -> Caller {
    let new = mhero_app::NewUser {
        email: email.into(),
        name: email.into(),
        language: Lang::ENGLISH,
        role: Role::Hr,
        place: Some(place),
        programme: None,
        password: None,
    };
    let user = t.app.add_user(&Caller::system(), new).await.expect("a user");
    t.app.caller_of_user(user).await.expect("it answers").expect("a caller")
}

#[tokio::test]
pub(crate) async fn the_doubtful_are_asked_once_within_the_scope_and_by_version() {
    for engine in engines() {
        let t = TestApp::new(engine).await;
        let caller = Caller::system();
        let mut settings = t.app.linking_settings().await.expect("settings");
        settings.automatic = false;
        t.app.set_linking(&caller, &settings).await.expect("set");
        let one = Worker::new("HR-1", "Martha", "Kollie", "1984-03-07", "0770000001");
        let other = Worker { id: "CHW-1".into(), ..one.clone() };
        let second = Worker::new("HR-2", "Sekou", "Camara", "1979-05-12", "0770000003");
        let likewise = Worker { id: "CHW-2".into(), ..second.clone() };
        let away = Worker { district: "Beyla", ..Worker::new("HR-3", "Musu", "Bah", "1971-01-01", "0770000004") };
        import(&t, "hr", &[one, second, away]).await;
        import(&t, "chw", &[other, likewise]).await;
        settle(&t).await;
        let pairs = t.app.link_pairs(&caller, None).await.expect("pairs");
        assert_eq!(pairs.len(), 2, "{engine:?}");
        assert!(pairs[0].why.explanation.is_some());
        let place = |name: &str| {
            let found = pairs[0].left.positions.iter().filter_map(|held| held.place.as_ref());
            found.filter(|(_, names, _)| names.best(Lang::ENGLISH) == name).map(|(id, _, _)| *id).next()
        };
        let lola = officer(&t, "lola@moh.example", place("Lola").expect("Lola")).await;
        let musu = t.app.person(&caller, find(&t, "HR-3").await).await.expect("Musu");
        let beyla = musu.record.positions[0].place.as_ref().expect("Beyla").0;
        let beyla = officer(&t, "beyla@moh.example", beyla).await;
        assert_eq!(t.app.link_pairs(&lola, None).await.expect("pairs").len(), 2);
        assert!(t.app.link_pairs(&beyla, None).await.expect("pairs").is_empty());
        let pair = pairs[0].pair.clone();
        let outside = t.app.decide_pair(&beyla, pair.left, pair.right, PairDecision::Same, pair.version).await;
        assert!(matches!(outside, Err(AppError::NotFound { .. })), "{outside:?}");
        let joined = t.app.decide_pair(&lola, pair.left, pair.right, PairDecision::Same, pair.version).await;
        let link = joined.expect("decided").expect("a merge");
        let late = t.app.decide_pair(&caller, pair.left, pair.right, PairDecision::Different, pair.version).await;
        assert!(matches!(&late, Err(AppError::Invalid(r)) if r.key == "linking-decided-same"), "{late:?}");
        let undone = t.app.undo_link(&beyla, link).await;
        assert!(matches!(undone, Err(AppError::NotFound { .. })), "{undone:?}");
        t.app.undo_link(&lola, link).await.expect("taken back");
        let pair = pairs[1].pair.clone();
        t.app
            .decide_pair(&lola, pair.left, pair.right, PairDecision::Different, pair.version)
            .await
            .expect("two people");
        settle(&t).await;
        // Whatever comes, nobody is asked about these again, and no rule joins them.
        settings.automatic = true;
        t.app.set_linking(&caller, &settings).await.expect("set");
        let mut changed = Worker::new("CHW-2", "Sekou", "Camara", "1979-05-12", "0770000003");
        changed.village = Some("Bossou".into());
        import(&t, "chw", &[changed]).await;
        settle(&t).await;
        assert_eq!(t.app.count_link_pairs(&caller).await.expect("a count"), 0);
        assert_eq!(t.app.count_audience(&caller, "place = Lola").await.expect("a count"), 4, "{engine:?}");
    }
}
