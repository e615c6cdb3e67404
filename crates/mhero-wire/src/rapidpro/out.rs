//! Our people in a workspace that a country keeps: what is to be written of a contact, and never over what changed there meanwhile.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{ContactDraft, ContactState, ENTITY_TYPE, GLOBALID};

/// What of a contact we wrote last.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HeldOut {
    /// Values by mHero's names: `name`, `language`, `phone`, and keys of fields.
    pub values: BTreeMap<String, String>,
    /// Names of the groups that we put it into.
    pub groups: BTreeSet<String>,
    /// Whether it is blocked because the person asked us to stop.
    pub is_silenced: bool,
}

impl std::fmt::Debug for HeldOut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HeldOut").field("values", &self.values.len()).finish_non_exhaustive()
    }
}

/// What is to be done to a contact.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct OutChange {
    /// The body of `POST contacts.json?uuid=`; `None` when there is nothing to write.
    pub body: Option<Value>,
    /// Groups to put it into.
    pub join: Vec<String>,
    /// Groups to take it out of: we put it there, and it belongs there no more.
    pub leave: Vec<String>,
    /// Whether it is to be blocked, or to be let free again where we blocked it.
    pub silence: Option<bool>,
    /// Fields that somebody changed there meanwhile.
    pub kept: Vec<String>,
    /// What we wrote, once all that is done.
    pub held: HeldOut,
}

impl OutChange {
    /// Whether there is nothing to do.
    pub fn is_nothing(&self) -> bool {
        self.body.is_none() && self.join.is_empty() && self.leave.is_empty() && self.silence.is_none()
    }
}

impl std::fmt::Debug for OutChange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OutChange").field("kept", &self.kept).finish_non_exhaustive()
    }
}

/// What is to be done so that a contact says what we say, except where it no longer says what it said last: then somebody changed
/// it there, and it stays. `before` is what we wrote last, or what the contact said when we last received it.
///
/// # Errors
/// The field whose value the server would refuse, for its length.
pub fn out_change(
    now: &ContactState,
    before: &HeldOut,
    want: &ContactDraft,
    is_silent: bool,
) -> Result<OutChange, String> {
    let mut change = OutChange { held: before.clone(), ..OutChange::default() };
    let mut values: Vec<(&str, Option<&str>, &str)> = Vec::new();
    let wanted = wanted(want);
    for (key, new) in &wanted {
        let (key, new) = (*key, *new);
        let there = now.value(key);
        let old = before.values.get(key).map(String::as_str).unwrap_or_default();
        let says_so = if key == "phone" { now.has_phone(new) } else { there == new };
        let is_as_then =
            if key == "phone" { old.is_empty() && there.is_empty() || now.has_phone(old) } else { there == old };
        if says_so {
            change.held.values.insert(key.to_owned(), new.to_owned());
        } else if is_as_then {
            values.push((key, Some(old).filter(|old| !old.is_empty()), new));
            change.held.values.insert(key.to_owned(), new.to_owned());
        } else {
            change.kept.push(key.to_owned());
        }
    }
    // What we wrote and know no more.
    for (key, old) in &before.values {
        let is_own = !["name", "language", "phone", GLOBALID, ENTITY_TYPE].contains(&key.as_str());
        if is_own && !old.is_empty() && !wanted.iter().any(|(wanted, _)| wanted == key) {
            if now.value(key) == *old {
                values.push((key, Some(old), ""));
            }
            change.held.values.remove(key);
        }
    }
    if !values.is_empty() {
        change.body = Some(now.change(&values)?);
    }
    let is_in = |group: &String| now.groups.iter().any(|own| own.to_lowercase() == group.to_lowercase());
    let want_groups: BTreeSet<String> = want.groups.iter().cloned().collect();
    // Out of a group where we had put it and where it is no longer: somebody there took it out.
    change.join =
        want_groups.iter().filter(|group| !is_in(group) && !before.groups.contains(*group)).cloned().collect();
    change.leave =
        before.groups.iter().filter(|group| !want_groups.contains(*group) && is_in(group)).cloned().collect();
    change.held.groups = want_groups;
    change.silence = match (is_silent, now.status) {
        (true, "active") => Some(true),
        (false, "blocked") if before.is_silenced => Some(false),
        _ => None,
    };
    change.held.is_silenced = is_silent && (before.is_silenced || change.silence == Some(true));
    Ok(change)
}

/// The values of a draft by mHero's names; those that it does not know are not among them.
fn wanted(draft: &ContactDraft) -> Vec<(&str, &str)> {
    let mut values = vec![("name", draft.name.as_str())];
    values.extend(draft.language.as_deref().map(|language| ("language", language)));
    values.extend(draft.phones.first().map(|phone| ("phone", phone.as_str())));
    values.extend(draft.fields.iter().map(|(key, value)| (key.as_str(), value.as_str())));
    if let Some((id, kind)) = &draft.globalid {
        values.extend([(GLOBALID, id.as_str()), (ENTITY_TYPE, kind.as_str())]);
    }
    values.retain(|(_, value)| !value.is_empty());
    values
}

impl HeldOut {
    /// What a contact says, as if we had written it: for one that we know and never wrote.
    pub fn of(state: &ContactState, draft: &ContactDraft) -> Self {
        let values = wanted(draft).into_iter().map(|(key, _)| (key.to_owned(), state.value(key)));
        Self { values: values.collect(), ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn draft(name: &str, phone: &str, village: &str) -> ContactDraft {
        ContactDraft {
            name: name.into(),
            phones: vec![phone.into()],
            fields: vec![("village".into(), village.into())],
            groups: vec!["Nurses".into()],
            globalid: Some(("P1".into(), "Practitioner".into())),
            ..ContactDraft::default()
        }
    }

    fn contact(name: &str, village: &str, status: &str, groups: &[&str]) -> ContactState {
        let groups: Vec<_> = groups.iter().map(|name| json!({"uuid": "g", "name": name})).collect();
        ContactState::read(&json!({
            "uuid": "c1", "name": name, "status": status, "urns": ["tel:+231770000001"], "groups": groups,
            "fields": {"village": village, "globalid": "P1", "mheroentitytype": "Practitioner"},
        }))
        .expect("a contact")
    }

    #[test]
    fn only_what_is_as_we_left_it_is_written_over() {
        let first = draft("Ama", "+231770000001", "Zorzor");
        let there = contact("Ama", "Zorzor", "active", &["Nurses"]);
        let nothing = out_change(&there, &HeldOut::of(&there, &first), &first, false).expect("fits");
        assert!(nothing.is_nothing() && nothing.kept.is_empty());
        let held = nothing.held;
        // Ours changes, theirs does not: written. Both change: theirs stays.
        let second = draft("Ama Béa", "+231770000002", "Foya");
        let change = out_change(&there, &held, &second, false).expect("fits");
        let body = json!({"name": "Ama Béa", "urns": ["tel:+231770000002"], "fields": {"village": "Foya"}});
        assert_eq!((change.body, change.kept), (Some(body), vec![]));
        let meanwhile = contact("Ama K.", "Zorzor", "active", &[]);
        let change = out_change(&meanwhile, &held, &second, false).expect("fits");
        assert_eq!(change.kept, ["name"]);
        assert_eq!(change.body.map(|body| body["fields"].clone()), Some(json!({"village": "Foya"})));
        assert!(change.join.is_empty(), "somebody there took it out");
        // A value that we no longer know goes where it is still ours.
        let without = ContactDraft { fields: vec![], groups: vec![], ..first };
        let change = out_change(&there, &held, &without, false).expect("fits");
        assert_eq!(
            (change.body, change.leave),
            (Some(json!({"fields": {"village": null}})), vec!["Nurses".to_owned()])
        );
    }

    #[test]
    fn only_a_block_of_ours_is_lifted() {
        let said = draft("Ama", "+231770000001", "Zorzor");
        let there = contact("Ama", "Zorzor", "active", &["Nurses"]);
        let stopped = out_change(&there, &HeldOut::of(&there, &said), &said, true).expect("fits");
        assert_eq!(stopped.silence, Some(true));
        let blocked = contact("Ama", "Zorzor", "blocked", &["Nurses"]);
        let again = out_change(&blocked, &stopped.held, &said, true).expect("fits");
        assert!(again.is_nothing() && again.held.is_silenced);
        assert_eq!(out_change(&blocked, &again.held, &said, false).expect("fits").silence, Some(false));
        let theirs = out_change(&blocked, &HeldOut::of(&there, &said), &said, false).expect("fits");
        assert_eq!(theirs.silence, None);
    }
}
