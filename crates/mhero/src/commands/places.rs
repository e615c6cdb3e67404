//! Places that a command names.

use mhero_core::PlaceId;
use mhero_query::{Leaf, Predicate};

use crate::{failure::Failure, terminal::Terminal, wiring::Node};

/// The place of a name or id, as the audience language finds it.
///
/// # Errors
/// What that language says of an unknown or ambiguous name, with the candidates.
pub async fn find(node: &Node, text: &str, terminal: &Terminal) -> Result<PlaceId, Failure> {
    let unknown = || Failure::refused("cli-place-unknown", [("place", text.chars().take(80).collect())]);
    let name: String = text.trim().chars().filter(|letter| *letter != '"' && *letter != '\\').collect();
    if name.is_empty() {
        return Err(unknown());
    }
    let audience = node.app.check_audience(&terminal.caller(), &format!("place = \"{name}\"")).await?;
    match audience.predicate {
        Predicate::Is(Leaf::PlaceUnder(places)) if places.len() == 1 => places.first().copied().ok_or_else(unknown),
        _ => Err(unknown()),
    }
}
