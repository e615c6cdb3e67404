//! Results as pages show them.

use mhero_app::flows::{FlowResults, Followed, Question};

use super::view::{Bar, StatusLine, Step};
use crate::{href, marks::Mark, page::Page, words::Arg};

/// The length of the longest bar of the way from asked to complete.
const WAY: i64 = 400;
/// The length of the longest bar of a chart.
const BAR: i64 = 100;

/// From asked to complete, each step with whom it lost.
pub(super) fn steps(page: &Page, results: &FlowResults, links: bool) -> Vec<Step> {
    let funnel = results.funnel;
    let number = results.start.as_ref().map(|start| start.number).filter(|_| links);
    let people = |query: String| href::with("/people", &[("q", &query)]);
    let link = |which: &str| match (which, number) {
        ("valid", Some(number)) => people(format!("flow_start = {number}")),
        ("replied", Some(number)) => people(Followed::Replied.query(number)),
        ("silent", Some(number)) => people(Followed::Silent.query(number)),
        _ => String::new(),
    };
    let steps = [
        ("results-targeted", "f0", funnel.targeted, "", "", ""),
        ("results-valid", "f0", funnel.valid, "", "results-lost-number", ""),
        ("results-sent", "f1", funnel.sent, "", "results-lost-sent", ""),
        ("results-delivered", "f2", funnel.delivered, "", "results-lost-delivered", ""),
        ("results-replied", "f3", funnel.replied, "replied", "results-lost-silent", "silent"),
        ("results-complete", "f4", funnel.complete, "", "results-lost-way", ""),
    ];
    let mut before = funnel.targeted;
    let mut shown = Vec::with_capacity(steps.len());
    let mut losses = Vec::with_capacity(steps.len());
    for (key, class, people, who, loss_key, lost) in steps {
        let loss = (before - people).max(0);
        losses.push(loss);
        shown.push(Step {
            words: page.t(key),
            class,
            width: people.min(funnel.targeted) * WAY / funnel.targeted.max(1),
            people,
            href: link(who),
            loss: if loss > 0 { page.t1(loss_key, "n", loss) } else { String::new() },
            loss_href: if loss > 0 { link(lost) } else { String::new() },
            is_worst: false,
        });
        before = people;
    }
    let worst = losses.iter().copied().max().unwrap_or(0);
    if worst > 0
        && let Some(at) = losses.iter().position(|loss| *loss == worst)
    {
        shown[at].is_worst = true;
    }
    shown
}

/// What came out, in a sentence.
pub(super) fn said(page: &Page, results: &FlowResults) -> String {
    let funnel = results.funnel;
    if funnel.started == 0 {
        return page.t("results-said-none");
    }
    let args = [
        ("n", Arg::Count(funnel.replied)),
        ("m", Arg::Count(funnel.started)),
        ("share", Arg::Text(page.share(funnel.replied, funnel.started))),
        ("complete", Arg::Count(funnel.complete)),
    ];
    page.words.with("results-said", &args)
}

/// The mark of a status of runs.
pub(super) fn mark(status: &str) -> Mark {
    match status {
        "completed" => Mark::Good,
        "active" | "waiting" => Mark::Waiting,
        "expired" => Mark::Clock,
        "failed" => Mark::Failed,
        _ => Mark::LeftOut,
    }
}

/// The word of a status of runs.
pub(super) fn status(page: &Page, status: &str) -> String {
    let key = format!("run-{status}");
    if page.words.has(&key) { page.t(&key) } else { status.to_owned() }
}

/// Runs by status.
pub(super) fn statuses(page: &Page, results: &FlowResults) -> Vec<StatusLine> {
    let line = |(word, runs): &(String, i64)| StatusLine { mark: mark(word), words: status(page, word), runs: *runs };
    results.statuses.iter().map(line).collect()
}

/// The chart of a question; none where categories tell nothing.
pub(super) fn bars(page: &Page, question: &Question) -> Vec<Bar> {
    if question.is_open() {
        return Vec::new();
    }
    let total = question.answers();
    let most = question.categories.iter().map(|(_, runs)| *runs).max().unwrap_or(0).max(1);
    let bar = |(words, runs): &(String, i64)| Bar {
        words: words.clone(),
        runs: *runs,
        width: runs * BAR / most,
        share: page.share(*runs, total),
    };
    question.categories.iter().map(bar).collect()
}

#[cfg(test)]
mod tests {
    use jiff::{Timestamp, tz::TimeZone};
    use mhero_core::Lang;

    use super::*;
    use crate::{
        page::{Here, Ministry, Waiting},
        words::{Clock, Words},
    };

    fn page() -> Page {
        Page {
            words: Words::of(Lang::FRENCH),
            clock: Clock { now: Timestamp::UNIX_EPOCH, zone: TimeZone::UTC },
            ministry: Ministry::default(),
            reader: None,
            waiting: Waiting::default(),
            title: String::new(),
            here: Here::Flows,
            path: String::new(),
            band: None,
            toast: None,
            has_keys: true,
        }
    }

    #[test]
    fn a_chart_is_as_long_as_its_most_frequent_answer() {
        let categories = vec![("Oui".to_owned(), 30), ("Non".to_owned(), 10), ("Autre".to_owned(), 0)];
        let question = Question { key: "q".into(), name: "Q".into(), categories };
        let bars = bars(&page(), &question);
        assert_eq!(bars.iter().map(|bar| bar.width).collect::<Vec<_>>(), [100, 33, 0]);
        assert_eq!(bars[0].share, "75,0\u{202f}%");
        let open = Question { categories: vec![("Tout".to_owned(), 3)], ..question };
        assert!(super::bars(&page(), &open).is_empty());
    }
}
