//! The words of the console: Fluent texts in the reader's language, with figures and dates as that language writes them.
//!
//! Every crate brings its own file in `locales/`; they all end up here.

mod arg;
mod figures;
mod times;

use std::{borrow::Cow, collections::HashMap};

use fluent_templates::{LanguageIdentifier, Loader, fluent_bundle::FluentValue};
use mhero_core::{Lang, record::Reason};

pub use arg::{Arg, Figure, IntoArg};
pub use times::Clock;
pub(crate) use times::week;

/// The languages in which the whole console speaks, then those that fall back to English for what they lack.
pub const CONSOLE_LANGUAGES: &[Lang] = &[Lang::ENGLISH, Lang::FRENCH, Lang::PORTUGUESE, Lang::ARABIC];

fluent_templates::static_loader! {
    static LOCALES = {
        locales: "../../locales",
        fallback_language: "en",
        customise: |bundle| {
            // Isolation marks would travel into titles and messages; templates isolate phones with <bdi> instead.
            bundle.set_use_isolating(false);
            let is_french = bundle.locales.first().is_some_and(|id| id.language.as_str() == "fr");
            bundle.set_formatter(Some(if is_french { figures::in_french } else { figures::in_english }));
        },
    };
}

/// One reader's language.
#[derive(Clone, Debug)]
pub struct Words {
    lang: Lang,
    id: LanguageIdentifier,
}

impl Words {
    /// The words of a language; English where the console does not speak it.
    pub fn of(lang: Lang) -> Self {
        let lang = if CONSOLE_LANGUAGES.contains(&lang) { lang } else { Lang::ENGLISH };
        let id = lang.bcp47().parse().unwrap_or_default();
        Self { lang, id }
    }

    /// The language.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// The text of a key. A key that does not exist shows itself, so that nobody loses a page over it.
    pub fn t(&self, key: &str) -> String {
        LOCALES.lookup(&self.id, key)
    }

    /// Whether there is such a text that needs no variables.
    pub fn has(&self, key: &str) -> bool {
        LOCALES.try_lookup(&self.id, key).is_some()
    }

    /// The text of a key with its variables.
    pub fn with(&self, key: &str, args: &[(&'static str, Arg)]) -> String {
        let args: HashMap<Cow<'static, str>, FluentValue<'static>> =
            args.iter().map(|(name, arg)| (Cow::Borrowed(*name), arg.to_fluent())).collect();
        LOCALES.lookup_with_args(&self.id, key, &args)
    }

    /// The same where there is such a text, with all that it names.
    pub fn maybe(&self, key: &str, args: &[(&'static str, Arg)]) -> Option<String> {
        let args: HashMap<Cow<'static, str>, FluentValue<'static>> =
            args.iter().map(|(name, arg)| (Cow::Borrowed(*name), arg.to_fluent())).collect();
        LOCALES.try_lookup_with_args(&self.id, key, &args)
    }

    /// What another crate has to say. Its variables are texts; those that read as whole numbers count as numbers.
    pub fn reason(&self, reason: &Reason) -> String {
        let args: Vec<_> = reason.args.iter().map(|(name, value)| (*name, Arg::read(value))).collect();
        self.with(reason.key, &args)
    }

    /// The name of a language in the reader's own: "French".
    pub fn language(&self, lang: Lang) -> String {
        let key = format!("language-{}", lang.as_str());
        if self.has(&key) { self.t(&key) } else { lang.as_str().to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_in_the_readers_language_and_fall_back_to_english() {
        assert_eq!(Words::of(Lang::ENGLISH).t("nav-send"), "Send");
        assert_eq!(Words::of(Lang::FRENCH).t("nav-send"), "Envoyer");
        assert_eq!(Words::of(Lang::ARABIC).t("nav-send"), "Send");
        assert_eq!(Words::of("kpe".parse().expect("a language")).lang(), Lang::ENGLISH);
    }

    /// Keys that templates name; what stands on pages only, never in an SMS.
    fn on_pages() -> std::collections::BTreeSet<String> {
        let (mut found, mut folders) =
            (std::collections::BTreeSet::new(), vec![std::path::PathBuf::from("../../templates")]);
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).expect("templates") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let text = std::fs::read_to_string(path).expect("a template");
                let named = ["t(\"", "t1(\"", "t2(\"", "t3(\""].into_iter().flat_map(|call| text.split(call).skip(1));
                found.extend(named.filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())));
            }
        }
        found
    }

    #[test]
    fn no_line_of_a_french_page_begins_with_a_colon() {
        let (words, keys) = (Words::of(Lang::FRENCH), on_pages());
        assert!(keys.len() > 500, "{}", keys.len());
        for key in keys {
            let text = words.maybe(&key, &[]).unwrap_or_default();
            let loose =
                [" : ", " ; ", " ? ", " ! ", "« ", " »"].into_iter().find(|loose| format!("{text} ").contains(loose));
            assert_eq!(loose, None, "{key}: {text}");
        }
    }

    #[test]
    fn a_text_that_names_somebody_is_found() {
        let words = Words::of(Lang::FRENCH);
        let whom = [("whom", Arg::Text("Ama Kollie".to_owned()))];
        assert_eq!(words.maybe("did-user-added", &whom).as_deref(), Some("a ajouté l’utilisateur Ama Kollie."));
        assert_eq!(words.maybe("did-nothing-that-is-known", &whom), None);
    }

    #[test]
    fn figures_inside_texts_are_grouped_as_the_language_does() {
        let args = [("n", Arg::Count(1_106))];
        assert_eq!(Words::of(Lang::ENGLISH).with("n-people", &args), "1,106 people");
        assert_eq!(Words::of(Lang::FRENCH).with("n-people", &args), "1\u{202f}106 personnes");
        assert_eq!(Words::of(Lang::FRENCH).with("n-people", &[("n", Arg::Count(1))]), "1 personne");
    }
}
