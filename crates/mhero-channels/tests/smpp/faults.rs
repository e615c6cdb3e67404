//! Everything goes wrong by chance. Whatever happens: what is said to be accepted was taken, once; what is said not to have left
//! was not taken; the rest is unknown.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use mhero_app::ports::{CarrierEvent, Outcome, Report};
use mhero_core::SubmissionId;
use mhero_testkit::{Conduct, Ids, Smsc};

use crate::{Line, outgoing};

/// Texts of one run.
const TEXTS: u32 = 150;
/// Runs in `make test`, each with a seed of its own.
const RUNS: u64 = 6;

#[tokio::test(flavor = "multi_thread")]
async fn a_carrier_never_says_what_is_not_so() {
    for seed in 1..=RUNS {
        let ids = [Ids::Decimal, Ids::HexThenDecimal, Ids::DecimalThenHex][usize::try_from(seed % 3).expect("small")];
        let conduct = Conduct {
            seed,
            ids,
            throttles: 0.05,
            loses_answers: 0.03,
            doubles_answers: 0.1,
            reorders: 0.2,
            cuts: 0.01,
            hurries_receipts: 0.2,
            doubles_receipts: 0.1,
            lies: 0.1,
            receipts: true,
        };
        let smsc = Smsc::start(conduct).await;
        let line = Line::to(&smsc, &["window=8", "binds=2", "timeout=1"]).await;
        let mut states: BTreeMap<u32, Outcome> = BTreeMap::new();
        for round in 0..40 {
            let todo: Vec<u32> = (1..=TEXTS)
                .filter(|number| states.get(number).is_none_or(|o| matches!(o, Outcome::NotSent { .. })))
                .collect();
            if todo.is_empty() {
                break;
            }
            assert!(round < 39, "seed {seed}: {} texts never left", todo.len());
            line.until("room", || line.carrier.room() > 0).await;
            for some in todo.chunks(16) {
                let submitting = some.iter().map(|number| {
                    let carrier = Arc::clone(&line.carrier);
                    async move { (*number, carrier.submit(&outgoing(*number, &format!("text {number}"))).await) }
                });
                states.extend(futures::future::join_all(submitting).await);
            }
        }
        judge(seed, &smsc, &line, &states).await;
        line.close().await;
    }
}

async fn judge(seed: u64, smsc: &Smsc, line: &Line, states: &BTreeMap<u32, Outcome>) {
    let (mut taken, mut by_id) = (BTreeMap::<u32, usize>::new(), BTreeMap::new());
    for message in smsc.taken() {
        let number: u32 = message.to[7..].parse().expect("a phone of the test");
        *taken.entry(number).or_default() += 1;
        by_id.insert(message.number, number);
    }
    let mut unknown = BTreeSet::new();
    for (number, outcome) in states {
        let times = taken.get(number).copied().unwrap_or_default();
        match outcome {
            Outcome::Accepted { carrier_id } => {
                assert_eq!(times, 1, "seed {seed}: {number} was accepted and taken {times} times");
                assert!(carrier_id.is_some());
            }
            Outcome::Unknown { .. } => {
                assert!(times <= 1, "seed {seed}: {number} is unknown and was taken {times} times");
                unknown.insert(*number);
            }
            other => panic!("seed {seed}: {number} ended as {other:?}"),
        }
    }
    assert!(unknown.len() < states.len() / 2, "seed {seed}: {} of {} are unknown", unknown.len(), states.len());
    // Each report is of something that was taken, in one of the spellings of its id.
    for event in line.notebook.heard() {
        match event {
            CarrierEvent::ReportSpelt { carrier_ids, report, .. } => {
                let known =
                    carrier_ids.iter().any(|id| id.parse().is_ok_and(|number: u64| by_id.contains_key(&number)));
                assert!(known, "seed {seed}: {carrier_ids:?}");
                assert!(matches!(report, Report::Delivered | Report::Failed { .. }));
            }
            CarrierEvent::TakenLate { submission, .. } => {
                let number = u32::try_from(SubmissionId::uuid(submission).as_u128()).expect("of the test");
                assert!(
                    unknown.contains(&number),
                    "seed {seed}: {number} was answered late and is {:?}",
                    states.get(&number)
                );
            }
            other => panic!("seed {seed}: {other:?}"),
        }
    }
}
