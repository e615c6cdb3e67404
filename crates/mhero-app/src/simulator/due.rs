//! What is due on the simulated network: reports of its operator, answers of the phones' owners.
//!
//! A step is done first and taken off its row after. What a crash between the two repeats changes nothing: a report moves a
//! message only forward, and an answer has a carrier id that follows from the message, so that its copy is known.

use futures::{StreamExt, stream};
use jiff::Timestamp;
use mhero_store::{NewSimulatedSms, Queue, SimulatedDue, Unit};

use super::{
    PhoneMode,
    network::{Step, What, due_json},
};
use crate::{App, AppError, messaging::Received, ports::Report};

/// Rows that one pass takes.
const DUE_MAX: i64 = 500;
/// Steps under way at a time.
const WINDOW: usize = 50;

/// A step that is done: its row, what follows it there, and what the phone's owner has written by it.
struct Taken {
    due: SimulatedDue,
    rest: Vec<Step>,
    written: Option<NewSimulatedSms>,
}

impl App {
    /// When the simulator's next step is due.
    ///
    /// # Errors
    /// Whatever the store reports.
    pub async fn next_simulator_due(&self) -> Result<Option<Timestamp>, AppError> {
        Ok(self.store().next_simulated_due().await?.map(mhero_core::timestamp))
    }

    /// Does what is due on the simulated network now. Returns how many steps it did; 0 means that nothing is due. Any node may
    /// run it at any time, several too.
    ///
    /// # Errors
    /// The first step's error, after the others are done; what failed is still due.
    pub async fn run_simulator_due(&self) -> Result<usize, AppError> {
        let due = self.store().due_simulated(self.clock().now_micros(), DUE_MAX).await?;
        if due.is_empty() {
            return Ok(0);
        }
        let results: Vec<_> = stream::iter(due).map(|due| self.take_step(due)).buffer_unordered(WINDOW).collect().await;
        let mut failed = None;
        let mut unit = Unit::new();
        let mut done = 0;
        for result in results {
            match result {
                Ok(taken) => {
                    done += 1;
                    if let Some(written) = &taken.written {
                        unit.add_simulated_sms(written);
                    }
                    unit.simulated_step_done(&taken.due, due_json(&taken.rest));
                }
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        self.store().write(unit, Queue::Interactive).await?;
        failed.map_or(Ok(done), Err)
    }

    async fn take_step(&self, due: SimulatedDue) -> Result<Taken, AppError> {
        let Ok(mut steps) = serde_json::from_str::<Vec<Step>>(&due.due) else {
            tracing::warn!(entry = due.entry, "a step of the simulator can't be read and is left out");
            return Ok(Taken { due, rest: Vec::new(), written: None });
        };
        if steps.is_empty() {
            return Ok(Taken { due, rest: steps, written: None });
        }
        let written = match steps.remove(0).what {
            What::Delivered => {
                self.report(due.channel, &due.carrier_id, Report::Delivered).await?;
                None
            }
            What::Failed { reason } => {
                self.report(due.channel, &due.carrier_id, Report::Failed { reason }).await?;
                None
            }
            What::Answer { text } => self.answer_by_itself(&due, text).await?,
        };
        Ok(Taken { due, rest: steps, written })
    }

    /// The owner writes back, unless a person has taken the phone in the meantime.
    async fn answer_by_itself(&self, due: &SimulatedDue, text: String) -> Result<Option<NewSimulatedSms>, AppError> {
        if matches!(self.simulated_mode(&due.path).await?, Some(PhoneMode::ByHand | PhoneMode::Silent)) {
            return Ok(None);
        }
        let carrier_id = format!("answer/{}", due.reference.as_deref().unwrap_or(&due.carrier_id));
        let received = Received {
            channel: due.channel,
            carrier_id: Some(carrier_id.clone()),
            from: due.path.clone(),
            text: text.clone(),
        };
        match self.receive(&received).await {
            Ok(_) => Ok(Some(NewSimulatedSms {
                path: due.path.clone(),
                is_to_phone: false,
                text,
                channel: due.channel,
                carrier_id,
                reference: None,
                part: 1,
                parts: 1,
                at: self.clock().now_micros(),
                due: None,
            })),
            Err(AppError::Invalid(reason)) => {
                // It would be refused again and again; a pretend phone loses its text.
                tracing::warn!(entry = due.entry, reason = reason.key, "an answer in the simulator was refused");
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}
