//! The weights by which people are compared: shown, learned anew, adjusted by whoever knows better.

use mhero_core::Right;
use mhero_linkage::{Level, Model, Odds, Schema};
use mhero_store::{LinkModel, Queue, Unit};
use serde_json::json;

use super::pass::Learning;
use crate::{App, AppError, Caller};

/// Takes this duty from no other node, in microseconds; as long as a pass keeps it.
const DUTY_MICROS: i64 = 60_000_000;

/// The weights in use.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkWeights {
    /// The weights: by comparison and level, how often pairs of one person and of two show it.
    pub model: Model,
    /// From how many people they were learned; `None` for the usual ones.
    pub people: Option<i64>,
    /// Since when they are in use, in UTC microseconds; `None` for the usual ones.
    pub since: Option<i64>,
    /// Whether somebody has adjusted them: then nothing but their wish learns them anew.
    pub is_set: bool,
}

impl App {
    /// The weights by which people are compared.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn link_weights(&self, caller: &Caller) -> Result<LinkWeights, AppError> {
        caller.must(Right::Settings)?;
        let schema = Schema::people(Vec::new());
        let kept = self.store().link_model().await?;
        let fitting = kept.and_then(|kept| {
            let model: Model = serde_json::from_str(&kept.model).ok()?;
            model.check(&schema).is_ok().then_some((model, kept))
        });
        Ok(match fitting {
            Some((model, kept)) => {
                LinkWeights { model, people: kept.people, since: Some(kept.learned_at), is_set: kept.is_set }
            }
            None => LinkWeights { model: Model::usual(&schema), people: None, since: None, is_set: false },
        })
    }

    /// Learns the weights anew from the records there are, whatever was learned or set before, and compares all people with them.
    /// Returns from how many people they were learned; `None` where too few stand in two registries and are not joined yet, and
    /// the weights stay.
    ///
    /// # Errors
    /// [`AppError::Invalid`] while another node compares people; [`AppError::NotAllowed`].
    pub async fn learn_link_weights(&self, caller: &Caller) -> Result<Option<usize>, AppError> {
        caller.must(Right::Settings)?;
        if self.store().take_lease("linking", self.node(), DUTY_MICROS).await?.is_none() {
            return Err(AppError::invalid("linking-under-way", []));
        }
        let settings = self.linking_settings().await?;
        let learned = Box::pin(self.link_people(&settings, true, Learning::Wanted, &[])).await?;
        let mut unit = Unit::new();
        let facts = json!({ "people": learned });
        unit.audit(self.store(), &caller.entry("linking-learned", "setting", None, facts));
        self.store().write(unit, Queue::Interactive).await?;
        Ok(learned)
    }

    /// Sets how often pairs of one person (m) and pairs of two people (u) show a level of a comparison, such as `birth` and
    /// [`Level::Exact`]. The next comparison goes by it; merges that were made stay.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a comparison or level that there is not, and for shares that are none;
    /// [`AppError::NotAllowed`].
    pub async fn set_link_weight(
        &self,
        caller: &Caller,
        comparison: &str,
        level: Level,
        odds: Odds,
    ) -> Result<(), AppError> {
        let LinkWeights { mut model, people, .. } = self.link_weights(caller).await?;
        let shares = Odds::SHARE_MIN..=1.0;
        if !shares.contains(&odds.m) || !shares.contains(&odds.u) {
            let args = [("m", odds.m.to_string()), ("u", odds.u.to_string())];
            return Err(AppError::invalid("linking-shares", args));
        }
        let of = model.comparisons.iter_mut().find(|of| of.name == comparison);
        let Some(known) = of.and_then(|of| of.levels.get_mut(&level)) else {
            return Err(AppError::invalid("linking-no-level", [("comparison", comparison.to_owned())]));
        };
        *known = odds;
        let kept = self.store().link_model().await?;
        let row = LinkModel {
            model: serde_json::to_string(&model).unwrap_or_default(),
            learned_at: self.clock().now_micros(),
            set_by: caller.actor.id,
            people,
            sources: kept.and_then(|kept| kept.sources),
            is_set: true,
        };
        let mut unit = Unit::new();
        unit.put_link_model(self.store().mint().uuid(), &row);
        let facts = json!({ "comparison": comparison, "level": level, "m": odds.m, "u": odds.u });
        unit.audit(self.store(), &caller.entry("linking-weight-set", "setting", None, facts));
        self.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }
}
