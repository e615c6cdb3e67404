//! `/flows/library`: ready use cases, explained, and added with a press.

use std::collections::HashSet;

use axum::{extract::Path, http::StatusCode, response::Response};
use mhero_app::flows::library;
use mhero_core::{LangMap, Right};
use serde_json::Value as Json;

use super::{
    report,
    view::{LibraryPage, Stretch, UseCase, UseCasePage},
};
use crate::{
    errors::{Fault, Refusal, show as answer},
    page::Here,
    state::Signed,
};

/// `GET /flows/library`.
pub(super) async fn list(signed: Signed) -> Result<Response, Fault> {
    let known = known(&signed).await?;
    let page = signed.page("flows-library", Here::Flows);
    let best = |names: &LangMap| names.best(page.words.lang()).to_owned();
    let case = |entry: &library::Entry| UseCase {
        name: best(&entry.names),
        about: best(&entry.summaries),
        href: format!("/flows/library/{}", entry.key),
        is_here: is_here(&known, &entry.key),
    };
    let cases = library::entries().iter().map(case).collect();
    Ok(answer(StatusCode::OK, &LibraryPage { page, cases }))
}

/// `GET /flows/library/{key}`.
pub(super) async fn page(signed: Signed, Path(key): Path<String>) -> Result<Response, Fault> {
    let lang = signed.page.words.lang();
    let entry = library::entry(&key).ok_or(Refusal::NotFound)?;
    let text = library::page(&key, lang).ok_or(Refusal::NotFound)?;
    let known = known(&signed).await?;
    let name = entry.names.best(lang).to_owned();
    let shown = UseCasePage {
        page: signed.page.clone().titled(&name, Here::Flows),
        name,
        href: format!("/flows/library/{key}"),
        stretches: stretches(&text),
        is_here: is_here(&known, &key),
    };
    Ok(answer(StatusCode::OK, &shown))
}

/// `POST /flows/library/{key}`: adds the use case, and tells what came of it.
pub(super) async fn add(signed: Signed, Path(key): Path<String>) -> Result<Response, Fault> {
    signed.must(Right::Flows)?;
    let entry = library::entry(&key).ok_or(Refusal::NotFound)?;
    let read = signed.app.load_from_library(&signed.caller, &key).await?;
    let name = signed.page.t1("flows-library-added", "name", entry.names.best(signed.page.words.lang()));
    Ok(answer(StatusCode::OK, &report::page(&signed, &read, &name)))
}

/// The flows that are here, by id.
async fn known(signed: &Signed) -> Result<HashSet<String>, Fault> {
    let flows = signed.app.flows(&signed.caller, false).await?;
    Ok(flows.into_iter().map(|flow| flow.row.id.to_string()).collect())
}

/// Whether every flow of a use case is here.
fn is_here(known: &HashSet<String>, key: &str) -> bool {
    let export = library::export(key).and_then(|bytes| serde_json::from_slice::<Json>(&bytes).ok());
    let flows = export.as_ref().and_then(|export| export["flows"].as_array());
    flows.is_some_and(|flows| flows.iter().all(|flow| flow["uuid"].as_str().is_some_and(|id| known.contains(id))))
}

/// An explanation as stretches. Its own heading is left out: the page has it.
fn stretches(markdown: &str) -> Vec<Stretch> {
    let mut all: Vec<Stretch> = Vec::new();
    let mut is_kept = false;
    for line in markdown.lines() {
        let text = line.trim();
        if text.starts_with("```") {
            is_kept = !is_kept;
            if is_kept {
                all.push(Stretch::Kept(String::new()));
            }
            continue;
        }
        match all.last_mut() {
            Some(Stretch::Kept(kept)) if is_kept => {
                kept.push_str(line);
                kept.push('\n');
                continue;
            }
            _ => {}
        }
        if let Some(head) = text.strip_prefix("## ").or_else(|| text.strip_prefix("### ")) {
            all.push(Stretch::Head(head.to_owned()));
        } else if text.starts_with("# ") {
            continue;
        } else if text.starts_with('|') {
            match all.last_mut() {
                Some(Stretch::Kept(table)) => {
                    table.push('\n');
                    table.push_str(text);
                }
                _ => all.push(Stretch::Kept(text.to_owned())),
            }
        } else if let Some(item) = text.strip_prefix("- ").or_else(|| text.strip_prefix("* ")) {
            match all.last_mut() {
                Some(Stretch::List(items)) => items.push(inline(item)),
                _ => all.push(Stretch::List(vec![inline(item)])),
            }
        } else if text.is_empty() {
            all.push(Stretch::Words(String::new()));
        } else {
            let open = match all.last_mut() {
                Some(Stretch::List(items)) => items.last_mut(),
                Some(Stretch::Words(words)) => Some(words),
                _ => None,
            };
            match open {
                Some(open) if !open.is_empty() => {
                    open.push(' ');
                    open.push_str(&inline(text));
                }
                Some(open) => open.push_str(&inline(text)),
                None => all.push(Stretch::Words(inline(text))),
            }
        }
    }
    all.retain(|stretch| *stretch != Stretch::Words(String::new()));
    all
}

/// A line as safe HTML: `code`, **bold** and *italics* are kept, all else is text.
fn inline(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(at) = rest.find(['`', '*', '<', '>', '&', '"']) {
        html.push_str(&rest[..at]);
        let found = &rest[at..];
        let marks = [("**", "<b>", "</b>"), ("`", "<code>", "</code>"), ("*", "<i>", "</i>")];
        let pair = marks.iter().find_map(|(mark, open, close)| {
            let inside = found.strip_prefix(mark)?;
            let end = inside.find(mark).filter(|end| *end > 0)?;
            Some((open, &inside[..end], close, &inside[end + mark.len()..]))
        });
        if let Some((open, inside, close, after)) = pair {
            html.push_str(open);
            html.push_str(&escaped(inside));
            html.push_str(close);
            rest = after;
        } else {
            let one = found.chars().next().map_or(1, char::len_utf8);
            html.push_str(&escaped(&found[..one]));
            rest = &found[one..];
        }
    }
    html.push_str(rest);
    html
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_explanation_becomes_headings_words_and_lists() {
        let page = "# Join\n\nAn unknown\nnumber.\n\n## How\n\n- One: `JOIN <name>`,\n  and on.\n- **Two** & *three*\n";
        let expected = [
            Stretch::Words("An unknown number.".to_owned()),
            Stretch::Head("How".to_owned()),
            Stretch::List(vec![
                "One: <code>JOIN &lt;name&gt;</code>, and on.".to_owned(),
                "<b>Two</b> &amp; <i>three</i>".to_owned(),
            ]),
        ];
        assert_eq!(stretches(page), expected);
    }

    #[test]
    fn what_is_no_mark_is_text() {
        assert_eq!(inline("<script>2 * 3 ` \"x\""), "&lt;script&gt;2 * 3 ` &quot;x&quot;");
    }

    #[test]
    fn every_use_case_is_explained_in_both_languages() {
        for entry in library::entries() {
            for lang in [mhero_core::Lang::ENGLISH, mhero_core::Lang::FRENCH] {
                let text = library::page(&entry.key, lang).expect("a page");
                assert!(stretches(&text).len() > 3, "{} in {lang}", entry.key);
            }
        }
    }
}
