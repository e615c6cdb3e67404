//! What a broadcast will cost, before it leaves.

use std::collections::{BTreeMap, HashMap};

use mhero_core::{ChannelId, Direction, Lang, ProgrammeId};

use super::{BudgetStanding, Payer};
use crate::{App, AppError};

/// What a broadcast will cost by what is known now.
#[derive(Clone, Debug, Default)]
pub struct Estimate {
    /// The currency; without one nothing has a price.
    pub currency: Option<String>,
    /// By channel and operator, most people first.
    pub lines: Vec<EstimateLine>,
    /// By language, in micro-units, for those whose price is known.
    pub languages: BTreeMap<String, i64>,
    /// In all, in micro-units.
    pub micros: i64,
    /// People whose price is not known.
    pub unpriced: i64,
    /// The budgets that it counts against.
    pub budgets: Vec<BudgetStanding>,
}

/// What goes by one channel to one operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EstimateLine {
    /// The channel; `None` while there is none.
    pub channel: Option<ChannelId>,
    /// Its name.
    pub name: String,
    /// Segments a second that it carries; 0 is no limit.
    pub rate_milli: i64,
    /// The operator, as far as it is known.
    pub operator: Option<String>,
    /// People.
    pub people: i64,
    /// Segments.
    pub segments: i64,
    /// What they cost us, in micro-units; `None` without a price.
    pub micros: Option<i64>,
    /// Who pays for what these people answer, where a price for that is known.
    pub answers: Option<Payer>,
}

/// To whom a broadcast goes: each number with the language of its text.
pub(crate) type Recipients<'a> = Vec<(&'a str, Lang)>;

impl App {
    /// What a broadcast to some numbers will cost, by the segments that the text of each language takes at its worst.
    pub(crate) async fn estimate(
        &self,
        recipients: Recipients<'_>,
        segments: &HashMap<Lang, i64>,
        (chosen, programme): (Option<ChannelId>, Option<ProgrammeId>),
    ) -> Result<Estimate, AppError> {
        let (book, operators) = (self.price_book().await?, self.operators().await?);
        let channels = self.store().channels().await?;
        let mut routes = if chosen.is_some() { Vec::new() } else { self.store().routes().await? };
        routes.sort_by_key(|route| std::cmp::Reverse(route.prefix.len()));
        let default = channels.iter().find(|row| row.active).map(|row| row.id);
        let now = self.clock().now_micros();
        let mut lines: HashMap<(Option<ChannelId>, Option<&str>), EstimateLine> = HashMap::new();
        let mut estimate = Estimate { currency: book.currency.clone(), ..Estimate::default() };
        for (path, language) in recipients {
            let route =
                || routes.iter().find(|route| path.starts_with(route.prefix.as_str())).map(|route| route.channel);
            let channel = chosen.or_else(route).or(default);
            let count = segments.get(&language).copied().unwrap_or(1);
            let price = channel.and_then(|id| book.price(id, path, Direction::Out, now));
            let micros = price.map(|price| price.ours().saturating_mul(count));
            let line = lines.entry((channel, operators.of(path))).or_insert_with(|| {
                let row = channels.iter().find(|row| Some(row.id) == channel);
                let answers = channel.and_then(|id| book.price(id, path, Direction::In, now));
                EstimateLine {
                    channel,
                    name: row.map(|row| row.name.clone()).unwrap_or_default(),
                    rate_milli: row.map_or(0, |row| milli(row.parts_per_second)),
                    operator: operators.of(path).map(ToOwned::to_owned),
                    people: 0,
                    segments: 0,
                    micros: None,
                    answers: answers.map(|price| price.payer),
                }
            });
            line.people += 1;
            line.segments += count;
            match micros {
                Some(micros) => {
                    line.micros = Some(line.micros.unwrap_or(0).saturating_add(micros));
                    *estimate.languages.entry(language.to_string()).or_default() += micros;
                    estimate.micros = estimate.micros.saturating_add(micros);
                }
                None => estimate.unpriced += 1,
            }
        }
        estimate.lines = lines.into_values().collect();
        estimate.lines.sort_by(|a, b| b.people.cmp(&a.people).then_with(|| a.operator.cmp(&b.operator)));
        estimate.budgets = self.standings_for(programme).await?;
        Ok(estimate)
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a rate is a few thousand a second at most")]
fn milli(rate: f64) -> i64 {
    (rate * 1_000.0).round() as i64
}
