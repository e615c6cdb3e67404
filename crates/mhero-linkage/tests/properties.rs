//! What holds for any records.

use std::collections::HashSet;

use mhero_linkage::{
    Decision, Entry, Index, Judged, Model, RecordId, Rules, Schema, SourceId, Told, Training, Value, clusters, explain,
    learn, link_all, link_changed,
};
use proptest::{collection::vec, option, prelude::*};

const EXCLUSIVE: [SourceId; 2] = [SourceId(1), SourceId(2)];

/// A small world in which people resemble one another.
fn entry() -> impl Strategy<Value = Entry> {
    let given = prop::sample::select(vec!["Martha", "Marta", "Mary Ann", "Mohamed", "Mamadou", "M.", "محمد", ""]);
    let family = prop::sample::select(vec!["Kollie", "Kolie", "Diallo", "Jalloh", "Weah-Gaye", "Martha", ""]);
    let birth =
        prop::sample::select(vec!["1984-03-07", "07/03/1984", "1984", "1984-07-03", "31/02/1990", "1991-01-01", "x"]);
    let phone = prop::sample::select(vec!["+231770000214", "0770000215", "886000999", "none"]);
    let place = prop::sample::select(vec!["A", "B"]);
    let parts =
        (1..=3_u32, given, family, any::<bool>(), option::of(birth), vec(phone, 0..3), option::of(place), 0..4_u8);
    parts.prop_map(|(source, given, family, whole, birth, phones, place, id)| {
        let name = if whole { Value::WholeName(format!("{family} {given}")) } else { Value::name(given, family) };
        let mut entry = Entry::new(RecordId(0), SourceId(source)).with("name", name);
        if let Some(birth) = birth {
            entry = entry.with("birth", Value::text(birth));
        }
        for phone in phones {
            entry = entry.with("phone", Value::text(phone));
        }
        if let Some(place) = place {
            entry = entry.with("place", Value::Place(vec!["L".into(), "C".into(), place.into()]));
        }
        if id > 1 { entry.with("id", Value::id("payroll", format!("10{id}"))) } else { entry }
    })
}

fn entries(count: usize) -> impl Strategy<Value = Vec<Entry>> {
    vec(entry(), 2..count).prop_map(|mut entries| {
        entries.iter_mut().zip(1..).for_each(|(entry, id)| entry.id = RecordId(id));
        entries
    })
}

fn index(entries: &[Entry]) -> Index {
    let mut index = Index::new(Schema::people(EXCLUSIVE.to_vec())).expect("the schema of people");
    entries.iter().for_each(|entry| index.put(entry).expect("an entry of people"));
    index
}

fn rules() -> Rules {
    Rules { trusted: vec!["payroll".into()], low: 0.1, high: 0.6, cluster_max: 4, ..Rules::default() }
}

fn pairs(index: &Index, threads: usize) -> Vec<Judged> {
    link_all(index, &Model::usual(index.schema()), &rules(), &Told::default(), threads).expect("usual weights").pairs
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_two_records_does_not_matter(entries in entries(6)) {
        let index = index(&entries);
        let model = Model::usual(index.schema());
        for one in &entries {
            for other in &entries {
                let say = |left, right| explain(&index, &model, &rules(), &Told::default(), left, right).unwrap();
                let (there, back) = (say(one.id, other.id), say(other.id, one.id));
                prop_assert_eq!(there.decision, back.decision);
                prop_assert!((there.total - back.total).abs() < 1e-9, "{:?} {:?}", there, back);
            }
        }
    }

    #[test]
    fn every_group_keeps_the_guards(entries in entries(24)) {
        let index = index(&entries);
        let model = Model::usual(index.schema());
        let found = clusters(&index, &model, &rules(), &Told::default(), &pairs(&index, 1)).unwrap();
        let mut seen = HashSet::new();
        for group in &found.groups {
            prop_assert!(group.len() > 1 && group.len() <= rules().cluster_max);
            for (at, one) in group.iter().enumerate() {
                prop_assert!(seen.insert(*one), "in two groups");
                for other in &group[at + 1..] {
                    let why = explain(&index, &model, &rules(), &Told::default(), *one, *other).unwrap();
                    prop_assert_ne!(why.decision, Decision::Apart);
                    let source = |id: &RecordId| entries[usize::try_from(id.0 - 1).unwrap()].sources[0];
                    prop_assert!(source(one) != source(other) || !EXCLUSIVE.contains(&source(one)));
                }
            }
        }
    }

    #[test]
    fn one_by_one_finds_what_all_at_once_finds(entries in entries(24)) {
        let mut at_once = Index::new(Schema::people(EXCLUSIVE.to_vec())).unwrap();
        at_once.put_all(&entries, 2).unwrap();
        let all = pairs(&at_once, 2);
        let mut index = index(&entries);
        // Each record leaves and comes back.
        for entry in &entries {
            prop_assert!(index.remove(entry.id));
            index.put(entry).unwrap();
        }
        let model = Model::usual(index.schema());
        let mut found = Vec::new();
        for entry in &entries {
            let linked = link_changed(&index, &model, &rules(), &Told::default(), &[entry.id]).unwrap();
            prop_assert!(linked.pairs.iter().all(|pair| pair.left == entry.id || pair.right == entry.id));
            found.extend(linked.pairs);
        }
        found.sort_by_key(|pair| (pair.left, pair.right));
        found.dedup_by_key(|pair| (pair.left, pair.right));
        prop_assert_eq!(found, all);
    }

    #[test]
    fn learning_gives_weights_that_are_numbers_and_the_same_again(entries in entries(40)) {
        let index = index(&entries);
        let training = |threads| Training { threads, random_pairs: 2_000, ..Training::default() };
        let learned = learn(&index, &training(1));
        prop_assert_eq!(&learned, &learn(&index, &training(2)));
        prop_assert!(learned.model.prior > 0.0 && learned.model.prior < 1.0);
        for odds in learned.model.comparisons.iter().flat_map(|comparison| comparison.levels.values()) {
            prop_assert!(odds.bits().is_finite() && odds.m >= 0.0 && odds.m <= 1.0 && odds.u >= 0.0 && odds.u <= 1.0, "{:?}", odds);
        }
    }

    #[test]
    fn any_text_can_be_any_value(texts in vec(".{0,40}", 6)) {
        let mut index = Index::new(Schema::people(Vec::new())).unwrap();
        for id in 0..3_u128 {
            let text = |at: usize| texts[(at + usize::try_from(id).unwrap()) % texts.len()].clone();
            let entry = Entry::new(RecordId(id), SourceId(1))
                .with("name", Value::WholeName(text(0)))
                .with("name", Value::name(text(1), text(2)))
                .with("sex", Value::text(text(3)))
                .with("birth", Value::text(text(3)))
                .with("phone", Value::text(text(4)))
                .with("id", Value::id(text(4), text(5)))
                .with("place", Value::Place(vec![text(0), text(5)]))
                .with("cadre", Value::text(text(1)));
            index.put(&entry).unwrap();
        }
        let found = pairs(&index, 1);
        prop_assert!(found.iter().all(|pair| pair.weight.is_finite()));
    }
}
