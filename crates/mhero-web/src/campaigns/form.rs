//! The form of an event: what was typed, as an event that is to be.

use jiff::civil::Time;
use mhero_app::campaigns::{NewCampaignEvent, OffsetUnit};
use mhero_core::Lang;

use super::{
    told,
    view::{EventForm, TextField},
};
use crate::{
    errors::Fault,
    page::Page,
    parts::Choice,
    state::{Signed, id},
};

/// What a form sent, name by name.
#[derive(Clone, Debug, Default)]
pub(super) struct Fields(pub(super) Vec<(String, String)>);

impl Fields {
    /// The value of a name, or nothing.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
    }

    /// The event that is to be. A number that is none becomes one that is refused with its reason.
    pub(super) fn read(&self, languages: &[Lang]) -> Result<NewCampaignEvent, Fault> {
        let offset: i64 = self.get("offset").trim().parse().unwrap_or(i64::MAX / 2);
        let hour = self.get("hour");
        let flow = match self.get("flow") {
            "" => None,
            flow => Some(id(flow)?),
        };
        let text = |lang: &Lang| {
            let text = self.get(&format!("text-{lang}")).replace("\r\n", "\n").trim().to_owned();
            (!text.is_empty()).then_some((*lang, text))
        };
        Ok(NewCampaignEvent {
            field: self.get("field").to_owned(),
            offset: if self.get("side") == "before" { -offset } else { offset },
            unit: OffsetUnit::of(self.get("unit")).unwrap_or(OffsetUnit::Days),
            hour: if hour.is_empty() { None } else { Some(hour.parse().unwrap_or(-1)) },
            flow,
            texts: if flow.is_some() { Vec::new() } else { languages.iter().filter_map(text).collect() },
            mode: self.get("mode").chars().next().unwrap_or('I'),
        })
    }
}

/// The form with what was typed.
pub(super) async fn filled(signed: &Signed, page: &Page, fields: &Fields) -> Result<EventForm, Fault> {
    let choice = |value: &str, words: String, on: &str| Choice {
        value: value.to_owned(),
        words,
        people: None,
        is_on: value == on,
    };
    let or = |name: &str, other: &str| match fields.get(name) {
        "" => other.to_owned(),
        value => value.to_owned(),
    };
    let dates = signed.app.campaign_dates(&signed.caller).await?;
    let keys = dates.iter().map(|(key, _)| key.as_str()).chain(told::OWN_DATES);
    let flows = signed.app.flows(&signed.caller, false).await?;
    let message = choice("", page.t("campaign-a-message"), fields.get("flow"));
    let flows = flows.iter().map(|flow| choice(&flow.row.id.to_string(), flow.row.name.clone(), fields.get("flow")));
    let hour = |hour: i8| {
        let words = Time::new(hour, 0, 0, 0).map(|time| page.words.wall_time(time)).unwrap_or_default();
        choice(&hour.to_string(), words, fields.get("hour"))
    };
    let languages = signed.app.facts_cached().await?.languages.clone();
    let text = |lang: Lang| TextField {
        code: lang.to_string(),
        tag: lang.bcp47().to_owned(),
        label: page.t1("campaign-text", "language", page.words.language(lang)),
        text: fields.get(&format!("text-{lang}")).to_owned(),
    };
    let some = |words: &[&str], key: &str, on: &str| {
        words.iter().map(|word| choice(word, page.t(&format!("{key}-{word}")), on)).collect::<Vec<_>>()
    };
    Ok(EventForm {
        fields: keys.map(|key| choice(key, told::field(page, key, &dates), fields.get("field"))).collect(),
        offset: or("offset", "1"),
        units: some(&["M", "H", "D", "W"], "campaign-unit", &or("unit", "D")),
        sides: some(&["before", "after"], "campaign-side", &or("side", "before")),
        hours: [choice("", page.t("campaign-own-hour"), fields.get("hour"))]
            .into_iter()
            .chain((0..24).map(hour))
            .collect(),
        flows: [message].into_iter().chain(flows).collect(),
        texts: languages.into_iter().map(text).collect(),
        modes: some(&told::MODES, "campaign-mode", &or("mode", "I")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        Fields(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn before_is_less_than_nothing() {
        let typed = fields(&[
            ("field", "appointment"),
            ("offset", "3"),
            ("side", "before"),
            ("unit", "D"),
            ("hour", "9"),
            ("text-eng", "Come on Monday"),
            ("text-fra", " "),
            ("mode", "S"),
        ]);
        let event = typed.read(&[Lang::ENGLISH, Lang::FRENCH]).expect("an event");
        assert_eq!((event.offset, event.hour, event.mode), (-3, Some(9), 'S'));
        assert_eq!(event.texts, [(Lang::ENGLISH, "Come on Monday".to_owned())]);
        let wrong = fields(&[("offset", "soon"), ("hour", "noon")]).read(&[]).expect("an event that is refused");
        assert!(wrong.offset > 1_000_000);
        assert_eq!(wrong.hour, Some(-1));
    }
}
