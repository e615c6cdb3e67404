//! Names of months and days, for the languages that we have them in.

use mhero_core::Lang;

/// The names in one language; weeks start with Sunday.
pub(super) struct Names {
    pub(super) months: &'static [&'static str],
    pub(super) short_months: &'static [&'static str],
    pub(super) days: &'static [&'static str],
    pub(super) short_days: &'static [&'static str],
    /// Before and after noon, where the language has its own signs.
    pub(super) halves: Option<[&'static str; 2]>,
}

/// The names in the first of these languages that we have, else in English.
pub(super) fn of(languages: &[Lang]) -> &'static Names {
    let known = languages.iter().find_map(|lang| match lang.as_str() {
        "eng" => Some(&ENGLISH),
        "ara" => Some(&ARABIC),
        "fra" => Some(&FRENCH),
        "por" => Some(&PORTUGUESE),
        "spa" => Some(&SPANISH),
        _ => None,
    });
    known.unwrap_or(&ENGLISH)
}

static ENGLISH: Names = Names {
    months: &[
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    short_months: &["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    days: &["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"],
    short_days: &["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"],
    halves: None,
};

static FRENCH: Names = Names {
    months: &[
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    short_months: &["janv.", "févr.", "mars", "avril", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."],
    days: &["dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"],
    short_days: &["dim.", "lun.", "mar.", "mer.", "jeu.", "ven.", "sam."],
    halves: None,
};

static PORTUGUESE: Names = Names {
    months: &[
        "janeiro",
        "fevereiro",
        "março",
        "abril",
        "maio",
        "junho",
        "julho",
        "agosto",
        "setembro",
        "outubro",
        "novembro",
        "dezembro",
    ],
    short_months: &["jan", "fev", "mar", "abr", "mai", "jun", "jul", "ago", "set", "out", "nov", "dez"],
    days: &["domingo", "segunda", "terça", "quarta", "quinta", "sexta", "sábado"],
    short_days: &["dom", "seg", "ter", "qua", "qui", "sex", "sáb"],
    halves: None,
};

static SPANISH: Names = Names {
    months: &[
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ],
    short_months: &["ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"],
    days: &["domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"],
    short_days: &["dom", "lun", "mar", "mié", "jue", "vie", "sáb"],
    halves: None,
};

static ARABIC: Names = Names {
    months: &[
        "يناير",
        "فبراير",
        "مارس",
        "أبريل",
        "مايو",
        "يونيو",
        "يوليو",
        "أغسطس",
        "سبتمبر",
        "أكتوبر",
        "نوفمبر",
        "ديسمبر",
    ],
    short_months: &["ينا", "فبر", "مار", "أبر", "ماي", "يون", "يول", "أغس", "سبت", "أكت", "نوف", "ديس"],
    days: &["الأحد", "الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت"],
    short_days: &["ح", "ن", "ث", "ر", "خ", "ج", "س"],
    halves: Some(["ص", "م"]),
};
