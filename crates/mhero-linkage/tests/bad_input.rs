//! What no registry should send, and all do.

use mhero_linkage::{
    BLOCK_MAX, Entry, Field, How, Index, Kind, LinkageError, Model, Pass, RecordId, Rules, Schema, SourceId, Told,
    Training, VALUES_MAX, Value, explain, learn, link_all,
};

fn people() -> Index {
    Index::new(Schema::people(Vec::new())).expect("the schema of people fits")
}

fn entry(id: u128) -> Entry {
    Entry::new(RecordId(id), SourceId(1))
}

fn pairs(index: &Index) -> usize {
    link_all(index, &Model::usual(index.schema()), &Rules::default(), &Told::default(), 2)
        .expect("the schema of people fits")
        .pairs
        .len()
}

#[test]
fn empty_records_are_nobody() {
    let mut index = people();
    for id in 0..50 {
        let empty = entry(id)
            .with("name", Value::name("", " "))
            .with("phone", Value::text("-"))
            .with("birth", Value::text("0000-00-00"));
        index.put(&empty).unwrap();
    }
    assert_eq!((index.len(), pairs(&index)), (50, 0));
}

#[test]
fn names_of_300_letters_are_cut_and_compared() {
    let mut index = people();
    let long = "Aïssata ".repeat(40);
    for id in 0..2 {
        let of = entry(id).with("name", Value::name(&long, "x".repeat(300))).with("birth", Value::text("1984-03-07"));
        index.put(&of).unwrap();
    }
    assert_eq!(pairs(&index), 1);
}

#[test]
fn days_that_cannot_be_and_births_to_come_are_no_reason_to_stop() {
    let mut schema = Schema::people(Vec::new());
    schema.fields[2].kind = Kind::Date { latest_year: Some(2026) };
    let mut index = Index::new(schema).unwrap();
    for (id, birth) in ["31/02/1984", "1984-02-31", "2084-02-03", "1984-13-45"].into_iter().enumerate() {
        let of = entry(id as u128).with("name", Value::name("Martha", "Kollie")).with("birth", Value::text(birth));
        index.put(&of).unwrap();
    }
    let say = |one, other| {
        let model = Model::usual(index.schema());
        explain(&index, &model, &Rules::default(), &Told::default(), RecordId(one), RecordId(other)).unwrap()
    };
    assert_eq!(say(0, 1).parts[3].left, "1984-02-31");
    assert!(say(0, 1).parts[3].weight > 5.0, "one writing of a day that can't be");
    assert_eq!(say(0, 2).parts[3].right, "", "a birth to come counts as missing");
}

#[test]
fn more_values_than_count_are_left_out() {
    let mut index = people();
    let of = (0..1_000).fold(entry(1), |entry, n| entry.with("phone", Value::text(format!("7700{n:04}"))));
    index.put(&of).unwrap();
    index.put(&entry(2).with("phone", Value::text("77000001"))).unwrap();
    let model = Model::usual(index.schema());
    let why = explain(&index, &model, &Rules::default(), &Told::default(), RecordId(1), RecordId(2)).unwrap();
    assert_eq!(why.parts[4].left.split(", ").count(), VALUES_MAX);
}

#[test]
fn a_key_that_everybody_shares_is_set_aside_and_told() {
    let mut index = people();
    let all = (BLOCK_MAX + 50) as u128;
    for id in 0..all {
        // One phone and one name for all: refining by name does not help.
        index.put(&entry(id).with("phone", Value::text("770000000")).with("name", Value::name("Mary", "Toe"))).unwrap();
    }
    let report = index.blocking().into_iter().find(|report| report.pass == "phone").unwrap();
    assert_eq!((report.refined, report.set_aside > 0, report.largest >= BLOCK_MAX), (1, true, true));
    let linked = link_all(&index, &Model::usual(index.schema()), &Rules::default(), &Told::default(), 1).unwrap();
    assert!(linked.compared < 250 * 20, "{} pairs", linked.compared);
    for id in 0..all {
        assert!(index.remove(RecordId(id)));
    }
    assert!(index.is_empty());
}

#[test]
fn what_does_not_fit_is_refused_in_words() {
    let mut index = people();
    let unknown = index.put(&entry(1).with("shoe size", Value::text("42"))).unwrap_err();
    assert_eq!(unknown.to_string(), "the schema has no field called shoe size");
    let wrong = index.put(&entry(1).with("place", Value::text("Ganta"))).unwrap_err();
    assert_eq!(wrong.to_string(), "the field place can't hold a text");
    assert!(index.is_empty());
    assert_eq!(index.candidates(RecordId(9)), Err(LinkageError::UnknownRecord(RecordId(9))));
    let other = Schema {
        fields: vec![Field { key: "code".into(), kind: Kind::Code }],
        passes: Vec::new(),
        exclusive: Vec::new(),
    };
    let model = Model::usual(&other);
    let refused = link_all(&index, &model, &Rules::default(), &Told::default(), 1).unwrap_err();
    assert_eq!(refused, LinkageError::OtherModel("name.given".into()));
}

#[test]
fn a_schema_must_hold_together() {
    let mut schema = Schema::people(Vec::new());
    schema.passes.push(Pass::new("odd", &[("sex", How::Year)], &[]));
    assert!(matches!(Index::new(schema), Err(LinkageError::WrongPass { .. })));
    let mut schema = Schema::people(Vec::new());
    schema.passes.push(Pass::new("odd", &[("name", How::Neighbours(3)), ("sex", How::Whole)], &[]));
    assert!(matches!(Index::new(schema), Err(LinkageError::WrongPass { .. })));
    let field = |at: usize| Field { key: format!("f{at}"), kind: Kind::Name };
    let schema = Schema { fields: (0..9).map(field).collect(), passes: Vec::new(), exclusive: Vec::new() };
    assert_eq!(Index::new(schema).err(), Some(LinkageError::TooManyFields { given: 18, max: 16 }));
}

#[test]
fn learning_from_nothing_keeps_the_usual_weights() {
    let learned = learn(&people(), &Training::default());
    assert_eq!(learned.untrained.len(), 8);
    assert!(learned.model.prior > 0.0);
}
