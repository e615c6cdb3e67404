//! Lists of numbers that operators block, as the operators give them to us.

use mhero_core::Right;
use mhero_store::{BlockList, Queue, StoreError, Unit};
use uuid::Uuid;

use crate::{App, AppError, Caller};

/// Largest file of a list, in bytes.
pub const BLOCK_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Most numbers of one list.
const NUMBERS_MAX: usize = 300_000;
/// Numbers that one unit writes.
const AT_ONCE: usize = 500;
/// Longest name of a list, in characters.
const NAME_CHARS_MAX: usize = 80;
/// Lists that are shown.
const LISTS_MAX: i64 = 200;
/// Lines that could not be read and are named.
const NAMED_MAX: usize = 10;
/// What the first column of numbers may be called.
const HEADS: [&str; 9] = ["phone", "number", "msisdn", "telephone", "téléphone", "tel", "numero", "numéro", "mobile"];

/// What became of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocked {
    /// Its id.
    pub list: Uuid,
    /// Numbers that it blocks.
    pub numbers: usize,
    /// The lines that could not be read, the first few, from 1.
    pub unreadable_lines: Vec<usize>,
    /// How many could not.
    pub unreadable: usize,
}

impl App {
    /// Imports a list of numbers that an operator blocks: a CSV file with the numbers in its first column, or in the one that is called
    /// `phone`, `number` or `msisdn`. They get nothing but alerts and answers from now on. It is no STOP, and can be taken back.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a list without a name or a number, a file too large, or one with too many numbers.
    pub async fn import_blocks(&self, caller: &Caller, name: &str, file: &[u8]) -> Result<Blocked, AppError> {
        caller.must(Right::Settings)?;
        let name = name.trim();
        if name.is_empty() || name.chars().count() > NAME_CHARS_MAX {
            return Err(AppError::invalid("blocks-list-name", [("max", NAME_CHARS_MAX.to_string())]));
        }
        if file.len() > BLOCK_BYTES_MAX {
            return Err(AppError::invalid("blocks-too-large", [("max", (BLOCK_BYTES_MAX / 1024 / 1024).to_string())]));
        }
        let (numbers, wrong) = self.read_blocks(file).await?;
        if numbers.is_empty() {
            return Err(AppError::invalid("blocks-no-number", [("lines", wrong.len().to_string())]));
        }
        if numbers.len() > NUMBERS_MAX {
            return Err(AppError::invalid("blocks-too-many", [("max", NUMBERS_MAX.to_string())]));
        }
        let (list, now) = (self.store().mint().uuid(), self.clock().now_micros());
        let mut unit = Unit::new();
        let counts = (i64::try_from(numbers.len()).unwrap_or(i64::MAX), i64::try_from(wrong.len()).unwrap_or(i64::MAX));
        unit.add_block_list(list, name, counts, (caller.actor.id, now));
        let facts = serde_json::json!({ "numbers": numbers.len(), "unreadable": wrong.len() });
        unit.audit(self.store(), &caller.entry("blocks-imported", "block-list", Some(list), facts));
        self.store().write(unit, Queue::Interactive).await?;
        for some in numbers.chunks(AT_ONCE) {
            let mut unit = Unit::new();
            unit.block_numbers(list, some);
            self.store().write(unit, Queue::Bulk).await?;
        }
        self.forget_facts();
        let unreadable = wrong.len();
        let unreadable_lines = wrong.into_iter().take(NAMED_MAX).collect();
        Ok(Blocked { list, numbers: numbers.len(), unreadable_lines, unreadable })
    }

    /// The numbers of a file without doubles, and the lines that hold none.
    async fn read_blocks(&self, file: &[u8]) -> Result<(Vec<String>, Vec<usize>), AppError> {
        let numbering = self.numbering_cached().await?;
        let text = String::from_utf8_lossy(file);
        let text = text.trim_start_matches('\u{feff}');
        let first = text.lines().next().unwrap_or_default();
        let delimiter = if first.contains(';') {
            b';'
        } else if first.contains('\t') {
            b'\t'
        } else {
            b','
        };
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(text.as_bytes());
        let (mut numbers, mut wrong, mut column) = (std::collections::BTreeSet::new(), Vec::new(), 0);
        for (place, record) in reader.records().enumerate() {
            let Ok(record) = record else {
                wrong.push(place + 1);
                continue;
            };
            if place == 0 {
                let head = record.iter().position(|cell| HEADS.contains(&cell.trim().to_lowercase().as_str()));
                if let Some(head) = head {
                    column = head;
                    continue;
                }
            }
            let cell = record.get(column).unwrap_or_default().trim();
            if cell.is_empty() && record.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            match numbering.read(cell).e164() {
                Some(number) => _ = numbers.insert(number.to_owned()),
                None => wrong.push(place + 1),
            }
            if numbers.len() > NUMBERS_MAX {
                break;
            }
        }
        Ok((numbers.into_iter().collect(), wrong))
    }

    /// Takes a list back: its numbers get messages again, unless another list has them.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a list that is not there or was taken back.
    pub async fn undo_blocks(&self, caller: &Caller, list: Uuid) -> Result<(), AppError> {
        caller.must(Right::Settings)?;
        let mut unit = Unit::new();
        unit.undo_block_list(list, self.clock().now_micros());
        let facts = serde_json::json!({});
        unit.audit(self.store(), &caller.entry("blocks-undone", "block-list", Some(list), facts));
        match self.store().write(unit, Queue::Interactive).await {
            Err(StoreError::Guard { .. }) => return Err(AppError::not_found("block-list", list)),
            other => other?,
        };
        loop {
            let mut unit = Unit::new();
            unit.unblock_numbers(list);
            if self.store().write(unit, Queue::Bulk).await?.rows[0] == 0 {
                break;
            }
        }
        self.forget_facts();
        Ok(())
    }

    /// The lists that were imported, the newest first, and how many numbers are blocked now.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn block_lists(&self, caller: &Caller) -> Result<(Vec<BlockList>, i64), AppError> {
        caller.must(Right::Settings)?;
        Ok((self.store().block_lists(LISTS_MAX).await?, self.store().blocked_numbers().await?))
    }
}
