//! Contacts and messages apart from flows: values of fields, smart groups, quick replies, templates, translations.

use std::{collections::BTreeMap, path::Path};

use mhero_core::Lang;
use mhero_flow::{
    actions::{broadcast_content, preview, templating},
    assets::{Assets, Field, MsgTemplate},
    contact::{Contact, FieldValue},
    definition::QuickReply,
    environment::Environment,
    events::MsgContent,
};
use serde_json::{Value as Json, json};

use super::{
    actions::{self, Start},
    cases::text,
    modifiers::{apply, each_case, from, same},
    whole,
};
use crate::{Tally, pack::read};

/// Runs the family.
pub(crate) fn run(dir: &Path, tally: &mut Tally) {
    each_case(dir, tally, "broadcast_translations.json", broadcast);
    match fixture(dir) {
        Ok(assets) => each_case(dir, tally, "field_parse.json", |case| field(&assets, case)),
        Err(why) => tally.case("field_parse.json", "file", Err(why)),
    }
    each_case(dir, tally, "quick_reply_json.json", reply_json);
    each_case(dir, tally, "quick_reply_text.json", reply_text);
    smart_groups(dir, tally);
    each_case(dir, tally, "templating.json", template);
    translations(dir, tally);
}

fn fixture(dir: &Path) -> Result<Assets, String> {
    whole::assets(&read(&dir.parent().unwrap_or(dir).join("fixtures/session/assets.json"))?)
}

fn broadcast(case: &Json) -> Result<(), String> {
    let environment: Environment = from(&case["env"])?;
    let translations: BTreeMap<Lang, MsgContent> = from(&case["translations"])?;
    let (base, own): (Lang, Lang) = (from(&case["baseLanguage"])?, from(&case["contactLanguage"])?);
    let (content, locale) = broadcast_content(&translations, base, Some(own), &environment);
    same(&case["expectedContent"], &dump(&content), &[])?;
    if case["expectedLocale"] == *locale { Ok(()) } else { Err(format!("locale {locale}")) }
}

/// Content with each list, `null` where it is empty.
fn dump(content: &MsgContent) -> Json {
    let attachments = if content.attachments.is_empty() { Json::Null } else { json!(content.attachments) };
    let replies = if content.quick_replies.is_empty() { Json::Null } else { json!(content.quick_replies) };
    json!({"text": content.text, "attachments": attachments, "quick_replies": replies})
}

fn field(assets: &Assets, case: &Json) -> Result<(), String> {
    let field: Field = from(&case["field"]["Field"])?;
    let environment: Environment = from(&json!({"date_format": "DD-MM-YYYY", "timezone": "America/Guayaquil"}))?;
    let mut contact = nobody()?;
    let mut value = None;
    apply(&mut contact, &environment, assets, |change| value = FieldValue::parse(&field, text(case, "value"), change));
    let typed = |kind: &str, value: Option<String>| match value {
        Some(value) => json!({"t": kind, "v": value}),
        None => json!({"t": "null"}),
    };
    let place = |path: &Option<std::sync::Arc<str>>| path.as_deref().unwrap_or_default().to_owned();
    let actual = value.map_or(Json::Null, |value| {
        let mut datetime = typed("datetime", value.datetime.as_ref().map(|at| at.timestamp().to_string()));
        if let (Some(at), Some(tz)) = (&value.datetime, case["expected"]["datetime"].get("tz")) {
            datetime["tz"] = tz.clone();
            datetime["v"] = json!(at.strftime("%Y-%m-%dT%H:%M:%S%.f%:z").to_string());
        }
        json!({
            "text": {"t": "text", "v": value.text},
            "number": typed("number", value.number.as_ref().map(ToString::to_string)),
            "datetime": datetime,
            "state": place(&value.state),
            "district": place(&value.district),
            "ward": place(&value.ward),
        })
    });
    same(&case["expected"], &actual, &[])
}

fn nobody() -> Result<Contact, String> {
    from(&json!({"uuid": "5d76d86b-3bb9-4d5a-b822-c9d86f5d8e4f", "created_on": "2018-06-20T11:40:30Z"}))
}

fn reply_json(case: &Json) -> Result<(), String> {
    let json: Json = serde_json::from_str(text(case, "json")).map_err(|error| error.to_string())?;
    let reply: QuickReply = from(&json)?;
    same(&case["expected"], &json!(reply), &[])
}

fn reply_text(case: &Json) -> Result<(), String> {
    let reply = QuickReply::parse(text(case, "text"));
    same(&case["expected"], &json!(reply), &[])?;
    if reply.short() == text(case, "text") { Ok(()) } else { Err(format!("written back as {}", reply.short())) }
}

fn smart_groups(dir: &Path, tally: &mut Tally) {
    let file = "smart_groups.json";
    let assets = read(&dir.join("smart_groups.assets.json")).and_then(|json| whole::assets(&json));
    let assets = match assets {
        Ok(assets) => assets,
        Err(why) => return tally.case(file, "assets", Err(why)),
    };
    let Some(cases) = tally.load(dir, file) else { return };
    for (n, case) in cases.as_array().into_iter().flatten().enumerate() {
        tally.case(file, n, regrouped(&assets, case));
    }
}

fn regrouped(assets: &Assets, case: &Json) -> Result<(), String> {
    let mut contact: Contact = from(&case["contact_before"])?;
    let redacts = case["redact_urns"] == true;
    let environment: Environment = from(&json!({"redaction_policy": if redacts { "urns" } else { "none" }}))?;
    apply(&mut contact, &environment, assets, |change| {
        change.reevaluate_groups();
    });
    same(&case["contact_after"], &json!(contact), &[&case["contact_before"]])
}

fn template(case: &Json) -> Result<(), String> {
    let json: Json = serde_json::from_str(text(case, "template")).map_err(|error| error.to_string())?;
    let template: MsgTemplate = from(&json)?;
    let translation = template.translations.first().ok_or("the template has no translation")?;
    let values: Vec<std::sync::Arc<str>> = from(&case["variables"])?;
    let filled = templating(&template, translation, &values);
    let shown = preview(translation, &filled);
    let filled = json!({"template": filled.template, "components": filled.components, "variables": filled.variables});
    same(&case["expectedTemplating"], &filled, &[&case["expectedTemplating"]])?;
    same(&case["expectedPreview"], &dump(&shown), &[])
}

fn translations(dir: &Path, tally: &mut Tally) {
    let file = "translations.json";
    let assets = match read(&dir.join("translation_assets.json")) {
        Ok(assets) => assets,
        Err(why) => return tally.case(file, "assets", Err(why)),
    };
    each_case(dir, tally, file, |case| translated(&assets, case));
}

fn translated(assets: &Json, case: &Json) -> Result<(), String> {
    let action: Json = serde_json::from_str(text(case, "msgAction")).map_err(|error| error.to_string())?;
    let mut assets = assets.clone();
    assets["flows"][0]["nodes"][0]["actions"] = json!([action]);
    let played = actions::play(&Start {
        assets: &assets,
        contact: json!({
            "uuid": "5d76d86b-3bb9-4d5a-b822-c9d86f5d8e4f", "status": "active", "created_on": "2018-06-20T11:40:30Z",
            "language": case["contactLang"], "urns": ["telegram:345765375445"],
        }),
        environment: json!({"allowed_languages": case["envLangs"]}),
        trigger: json!({
            "type": "manual", "triggered_on": "2018-06-20T11:40:30Z", "flow": {
                "uuid": assets["flows"][0]["uuid"], "name": assets["flows"][0]["name"],
            },
        }),
        call: Json::Null,
        mocks: Json::Null,
    })?;
    let events = json!(played.events);
    let made = events.as_array().into_iter().flatten().find(|event| event["type"] == "msg_created");
    let msg = &made.ok_or("no message was made")?["msg"];
    let list = |key: &str| if msg[key].is_null() { json!([]) } else { msg[key].clone() };
    same(&case["expectedText"], &msg["text"], &[])?;
    same(&case["expectedAttachments"], &list("attachments"), &[])?;
    same(&case["expectedQuickReplies"], &list("quick_replies"), &[])
}
