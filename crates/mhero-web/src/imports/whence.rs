//! Where a record stood and what it is, in the reader's language.

use crate::{page::Page, words::IntoArg};

/// "staff.csv, row 12", of which the readers of files and registries know the English only.
pub(crate) fn whence(page: &Page, origin: &str) -> String {
    if let Some((file, row)) = origin.rsplit_once(", row ").filter(|(_, row)| is_number(row)) {
        return page.t2("origin-row", "file", file, "n", row);
    }
    let Some((kind, rest)) = origin.rsplit_once(", page ") else { return origin.to_owned() };
    let kind = self::kind(page, kind);
    match rest.split_once(", ") {
        None if is_number(rest) => page.t2("origin-page", "kind", kind, "page", rest),
        Some((number, entry)) if is_number(number) => {
            let entry = entry.strip_prefix("entry ").unwrap_or(entry);
            let args = [("kind", kind.arg()), ("page", number.arg()), ("n", entry.arg())];
            page.words.with("origin-entry", &args)
        }
        _ => origin.to_owned(),
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The source's word for a kind of record, as people call it.
pub(crate) fn kind(page: &Page, kind: &str) -> String {
    let key = format!("record-kind-{}", kind.to_ascii_lowercase());
    if page.words.has(&key) { page.t(&key) } else { kind.to_owned() }
}
