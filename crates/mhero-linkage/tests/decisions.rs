//! What is joined, shown and left apart, on people of the field.

use mhero_linkage::{
    Because, Decision, Entry, Guard, Index, Judged, Level, Model, RecordId, Rules, Schema, SourceId, Told, Value, Veto,
    clusters, explain, link_all, link_changed, link_within,
};

const HR: SourceId = SourceId(1);
const CHW: SourceId = SourceId(2);
const LOOSE: SourceId = SourceId(9);
const PAYROLL: &str = "http://moh.example/payroll";

fn index(entries: &[Entry]) -> Index {
    let mut index = Index::new(Schema::people(vec![HR, CHW])).expect("the schema of people fits");
    index.put_all(entries, 2).expect("the schema of people fits");
    index
}

fn martha(id: u128, source: SourceId) -> Entry {
    Entry::new(RecordId(id), source)
        .with("name", Value::name("Martha", "Kollie"))
        .with("sex", Value::text("female"))
        .with("birth", Value::text("1984-03-07"))
        .with("phone", Value::text("+231 77 000 0214"))
}

fn judged(entries: &[Entry], rules: &Rules, told: &Told) -> Vec<Judged> {
    let index = index(entries);
    link_all(&index, &Model::usual(index.schema()), rules, told, 1).expect("the schema of people fits").pairs
}

fn rules() -> Rules {
    Rules { trusted: vec![PAYROLL.into()], one_each: vec![PAYROLL.into()], ..Rules::default() }
}

fn only(pairs: &[Judged]) -> (Decision, Because) {
    assert_eq!(pairs.len(), 1, "{pairs:?}");
    (pairs[0].decision, pairs[0].because)
}

#[test]
fn one_person_in_another_spelling_is_joined() {
    let other = Entry::new(RecordId(2), CHW)
        .with("name", Value::WholeName("KOLIE, Marta".into()))
        .with("birth", Value::text("07/03/1984"))
        .with("phone", Value::text("0770000214"));
    let pairs = judged(&[martha(1, HR), other], &rules(), &Told::default());
    assert_eq!(only(&pairs), (Decision::Link, Because::Score));
}

#[test]
fn colleagues_who_share_a_phone_stay_apart() {
    let other = Entry::new(RecordId(2), CHW)
        .with("name", Value::name("Prince", "Zubah"))
        .with("phone", Value::text("+231770000214"));
    assert_eq!(judged(&[martha(1, HR), other], &rules(), &Told::default()), []);
}

#[test]
fn a_trusted_identifier_joins_at_once_in_any_spelling() {
    let one = Entry::new(RecordId(1), HR)
        .with("id", Value::id(PAYROLL, "LR-100 442"))
        .with("name", Value::name("Fatu", "Sesay"));
    let other = Entry::new(RecordId(2), CHW)
        .with("id", Value::id("HTTP://moh.example/payroll/", "lr100442"))
        .with("name", Value::name("Fatoumata", "Sessay"));
    let pairs = judged(&[one, other], &rules(), &Told::default());
    assert_eq!(only(&pairs), (Decision::Link, Because::Identifier));
}

#[test]
fn a_shared_identifier_of_quite_another_person_is_shown() {
    let one = martha(1, HR).with("id", Value::id(PAYROLL, "100442"));
    let other = Entry::new(RecordId(2), CHW)
        .with("id", Value::id(PAYROLL, "100442"))
        .with("name", Value::name("Prince", "Zubah"))
        .with("sex", Value::text("male"))
        .with("birth", Value::text("1961-11-30"));
    let pairs = judged(&[one, other], &rules(), &Told::default());
    assert_eq!(only(&pairs), (Decision::Review, Because::Veto(Veto::SharedIdOnly)));
}

#[test]
fn two_identifiers_of_one_system_are_shown_or_two_people() {
    let one = martha(1, HR).with("id", Value::id(PAYROLL, "100442"));
    let other = martha(2, CHW).with("id", Value::id(PAYROLL, "200975"));
    let pairs = judged(&[one, other.clone()], &rules(), &Told::default());
    assert_eq!(only(&pairs), (Decision::Review, Because::Veto(Veto::TwoIds)));
    let unlike = Entry::new(RecordId(1), HR)
        .with("id", Value::id(PAYROLL, "100442"))
        .with("name", Value::name("Martha", "Kollie"));
    assert_eq!(judged(&[unlike, other], &rules(), &Told::default()), []);
}

#[test]
fn two_records_of_one_source_are_two_people_unless_the_source_is_not_exclusive() {
    assert_eq!(judged(&[martha(1, HR), martha(2, HR)], &rules(), &Told::default()), []);
    let pairs = judged(&[martha(1, LOOSE), martha(2, LOOSE)], &rules(), &Told::default());
    assert_eq!(only(&pairs).0, Decision::Link);
}

#[test]
fn what_people_said_outweighs_every_weight() {
    let mut told = Told::default();
    told.different(RecordId(2), RecordId(1));
    assert_eq!(judged(&[martha(1, HR), martha(2, CHW)], &rules(), &told), []);
    told.same(RecordId(1), RecordId(3));
    let stranger = Entry::new(RecordId(3), CHW).with("name", Value::name("Prince", "Zubah"));
    let pairs = judged(&[martha(1, HR), stranger], &rules(), &told);
    assert_eq!(only(&pairs), (Decision::Link, Because::Told));
}

#[test]
fn a_chain_is_cut_at_its_weakest_link() {
    // B has the names of both: the maiden name with the phone of A, the married name with the birth of C.
    let a = Entry::new(RecordId(1), LOOSE)
        .with("name", Value::name("Hawa", "Sumo"))
        .with("birth", Value::text("1990-05-05"))
        .with("sex", Value::text("f"))
        .with("phone", Value::text("+231770000001"));
    let b = Entry::new(RecordId(2), LOOSE)
        .with("name", Value::name("Hawa", "Sumo"))
        .with("name", Value::name("Krubo", "Yarkpawolo"))
        .with("birth", Value::text("1990-05-05"))
        .with("birth", Value::text("1971-12-24"))
        .with("sex", Value::text("f"))
        .with("phone", Value::text("+231770000001"))
        .with("phone", Value::text("+231880000999"));
    let c = Entry::new(RecordId(3), LOOSE)
        .with("name", Value::name("Krubo", "Yarkpawolo"))
        .with("birth", Value::text("1971-12-24"))
        .with("sex", Value::text("f"))
        .with("phone", Value::text("+231880000999"));
    let index = index(&[a, b, c]);
    let model = Model::usual(index.schema());
    let linked = link_all(&index, &model, &rules(), &Told::default(), 1).unwrap();
    assert_eq!(linked.pairs.len(), 2, "{linked:?}");
    let people = clusters(&index, &model, &rules(), &Told::default(), &linked.pairs).unwrap();
    assert_eq!((people.groups.len(), people.groups[0].len()), (1, 2));
    assert_eq!((people.cut.len(), people.cut[0].guard), (1, Guard::Unlike));
}

#[test]
fn no_person_has_two_records_of_an_exclusive_source() {
    let index = index(&[martha(1, HR), martha(2, CHW), martha(3, LOOSE), martha(4, HR)]);
    let model = Model::usual(index.schema());
    let linked = link_all(&index, &model, &rules(), &Told::default(), 1).unwrap();
    let people = clusters(&index, &model, &rules(), &Told::default(), &linked.pairs).unwrap();
    assert!(people.groups.iter().all(|group| !(group.contains(&RecordId(1)) && group.contains(&RecordId(4)))));
    assert!(people.cut.iter().any(|cut| cut.guard == Guard::SameSource));
}

#[test]
fn a_changed_record_is_linked_alone() {
    let mut index = index(&[martha(1, HR), Entry::new(RecordId(2), CHW).with("name", Value::name("Prince", "Zubah"))]);
    let model = Model::usual(index.schema());
    let changed =
        |index: &Index| link_changed(index, &model, &rules(), &Told::default(), &[RecordId(2)]).unwrap().pairs;
    assert_eq!(changed(&index), []);
    index.put(&martha(2, CHW)).unwrap();
    assert_eq!(only(&changed(&index)).0, Decision::Link);
    assert!(index.remove(RecordId(1)));
    assert_eq!(changed(&index), []);
    assert_eq!(index.len(), 1);
}

#[test]
fn an_explanation_adds_up() {
    let index = index(&[martha(1, HR), martha(2, CHW)]);
    let model = Model::usual(index.schema());
    let why = explain(&index, &model, &rules(), &Told::default(), RecordId(1), RecordId(2)).unwrap();
    let sum: f64 = why.parts.iter().map(|part| part.weight).sum();
    assert!((sum + why.prior - why.total).abs() < 1e-9);
    assert_eq!(why.parts[0].field, "name.given");
    assert_eq!((why.parts[0].left.as_str(), why.parts[0].level), ("martha", Level::Exact));
    assert_eq!(why.words().key, "linkage-because-score-link");
    assert_eq!(why.strongest()[0].field, "phone");
}

#[test]
fn rules_and_weights_are_kept_as_json() {
    let schema = Schema::people(vec![HR]);
    let model = Model::usual(&schema);
    let json = serde_json::to_string(&(&schema, &model, rules())).unwrap();
    let read: (Schema, Model, Rules) = serde_json::from_str(&json).unwrap();
    assert_eq!(read, (schema, model, rules()));
    // What a later version adds has its usual value in what an earlier one wrote.
    assert_eq!(serde_json::from_str::<Rules>("{\"high\":0.9}").unwrap().cluster_max, Rules::CLUSTER_MAX);
}

#[test]
fn somebody_who_stands_twice_in_one_registry_is_shown_and_never_joined() {
    let stranger = Entry::new(RecordId(3), HR).with("name", Value::name("Prince", "Zubah"));
    let elsewhere = martha(4, CHW);
    let index = index(&[martha(1, HR), martha(2, HR), stranger, elsewhere]);
    let model = Model::usual(index.schema());
    let within = |told: &Told, changed: Option<&[RecordId]>| {
        link_within(&index, &model, &rules(), told, changed, 2).expect("the schema of people fits")
    };
    let pairs = within(&Told::default(), None);
    assert_eq!(only(&pairs), (Decision::Review, Because::Score));
    assert_eq!((pairs[0].left, pairs[0].right), (RecordId(1), RecordId(2)));
    assert_eq!(within(&Told::default(), Some(&[RecordId(2)])), pairs);
    assert_eq!(within(&Told::default(), Some(&[RecordId(3)])), []);
    let mut told = Told::default();
    told.different(RecordId(1), RecordId(2));
    assert_eq!(within(&told, None), []);
}

#[test]
fn what_is_clear_between_two_registries_is_not_yet_clear_within_one() {
    // The same name and place of work, born in the same month: enough for two registries, and every clinic has two such nurses.
    let worker = |id: u128, source: SourceId, birth: &str, phone: Option<&str>| {
        let entry = Entry::new(RecordId(id), source)
            .with("name", Value::name("Yarkpawolo", "Gbelawoe"))
            .with("sex", Value::text("female"))
            .with("birth", Value::text(birth));
        phone.map_or(entry.clone(), |phone| entry.with("phone", Value::text(phone)))
    };
    let pairs = |one: Entry, other: Entry| {
        let index = index(&[one, other]);
        let model = Model::usual(index.schema());
        let told = Told::default();
        // With so few records hardly anything is clear.
        let rules = Rules { high: 0.05, low: 0.01, ..rules() };
        let across = link_all(&index, &model, &rules, &told, 1).expect("the schema of people fits").pairs;
        (across, link_within(&index, &model, &rules, &told, None, 1).expect("the schema of people fits"))
    };
    let (across, _) = pairs(worker(1, HR, "1984-03-07", None), worker(2, CHW, "1984-03-17", None));
    assert_eq!(only(&across).0, Decision::Link, "{across:?}");
    let (_, within) = pairs(worker(1, HR, "1984-03-07", None), worker(2, HR, "1984-03-17", None));
    assert_eq!(within, []);
    let same = |id| worker(id, HR, "1984-03-07", Some("0770000214"));
    assert_eq!(only(&pairs(same(1), same(2)).1).0, Decision::Review);
}
