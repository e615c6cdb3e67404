//! What every page knows: the reader, the language, the ministry, the time, and where in the console it is.

use askama::filters::Safe;
use jiff::Timestamp;
use mhero_core::{Lang, Right, Rights};

use crate::{
    assets,
    marks::Mark,
    words::{Arg, CONSOLE_LANGUAGES, Clock, Figure, IntoArg, Words, week},
};

/// The ministry whose letterhead this is, as Settings has it.
#[derive(Clone, Debug, Default)]
pub struct Ministry {
    /// "Ministry of Health", in the reader's language.
    pub name: String,
    /// "Republic of Sewara", or empty.
    pub country: String,
    /// The short code of the ministry, where there is one.
    pub short_code: Option<String>,
    /// The sender that basic phones show: "MOH".
    pub sender: String,
    /// True in the synthetic country of `mhero demo`.
    pub is_demo: bool,
}

/// Who has signed in.
#[derive(Clone, Debug)]
pub struct Reader {
    /// Name as others see it.
    pub name: String,
    /// What they may do; pages that they may not open are absent from the navigation.
    pub rights: Rights,
}

/// Things that wait for this reader, in the navigation.
#[derive(Clone, Copy, Debug, Default)]
pub struct Waiting {
    /// Broadcasts that are being sent.
    pub live: i64,
    /// Broadcasts that wait for the reader's approval.
    pub approvals: i64,
    /// Threads that wait for an answer.
    pub threads: i64,
    /// Changes that somebody must decide.
    pub changes: i64,
    /// Pairs that may be one person.
    pub pairs: i64,
}

/// Where in the console a page belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Here {
    /// `/`
    Today,
    /// `/send`
    Send,
    /// `/broadcasts`
    Broadcasts,
    /// `/inbox`
    Inbox,
    /// `/approvals`
    Approvals,
    /// `/people`
    People,
    /// `/places`
    Places,
    /// `/audiences`
    Audiences,
    /// `/changes`
    Changes,
    /// `/links`
    Links,
    /// `/numbers`
    Numbers,
    /// `/flows`
    Flows,
    /// `/triggers`
    Triggers,
    /// `/campaigns`
    Campaigns,
    /// `/calls`
    Calls,
    /// `/exchange/dhis2`
    Dhis2,
    /// `/exchange`
    Exchanges,
    /// `/audit`
    Audit,
    /// `/reconcile`
    Reconcile,
    /// `/simulator`
    Simulator,
    /// `/settings`
    Settings,
    /// None of these: the account, an error.
    Elsewhere,
}

/// A band over the whole page: hatched for what is not real, ink for what is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Band {
    /// Real phones are ringing.
    Live(String),
    /// Test, drill, demo or simulator: a word and a sentence.
    Unreal {
        /// "Simulator"
        word: String,
        /// "Nothing on this page reaches a real phone."
        sentence: String,
    },
}

/// A sentence that follows what was just done; it stays until the next page.
#[derive(Clone, Debug)]
pub struct Toast {
    /// "Draft saved, 09:31."
    pub words: String,
    /// Where to undo it.
    pub undo: Option<String>,
}

/// One line of the navigation.
pub struct NavItem {
    /// Address.
    pub href: &'static str,
    /// Its words.
    pub words: String,
    /// True on the page itself.
    pub is_here: bool,
    /// What waits there, or empty.
    pub waiting: String,
}

/// A group of the navigation; the first has no heading.
pub struct NavGroup {
    /// Heading.
    pub words: Option<String>,
    /// Lines.
    pub items: Vec<NavItem>,
}

/// One way to switch the language.
pub struct Switch {
    /// BCP 47.
    pub tag: &'static str,
    /// The language's own name.
    pub name: &'static str,
    /// This page in that language.
    pub href: String,
    /// True for the language of the page.
    pub is_current: bool,
}

/// What every page knows. Templates ask it for words, figures and times.
#[derive(Clone, Debug)]
pub struct Page {
    /// The reader's language.
    pub words: Words,
    /// Now, and the zone in which times are said.
    pub clock: Clock,
    /// The letterhead.
    pub ministry: Ministry,
    /// Who has signed in.
    pub reader: Option<Reader>,
    /// What waits in the navigation.
    pub waiting: Waiting,
    /// Heading of the window, without the ministry.
    pub title: String,
    /// Where in the console.
    pub here: Here,
    /// Path and query of the page, for the language switch.
    pub path: String,
    /// The band over the page, before that of the demo country.
    pub band: Option<Band>,
    /// What was just done.
    pub toast: Option<Toast>,
    /// Whether keys of one letter act.
    pub has_keys: bool,
}

type Line = (&'static str, &'static str, Here, Right);

const NAVIGATION: &[(Option<&str>, &[Line])] = &[
    (
        None,
        &[
            ("/", "nav-today", Here::Today, Right::Console),
            ("/send", "nav-send", Here::Send, Right::Send),
            ("/broadcasts", "nav-broadcasts", Here::Broadcasts, Right::ReadMessages),
            ("/inbox", "nav-inbox", Here::Inbox, Right::ReadMessages),
            ("/approvals", "nav-approvals", Here::Approvals, Right::Approve),
        ],
    ),
    (
        Some("nav-register"),
        &[
            ("/people", "nav-people", Here::People, Right::ReadPeople),
            ("/places", "nav-places", Here::Places, Right::ReadPeople),
            ("/audiences", "nav-audiences", Here::Audiences, Right::ReadPeople),
            ("/changes", "nav-changes", Here::Changes, Right::ReadPeople),
            ("/links", "nav-links", Here::Links, Right::ReadPeople),
            ("/numbers", "nav-numbers", Here::Numbers, Right::ReadPeople),
        ],
    ),
    (
        Some("nav-conversations"),
        &[
            ("/flows", "nav-flows", Here::Flows, Right::ReadMessages),
            ("/triggers", "nav-triggers", Here::Triggers, Right::ReadMessages),
            ("/campaigns", "nav-campaigns", Here::Campaigns, Right::ReadMessages),
            ("/calls", "nav-calls", Here::Calls, Right::Flows),
        ],
    ),
    (
        Some("nav-system"),
        &[
            ("/exchange/dhis2", "nav-dhis2", Here::Dhis2, Right::ReadMessages),
            ("/exchange", "nav-exchanges", Here::Exchanges, Right::Audit),
            ("/audit", "nav-audit", Here::Audit, Right::Audit),
            ("/reconcile", "nav-reconcile", Here::Reconcile, Right::Audit),
            ("/simulator", "nav-simulator", Here::Simulator, Right::Send),
            ("/settings/channels", "nav-settings", Here::Settings, Right::Settings),
        ],
    ),
];

impl Page {
    /// The same page under another heading and elsewhere in the navigation.
    #[must_use]
    pub fn titled(mut self, title: impl Into<String>, here: Here) -> Self {
        self.title = title.into();
        self.here = here;
        self
    }

    /// The path of the page without its query.
    pub fn here_path(&self) -> &str {
        self.path.split_once('?').map_or(self.path.as_str(), |(path, _)| path)
    }

    /// The text of a key.
    pub fn t(&self, key: &str) -> String {
        self.words.t(key)
    }

    /// The text of a key with one variable.
    pub fn t1(&self, key: &str, name: &'static str, value: impl IntoArg) -> String {
        self.words.with(key, &[(name, value.arg())])
    }

    /// The text of a key with two variables.
    pub fn t2(&self, key: &str, n1: &'static str, v1: impl IntoArg, n2: &'static str, v2: impl IntoArg) -> String {
        self.words.with(key, &[(n1, v1.arg()), (n2, v2.arg())])
    }

    /// The text of a key with three variables; templates cannot spell a list of pairs.
    #[expect(clippy::too_many_arguments, reason = "three pairs, spelt out because templates have no pairs")]
    pub fn t3(
        &self,
        key: &str,
        n1: &'static str,
        v1: impl IntoArg,
        n2: &'static str,
        v2: impl IntoArg,
        n3: &'static str,
        v3: impl IntoArg,
    ) -> String {
        self.words.with(key, &[(n1, v1.arg()), (n2, v2.arg()), (n3, v3.arg())])
    }

    /// A count on its own.
    pub fn n(&self, count: impl Figure) -> String {
        self.words.count(count.figure())
    }

    /// A share of a whole.
    pub fn share(&self, part: impl Figure, whole: impl Figure) -> String {
        self.words.share(part.figure(), whole.figure())
    }

    /// A duration in seconds.
    pub fn span(&self, seconds: impl Figure) -> String {
        self.words.span(seconds.figure())
    }

    /// "14 May 2026".
    pub fn date(&self, at: &Timestamp) -> String {
        self.words.date(&self.clock, *at)
    }

    /// "09:34", with its day unless today.
    pub fn stamp(&self, at: &Timestamp) -> String {
        self.words.stamp(&self.clock, *at)
    }

    /// "09:34", beside something that says the day.
    pub fn hour(&self, at: &Timestamp) -> String {
        self.words.hour(&self.clock, *at)
    }

    /// "09:34:11".
    pub fn second(&self, at: &Timestamp) -> String {
        self.words.second(&self.clock, *at)
    }

    /// "09:34:11.418".
    pub fn milli(&self, at: &Timestamp) -> String {
        self.words.milli(&self.clock, *at)
    }

    /// "Today 08:41", "Monday"; "Never" for nothing.
    pub fn last(&self, at: &Option<Timestamp>) -> String {
        at.map_or_else(|| self.t("time-never"), |at| self.words.last(&self.clock, at))
    }

    /// "22 min".
    pub fn age(&self, at: &Timestamp) -> String {
        self.words.age(&self.clock, *at)
    }

    /// "Today", "Thursday 14 May 2026": above the things of a day.
    pub fn heading(&self, at: &Timestamp) -> String {
        self.words.heading(&self.clock, *at)
    }

    /// "Thursday 14 May 2026, 09:34".
    pub fn now(&self) -> String {
        self.words.now_in_full(&self.clock)
    }

    /// The epidemiological week.
    pub fn week(&self) -> i64 {
        week(&self.clock)
    }

    /// A mark with its word.
    pub fn mark(&self, mark: &Mark, word: &str) -> Safe<String> {
        Safe(mark.html(word))
    }

    /// A mark with the text of a key.
    pub fn mark_t(&self, mark: &Mark, key: &str) -> Safe<String> {
        Safe(mark.html(&self.t(key)))
    }

    /// `en`, for the `lang` attribute.
    pub fn tag(&self) -> String {
        self.words.lang().bcp47().to_owned()
    }

    /// `ltr` or `rtl`.
    pub fn dir(&self) -> &'static str {
        if self.words.lang().is_right_to_left() { "rtl" } else { "ltr" }
    }

    /// The address of a built file, with its digest.
    pub fn asset(&self, name: &str) -> String {
        assets::address(name)
    }

    /// The version that the foot shows.
    pub fn version(&self) -> &'static str {
        env!("CARGO_PKG_VERSION")
    }

    /// Whether the reader may do something.
    pub fn may(&self, right: Right) -> bool {
        self.reader.as_ref().is_some_and(|reader| reader.rights.has(right))
    }

    /// The navigation of this reader.
    pub fn nav(&self) -> Vec<NavGroup> {
        let groups = NAVIGATION.iter().map(|(heading, lines)| NavGroup {
            words: heading.map(|key| self.t(key)),
            items: lines.iter().filter(|line| self.offers(line)).map(|line| self.nav_item(line)).collect(),
        });
        groups.filter(|group| !group.items.is_empty()).collect()
    }

    /// In a demo country whoever may send is shown the phones too: they are half of what there is to try.
    fn offers(&self, &(_, _, here, right): &Line) -> bool {
        self.may(right) || (here == Here::Simulator && self.ministry.is_demo && self.may(Right::Send))
    }

    fn nav_item(&self, &(href, key, here, _): &Line) -> NavItem {
        let waiting = match here {
            Here::Broadcasts if self.waiting.live > 0 => self.t1("nav-live", "n", self.waiting.live),
            Here::Approvals if self.waiting.approvals > 0 => self.words.count(self.waiting.approvals),
            Here::Inbox if self.waiting.threads > 0 => self.words.count(self.waiting.threads),
            Here::Changes if self.waiting.changes > 0 => self.words.count(self.waiting.changes),
            Here::Links if self.waiting.pairs > 0 => self.words.count(self.waiting.pairs),
            _ => String::new(),
        };
        NavItem { href, words: self.t(key), is_here: here == self.here, waiting }
    }

    /// The other languages, each in its own name: all at the door, English and French inside.
    pub fn switches(&self) -> Vec<Switch> {
        let is_inside = self.reader.is_some();
        let offered = CONSOLE_LANGUAGES.iter().filter(|lang| match (is_inside, **lang) {
            (true, Lang::ENGLISH | Lang::FRENCH) => **lang != self.words.lang(),
            (inside, _) => !inside,
        });
        offered.map(|lang| self.switch(*lang)).collect()
    }

    fn switch(&self, lang: Lang) -> Switch {
        let (tag, name) = match lang {
            Lang::FRENCH => ("fr", "Français"),
            Lang::PORTUGUESE => ("pt", "Português"),
            Lang::ARABIC => ("ar", "العربية"),
            _ => ("en", "English"),
        };
        let (path, query) = self.path.split_once('?').unwrap_or((&self.path, ""));
        // Two strokes at the beginning would name another site.
        let path = path.trim_start_matches(['/', '\\']);
        let kept = query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("lang="));
        let query: Vec<_> = kept.map(str::to_owned).chain([format!("lang={tag}")]).collect();
        Switch { tag, name, href: format!("/{path}?{}", query.join("&")), is_current: lang == self.words.lang() }
    }

    /// The bands of the page: its own, and that of the demo country, which never hides.
    pub fn bands(&self) -> Vec<Band> {
        let demo = self
            .ministry
            .is_demo
            .then(|| Band::Unreal { word: self.t("band-demo"), sentence: self.t("band-demo-sentence") });
        self.band.clone().or(demo).into_iter().collect()
    }
}

/// A variable for texts, from handlers: a count.
pub fn count(count: i64) -> Arg {
    Arg::Count(count)
}

/// A variable for texts, from handlers: words.
pub fn text(words: impl Into<String>) -> Arg {
    Arg::Text(words.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::tz::TimeZone;
    use mhero_core::Role;

    fn page(role: Role, path: &str) -> Page {
        Page {
            words: Words::of(Lang::ENGLISH),
            clock: Clock { now: Timestamp::UNIX_EPOCH, zone: TimeZone::UTC },
            ministry: Ministry::default(),
            reader: Some(Reader { name: "Hawa Karnley".into(), rights: Rights::of([role]) }),
            waiting: Waiting::default(),
            title: String::new(),
            here: Here::Today,
            path: path.to_owned(),
            band: None,
            toast: None,
            has_keys: true,
        }
    }

    #[test]
    fn what_a_role_may_not_open_is_absent() {
        let hrefs = |role| -> Vec<_> {
            page(role, "/").nav().into_iter().flat_map(|group| group.items).map(|item| item.href).collect()
        };
        assert!(hrefs(Role::Admin).contains(&"/settings/channels"));
        assert!(!hrefs(Role::District).contains(&"/settings/channels"));
        assert!(!hrefs(Role::Auditor).contains(&"/send"));
    }

    #[test]
    fn the_language_switch_keeps_the_query() {
        let switches = page(Role::Admin, "/people?q=cadre+%3D+midwife&lang=en&page=2").switches();
        assert_eq!(switches.len(), 1);
        assert_eq!(switches[0].href, "/people?q=cadre+%3D+midwife&page=2&lang=fr");
    }
}
