//! 14.0.0: times after which a flow expires are brought into the allowed range, and categories without a name get one.

use std::ops::RangeInclusive;

use crate::shape::{Map, objects_mut, routers, text};

const EXPIRY: &str = "expire_after_minutes";
/// Minutes that a conversation by text may wait: five minutes to two weeks.
const MESSAGING: RangeInclusive<i64> = 5..=20_160;
/// Minutes that a call may last without a word.
const VOICE: RangeInclusive<i64> = 1..=15;
/// What a category is called that has no name.
const NAMELESS: &str = "Match";

pub(super) fn step(flow: &mut Map) {
    let range = match text(flow, "type") {
        "messaging" => Some(MESSAGING),
        "voice" => Some(VOICE),
        // The others never wait for long, or wait elsewhere.
        _ => None,
    };
    if let (Some(range), Some(minutes)) = (range, flow.get(EXPIRY)) {
        // Zero meant never, to which the longest time is nearest.
        let mended = match minutes.as_i64() {
            Some(..=0) => Some(*range.end()),
            Some(minutes) => Some(minutes.clamp(*range.start(), *range.end())),
            None => minutes.is_number().then_some(*range.end()),
        };
        match mended {
            Some(minutes) => drop(flow.insert(EXPIRY.to_owned(), minutes.into())),
            None => drop(flow.shift_remove(EXPIRY)),
        }
    }
    for router in routers(flow) {
        for category in objects_mut(router, "categories").filter(|category| is_nameless(category)) {
            category.insert("name".to_owned(), NAMELESS.into());
        }
    }
}

fn is_nameless(category: &Map) -> bool {
    category.get("name").is_none_or(|name| name.is_null() || name.as_str().is_some_and(|name| name.trim().is_empty()))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;

    #[test]
    fn expiries_and_names_are_mended() {
        for (kind, given, mended) in [
            ("messaging", json!(0), json!(20_160)),
            ("messaging", json!(1), json!(5)),
            ("messaging", json!("soon"), Json::Null),
            ("messaging", json!(1e30), json!(20_160)),
            ("voice", json!(5), json!(5)),
            ("messaging_background", json!(0), json!(0)),
        ] {
            let Json::Object(mut flow) = json!({"type": kind, "expire_after_minutes": given}) else { unreachable!() };
            step(&mut flow);
            assert_eq!(flow.get(EXPIRY).cloned().unwrap_or_default(), mended, "{kind} {given}");
        }
        let Json::Object(mut flow) =
            json!({"nodes": [{"router": {"categories": [{"name": ""}, {"name": "Yes"}, {}]}}]})
        else {
            unreachable!()
        };
        step(&mut flow);
        assert_eq!(
            flow["nodes"][0]["router"]["categories"],
            json!([{"name": "Match"}, {"name": "Yes"}, {"name": "Match"}])
        );
    }
}
