//! The prices as delivery and estimates look them up.

use mhero_core::{ChannelId, Direction};
use mhero_store::{Charge, PriceRow};

/// What begins every number in E.164.
pub(super) const EVERYBODY: &str = "+";
/// Bytes of a text that is one segment in any alphabet: nothing has to be measured.
const SHORT_BYTES: usize = mhero_text::sms::UCS2_SINGLE;

/// Who pays for a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Payer {
    /// The ministry: also what comes to a toll-free short code.
    Ministry,
    /// The phone at the other end.
    Worker,
}

impl Payer {
    /// Both.
    pub const ALL: &'static [Self] = &[Self::Ministry, Self::Worker];

    /// The word in the store and in forms.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ministry => "ministry",
            Self::Worker => "worker",
        }
    }

    /// The payer that a word names.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|payer| payer.word() == word)
    }
}

/// A price that holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Price {
    /// Micro-units for one segment, whoever pays them.
    pub(crate) micros: i64,
    /// Who pays.
    pub(crate) payer: Payer,
}

impl Price {
    /// What one segment costs the ministry.
    pub(crate) const fn ours(self) -> i64 {
        match self.payer {
            Payer::Ministry => self.micros,
            Payer::Worker => 0,
        }
    }
}

/// All prices of an installation, with its currency.
#[derive(Clone, Debug, Default)]
pub(crate) struct PriceBook {
    /// The code of the currency (ISO 4217); without one nothing has a price.
    pub(crate) currency: Option<String>,
    /// Every price, in any order.
    pub(crate) rows: Vec<PriceRow>,
}

impl PriceBook {
    /// What a segment costs by a channel, to or from an address, at an instant: by the longest beginning that fits, and of several by
    /// the latest that holds.
    pub(crate) fn price(&self, channel: ChannelId, path: &str, direction: Direction, at: i64) -> Option<Price> {
        self.currency.as_ref()?;
        let holds = self.rows.iter().filter(|row| {
            row.channel == channel
                && row.direction == direction
                && row.valid_from <= at
                && (row.prefix == EVERYBODY || path.starts_with(row.prefix.as_str()))
        });
        let best = holds.max_by_key(|row| (row.prefix.len(), row.valid_from))?;
        Some(Price { micros: best.micros, payer: Payer::of(&best.payer).unwrap_or(Payer::Ministry) })
    }

    /// Whether any channel is toll-free for anybody, now or at another time.
    pub(crate) fn has_free_answers(&self) -> bool {
        self.currency.is_some() && self.rows.iter().any(is_toll_free)
    }

    /// Whether a channel is toll-free for anybody, now or at another time.
    pub(super) fn is_ever_free(&self, channel: ChannelId) -> bool {
        self.currency.is_some() && self.rows.iter().any(|row| row.channel == channel && is_toll_free(row))
    }

    /// What handing over one text costs; `is_one` where it counts once however long it is: one part of several, a message of a chat.
    pub(crate) fn charge(&self, channel: ChannelId, path: &str, (text, is_one): (&str, bool), at: i64) -> Charge {
        let segments = if is_one || text.len() <= SHORT_BYTES {
            1
        } else {
            i64::try_from(mhero_text::measure(text).segments).unwrap_or(1)
        };
        let price = self.price(channel, path, Direction::Out, at).map(|price| price.ours().saturating_mul(segments));
        Charge { segments, price: price.zip(self.currency.clone()) }
    }
}

/// Whether a price says that the ministry pays for what phones send.
fn is_toll_free(row: &PriceRow) -> bool {
    row.direction == Direction::In && Payer::of(&row.payer) == Some(Payer::Ministry)
}

#[cfg(test)]
mod tests {
    use super::*;
    use mhero_core::PriceId;
    use uuid::Uuid;

    fn row(prefix: &str, micros: i64, valid_from: i64, payer: &str) -> PriceRow {
        PriceRow {
            id: PriceId::from_uuid(Uuid::from_u128(1)),
            channel: ChannelId::from_uuid(Uuid::from_u128(9)),
            prefix: prefix.into(),
            operator: String::new(),
            direction: Direction::Out,
            payer: payer.into(),
            micros,
            valid_from,
            created_at: 0,
        }
    }

    #[test]
    fn the_longest_beginning_and_the_latest_price_hold() {
        let channel = ChannelId::from_uuid(Uuid::from_u128(9));
        let rows = vec![
            row("+", 50_000, 0, "ministry"),
            row("+23177", 20_000, 0, "ministry"),
            row("+23177", 25_000, 100, "ministry"),
            row("+23188", 30_000, 0, "worker"),
        ];
        let book = PriceBook { currency: Some("USD".into()), rows };
        let at = |path: &str, at| book.price(channel, path, Direction::Out, at).map(Price::ours);
        assert_eq!(at("+231770000001", 50), Some(20_000));
        assert_eq!(at("+231770000001", 100), Some(25_000));
        assert_eq!(at("+231550000001", 100), Some(50_000));
        assert_eq!(at("+231880000001", 100), Some(0), "the worker pays");
        assert_eq!(at("+231550000001", -1), None, "not yet");
        assert_eq!(book.price(channel, "+231770000001", Direction::In, 100), None);
        let dear = format!("{}ô", "o".repeat(149));
        let charge = book.charge(channel, "+231770000001", (&dear, false), 100);
        assert_eq!((charge.segments, charge.price), (3, Some((75_000, "USD".into()))));
        assert_eq!(PriceBook::default().charge(channel, "+23177", ("short", false), 100).price, None);
    }
}
