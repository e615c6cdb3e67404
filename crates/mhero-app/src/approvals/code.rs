//! One-time codes on their way: what is kept of an SMS has stars where its code stands.

use mhero_core::MessageId;
use mhero_store::ApprovalCode;

use super::CODE_DIGITS;
use crate::{App, AppError};

/// Where a code stands in a text that is kept.
pub(crate) const PLACE: &str = "****";
/// How many codes there are.
const CODES: u32 = 10_000;
/// The place of a sealed code.
const SEALED: &str = "approval_code.sealed";

impl App {
    /// A new code, sealed for the row of this id.
    pub(super) fn new_code(&self, id: uuid::Uuid) -> Result<Vec<u8>, AppError> {
        let number = rand::random::<u32>() % CODES;
        self.seal(SEALED, id, format!("{number:0CODE_DIGITS$}").as_bytes())
    }

    /// Whether somebody typed this code.
    pub(super) fn is_code(&self, code: &ApprovalCode, typed: &str) -> bool {
        self.unseal(SEALED, code.id, &code.sealed).is_ok_and(|plain| plain == typed.as_bytes())
    }

    /// The text of a message as it leaves: with its code, where it brings one. `None` when the code no longer counts.
    pub(crate) async fn with_code(&self, message: MessageId, text: String) -> Result<Option<String>, AppError> {
        if !text.contains(PLACE) {
            return Ok(Some(text));
        }
        let Some(code) = self.store().code_of_message(message).await? else {
            return self.with_chat_code(message, text).await;
        };
        if code.state != "open" || code.expires_at <= self.clock().now_micros() {
            return Ok(None);
        }
        let plain = self.unseal(SEALED, code.id, &code.sealed)?;
        Ok(Some(text.replacen(PLACE, &String::from_utf8_lossy(&plain), 1)))
    }
}
