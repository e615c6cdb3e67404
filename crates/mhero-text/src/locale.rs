//! Which of the languages that something is written in suits a reader best.

/// Two-letter codes (ISO 639-1) with the three-letter ones (ISO 639-3) of the same language.
const TWO_LETTERS: &str = "aa aar ab abk af afr ak aka sq sqi am amh ar ara an arg hy hye as asm av ava ae ave ay aym az aze bm bam \
    ba bak eu eus be bel bn ben bi bis bs bos br bre bg bul my mya ca cat ch cha ce che ny nya zh zho cv chv kw cor co cos cr cre \
    hr hrv cs ces da dan dv div nl nld dz dzo en eng eo epo et est ee ewe fo fao fj fij fi fin fr fra ff ful gl glg ka kat de deu \
    el ell gn grn gu guj ht hat ha hau he heb hz her hi hin ho hmo hu hun ia ina id ind ie ile ga gle ig ibo ik ipk io ido is isl \
    it ita iu iku ja jpn jv jav kl kal kn kan kr kau ks kas kk kaz km khm ki kik rw kin ky kir kv kom kg kon ko kor ku kur kj kua \
    la lat lb ltz lg lug li lim ln lin lo lao lt lit lu lub lv lav gv glv mk mkd mg mlg ms msa ml mal mt mlt mi mri mr mar mh mah \
    mn mon na nau nv nav nd nde ne nep ng ndo nb nob nn nno no nor ii iii nr nbl oc oci oj oji om orm or ori os oss pa pan pi pli \
    fa fas pl pol ps pus pt por qu que rm roh rn run ro ron ru rus sa san sc srd sd snd se sme sm smo sg sag sr srp gd gla sn sna \
    si sin sk slk sl slv so som st sot es spa su sun sw swa ss ssw sv swe ta tam te tel tg tgk th tha ti tir bo bod tk tuk tl tgl \
    tn tsn to ton tr tur ts tso tt tat tw twi ty tah ug uig uk ukr ur urd uz uzb ve ven vi vie vo vol wa wln cy cym wo wol fy fry \
    xh xho yi yid yo yor za zha zu zul";

/// Languages that read one another: other codes for what is nearly the same, each with the code that stands for both.
const SAME: &[(&str, &str)] = &[
    ("fil", "tgl"),
    ("nob", "nor"),
    ("nno", "nor"),
    ("cmn", "zho"),
    ("arb", "ara"),
    ("swh", "swa"),
    ("zsm", "msa"),
    ("pes", "fas"),
];

/// The country that is meant where a language stands alone.
const HOMES: &[(&str, &str)] = &[
    ("afr", "ZA"),
    ("amh", "ET"),
    ("ara", "EG"),
    ("ben", "BD"),
    ("dan", "DK"),
    ("deu", "DE"),
    ("ell", "GR"),
    ("eng", "US"),
    ("fas", "IR"),
    ("fra", "FR"),
    ("ful", "SN"),
    ("hau", "NG"),
    ("hin", "IN"),
    ("ita", "IT"),
    ("kin", "RW"),
    ("lin", "CD"),
    ("msa", "MY"),
    ("nld", "NL"),
    ("orm", "ET"),
    ("por", "BR"),
    ("ron", "RO"),
    ("rus", "RU"),
    ("som", "SO"),
    ("spa", "ES"),
    ("srp", "RS"),
    ("swa", "TZ"),
    ("swe", "SE"),
    ("tam", "IN"),
    ("tgl", "PH"),
    ("urd", "PK"),
    ("yor", "NG"),
    ("zho", "CN"),
];

/// Countries that write a language alike, with the country that they follow. The others follow the last entry of their language, which
/// names no country of its own.
const FAMILIES: &[(&str, &str, &[&str])] = &[
    ("eng", "US", &["US", "AS", "CA", "GU", "MH", "MP", "PH", "PR", "UM", "VI", "LR"]),
    ("eng", "GB", &[]),
    ("spa", "ES", &["ES", "AD", "EA", "GQ", "IC", "PH"]),
    ("spa", "419", &[]),
    ("por", "BR", &["BR"]),
    ("por", "PT", &[]),
    ("zho", "CN", &["CN", "SG", "MY"]),
    ("zho", "TW", &[]),
    ("ara", "MA", &["MA", "DZ", "EH", "LY", "MR", "TN"]),
    ("ara", "EG", &[]),
];

/// A language in three letters, and its country in capitals where one is given.
struct Locale {
    language: String,
    country: Option<String>,
}

impl Locale {
    /// Reads `eng`, `en`, `eng-US`, `en_US`, `zh-Hant-TW`.
    fn of(text: &str) -> Self {
        let mut parts = text.trim().split(['-', '_']);
        let code = parts.next().unwrap_or_default().to_lowercase();
        let pairs: Vec<&str> = TWO_LETTERS.split_whitespace().collect();
        let long = pairs.chunks(2).find(|pair| pair[0] == code).map_or(code.as_str(), |pair| pair[1]);
        let language = SAME.iter().find(|(other, _)| *other == long).map_or(long, |(_, same)| same).to_owned();
        let rest: Vec<String> = parts.map(str::to_uppercase).collect();
        let is_country =
            |part: &&String| part.len() == 2 || (part.len() == 3 && part.bytes().all(|b| b.is_ascii_digit()));
        let country = rest.iter().find(is_country).map(|country| match country.as_str() {
            "UK" => "GB".to_owned(),
            other => other.to_owned(),
        });
        // A script without a country says which family of countries is meant.
        let script = rest.iter().find(|part| part.len() == 4).map(String::as_str);
        let country = country.or_else(|| match (language.as_str(), script) {
            ("zho", Some("HANT")) => Some("TW".to_owned()),
            _ => None,
        });
        Self { language, country }
    }

    fn home(&self) -> Option<&str> {
        let known = || HOMES.iter().find(|(language, _)| *language == self.language).map(|(_, country)| *country);
        self.country.as_deref().or_else(known)
    }

    /// The country that this one follows in writing the language.
    fn family(&self) -> Option<&'static str> {
        let country = self.home()?;
        let mut own = FAMILIES.iter().filter(|(language, ..)| *language == self.language);
        own.find(|(.., members)| members.is_empty() || members.contains(&country)).map(|(_, head, _)| *head)
    }

    /// How far another locale is from this one; less is better, none when it is another language.
    fn distance(&self, other: &Self) -> Option<u8> {
        if self.language != other.language {
            return None;
        }
        Some(match (self.home(), other.home()) {
            (own, theirs) if own == theirs => u8::from(self.country.is_some() != other.country.is_some()),
            // What stands without a country is meant for all who find nothing nearer.
            (_, theirs) if self.family() == other.family() && theirs.is_some() && theirs == other.family() => 2,
            _ if self.family() == other.family() && self.family().is_some() => 3,
            _ if other.country.is_none() => 4,
            _ => 5,
        })
    }
}

/// The place of the locale that suits a reader best: the nearest one of the first preferred language that there is, else the first of
/// all. `None` only when none is available. Languages are written `eng`, `en`, `eng-US` or `en_US`.
///
/// ```
/// use mhero_text::best_locale;
/// assert_eq!(best_locale(&["eng-US"], &["es_EC", "en-US"]), Some(1));
/// assert_eq!(best_locale(&["spa"], &["es-EC", "es-ES"]), Some(1));
/// assert_eq!(best_locale(&["swa", "fra-GN"], &["en", "fr_FR", "fr_CA"]), Some(1));
/// assert_eq!(best_locale(&["kpe"], &["en", "fr"]), Some(0));
/// ```
pub fn best_locale(preferred: &[impl AsRef<str>], available: &[impl AsRef<str>]) -> Option<usize> {
    let there: Vec<Locale> = available.iter().map(|one| Locale::of(one.as_ref())).collect();
    let nearest = |wanted: &Locale| {
        let found = there.iter().enumerate().filter_map(|(at, one)| Some((wanted.distance(one)?, at)));
        found.min().map(|(_, at)| at)
    };
    let best = preferred.iter().find_map(|one| nearest(&Locale::of(one.as_ref())));
    best.or_else(|| (!there.is_empty()).then_some(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_country_is_taken() {
        for (preferred, available, best) in [
            (&["eng-KE"][..], &["en_US", "en_GB"][..], "en_GB"),
            (&["eng-LR"], &["en_GB", "en_US"], "en_US"),
            (&["spa-PE"], &["es_ES", "es_MX"], "es_MX"),
            (&["por-MZ"], &["pt_BR", "pt_PT"], "pt_PT"),
            (&["fra-GN"], &["fr_CA", "fr"], "fr"),
            (&["zho-HK"], &["zh_CN", "zh_TW"], "zh_TW"),
            (&["eng"], &["es-US", "en-UK"], "en-UK"),
            (&["fil"], &["en", "tl"], "tl"),
            (&[], &["en"], "en"),
        ] {
            assert_eq!(best_locale(preferred, available).map(|at| available[at]), Some(best), "{preferred:?}");
        }
        assert_eq!(best_locale(&["eng"], &[] as &[&str]), None);
    }

    #[test]
    fn every_code_has_its_pair() {
        let codes: Vec<&str> = TWO_LETTERS.split_whitespace().collect();
        assert!(codes.chunks(2).all(|pair| pair.len() == 2 && pair[0].len() == 2 && pair[1].len() == 3));
    }
}
