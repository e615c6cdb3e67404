//! What a broadcast will cost, before it leaves: each way it goes by, with what that costs.

use std::collections::{BTreeMap, HashMap};

use mhero_core::{ChannelId, Direction, Lane, Lang, ProgrammeId};
use mhero_store::ChannelRow;

use super::{Answers, BudgetStanding, Payer, PriceBook, Senders};
use crate::{App, AppError, numbers::Operators};

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
    /// Who pays for what people answer by SMS.
    pub answers: Answers,
    /// People who get it by a chat.
    pub by_chat: i64,
    /// People among them who get it by SMS all the same where the chat does not reach them in time.
    pub by_sms_later: i64,
    /// What that costs at most, in micro-units, beyond the sum.
    pub later_micros: i64,
    /// People among them whose price is not known.
    pub later_unpriced: i64,
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
    /// Whether it is a chat: each message counts once, however long.
    pub is_chat: bool,
    /// Segments a second that it carries; 0 is no limit.
    pub rate_milli: i64,
    /// The operator, as far as it is known.
    pub operator: Option<String>,
    /// People.
    pub people: i64,
    /// Segments; of a chat, messages.
    pub segments: i64,
    /// What they cost us, in micro-units; `None` without a price.
    pub micros: Option<i64>,
    /// Who pays for what these people answer, where a price for that is known.
    pub answers: Option<Payer>,
}

/// To whom a broadcast goes.
pub(crate) struct Toward<'a> {
    /// The number, or the account of a chat.
    pub(crate) path: &'a str,
    /// Which chat, where it is one.
    pub(crate) chat: Option<&'a str>,
    /// The number to which it goes where the chat does not reach them in time.
    pub(crate) later: Option<&'a str>,
    /// The language of the text.
    pub(crate) language: Lang,
}

/// What an estimate is made of.
struct Ground<'a> {
    book: &'a PriceBook,
    senders: &'a Senders,
    operators: &'a Operators,
    channels: &'a [ChannelRow],
    /// The channel of each chat.
    chats: HashMap<&'static str, ChannelId>,
    chosen: Option<ChannelId>,
    now: i64,
}

impl App {
    /// What a broadcast to some people will cost, by the segments that the text of each language takes at its worst.
    pub(crate) async fn estimate(
        &self,
        recipients: impl Iterator<Item = Toward<'_>>,
        segments: &HashMap<Lang, i64>,
        (chosen, programme, lane): (Option<ChannelId>, Option<ProgrammeId>, Lane),
    ) -> Result<Estimate, AppError> {
        let (book, senders, operators) = (self.price_book().await?, self.senders().await?, self.operators().await?);
        let (channels, chats) = (self.store().channels().await?, self.chat_channels().await?);
        let ground = Ground {
            book: &book,
            senders: &senders,
            operators: &operators,
            channels: &channels,
            chats: chats.into_iter().map(|(scheme, row)| (scheme, row.id)).collect(),
            chosen,
            now: self.clock().now_micros(),
        };
        let overtakes = self.chat_waits().await?.of(lane).is_some();
        let mut estimate = Estimate { currency: book.currency.clone(), ..Estimate::default() };
        let mut lines: HashMap<(Option<ChannelId>, Option<&str>), EstimateLine> = HashMap::new();
        for toward in recipients {
            let count = segments.get(&toward.language).copied().unwrap_or(1);
            let (channel, operator) = ground.way(&toward);
            let line = lines.entry((channel, operator)).or_insert_with(|| ground.line(channel, operator, &toward));
            let count =
                if toward.chat.is_some() { estimate.add_chat(&ground, &toward, overtakes, count) } else { count };
            let micros = ground.cost(channel, &toward, count);
            line.people += 1;
            line.segments += count;
            estimate.add(&toward, line, micros);
        }
        estimate.lines = lines.into_values().collect();
        estimate.lines.sort_by(|a, b| b.people.cmp(&a.people).then_with(|| a.operator.cmp(&b.operator)));
        estimate.budgets = self.standings_for(programme).await?;
        Ok(estimate)
    }
}

impl Estimate {
    /// Adds somebody who is written to by a chat, where a message counts once. Returns that count.
    fn add_chat(&mut self, ground: &Ground<'_>, toward: &Toward<'_>, overtakes: bool, segments: i64) -> i64 {
        self.by_chat += 1;
        if let Some(path) = toward.later.filter(|_| overtakes) {
            let price =
                ground.senders.usual(path).and_then(|id| ground.book.price(id, path, Direction::Out, ground.now));
            let micros = price.map_or(0, |price| price.ours().saturating_mul(segments));
            self.by_sms_later += 1;
            self.later_unpriced += i64::from(price.is_none());
            self.later_micros = self.later_micros.saturating_add(micros);
        }
        1
    }

    fn add(&mut self, toward: &Toward<'_>, line: &mut EstimateLine, micros: Option<i64>) {
        match micros {
            Some(micros) => {
                line.micros = Some(line.micros.unwrap_or(0).saturating_add(micros));
                *self.languages.entry(toward.language.to_string()).or_default() += micros;
                self.micros = self.micros.saturating_add(micros);
            }
            None => self.unpriced += 1,
        }
        if toward.chat.is_none() {
            self.answers.add(line.answers, 1);
        }
    }
}

impl<'a> Ground<'a> {
    /// By which channel somebody is written to, and to which operator.
    fn way(&self, toward: &Toward<'_>) -> (Option<ChannelId>, Option<&'a str>) {
        match toward.chat {
            Some(chat) => (self.chosen.or_else(|| self.chats.get(chat).copied()), None),
            None => (self.chosen.or_else(|| self.senders.usual(toward.path)), self.operators.of(toward.path)),
        }
    }

    /// What a message costs us; a chat without a price costs nothing.
    fn cost(&self, channel: Option<ChannelId>, toward: &Toward<'_>, count: i64) -> Option<i64> {
        let price = channel.and_then(|id| self.book.price(id, toward.path, Direction::Out, self.now));
        let free = (toward.chat.is_some() && self.book.currency.is_some()).then_some(0);
        price.map(|price| price.ours().saturating_mul(count)).or(free)
    }

    fn line(&self, channel: Option<ChannelId>, operator: Option<&str>, toward: &Toward<'_>) -> EstimateLine {
        let row = self.channels.iter().find(|row| Some(row.id) == channel);
        let answers = channel.filter(|_| toward.chat.is_none());
        EstimateLine {
            channel,
            name: row.map(|row| row.name.clone()).unwrap_or_default(),
            is_chat: toward.chat.is_some(),
            rate_milli: row.map_or(0, |row| milli(row.parts_per_second)),
            operator: operator.map(ToOwned::to_owned),
            people: 0,
            segments: 0,
            micros: None,
            answers: answers.and_then(|id| self.senders.payer(id, toward.path, self.now)),
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a rate is a few thousand a second at most")]
fn milli(rate: f64) -> i64 {
    (rate * 1_000.0).round() as i64
}
