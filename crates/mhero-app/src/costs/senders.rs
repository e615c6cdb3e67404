//! By which channel a number is written to, and who pays for what it answers there. A question goes by a toll-free sender where there is
//! one: whoever is asked for work should not pay for the answer.

use std::sync::Arc;

use mhero_core::{ChannelId, Direction, Urn};
use mhero_store::RouteRow;

use super::{Payer, PriceBook, book::Price};
use crate::{App, AppError};

/// How long channels and routes are taken from memory, in microseconds: what another node changes is seen within this time.
const FRESH_MICROS: i64 = 5_000_000;

/// How many people answer at whose cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// The ministry pays: their sender is toll-free for them.
    pub free: i64,
    /// They pay themselves.
    pub paid: i64,
    /// No price from phones was entered for them.
    pub unknown: i64,
}

impl Answers {
    /// Counts some people.
    pub(crate) const fn add(&mut self, payer: Option<Payer>, people: i64) {
        match payer {
            Some(Payer::Ministry) => self.free += people,
            Some(Payer::Worker) => self.paid += people,
            None => self.unknown += people,
        }
    }
}

/// A channel that costs some of those who answer nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FreeSender {
    /// The channel.
    pub id: ChannelId,
    /// Its name.
    pub name: String,
}

/// Channels, routes and prices as a number is weighed with them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Senders {
    book: Arc<PriceBook>,
    /// Channels that are on and reach phones, in the order in which they were made: the first carries what names none.
    phones: Vec<ChannelId>,
    /// Beginnings of numbers with their channel, the longest first.
    routes: Vec<(String, ChannelId)>,
    /// Those of the channels that are toll-free for anybody.
    free: Vec<ChannelId>,
}

impl Senders {
    fn new(book: Arc<PriceBook>, phones: Vec<ChannelId>, rows: Vec<RouteRow>) -> Self {
        let mut routes: Vec<_> = rows.into_iter().map(|row| (row.prefix, row.channel)).collect();
        routes.sort_by_key(|(prefix, _)| std::cmp::Reverse(prefix.len()));
        let free = phones.iter().copied().filter(|channel| book.is_ever_free(*channel)).collect();
        Self { book, phones, routes, free }
    }

    /// By which channel a number is written to where nobody names one; `None` while there is none.
    pub(super) fn usual(&self, path: &str) -> Option<ChannelId> {
        let route = self.routes.iter().find(|(prefix, _)| path.starts_with(prefix.as_str()));
        route.map(|(_, channel)| *channel).or_else(|| self.phones.first().copied())
    }

    /// Who pays for what a number sends to a channel; `None` where no price says so.
    pub(super) fn payer(&self, channel: ChannelId, path: &str, at: i64) -> Option<Payer> {
        self.book.price(channel, path, Direction::In, at).map(|price| price.payer)
    }

    /// The toll-free channel by which to ask a number something, where its usual one is not toll-free: of several the one that costs
    /// least. `None`: the usual one.
    fn toll_free(&self, path: &str, at: i64) -> Option<ChannelId> {
        let is_free = |channel: ChannelId| self.payer(channel, path, at) == Some(Payer::Ministry);
        if self.free.is_empty() || self.usual(path).is_some_and(is_free) {
            return None;
        }
        let cost = |channel: ChannelId| {
            let price = |direction| self.book.price(channel, path, direction, at).map(Price::ours);
            // What leaves has no price yet: those that have one come first.
            price(Direction::Out).map_or(i64::MAX, |out| out.saturating_add(price(Direction::In).unwrap_or(0)))
        };
        self.free.iter().copied().filter(|channel| is_free(*channel)).min_by_key(|channel| cost(*channel))
    }
}

impl App {
    /// Channels, routes and prices, from memory where they are fresh.
    pub(crate) async fn senders(&self) -> Result<Arc<Senders>, AppError> {
        let now = self.clock().now_micros();
        if let Some(known) = self.costs().senders(now, FRESH_MICROS) {
            return Ok(known);
        }
        let (book, rows) = (self.price_book().await?, self.store().channels().await?);
        let phones = rows.iter().filter(|row| self.reaches_phones(row)).map(|row| row.id).collect();
        let senders = Arc::new(Senders::new(book, phones, self.store().routes().await?));
        self.costs().keep_senders(now, &senders);
        Ok(senders)
    }

    /// The channel by which to ask a number something, where it is another one than usual: a toll-free one.
    pub(crate) async fn sender_of_question(&self, (scheme, path): (&str, &str)) -> Result<Option<ChannelId>, AppError> {
        // Most installations have no such price: they are asked nothing more.
        if scheme != Urn::TEL || !self.price_book().await?.has_free_answers() {
            return Ok(None);
        }
        Ok(self.senders().await?.toll_free(path, self.clock().now_micros()))
    }

    /// Who pays for what the people at some numbers answer to questions, by one channel or as usual.
    pub(crate) async fn answers_of<'a>(
        &self,
        numbers: impl Iterator<Item = &'a str>,
        chosen: Option<ChannelId>,
    ) -> Result<Answers, AppError> {
        let (senders, now) = (self.senders().await?, self.clock().now_micros());
        let mut answers = Answers::default();
        for path in numbers {
            let channel = chosen.or_else(|| senders.toll_free(path, now)).or_else(|| senders.usual(path));
            answers.add(channel.and_then(|channel| senders.payer(channel, path, now)), 1);
        }
        Ok(answers)
    }

    /// The channels that are toll-free for some numbers, so that a message which asks for an answer may go by them.
    ///
    /// # Errors
    /// Whatever the store reports.
    pub async fn free_senders(&self) -> Result<Vec<FreeSender>, AppError> {
        let senders = self.senders().await?;
        if senders.free.is_empty() {
            return Ok(Vec::new());
        }
        let rows = self.store().channels().await?.into_iter();
        let free = rows.filter(|row| senders.free.contains(&row.id));
        Ok(free.map(|row| FreeSender { id: row.id, name: row.name }).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mhero_core::PriceId;
    use mhero_store::PriceRow;
    use uuid::Uuid;

    fn channel(n: u128) -> ChannelId {
        ChannelId::from_uuid(Uuid::from_u128(n))
    }

    fn price(n: u128, prefix: &str, (direction, payer): (Direction, Payer), micros: i64) -> PriceRow {
        PriceRow {
            id: PriceId::from_uuid(Uuid::from_u128(1)),
            channel: channel(n),
            prefix: prefix.into(),
            operator: String::new(),
            direction,
            payer: payer.word().into(),
            micros,
            valid_from: 0,
            created_at: 0,
        }
    }

    fn senders(rows: Vec<PriceRow>) -> Senders {
        let book = PriceBook { currency: Some("USD".into()), rows };
        Senders::new(Arc::new(book), vec![channel(1), channel(2), channel(3)], Vec::new())
    }

    #[test]
    fn a_question_goes_by_the_cheapest_toll_free_sender_unless_the_usual_one_is() {
        let (from, to) = (Direction::In, Direction::Out);
        let mut rows = vec![
            price(1, "+", (from, Payer::Worker), 20_000),
            price(1, "+23188", (from, Payer::Ministry), 20_000),
            price(2, "+23177", (from, Payer::Ministry), 30_000),
            price(2, "+", (to, Payer::Ministry), 30_000),
            price(3, "+23177", (from, Payer::Ministry), 10_000),
        ];
        let known = senders(rows.clone());
        assert_eq!(known.toll_free("+231770000001", 1), Some(channel(2)), "the other one costs nobody knows what");
        rows.push(price(3, "+", (to, Payer::Ministry), 20_000));
        let known = senders(rows);
        assert_eq!(known.toll_free("+231770000001", 1), Some(channel(3)));
        assert_eq!(known.toll_free("+231880000001", 1), None, "the usual one is toll-free there");
        assert_eq!(known.toll_free("+231550000001", 1), None, "there is none");
        assert_eq!(known.payer(channel(1), "+231550000001", 1), Some(Payer::Worker));
    }
}
