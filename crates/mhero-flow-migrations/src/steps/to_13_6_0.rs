//! 13.6.0: names of results have at most 64 characters and names of categories 36; longer ones are cut.

use serde_json::Value as Json;

use crate::shape::{Map, actions, objects_mut, routers, text};

/// Characters of a result's name.
pub(super) const RESULT_NAME_MAX: usize = 64;
/// Characters of a category's name.
const CATEGORY_NAME_MAX: usize = 36;

pub(super) fn step(flow: &mut Map) {
    for action in actions(flow) {
        if text(action, "type") == "set_run_result" {
            cut(action, "name", RESULT_NAME_MAX);
            cut(action, "category", CATEGORY_NAME_MAX);
        } else {
            cut(action, "result_name", RESULT_NAME_MAX);
        }
    }
    for router in routers(flow) {
        cut(router, "result_name", RESULT_NAME_MAX);
        for category in objects_mut(router, "categories") {
            cut(category, "name", CATEGORY_NAME_MAX);
        }
    }
}

fn cut(of: &mut Map, property: &str, max: usize) {
    if let Some(Json::String(name)) = of.get_mut(property)
        && let Some((end, _)) = name.char_indices().nth(max)
    {
        name.truncate(end);
        name.truncate(name.trim_end().len());
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_are_cut_by_characters() {
        let Json::Object(mut flow) = json!({"nodes": [{
            "actions": [{"type": "set_run_result", "name": "é".repeat(70), "category": format!("{} tail", "c".repeat(35))}],
            "router": {"result_name": "x".repeat(64), "categories": [{"name": "y".repeat(37)}, {"name": "Yes"}, {}]},
        }]}) else {
            unreachable!("it is an object")
        };
        step(&mut flow);
        assert_eq!(
            flow["nodes"][0],
            json!({
                "actions": [{"type": "set_run_result", "name": "é".repeat(64), "category": "c".repeat(35)}],
                "router": {"result_name": "x".repeat(64), "categories": [{"name": "y".repeat(36)}, {"name": "Yes"}, {}]},
            })
        );
    }
}
