//! How another clerk writes down the same person: the errors of the field, drawn from a seed.

use rand::{RngExt, SeedableRng, rngs::StdRng};

/// Chances of one error each, for one record. They follow what the field reports: phones change, births are estimated, names are
/// written by ear.
const TYPO: f64 = 0.08;
const BY_EAR: f64 = 0.25;
const SHORT_FORM: f64 = 0.3;
const ACCENTS_LOST: f64 = 0.8;
const PARTS_SWAPPED: f64 = 0.03;

/// Short and other forms of the country's given names.
const FORMS: &[(&str, &str)] = &[
    ("Joseph", "Joe"),
    ("Samuel", "Sam"),
    ("Daniel", "Dan"),
    ("David", "Dave"),
    ("Richard", "Rick"),
    ("Stephen", "Steve"),
    ("Patrick", "Pat"),
    ("James", "Jim"),
    ("Victoria", "Vicky"),
    ("Deborah", "Debbie"),
    ("Rebecca", "Becky"),
    ("Josephine", "Josie"),
    ("Theresa", "Terry"),
    ("Annie", "Ann"),
    ("Mohamed", "Momo"),
    ("Ibrahim", "Brima"),
    ("Ibrahima", "Ibrahim"),
    ("Mamadou", "Mohamed"),
    ("Fatu", "Fatou"),
    ("Fatoumata", "Fatou"),
    ("Aïssatou", "Aissata"),
    ("Isatu", "Aissatou"),
    ("Kadiatou", "Kadiatu"),
    ("Boubacar", "Abubakar"),
    ("Aboubacar", "Abu"),
    ("Abdoulaye", "Abdul"),
    ("Ousmane", "Osman"),
    ("Moussa", "Musa"),
    ("Jean", "John"),
    ("Pierre", "Peter"),
];
/// Family names as the other side of the border spells them.
const ACROSS: &[(&str, &str)] = &[
    ("Camara", "Kamara"),
    ("Diallo", "Jalloh"),
    ("Kolié", "Kollie"),
    ("Bangoura", "Bangura"),
    ("Touré", "Turay"),
    ("Fofana", "Fofanah"),
    ("Sylla", "Sillah"),
    ("Traoré", "Trawally"),
    ("Koroma", "Kourouma"),
];

/// A clerk with a stream of chance.
pub struct Clerk(StdRng);

impl Clerk {
    pub fn new(seed: u64) -> Self {
        Self(StdRng::seed_from_u64(seed))
    }

    pub fn chance(&mut self, probability: f64) -> bool {
        self.0.random::<f64>() < probability
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        self.0.random_range(0..end.max(1))
    }

    /// A whole name, in one of the orders in which registers have them.
    pub fn name(&mut self, given: &str, family: &str) -> String {
        let given = self.part(given, FORMS);
        let family = self.part(family, ACROSS);
        let (given, family) = if self.chance(PARTS_SWAPPED) { (family, given) } else { (given, family) };
        match self.below(20) {
            0..8 => format!("{given} {family}"),
            8..13 => format!("{} {given}", family.to_uppercase()),
            13..17 => format!("{family}, {given}"),
            _ => format!("{given} {family}").to_uppercase(),
        }
    }

    fn part(&mut self, part: &str, forms: &[(&str, &str)]) -> String {
        let mut text = part.to_owned();
        if let Some((_, other)) = forms.iter().find(|(one, other)| *one == part || *other == part)
            && self.chance(SHORT_FORM)
        {
            (*other).clone_into(&mut text);
        }
        if self.chance(ACCENTS_LOST) {
            let plain = |letter| match letter {
                'é' | 'è' | 'ê' | 'ë' => 'e',
                'ï' | 'î' => 'i',
                'ç' => 'c',
                'É' => 'E',
                other => other,
            };
            text = text.chars().map(plain).collect();
        }
        if self.chance(BY_EAR) {
            text = self.by_ear(&text);
        }
        if self.chance(TYPO) { self.typo(&text) } else { text }
    }

    /// One sound written otherwise.
    fn by_ear(&mut self, text: &str) -> String {
        const SOUNDS: &[(&str, &str)] = &[
            ("ou", "u"),
            ("u", "ou"),
            ("ah", "a"),
            ("ss", "s"),
            ("ll", "l"),
            ("ph", "f"),
            ("ck", "k"),
            ("y", "i"),
            ("ie", "i"),
            ("k", "c"),
            ("ee", "i"),
            ("th", "t"),
            ("mm", "m"),
            ("oo", "u"),
        ];
        let (from, to) = SOUNDS[self.below(SOUNDS.len())];
        if text.contains(from) {
            text.replacen(from, to, 1)
        } else {
            format!("{text}{}", if text.ends_with('a') { "h" } else { "" })
        }
    }

    /// A letter wrong, doubled, lost, or swapped with its neighbour.
    fn typo(&mut self, text: &str) -> String {
        let mut letters: Vec<char> = text.chars().collect();
        if letters.len() < 3 {
            return text.to_owned();
        }
        let at = 1 + self.below(letters.len() - 2);
        match self.below(4) {
            0 => letters[at] = char::from(b"aeiourstln"[self.below(10)]),
            1 => letters.insert(at, letters[at]),
            2 => drop(letters.remove(at)),
            _ => letters.swap(at, at + 1),
        }
        letters.into_iter().collect()
    }

    /// A number with one digit wrong.
    pub fn wrong_digit(&mut self, text: &str) -> String {
        let at = text.len() - 1 - self.below(6);
        let digit = char::from(b'0' + u8::try_from(self.below(10)).unwrap_or(0));
        text.char_indices()
            .map(|(here, letter)| if here == at && letter.is_ascii_digit() { digit } else { letter })
            .collect()
    }

    /// A birth date as it ends up in another register; `None` where it is missing.
    pub fn birth(&mut self, date: (i16, i8, i8)) -> Option<String> {
        let (year, month, day) = date;
        Some(match self.below(100) {
            0..20 => return None,
            20..30 => format!("{year}"),
            30..35 => format!("{day:02}/{month:02}/{year}"),
            35..40 => self.wrong_digit(&format!("{year}-{month:02}-{day:02}")),
            40..45 => format!("{}-01-01", year + if self.chance(0.5) { 1 } else { -2 }),
            45..50 if day <= 12 => format!("{year}-{day:02}-{month:02}"),
            50..60 => format!("{year}-01-01"),
            _ => format!("{year}-{month:02}-{day:02}"),
        })
    }

    /// A phone as it ends up there; `None` where it is missing.
    pub fn phone(&mut self, phone: &str, colleague: Option<&str>) -> Option<String> {
        Some(match self.below(100) {
            0..18 => return None,
            18..30 => format!("+2317{}{:07}", 7 + self.below(2), self.below(10_000_000)),
            30..34 => self.wrong_digit(phone),
            34..39 => colleague?.to_owned(),
            39..70 => phone.replacen("+231", "0", 1),
            _ => phone.to_owned(),
        })
    }
}
