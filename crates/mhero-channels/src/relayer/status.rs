//! How a phone says it is: battery, charger, network, device.

use jiff::{SignedDuration, Timestamp};
use mhero_core::record::Reason;
use serde_json::{Value, json};

/// After this time without a word a phone counts as lost.
const SILENT_AFTER: SignedDuration = SignedDuration::from_mins(15);
/// Below this, in percent, a battery that is not charged is trouble.
const BATTERY_LOW: i64 = 20;
/// Longest of what a phone tells about itself, in letters.
const WORD_MAX: usize = 60;

/// How a phone is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Status {
    /// The battery, in percent.
    level: Option<i64>,
    /// Where the power comes from: AC, USB, WIR, BAT.
    source: String,
    /// What the battery does: CHA, DIS, NOT, FUL, UNK.
    charge: String,
    /// The network for data, as the phone names it.
    network: String,
    device: String,
    system: String,
    version: String,
}

impl Status {
    /// Reads the command `status`.
    pub(super) fn of(command: &Value) -> Self {
        let text = |key: &str| match &command[key] {
            Value::String(text) => text.chars().filter(|c| !c.is_control()).take(WORD_MAX).collect(),
            Value::Number(number) => number.to_string(),
            _ => String::new(),
        };
        let level = command["p_lvl"].as_i64().or_else(|| command["p_lvl"].as_str()?.trim().parse().ok());
        Self {
            level: level.filter(|level| (0..=100).contains(level)),
            source: text("p_src"),
            charge: text("p_sts"),
            network: text("net"),
            device: text("dev"),
            system: text("os"),
            version: text("app_version"),
        }
    }

    /// As it is kept.
    pub(super) fn kept(&self) -> String {
        json!({
            "p_lvl": self.level, "p_src": self.source, "p_sts": self.charge, "net": self.network,
            "dev": self.device, "os": self.system, "app_version": self.version,
        })
        .to_string()
    }

    /// Reads what was kept.
    pub(super) fn read(kept: &str) -> Self {
        serde_json::from_str(kept).map(|kept| Self::of(&kept)).unwrap_or_default()
    }

    fn is_charging(&self) -> bool {
        matches!(self.charge.as_str(), "CHA" | "FUL") || matches!(self.source.as_str(), "AC" | "USB" | "WIR")
    }

    /// Whether it has said nothing for so long that it counts as lost.
    pub(super) fn is_silent(&self, seen_at: i64, now: Timestamp) -> bool {
        now.duration_since(Timestamp::from_microsecond(seen_at).unwrap_or(now)) >= SILENT_AFTER
    }

    /// What is wrong, where something is.
    pub(super) fn trouble(&self, seen_at: i64, now: Timestamp) -> Option<Reason> {
        if self.is_silent(seen_at, now) {
            let silent = now.duration_since(Timestamp::from_microsecond(seen_at).unwrap_or(now));
            return Some(Reason::new("android-silent", [("minutes", silent.as_mins().to_string())]));
        }
        let low = self.level.filter(|level| *level < BATTERY_LOW && !self.is_charging());
        low.map(|level| Reason::new("android-battery-low", [("level", level.to_string())]))
    }

    /// What an administrator may want to know, a sentence each.
    pub(super) fn facts(&self, seen_at: i64, now: Timestamp) -> Vec<Reason> {
        let silent = now.duration_since(Timestamp::from_microsecond(seen_at).unwrap_or(now));
        let mut facts = vec![if silent.as_mins() < 1 {
            Reason::plain("android-heard-now")
        } else {
            Reason::new("android-heard", [("minutes", silent.as_mins().to_string())])
        }];
        if let Some(level) = self.level {
            let key = if self.is_charging() { "android-battery-charging" } else { "android-battery" };
            facts.push(Reason::new(key, [("level", level.to_string())]));
        }
        if !self.network.is_empty() {
            facts.push(Reason::new("android-network", [("network", self.network.clone())]));
        }
        if !self.device.is_empty() {
            let device = [("device", self.device.clone()), ("version", self.version.clone())];
            facts.push(Reason::new("android-device", device));
        }
        facts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_says_how_it_is_and_what_is_wrong() {
        let now: Timestamp = "2026-11-22T09:00:00Z".parse().expect("an instant");
        let seen = now.as_microsecond();
        let low =
            json!({"p_lvl": 12, "p_src": "BAT", "p_sts": "DIS", "net": "WIFI", "dev": "SM-A04", "app_version": "1.9"});
        let low = Status::of(&low);
        assert_eq!(low.trouble(seen, now).map(|reason| reason.key), Some("android-battery-low"));
        assert_eq!(Status::read(&low.kept()), low);
        assert_eq!(low.facts(seen, now).len(), 4);
        let fed = Status::of(&json!({"p_lvl": "12", "p_src": "USB", "p_sts": "CHA"}));
        assert_eq!(fed.trouble(seen, now), None);
        let silent = fed.trouble(seen, now + SignedDuration::from_mins(20)).expect("it is silent");
        assert_eq!((silent.key, silent.args[0].1.as_str()), ("android-silent", "20"));
        assert_eq!(Status::of(&json!({"p_lvl": 900})).level, None);
        assert_eq!(Status::read("nonsense"), Status::default());
    }
}
