//! Reads routers and what they wait for.

use std::sync::Arc;

use uuid::Uuid;

use super::{Object, Tree, cut};
use crate::{
    definition::{
        Case, Category, DialWait, Exit, FlowKind, Hint, MsgWait, Router, RouterKind, Text, Timeout, Wait, limits,
    },
    error::{DefinitionFault, Part, Rule},
};

/// The router tests, as the specification names them; the last four are undocumented but live in old flows.
const TESTS: &[&str] = &[
    "has_error",
    "has_text",
    "has_only_text",
    "has_phrase",
    "has_only_phrase",
    "has_any_word",
    "has_all_words",
    "has_beginning",
    "has_pattern",
    "has_number",
    "has_number_between",
    "has_number_lt",
    "has_number_lte",
    "has_number_eq",
    "has_number_gte",
    "has_number_gt",
    "has_date",
    "has_date_lt",
    "has_date_eq",
    "has_date_gt",
    "has_time",
    "has_phone",
    "has_email",
    "has_group",
    "has_state",
    "has_district",
    "has_ward",
    "has_category",
    "has_intent",
    "has_top_intent",
    "has_value",
];

/// What is wrong with a router, and where in it.
pub(super) struct Wrong {
    pub(super) part: Part,
    pub(super) case: Option<Uuid>,
    pub(super) fault: DefinitionFault,
}

/// The fault of a form.
fn malformed(fault: DefinitionFault) -> Wrong {
    Wrong { part: Part::RouterForm, case: None, fault }
}

/// The fault of a router within its node.
fn misplaced(fault: DefinitionFault) -> Wrong {
    Wrong { part: Part::Router, case: None, fault }
}

/// A router as it stands, with categories by uuid.
#[derive(Default)]
struct Form {
    timeout: Option<(u32, Uuid)>,
    cases: Vec<(Uuid, Arc<str>, Vec<Text>, Uuid)>,
    default: Option<Uuid>,
}

/// Reads a router and checks that it fits its node and flow.
pub(super) fn read<'a>(json: &'a Tree<'a>, exits: &[Exit], kind: FlowKind) -> Result<Router, Wrong> {
    let mut object = Object::new(json);
    let word = object.needed_word("type");
    let random = match word {
        "switch" | "" => false,
        "random" => true,
        other => return Err(malformed(DefinitionFault::UnknownType { what: "router", word: cut(other) })),
    };
    too_many(&object, "categories", limits::CATEGORIES_MAX)?;
    if !random {
        too_many(&object, "cases", limits::CASES_MAX)?;
    }
    let mut form = Form::default();
    let result_name = object.result_name();
    let wait = wait(&mut object, &mut form).map_err(malformed)?;
    let categories = categories(&mut object);
    let operand = (!random).then(|| {
        let operand = object.needed_text("operand", limits::TEXT_LENGTH_MAX);
        cases(&mut object, &mut form);
        form.default = object.some_uuid("default_category_uuid");
        operand
    });
    object.finish().map_err(malformed)?;
    resolve(form, operand, Router { kind: RouterKind::Random, wait, result_name, categories }, exits, kind)
}

fn too_many(object: &Object<'_>, what: &'static str, max: usize) -> Result<(), Wrong> {
    let has = object.get(what).and_then(Tree::as_list).map_or(0, <[_]>::len);
    if has > max { Err(misplaced(DefinitionFault::TooManyInRouter { what, max, has })) } else { Ok(()) }
}

fn wait(object: &mut Object<'_>, form: &mut Form) -> Result<Option<Wait>, DefinitionFault> {
    let Some(json) = object.get("wait") else { return Ok(None) };
    object.inner("wait", json, |object| match object.needed_word("type") {
        // Without a type the object has a fault already.
        "msg" | "" => {
            form.timeout = object.get("timeout").map(|json| object.inner("timeout", json, timeout));
            // Where it leads is known once the categories are.
            let timeout = form.timeout.map(|(seconds, _)| Timeout { seconds, category: 0 });
            Ok(Some(Wait::Msg(MsgWait { hint: hint(object)?, timeout })))
        }
        "dial" => Ok(Some(Wait::Dial(DialWait {
            phone: object.needed_text("phone", limits::TEXT_LENGTH_MAX),
            dial_limit_seconds: object.some_whole("dial_limit_seconds"),
            call_limit_seconds: object.some_whole("call_limit_seconds"),
        }))),
        other => Err(DefinitionFault::UnknownType { what: "wait", word: cut(other) }),
    })
}

fn timeout(object: &mut Object<'_>) -> (u32, Uuid) {
    let seconds = object.some_whole("seconds");
    if seconds.is_none() {
        object.fault("seconds", Rule::Required);
    }
    (seconds.unwrap_or_default(), object.uuid("category_uuid"))
}

fn hint(object: &mut Object<'_>) -> Result<Option<Hint>, DefinitionFault> {
    let Some(json) = object.get("hint") else { return Ok(None) };
    object.inner("hint", json, |object| {
        Ok(Some(match object.needed_word("type") {
            "audio" => Hint::Audio,
            "image" => Hint::Image,
            "location" => Hint::Location,
            "video" => Hint::Video,
            "digits" => {
                let terminated_by = object.word("terminated_by");
                Hint::Digits {
                    count: object.some_whole("count"),
                    terminated_by: (!terminated_by.is_empty()).then(|| terminated_by.into()),
                }
            }
            "" => return Ok(None),
            other => return Err(DefinitionFault::UnknownType { what: "hint", word: cut(other) }),
        }))
    })
}

fn categories(object: &mut Object<'_>) -> Vec<Category> {
    let items = object.list("categories", limits::CATEGORIES_MAX);
    if items.is_empty() {
        object.fault("categories", Rule::AtLeast(1));
    }
    let category = |object: &mut Object<'_>| {
        let uuid = object.uuid("uuid");
        let name = object.needed_word("name");
        if super::longer(name, limits::CATEGORY_LENGTH_MAX) {
            object.fault("name", Rule::Kind("category name"));
        }
        Category { uuid, name: name.into(), exit_uuid: object.uuid("exit_uuid"), exit: 0 }
    };
    object.each("categories", items, category)
}

fn cases(object: &mut Object<'_>, form: &mut Form) {
    let items = object.list("cases", limits::CASES_MAX);
    let case = |object: &mut Object<'_>| {
        let uuid = object.uuid("uuid");
        let test = object.needed_name("type", limits::NAME_LENGTH_MAX);
        if object.get("arguments").and_then(Tree::as_list).is_some_and(|items| items.len() > limits::ARGUMENTS_MAX) {
            object.fault("arguments", Rule::AtMost(limits::ARGUMENTS_MAX));
        }
        (uuid, test, object.texts("arguments", limits::TEXT_LENGTH_MAX), object.uuid("category_uuid"))
    };
    form.cases = object.each("cases", items, case);
}

/// Puts places for uuids.
fn resolve(
    form: Form,
    operand: Option<Text>,
    mut router: Router,
    exits: &[Exit],
    kind: FlowKind,
) -> Result<Router, Wrong> {
    for category in &mut router.categories {
        let place = exits.iter().position(|exit| exit.uuid == category.exit_uuid);
        category.exit = place.ok_or_else(|| {
            misplaced(DefinitionFault::UnknownExit { category: category.uuid, exit: category.exit_uuid })
        })?;
    }
    let place = |what: &'static str, uuid: Uuid| {
        let place = router.categories.iter().position(|category| category.uuid == uuid);
        place.ok_or_else(|| misplaced(DefinitionFault::UnknownCategory { what, category: uuid }))
    };
    if let Some(wait) = &router.wait
        && !wait.allowed_in(kind)
    {
        return Err(misplaced(DefinitionFault::WaitNotAllowed { wait: wait.word(), flow: kind.word() }));
    }
    let timeout = form.timeout.map(|(_, uuid)| place("timeout category", uuid)).transpose()?;
    if let Some(operand) = operand {
        let default_category = form.default.map(|uuid| place("default category", uuid)).transpose()?;
        let mut cases = Vec::with_capacity(form.cases.len());
        for (uuid, test, arguments, category) in form.cases {
            let within = |wrong: Wrong| Wrong { part: Part::Case, case: Some(uuid), ..wrong };
            if !TESTS.contains(&&*test) {
                return Err(within(misplaced(DefinitionFault::UnknownTest(cut(&test)))));
            }
            cases.push(Case { uuid, test, arguments, category: place("category", category).map_err(within)? });
        }
        router.kind = RouterKind::Switch { operand, cases, default_category };
    }
    if let (Some(Wait::Msg(MsgWait { timeout: Some(to), .. })), Some(category)) = (&mut router.wait, timeout) {
        to.category = category;
    }
    Ok(router)
}
