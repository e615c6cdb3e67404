//! What starts a flow by itself, read for use: which trigger a text, a call or a new person pulls.

use mhero_core::{ChannelId, FlowId, GroupId, TriggerId};
use mhero_query::fold;
use mhero_store::TriggerRow;
use serde::{Deserialize, Serialize};

/// Weights by which the most specific of several triggers wins: a channel counts more than groups, groups more than excluded
/// ones.
const BY_CHANNEL: u8 = 4;
const BY_GROUPS: u8 = 2;
const BY_EXCLUDED: u8 = 1;

/// Where a keyword must stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeywordPlace {
    /// The text begins with the word.
    FirstWord,
    /// The text is nothing else.
    OnlyWord,
    /// The text begins with these letters, whatever follows them: `STOCK12` for `stock`.
    Start,
}

/// What pulls a trigger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TriggerTerms {
    /// A text with one of these words.
    Keyword {
        /// The words, folded.
        words: Vec<String>,
        /// Where they must stand.
        place: KeywordPlace,
    },
    /// A text that nothing else takes.
    CatchAll,
    /// A call that was not taken.
    MissedCall,
    /// The clock.
    Schedule {
        /// A cron expression of five fields.
        cron: String,
        /// The zone of it, an IANA name.
        zone: String,
        /// For whom, in the query language.
        query: String,
    },
    /// Somebody became known.
    NewPerson,
}

/// A trigger, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trigger {
    /// Its id.
    pub id: TriggerId,
    /// The flow that it starts.
    pub flow: FlowId,
    /// What pulls it.
    pub terms: TriggerTerms,
    /// The person must be in one of these; anybody when there are none.
    pub groups: Vec<GroupId>,
    /// The person must be in none of these.
    pub exclude: Vec<GroupId>,
    /// Only by this channel.
    pub channel: Option<ChannelId>,
    /// Whether it breaks into any conversation, and its answers leave as alerts.
    pub urgent: bool,
    /// Version, for guards.
    pub version: i64,
}

/// A word that pulled a trigger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pulled {
    /// The trigger.
    pub(crate) trigger: Trigger,
    /// The word.
    pub(crate) word: String,
}

impl TriggerTerms {
    /// The kind as the store names it.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Keyword { .. } => "keyword",
            Self::CatchAll => "catch_all",
            Self::MissedCall => "missed_call",
            Self::Schedule { .. } => "schedule",
            Self::NewPerson => "new_person",
        }
    }

    /// Whether what pulls it comes to this installation: a text, a call, somebody new. The clock starts a flow wherever it runs.
    pub const fn is_pulled_here(&self) -> bool {
        !matches!(self, Self::Schedule { .. })
    }

    /// The word of these terms that a text has at the right place.
    fn word_in(&self, text: &str) -> Option<&str> {
        let Self::Keyword { words, place } = self else { return None };
        let text = fold(text);
        let mut tokens = text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|token| !token.is_empty());
        let (first, second) = (tokens.next()?, tokens.next());
        let found = match place {
            KeywordPlace::FirstWord => words.iter().find(|word| *word == first),
            KeywordPlace::OnlyWord => words.iter().find(|word| *word == first && second.is_none()),
            KeywordPlace::Start => words.iter().find(|word| text.trim_start().starts_with(word.as_str())),
        };
        found.map(String::as_str)
    }
}

impl Trigger {
    /// Reads a stored trigger; one that can't be read pulls nothing.
    pub(crate) fn read(row: &TriggerRow) -> Option<Self> {
        let read = || {
            Ok::<_, serde_json::Error>(Self {
                id: row.id,
                flow: row.flow,
                terms: serde_json::from_str(&row.terms)?,
                groups: serde_json::from_str(&row.groups)?,
                exclude: serde_json::from_str(&row.exclude)?,
                channel: row.channel,
                urgent: row.urgent,
                version: row.version,
            })
        };
        read().map_err(|error| tracing::error!(trigger = %row.id, %error, "a trigger can't be read")).ok()
    }

    /// Whether it does what a new one would do.
    pub(super) fn is_like(&self, new: &super::trigger_desk::NewTrigger) -> bool {
        let same_words = match (&self.terms, &new.terms) {
            (TriggerTerms::Keyword { words, place }, TriggerTerms::Keyword { words: others, place: other }) => {
                place == other && others.iter().all(|word| words.contains(&fold(word.trim())))
            }
            (one, two) => one == two,
        };
        same_words && self.groups == new.groups && self.exclude == new.exclude
    }

    /// How specific it is; the most specific of several wins.
    const fn weight(&self) -> u8 {
        let mut weight = 0;
        if self.channel.is_some() {
            weight += BY_CHANNEL;
        }
        if !self.groups.is_empty() {
            weight += BY_GROUPS;
        }
        if !self.exclude.is_empty() {
            weight += BY_EXCLUDED;
        }
        weight
    }

    fn is_for(&self, channel: ChannelId, groups: &[GroupId]) -> bool {
        self.channel.is_none_or(|own| own == channel) && self.is_for_groups(groups)
    }

    /// Whether it is for somebody in these groups.
    pub(crate) fn is_for_groups(&self, groups: &[GroupId]) -> bool {
        (self.groups.is_empty() || self.groups.iter().any(|group| groups.contains(group)))
            && !self.exclude.iter().any(|group| groups.contains(group))
    }

    /// The conditions under which its words must be its own, as the store compares them.
    pub(super) fn conditions(&self) -> String {
        let list = |ids: &[GroupId]| {
            let mut ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
            ids.sort_unstable();
            ids.join(",")
        };
        let channel = self.channel.map(|id| id.to_string()).unwrap_or_default();
        format!("{channel}|{}|{}", list(&self.groups), list(&self.exclude))
    }
}

/// The trigger that a text pulls: the most specific, of equals the one made first.
pub(crate) fn pulled_by_text(
    triggers: &[Trigger],
    text: &str,
    channel: ChannelId,
    groups: &[GroupId],
    urgent_only: bool,
) -> Option<Pulled> {
    let fitting = triggers.iter().filter(|t| (!urgent_only || t.urgent) && t.is_for(channel, groups));
    let mut best: Option<Pulled> = None;
    for trigger in fitting {
        let Some(word) = trigger.terms.word_in(text) else { continue };
        if best.as_ref().is_none_or(|best| trigger.weight() > best.trigger.weight()) {
            best = Some(Pulled { trigger: trigger.clone(), word: word.to_owned() });
        }
    }
    best
}

/// The trigger of a kind without terms of its own that fits best.
pub(crate) fn pulled(
    triggers: &[Trigger],
    terms: &TriggerTerms,
    channel: ChannelId,
    groups: &[GroupId],
) -> Option<Trigger> {
    let fitting = triggers.iter().filter(|t| t.terms == *terms && t.is_for(channel, groups));
    let mut best: Option<&Trigger> = None;
    for trigger in fitting {
        if best.is_none_or(|best| trigger.weight() > best.weight()) {
            best = Some(trigger);
        }
    }
    best.cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trigger(n: u128, words: &[&str], place: KeywordPlace) -> Trigger {
        let words = words.iter().map(|word| fold(word)).collect();
        Trigger {
            id: TriggerId::from_uuid(uuid::Uuid::from_u128(n)),
            flow: FlowId::from_uuid(uuid::Uuid::from_u128(n)),
            terms: TriggerTerms::Keyword { words, place },
            groups: Vec::new(),
            exclude: Vec::new(),
            channel: None,
            urgent: false,
            version: 1,
        }
    }

    #[test]
    fn words_count_where_they_must_stand() {
        let channel = ChannelId::from_uuid(uuid::Uuid::nil());
        for (place, text, pulls) in [
            (KeywordPlace::FirstWord, "STOCK 12", true),
            (KeywordPlace::FirstWord, " Stock: 12", true),
            (KeywordPlace::FirstWord, "STOCK12", false),
            (KeywordPlace::FirstWord, "no stock", false),
            (KeywordPlace::OnlyWord, "stock!", true),
            (KeywordPlace::OnlyWord, "stock 12", false),
            (KeywordPlace::Start, "stock12", true),
            (KeywordPlace::Start, "my stock", false),
            (KeywordPlace::FirstWord, "", false),
        ] {
            let triggers = [trigger(1, &["Stock"], place)];
            assert_eq!(pulled_by_text(&triggers, text, channel, &[], false).is_some(), pulls, "{place:?} {text}");
        }
    }

    #[test]
    fn the_most_specific_wins_and_excluded_groups_do_not() {
        let channel = ChannelId::from_uuid(uuid::Uuid::nil());
        let group = GroupId::from_uuid(uuid::Uuid::from_u128(9));
        let anybody = trigger(1, &["join"], KeywordPlace::FirstWord);
        let members = Trigger { groups: vec![group], ..trigger(2, &["join"], KeywordPlace::FirstWord) };
        let others = Trigger { exclude: vec![group], ..trigger(3, &["join"], KeywordPlace::FirstWord) };
        let all = [anybody, members.clone(), others.clone()];
        let chosen = |groups: &[GroupId]| pulled_by_text(&all, "join", channel, groups, false).map(|p| p.trigger.id);
        assert_eq!(chosen(&[group]), Some(members.id));
        assert_eq!(chosen(&[]), Some(others.id));
    }
}
