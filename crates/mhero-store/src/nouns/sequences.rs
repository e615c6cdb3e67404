//! Whole numbers that people and foreign interfaces need beside our ids: broadcast 12, thread 407.

use crate::{Guard, Store, StoreError, Unit, params, statement::statements};

statements! {
    READ = "SELECT next FROM sequence WHERE name = $1";
    CREATE = "INSERT INTO sequence (name, next) VALUES ($1, 1) ON CONFLICT (name) DO NOTHING";
    ADVANCE = "UPDATE sequence SET next = next + 1 WHERE name = $1";
    TAKE = "UPDATE sequence SET next = next + $3 WHERE name = $1 AND next = $2";
}

impl Unit {
    /// Takes the next number without knowing it beforehand: a later step of the unit reads it as `next - 1`. Writers wait for
    /// one another here, so that nobody has to decide again.
    pub(crate) fn advance(&mut self, name: &str) -> &mut Self {
        self.run(&CREATE, params![name]);
        self.one(&ADVANCE, params![name])
    }

    /// Takes `count` numbers that were read with [`Store::next_number`]; the unit fails when somebody was faster.
    pub fn take_numbers(&mut self, name: &str, first: i64, count: i64) -> &mut Self {
        self.run(&CREATE, params![name]);
        self.step(&TAKE, Guard::Rows(1), params![name, first, count])
    }
}

impl Store {
    /// The next number of a sequence; it is taken by [`Unit::take_numbers`].
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn next_number(&self, name: &str) -> Result<i64, StoreError> {
        self.first(&READ, params![name]).await?.map_or(Ok(1), |row| row.get(0))
    }
}
