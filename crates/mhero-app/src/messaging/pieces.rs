//! Texts that come in several pieces: each piece is on disk before the carrier hears that it was taken; the last one makes the
//! text. What never becomes whole is handed on after a while with its gaps marked, so that nothing that was written is lost.

use jiff::{SignedDuration, Timestamp};
use mhero_core::{ChannelId, IntakeId, Urn, limits::INBOUND_CHARS_MAX};
use mhero_store::{IntakeRow, PieceRow, PieceSet, Queue, StoreError, Unit};

use super::receive::no_sender;
use crate::{App, AppError, ports::Piece};

/// How long a text may miss a piece.
const WHOLE_WITHIN: SignedDuration = SignedDuration::from_mins(30);
/// How long pieces are known after that: phones count their texts up to 255 and begin again.
const KNOWN_FOR: SignedDuration = SignedDuration::from_hours(24);
/// What stands where a piece is missing.
const GAP: &str = "[…]";

impl App {
    /// Accepts a piece of a text from a carrier. The carrier may be told "accepted" only when this returns `Ok`.
    ///
    /// # Errors
    /// As [`App::receive`].
    pub async fn receive_piece(&self, channel: ChannelId, from: &str, piece: &Piece) -> Result<(), AppError> {
        let path = self.numbering_cached().await?.inbound(from).ok_or_else(|| no_sender(from))?;
        let set = PieceSet { channel, path, reference: piece.reference.into(), parts: piece.parts.into() };
        let (number, units) = (i64::from(piece.number), octets(&piece.units));
        let taken = self.store().decide(|| async {
            let known = self.store().pieces(&set).await?;
            let same = known.iter().find(|row| row.number == number);
            let is_done = known.iter().any(|row| row.done_at.is_some());
            let now = self.clock().now_micros();
            match same {
                // It comes again: its acknowledgement was lost.
                Some(row) if row.units == units => {}
                // The phone has begun to count again.
                Some(_) if is_done => {
                    let mut unit = Unit::new();
                    unit.pieces_gone(&set).add_piece(&set, number, &units, now);
                    self.store().write(unit, Queue::Interactive).await?;
                }
                Some(_) => {
                    self.hand_on(&set, &known).await?;
                    return Err(StoreError::Contention.into());
                }
                // The text was handed on without it.
                None if is_done => {
                    let mut unit = Unit::new();
                    let row = PieceRow { number, units: units.clone(), received_at: now, done_at: None };
                    unit.add_piece(&set, number, &units, now);
                    unit.pieces_done(&set, 1, now).add_whole_intake(&self.whole(&set, &[row]));
                    self.store().write(unit, Queue::Interactive).await?;
                    return Ok(());
                }
                None => {
                    let mut unit = Unit::new();
                    unit.add_piece(&set, number, &units, now);
                    self.store().write(unit, Queue::Interactive).await?;
                }
            }
            let known = self.store().pieces(&set).await?;
            let is_whole = i64::try_from(known.len()) == Ok(set.parts);
            if is_whole && known.iter().all(|row| row.done_at.is_none()) {
                self.hand_on(&set, &known).await?;
            }
            Ok::<(), AppError>(())
        });
        taken.await?;
        self.wake_intake();
        Ok(())
    }

    /// Makes a text of the pieces that there are. Fails when another one has come meanwhile.
    async fn hand_on(&self, set: &PieceSet, pieces: &[PieceRow]) -> Result<(), AppError> {
        let mut unit = Unit::new();
        unit.pieces_done(set, pieces.len(), self.clock().now_micros()).add_whole_intake(&self.whole(set, pieces));
        self.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }

    fn whole(&self, set: &PieceSet, pieces: &[PieceRow]) -> IntakeRow {
        let received = pieces.iter().map(|piece| piece.received_at).max();
        IntakeRow {
            id: self.store().mint().id(IntakeId::from_uuid),
            channel: set.channel,
            carrier_id: None,
            scheme: Urn::TEL.to_owned(),
            path: set.path.clone(),
            text: joined(set.parts, pieces),
            received_at: received.unwrap_or_else(|| self.clock().now_micros()),
            attempt: 0,
        }
    }

    /// Hands on what has missed a piece for too long, and forgets what was handed on long ago.
    pub(crate) async fn give_up_pieces(&self) -> Result<usize, AppError> {
        let before = |age: SignedDuration| Timestamp::as_microsecond(self.clock().now() - age);
        let sets = self.store().incomplete_texts(before(WHOLE_WITHIN)).await?;
        for set in &sets {
            let given_up = self.store().decide(|| async {
                let pieces = self.store().pieces(set).await?;
                match pieces.iter().any(|piece| piece.done_at.is_some()) || pieces.is_empty() {
                    true => Ok(()),
                    false => self.hand_on(set, &pieces).await,
                }
            });
            given_up.await?;
        }
        if !sets.is_empty() {
            self.wake_intake();
        }
        let mut unit = Unit::new();
        unit.forget_pieces(before(KNOWN_FOR));
        self.store().write(unit, Queue::Bulk).await?;
        Ok(sets.len())
    }
}

fn octets(units: &[u16]) -> Vec<u8> {
    units.iter().flat_map(|unit| unit.to_be_bytes()).collect()
}

/// Joins pieces in their order, with a mark where one is missing.
fn joined(parts: i64, pieces: &[PieceRow]) -> String {
    let mut units: Vec<u16> = Vec::new();
    for number in 1..=parts {
        match pieces.iter().find(|piece| piece.number == number) {
            Some(piece) => {
                let (pairs, _) = piece.units.as_chunks::<2>();
                units.extend(pairs.iter().map(|pair| u16::from_be_bytes(*pair)));
            }
            None => units.extend(GAP.encode_utf16()),
        }
    }
    String::from_utf16_lossy(&units).chars().filter(|letter| *letter != '\0').take(INBOUND_CHARS_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(number: i64, text: &[u16]) -> PieceRow {
        PieceRow { number, units: octets(text), received_at: 0, done_at: None }
    }

    #[test]
    fn pieces_are_joined_in_order_and_gaps_are_seen() {
        let letters: Vec<u16> = "a👩b".encode_utf16().collect();
        let cut = [piece(2, &letters[2..]), piece(1, &letters[..2])];
        assert_eq!(joined(2, &cut), "a👩b", "a letter may be cut in two");
        assert_eq!(joined(3, &[piece(1, &[0x61]), piece(3, &[0x63])]), "a[…]c");
    }
}
