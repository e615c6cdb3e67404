//! Delivery receipts: the text of SMPP 3.4's appendix B in the spellings that SMS centres write, and the optional parameters.

use mhero_app::ports::Report;

/// `message_state` (SMPP 3.4, 5.2.28).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Still on its way.
    OnItsWay,
    /// The phone has it.
    Delivered,
    /// It never will.
    Failed(&'static str),
    /// The SMS centre does not know.
    Unknown,
}

impl Stage {
    /// By its number.
    pub(super) const fn of_number(number: u8) -> Self {
        match number {
            0 | 1 | 6 => Self::OnItsWay,
            2 => Self::Delivered,
            3 => Self::Failed("EXPIRED"),
            4 => Self::Failed("DELETED"),
            5 => Self::Failed("UNDELIV"),
            8 => Self::Failed("REJECTD"),
            9 => Self::Failed("SKIPPED"),
            _ => Self::Unknown,
        }
    }

    /// By the word after `stat:`.
    fn of_word(word: &str) -> Self {
        let upper = word.to_ascii_uppercase();
        match upper.as_str() {
            "DELIVRD" | "DELIVERED" | "DELIVERD" => Self::Delivered,
            "EXPIRED" | "EXPIRD" => Self::Failed("EXPIRED"),
            "DELETED" | "DELETD" => Self::Failed("DELETED"),
            "UNDELIV" | "UNDELIVERABLE" | "UNDELIVERED" | "FAILED" => Self::Failed("UNDELIV"),
            "REJECTD" | "REJECTED" => Self::Failed("REJECTD"),
            "SKIPPED" => Self::Failed("SKIPPED"),
            "ENROUTE" | "ACCEPTD" | "ACCEPTED" | "SCHEDLD" | "SCHEDULED" | "BUFFRED" | "BUFFERED" => Self::OnItsWay,
            _ => Self::Unknown,
        }
    }
}

/// What a receipt says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Receipt {
    /// The id of the message, as spelt here.
    pub(super) id: String,
    pub(super) stage: Stage,
    /// The network's own code.
    pub(super) error: Option<String>,
}

/// Longest id and code that are read, in letters.
const WORD_MAX: usize = 64;

impl Receipt {
    /// Puts together what text and parameters say; parameters count more, since they are not written for people.
    pub(super) fn read(
        text: &str,
        id: Option<&str>,
        state: Option<u8>,
        network_error: Option<[u8; 3]>,
    ) -> Option<Self> {
        let fields = Fields::of(text);
        let id = id.map(str::trim).filter(|id| !id.is_empty()).or(fields.id)?;
        let stage = match (state, fields.stat) {
            (Some(state), _) => Stage::of_number(state),
            (None, Some(word)) => Stage::of_word(word),
            (None, None) => return None,
        };
        let error = match (fields.err, network_error) {
            (Some(err), _) if err.chars().any(|letter| letter != '0') => Some(err.to_owned()),
            (_, Some([_, high, low])) if (high, low) != (0, 0) => Some(u16::from_be_bytes([high, low]).to_string()),
            _ => None,
        };
        Some(Self { id: id.chars().take(WORD_MAX).collect(), stage, error })
    }

    /// Whether a text looks like a receipt, for SMS centres that do not mark theirs.
    pub(super) fn is_like(text: &str) -> bool {
        let fields = Fields::of(text);
        fields.starts_with_id && fields.id.is_some() && fields.stat.is_some()
    }

    /// What to write down; nothing while it is on its way or nobody knows.
    pub(super) fn report(&self) -> Option<Report> {
        match self.stage {
            Stage::Delivered => Some(Report::Delivered),
            Stage::Failed(word) => {
                let reason = self.error.as_ref().map_or_else(|| word.to_owned(), |error| format!("{word} {error}"));
                Some(Report::Failed { reason })
            }
            Stage::OnItsWay | Stage::Unknown => None,
        }
    }

    /// The ids that the submission may have: as here, without zeros before it, and in the other notation. SMS centres answer
    /// a submission in hexadecimal and report on it in decimal, or the other way round.
    pub(super) fn spellings(&self) -> Vec<String> {
        let mut all = vec![self.id.clone()];
        let bare = self.id.trim_start_matches('0');
        let mut add = |spelling: String| {
            if !spelling.is_empty() && !all.contains(&spelling) {
                all.push(spelling);
            }
        };
        add(bare.to_owned());
        add(bare.to_ascii_lowercase());
        add(bare.to_ascii_uppercase());
        if let Ok(number) = bare.parse::<u64>() {
            for spelling in
                [format!("{number:x}"), format!("{number:X}"), format!("{number:08x}"), format!("{number:08X}")]
            {
                add(spelling);
            }
            add(format!("{number:010}"));
        }
        if let Ok(number) = u64::from_str_radix(bare, 16) {
            add(number.to_string());
            add(format!("{number:010}"));
            for spelling in [format!("{number:08x}"), format!("{number:08X}")] {
                add(spelling);
            }
        }
        all
    }
}

/// The fields of a receipt's text that are used.
#[derive(Default)]
struct Fields<'a> {
    id: Option<&'a str>,
    stat: Option<&'a str>,
    err: Option<&'a str>,
    starts_with_id: bool,
}

impl<'a> Fields<'a> {
    fn of(text: &'a str) -> Self {
        let mut fields =
            Self { starts_with_id: find(text, "id").is_some_and(|at| text[..at].trim().len() <= 3), ..Self::default() };
        // What follows `text:` is the message itself, which may hold anything.
        let end = find(text, "text").unwrap_or(text.len());
        let text = &text[..end];
        let word = |key| {
            let at = find(text, key)?;
            let after = text[at..].trim_start();
            let word = after.split(|c: char| c.is_whitespace() || c == ',' || c == ';').next()?;
            Some(word).filter(|word| !word.is_empty() && word.len() <= WORD_MAX)
        };
        (fields.id, fields.stat) = (word("id"), word("stat"));
        fields.err = word("err");
        fields
    }
}

/// Where the value of `key:` begins, by whole word and in any case.
fn find(text: &str, key: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    (0..bytes.len().checked_sub(key.len())?).find_map(|at| {
        let is_word = at == 0 || !bytes[at - 1].is_ascii_alphanumeric();
        let end = at + key.len();
        (is_word && bytes[at..end].eq_ignore_ascii_case(key.as_bytes()) && bytes.get(end) == Some(&b':'))
            .then_some(end + 1)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Receipt {
        Receipt::read(text, None, None, None).expect("it is one")
    }

    #[test]
    fn the_text_is_read_in_every_spelling() {
        let full = "id:0123456789 sub:001 dlvrd:001 submit date:2611221010 done date:2611221011 stat:DELIVRD err:000 text:id:9 stat:EXPIRED";
        assert_eq!(read(full), Receipt { id: "0123456789".into(), stage: Stage::Delivered, error: None });
        assert_eq!(
            read("ID:4f2a Stat:UNDELIV Err:042 Text:").report(),
            Some(Report::Failed { reason: "UNDELIV 042".into() })
        );
        assert_eq!(read("id: 77 stat: expired").stage, Stage::Failed("EXPIRED"));
        assert_eq!(read("id:1,stat:ACCEPTD,err:0").report(), None);
        assert_eq!(read("id:1 stat:WHATEVER").report(), None, "what nobody knows changes nothing");
        assert!(Receipt::read("Bonjour, mon id est 4", None, None, None).is_none());
        assert!(Receipt::read("id:5", None, None, None).is_none());
        assert!(Receipt::is_like("id:5 sub:001 stat:DELIVRD") && !Receipt::is_like("paid:5 stat:DELIVRD"));
    }

    #[test]
    fn parameters_count_more_than_the_text() {
        let both = Receipt::read("id:1 stat:UNDELIV err:000", Some("A1B2"), Some(2), None).expect("it is one");
        assert_eq!(both, Receipt { id: "A1B2".into(), stage: Stage::Delivered, error: None });
        let only = Receipt::read("", Some("9"), Some(5), Some([3, 0, 12])).expect("it is one");
        assert_eq!(only.report(), Some(Report::Failed { reason: "UNDELIV 12".into() }));
    }

    #[test]
    fn ids_are_found_in_the_other_notation() {
        let id = |id: &str| Receipt { id: id.into(), stage: Stage::Delivered, error: None }.spellings();
        assert!(id("0000001234").contains(&"4d2".to_owned()), "decimal receipt, hexadecimal answer");
        assert!(id("4d2").contains(&"1234".to_owned()), "the other way round");
        assert!(id("000004D2").contains(&"4d2".to_owned()));
        assert!(id("4d2").contains(&"000004D2".to_owned()));
        assert_eq!(id("a-b-c")[0], "a-b-c");
        assert!(id("99999999999999999999999").len() <= 4);
    }
}
