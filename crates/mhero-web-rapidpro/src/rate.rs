//! Which requests are counted together.

/// Contacts, messages, runs and broadcasts are counted for themselves, as RapidPro does.
pub(crate) fn bucket(endpoint: &str) -> &'static str {
    match endpoint {
        "contacts" => "v2.contacts",
        "messages" => "v2.messages",
        "runs" => "v2.runs",
        "broadcasts" => "v2.broadcasts",
        _ => "v2",
    }
}
