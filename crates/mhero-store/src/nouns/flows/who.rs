//! Who is writing: a text of a shared phone that is held until its writer has said so.

use crate::{Store, StoreError, Unit, params, statement::statements};

statements! {
    ASK = "INSERT INTO who_asked (scheme, path, held, asked_at) VALUES ($1, $2, $3, $4) ON CONFLICT (scheme, path) DO UPDATE SET held = $3, asked_at = $4";
    ANSWERED = "DELETE FROM who_asked WHERE scheme = $1 AND path = $2";
    HELD = "SELECT held, asked_at FROM who_asked WHERE scheme = $1 AND path = $2";
}

impl Unit {
    /// Holds a text (JSON) of a number until it is known who wrote it.
    pub fn ask_who(&mut self, (scheme, path): (&str, &str), held: &str, now: i64) -> &mut Self {
        self.run(&ASK, params![scheme, path, held, now])
    }

    /// It is known, or no longer asked; the unit fails when somebody else has settled it.
    pub fn who_answered(&mut self, (scheme, path): (&str, &str)) -> &mut Self {
        self.one(&ANSWERED, params![scheme, path])
    }
}

impl Store {
    /// The text of a number that is held, and since when.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn held_text(&self, scheme: &str, path: &str) -> Result<Option<(String, i64)>, StoreError> {
        let row = self.first(&HELD, params![scheme, path]).await?;
        row.map(|row| Ok((row.get(0)?, row.get(1)?))).transpose()
    }
}
