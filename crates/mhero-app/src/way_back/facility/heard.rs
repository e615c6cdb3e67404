//! What a run of a flow brought becomes answers about the place where the person works, and proposals for the record of the person.

use mhero_core::{PersonId, RunId};
use mhero_store::{FacilityAnswer, FacilityRound, RunAnswer, Saying, Unit};
use uuid::Uuid;

use super::results::PlaceResults;
use crate::{App, AppError};

impl App {
    /// Takes up what a run has brought so far. What was taken up before changes nothing.
    pub(in crate::way_back) async fn hear_run(&self, unit: &mut Unit, run: RunId) -> Result<(), AppError> {
        let brought = self.store().answers_of_run(run).await?;
        let Some(first) = brought.first() else { return Ok(()) };
        let Some(flow) = self.store().flow(first.flow).await? else { return Ok(()) };
        let person = self.store().golden(first.person).await?;
        let now = self.clock().now_micros();
        let results = self.place_results().await?;
        self.hear_of_self(unit, (run, person), (&flow.name, &results), &brought).await?;
        // Who works nowhere that we know speaks of no place; the results of the flow keep what they said.
        let Some(place) = self.store().workplace(person, now).await? else { return Ok(()) };
        let mut opened = None;
        for answer in &brought {
            let Some((field, value)) = results.said(&flow.name, answer) else { continue };
            let id = Uuid::new_v5(&run.uuid(), format!("{}/{}", answer.key, answer.at).as_bytes());
            if self.store().knows_answer(id).await? {
                continue;
            }
            let words = answer.input.as_deref().unwrap_or(&answer.value);
            let message = self.evidence(first.person, words, answer.at).await?;
            unit.add_facility_answer(&FacilityAnswer {
                id,
                place,
                field,
                value,
                said_by: person,
                message,
                at: answer.at,
                flow: Some(flow.id),
                run: Some(run),
                proposal: None,
            });
            opened = opened.or(Some((id, answer.at)));
        }
        let Some((id, opened_at)) = opened else { return Ok(()) };
        if self.store().open_round(place).await?.is_none() {
            let id = Uuid::new_v5(&place.uuid(), id.as_bytes());
            let next_at = Some(now);
            let round = FacilityRound { id, place, flow: flow.id, opened_at, closed_at: None, next_at, version: 1 };
            // Another run of the same pass may have opened one: then that one is it.
            unit.open_round(&round);
        }
        unit.round_heard(place, flow.id, now).answers_join_round(place);
        Ok(())
    }

    /// Takes up what a run brought of the person's own record, as what a flow here keeps of them. Who stands in no register has none.
    async fn hear_of_self(
        &self,
        unit: &mut Unit,
        (run, person): (RunId, PersonId),
        (flow, results): (&str, &PlaceResults),
        brought: &[RunAnswer],
    ) -> Result<(), AppError> {
        let said = brought.iter().filter_map(|own| Some((own, results.said_of_self(flow, own)?)));
        let said: Vec<_> = said.collect();
        if said.is_empty() {
            return Ok(());
        }
        let record = self.store().contact_record(person, self.clock().now_micros()).await?;
        let Some(record) = record.filter(|record| record.standing == "worker") else { return Ok(()) };
        for (answer, (field, text)) in said {
            let saying = Saying {
                key: format!("{run}/{}", answer.key),
                text,
                instant: None,
                observed_at: answer.at,
                verified_at: None,
            };
            self.hear_saying(unit, &record, (&field, &saying), false).await?;
        }
        Ok(())
    }
}
