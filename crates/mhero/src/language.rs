//! The language of the person at the command line.

use mhero_core::Lang;

/// Variables that say it, strongest first.
const VARIABLES: [&str; 3] = ["LC_ALL", "LC_MESSAGES", "LANG"];

/// The language to answer in: the one asked for, else the environment's, else English.
pub fn of(asked: Option<Lang>) -> Lang {
    let from = |name: &&str| std::env::var(name).ok().filter(|value| !value.is_empty());
    asked.unwrap_or_else(|| VARIABLES.iter().find_map(from).map_or(Lang::ENGLISH, |locale| read(&locale)))
}

/// The language of a locale such as `fr_LR.UTF-8`; English for `C`, `POSIX` and what is unknown.
fn read(locale: &str) -> Lang {
    let name = locale.split(['.', '@']).next().unwrap_or_default();
    name.parse().unwrap_or(Lang::ENGLISH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locale_names_its_language() {
        for (locale, expected) in [
            ("fr_LR.UTF-8", Lang::FRENCH),
            ("fr", Lang::FRENCH),
            ("en_GB.UTF-8", Lang::ENGLISH),
            ("C.UTF-8", Lang::ENGLISH),
            ("POSIX", Lang::ENGLISH),
            ("pt_GW@euro", Lang::PORTUGUESE),
        ] {
            assert_eq!(read(locale), expected, "{locale}");
        }
    }
}
