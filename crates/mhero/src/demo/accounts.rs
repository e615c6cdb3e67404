//! Who signs in to a demo, and with which password.

use mhero_app::demo::DemoAccount;
use mhero_core::Role;
use uuid::Uuid;

/// Words of passwords: short, common, spelt in one way.
const FIRST: [&str; 32] = [
    "quiet", "green", "early", "bright", "calm", "open", "silver", "gentle", "north", "amber", "broad", "clear",
    "distant", "even", "fresh", "golden", "high", "inner", "kind", "level", "little", "mellow", "narrow", "old",
    "plain", "quick", "round", "soft", "still", "tall", "warm", "young",
];
const SECOND: [&str; 32] = [
    "river", "harbour", "village", "mango", "market", "garden", "bridge", "creek", "island", "lantern", "morning",
    "cassava", "cotton", "ferry", "forest", "fountain", "heron", "kettle", "ladder", "meadow", "mountain", "orchard",
    "palm", "pepper", "plantain", "road", "school", "shore", "stone", "thunder", "valley", "window",
];

/// The accounts of a demo: address, name, role, whether limited to the county.
const ACCOUNTS: [(&str, &str, Role, bool); 4] = [
    ("hr@demo", "Human resources officer", Role::Hr, false),
    ("district@demo", "County health officer", Role::District, true),
    ("auditor@demo", "Auditor", Role::Auditor, false),
    ("admin@demo", "Administrator", Role::Admin, false),
];

/// The accounts of a new demo; `chance` gives 16 random bytes a call.
pub fn draw(county: &str, mut chance: impl FnMut() -> Uuid) -> Vec<DemoAccount> {
    let account = |(email, _, role, limited): &(&str, &str, Role, bool)| DemoAccount {
        email: (*email).to_owned(),
        password: password(chance()),
        role: *role,
        place: limited.then(|| county.to_owned()),
    };
    ACCOUNTS.iter().map(account).collect()
}

/// The name under which an account's letters and decisions stand.
pub fn name(email: &str) -> &'static str {
    ACCOUNTS.iter().find(|(known, ..)| *known == email).map_or("Demo", |(_, name, ..)| name)
}

/// `quiet-river-41`: easy to type, and enough for a country that does not exist.
fn password(chance: Uuid) -> String {
    let bytes = chance.into_bytes();
    let word = |words: &[&'static str; 32], byte: u8| words[usize::from(byte % 32)];
    let number = 10 + u16::from_be_bytes([bytes[12], bytes[13]]) % 90;
    format!("{}-{}-{number}", word(&FIRST, bytes[14]), word(&SECOND, bytes[15]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_can_be_typed_and_differ() {
        let accounts = draw("Nimbara", Uuid::new_v4);
        assert!(accounts.iter().all(|account| account.password.len() >= 10));
        assert!(
            accounts.iter().all(|account| account.password.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'))
        );
        let drawn: std::collections::BTreeSet<_> = (0..50).map(|_| password(Uuid::new_v4())).collect();
        assert!(drawn.len() > 45);
        assert_eq!(accounts[1].place.as_deref(), Some("Nimbara"));
    }
}
