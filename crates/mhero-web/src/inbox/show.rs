//! The inbox as it stands.

use mhero_app::{
    rows::{ThreadFilter, ThreadRow as Stored},
    threads::Conversation,
};
use mhero_core::{Right, ThreadId, limits::PAGE_ROWS, timestamp};
use uuid::Uuid;

use super::view::{InboxPage, Thread, ThreadRow};
use crate::{
    errors::Fault,
    page::{Here, Page},
    parts::{Choice, Editor, letters, lines},
    state::Signed,
};

/// The aim: an answer within so many seconds.
const AIM_SECONDS: i64 = 2 * 3_600;
/// The name and id of the field of the answer.
pub(super) const FIELD: &str = "answer";

/// Which threads are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum List {
    /// Those that wait.
    Waiting,
    /// Those of the reader.
    Mine,
    /// All that are open.
    All,
    /// Those that are closed.
    Closed,
}

impl List {
    /// The list of an address.
    pub(super) fn of(owner: Option<&str>, state: Option<&str>) -> Self {
        match (owner, state) {
            (_, Some("closed")) => Self::Closed,
            (Some("me"), _) => Self::Mine,
            (Some("all"), _) => Self::All,
            _ => Self::Waiting,
        }
    }

    /// Its query in addresses.
    const fn query(self) -> &'static str {
        match self {
            Self::Waiting => "",
            Self::Mine => "?owner=me",
            Self::All => "?owner=all",
            Self::Closed => "?state=closed",
        }
    }

    const fn key(self) -> &'static str {
        match self {
            Self::Waiting => "inbox-waiting",
            Self::Mine => "inbox-mine-only",
            Self::All => "inbox-all",
            Self::Closed => "inbox-closed",
        }
    }
}

/// What was typed and why it was not sent.
#[derive(Clone, Debug, Default)]
pub(super) struct Refused {
    /// The answer.
    pub(super) text: String,
    /// Why.
    pub(super) fault: String,
}

/// The whole page.
pub(super) async fn page(
    signed: &Signed,
    list: List,
    before: i64,
    open: Option<ThreadId>,
    refused: Option<Refused>,
) -> Result<InboxPage, Fault> {
    signed.must(Right::ReadMessages)?;
    let mut page = signed.page("nav-inbox", Here::Inbox);
    let (state, filter) = match list {
        List::Waiting => ("open", ThreadFilter::Waiting),
        List::Mine => ("open", ThreadFilter::Mine),
        List::All => ("open", ThreadFilter::All),
        List::Closed => ("closed", ThreadFilter::All),
    };
    let mut found = signed.app.threads(&signed.caller, state, filter, before, PAGE_ROWS + 1).await?;
    let page_rows = usize::try_from(PAGE_ROWS).unwrap_or(usize::MAX);
    let has_more = found.len() > page_rows;
    found.truncate(page_rows);
    let sign = if list.query().is_empty() { "?" } else { "&" };
    let next = found.last().filter(|_| has_more);
    let next = next.map(|last| format!("/inbox{}{sign}before={}", list.query(), last.heard_at));
    let mut rows = Vec::with_capacity(found.len());
    for thread in &found {
        rows.push(row(signed, &page, thread, list, open).await?);
    }
    let (waiting, _) = signed.app.waiting_threads(&signed.caller).await?;
    let fault = refused.as_ref().map(|refused| refused.fault.clone());
    let thread = match open {
        Some(id) => Some(self::open(signed, &page, id, refused).await?),
        None => None,
    };
    if let Some(thread) = &thread {
        page.title.clone_from(&thread.name);
    }
    let filters = [List::Waiting, List::Mine, List::All, List::Closed].map(|one| Choice {
        value: format!("/inbox{}", one.query()),
        words: page.t(one.key()),
        people: (one == List::Waiting).then_some(waiting),
        is_on: one == list,
    });
    Ok(InboxPage {
        waiting,
        filters: filters.into(),
        rows,
        next,
        back: format!("/inbox{}", list.query()),
        thread,
        once: Uuid::now_v7().to_string(),
        fault,
        page,
    })
}

async fn name_of(signed: &Signed, thread: &Stored) -> Result<String, Fault> {
    if !thread.person_name.is_empty() {
        return Ok(thread.person_name.clone());
    }
    Ok(signed.app.numbering_cached().await?.masked(&thread.path))
}

async fn row(
    signed: &Signed,
    page: &Page,
    thread: &Stored,
    list: List,
    open: Option<ThreadId>,
) -> Result<ThreadRow, Fault> {
    let since = timestamp(thread.waiting_since.unwrap_or(thread.heard_at));
    let waits = page.clock.now.as_second() - since.as_second();
    let place = thread.place_name.as_ref().map(|names| names.best(page.words.lang()).to_owned());
    Ok(ThreadRow {
        name: name_of(signed, thread).await?,
        text: thread.last_text.clone().unwrap_or_default(),
        place: place.unwrap_or_else(|| page.t("inbox-stranger")),
        since,
        is_late: thread.waiting_since.is_some() && waits > AIM_SECONDS,
        href: format!("/inbox/{}{}", thread.id, list.query()),
        is_open: open == Some(thread.id),
    })
}

async fn open(signed: &Signed, page: &Page, id: ThreadId, refused: Option<Refused>) -> Result<Thread, Fault> {
    let conversation = signed.app.conversation(&signed.caller, id).await?;
    let Conversation { thread, messages, is_stopped } = &conversation;
    let name = name_of(signed, thread).await?;
    let first = match thread.person_name.split_whitespace().next() {
        Some(first) => first.to_owned(),
        None => name.clone(),
    };
    let names = lines::broadcasts_of(&signed.app, &signed.caller, messages).await?;
    let may_answer = page.may(Right::Answer);
    let is_closed = thread.state != "open";
    let release =
        |message: &mhero_app::rows::MessageRow| may_answer.then(|| format!("/inbox/{id}/doubles/{}", message.id));
    let talk = lines::talk(page, messages, &names, release);
    let language = thread.language.unwrap_or_else(|| page.words.lang());
    let mut editor = Editor::blank(FIELD, page.t1("inbox-answer", "name", &first), language);
    letters::weigh(&mut editor, refused.as_ref().map_or("", |refused| refused.text.as_str()));
    editor.aside = page.t1("inbox-free", "name", &first);
    let place = thread.place_name.as_ref().map(|names| names.best(page.words.lang()).to_owned());
    let place = place.unwrap_or_else(|| page.t("inbox-stranger"));
    Ok(Thread {
        id: id.to_string(),
        href: (!thread.person_name.is_empty()).then(|| format!("/people/{}", thread.person)),
        about: format!("{place}, {}", page.words.language(language)),
        phone: signed.app.numbering_cached().await?.masked(&thread.path),
        owners: if may_answer && !is_closed { owners(signed, page, thread) } else { Vec::new() },
        earlier: None,
        talk,
        cannot_answer: is_stopped.then(|| page.t1("inbox-stopped", "name", &first)),
        editor: (may_answer && !is_closed && !is_stopped).then_some(editor),
        label: thread.label.clone().unwrap_or_default(),
        is_closed,
        name,
        first,
    })
}

/// Nobody, the reader, and whoever has it now.
fn owners(signed: &Signed, page: &Page, thread: &Stored) -> Vec<Choice> {
    let choice =
        |value: &str, key: &str, is_on| Choice { value: value.into(), words: page.t(key), people: None, is_on };
    let is_mine = thread.owner == Some(signed.user.id);
    let mut owners = vec![choice("", "inbox-nobody", thread.owner.is_none()), choice("me", "inbox-me", is_mine)];
    if thread.owner.is_some() && !is_mine {
        owners.push(choice("other", "inbox-other", true));
    }
    owners
}
