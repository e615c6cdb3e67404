//! `mhero channel test`: asks Kannel whether it knows us and whether an operator is connected. Nothing is sent: a request without a
//! receiver is refused after the password was looked at.

use mhero_core::record::Reason;

use super::{Node, answer::sentence};
use crate::http::{Asker, Heard, Trouble, form::encoded, host};

/// Where the status page is when the address of the admin port names no path.
const STATUS_PAGE: &str = "/status.xml";

/// Looks whether texts would leave; remarks say what else is missing.
pub(super) async fn check(node: &Node, asker: &Asker) -> Result<Vec<Reason>, Reason> {
    let settings = &node.settings;
    known(node, asker).await?;
    let mut remarks = Vec::new();
    if settings.admin.is_some() {
        remarks.extend(operators(node, asker).await?);
    }
    if settings.common.callback.is_none() {
        remarks.push(Reason::plain("kannel-no-callback"));
    } else if settings.dlr_mask == 0 {
        remarks.push(Reason::plain("kannel-no-reports"));
    }
    Ok(remarks)
}

/// Whether `sendsms` is there and knows user and password.
async fn known(node: &Node, asker: &Asker) -> Result<(), Reason> {
    let settings = &node.settings;
    let mut url = settings.url.clone();
    let query = [("username", settings.username.as_str()), ("password", settings.password.as_str())];
    url.set_query(Some(&encoded(query)));
    let trouble = match asker.ask(asker.client.get(url)).await {
        Heard::NoConnection => Trouble::Unreachable,
        Heard::Silence => Trouble::Silent,
        Heard::Cut => Trouble::Fault,
        Heard::Answer { status, body, .. } => match status {
            // It complains of what is missing: the receiver.
            400 | 202 if !body.trim_start().starts_with('<') => return Ok(()),
            401 | 403 => Trouble::Password,
            300..=399 | 404 | 405 | 410 => Trouble::Path,
            429 | 503 => Trouble::Busy,
            500..=599 => Trouble::Fault,
            _ => Trouble::Stranger,
        },
    };
    Err(sentence(trouble, settings))
}

/// Whether an operator is connected, by the status page.
async fn operators(node: &Node, asker: &Asker) -> Result<Vec<Reason>, Reason> {
    let Some(mut url) = node.settings.admin.clone() else { return Ok(Vec::new()) };
    if matches!(url.path(), "" | "/") {
        url.set_path(STATUS_PAGE);
    }
    let at = [("host", host(&url))];
    let password = node.settings.admin_password.as_deref();
    url.set_query(Some(&encoded(password.map(|password| ("password", password)))));
    let Heard::Answer { status: 200, body, .. } = asker.ask(asker.client.get(url)).await else {
        return Ok(vec![Reason::new("kannel-no-status", at)]);
    };
    if !body.contains("<smscs>") {
        // It says "Denied" with a friendly status.
        return Ok(vec![Reason::new("kannel-status-denied", at)]);
    }
    let (online, offline) = connections(&body);
    match (online.is_empty(), offline.is_empty()) {
        (true, true) => Err(Reason::plain("kannel-no-smsc")),
        (true, false) => Err(Reason::new("kannel-smsc-offline", [("names", offline.join(", "))])),
        (false, false) => Ok(vec![Reason::new("kannel-smsc-partly", [("names", offline.join(", "))])]),
        (false, true) => Ok(Vec::new()),
    }
}

/// The connections to SMS centres on a status page: those that are up, and those that are not.
fn connections(page: &str) -> (Vec<String>, Vec<String>) {
    let within = |text: &str, tag: &str| {
        let (_, after) = text.split_once(&format!("<{tag}>"))?;
        after.split_once(&format!("</{tag}>")).map(|(inside, _)| inside.trim().to_owned())
    };
    let entries = page.split("<smsc>").skip(1).map(|entry| {
        let named = |tag| within(entry, tag).filter(|name| !name.is_empty());
        let name = named("id").or_else(|| named("admin-id")).or_else(|| named("name")).unwrap_or_default();
        (within(entry, "status").is_some_and(|status| status.starts_with("online")), name)
    });
    let (online, offline): (Vec<_>, Vec<_>) = entries.partition(|(is_online, _)| *is_online);
    let names = |list: Vec<(bool, String)>| list.into_iter().map(|(_, name)| name).collect();
    (names(online), names(offline))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_are_read_from_a_status_page() {
        let page = "<status>running, uptime 0d</status><smscs><count>2</count>\n\t<smsc>\n<name>FAKE:1</name>\
            <admin-id>A</admin-id><id>ORANGE</id><status>online 12s</status></smsc><smsc><name>SMPP:h</name><id></id>\
            <status>re-connecting</status></smsc></smscs>";
        assert_eq!(connections(page), (vec!["ORANGE".to_owned()], vec!["SMPP:h".to_owned()]));
        assert_eq!(connections("<smscs><count>0</count></smscs>"), (vec![], vec![]));
    }
}
