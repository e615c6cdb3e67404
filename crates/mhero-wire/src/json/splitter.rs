//! Cuts a stream of JSON into records: the entries of a FHIR Bundle, the elements of an array, or whole documents that
//! follow one another. Only one record is held at a time; inside a record only brackets and strings are looked at.

/// Deepest nesting of brackets that is followed. The JSON reader behind refuses at 128 already.
pub const NESTING_MAX: usize = 256;

/// A place in a text, counted from 1; columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The line.
    pub line: u64,
    /// The column.
    pub column: u64,
}

/// One record cut out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Its bytes as received; empty when it was larger than the limit.
    pub text: Vec<u8>,
    /// Where it begins.
    pub start: Position,
    /// Whether it stood in a list (a Bundle or an array) rather than alone.
    pub listed: bool,
    /// Whether it was larger than the limit and so was not kept.
    pub oversize: bool,
}

/// Why a stream can't be cut any further.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SplitError {
    /// A character stands where JSON does not allow it.
    #[error("broken JSON at line {}, column {}", .0.line, .0.column)]
    Broken(Position),
    /// The text ends inside a record or list.
    #[error("the JSON ends early, at line {}", .0.line)]
    EndsEarly(Position),
    /// Brackets are nested too deeply.
    #[error("brackets nested over {NESTING_MAX} deep at line {}", .0.line)]
    TooDeep(Position),
}

/// Where records are expected.
#[derive(Clone, Copy, PartialEq)]
enum List {
    /// Documents one after the other.
    Stream,
    /// The elements of an array at the top.
    Array,
    /// The entries of a Bundle.
    Entries,
}

/// The machine: feed bytes, take pieces.
pub struct Splitter {
    limit: usize,
    at: Position,
    list: List,
    /// In an array or Bundle: a record has ended and a comma or the closing bracket must follow.
    separator_due: bool,
    open: Option<Open>,
    /// The Bundle around the entries that are being cut.
    bundle: Option<Open>,
    ready: Option<Piece>,
}

/// A record that has begun.
struct Open {
    text: Vec<u8>,
    start: Position,
    brackets: Vec<u8>,
    string: Text,
    /// A bare word or number, which ends where something else begins.
    scalar: bool,
    oversize: bool,
    /// Already handed out in entries: its own text is not wanted.
    spent: bool,
    key: Key,
    /// Known from `resourceType`: this is some other resource, whose `entry` is its own affair.
    not_a_bundle: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Text {
    Outside,
    Inside,
    Escaped,
}

/// What is known at the first level of a record: which member we are in.
#[derive(Clone, Copy, PartialEq)]
enum Key {
    /// A key is due; its text, if it has begun, starts at this offset.
    Due(usize),
    /// The value of `entry`.
    Entry,
    /// The value of `resourceType`, from this offset.
    Type(usize),
    /// Any other member's value.
    Other,
}

impl Splitter {
    /// A splitter that keeps records up to `limit` bytes.
    pub const fn new(limit: usize) -> Self {
        Self {
            limit,
            at: Position { line: 1, column: 1 },
            list: List::Stream,
            separator_due: false,
            open: None,
            bundle: None,
            ready: None,
        }
    }

    /// Reads on, until a piece is complete or the chunk is used up. Returns how many bytes were used; call
    /// [`Splitter::take`] after each call and feed the rest again.
    ///
    /// # Errors
    /// When the outer structure is broken; nothing more can be cut then.
    pub fn feed(&mut self, chunk: &[u8]) -> Result<usize, SplitError> {
        for (index, byte) in chunk.iter().enumerate() {
            let used = self.step(*byte)?;
            if used {
                self.advance(*byte);
            }
            if self.ready.is_some() {
                return Ok(index + usize::from(used));
            }
        }
        Ok(chunk.len())
    }

    /// The piece that the last [`Splitter::feed`] completed.
    pub const fn take(&mut self) -> Option<Piece> {
        self.ready.take()
    }

    /// Ends the stream. A last piece may come out (a bare word at the very end).
    ///
    /// # Errors
    /// When the stream ends inside a record or list.
    pub fn finish(&mut self) -> Result<Option<Piece>, SplitError> {
        if self.list != List::Stream || self.bundle.is_some() {
            return Err(SplitError::EndsEarly(self.at));
        }
        match self.open.take() {
            Some(open) if open.scalar => {
                self.close(open);
                Ok(self.ready.take())
            }
            Some(_) => Err(SplitError::EndsEarly(self.at)),
            None => Ok(None),
        }
    }

    /// The place of the next byte.
    pub const fn position(&self) -> Position {
        self.at
    }

    const fn advance(&mut self, byte: u8) {
        if byte == b'\n' {
            self.at.line += 1;
            self.at.column = 1;
        } else if byte & 0xC0 != 0x80 {
            self.at.column += 1;
        }
    }

    /// Takes one byte. False when the byte ended a bare word and must be looked at again.
    fn step(&mut self, byte: u8) -> Result<bool, SplitError> {
        let Some(mut open) = self.open.take() else {
            self.between(byte)?;
            return Ok(true);
        };
        if open.scalar {
            if byte.is_ascii_whitespace() || matches!(byte, b',' | b']' | b'}' | b'{' | b'[' | b':' | b'"') {
                self.close(open);
                return Ok(false);
            }
            open.keep(byte, self.limit);
            self.open = Some(open);
            return Ok(true);
        }
        open.keep(byte, self.limit);
        if open.inside(byte, self.at, self.list == List::Stream)? {
            self.list = List::Entries;
            open.spend();
            self.bundle = Some(open);
        } else if open.brackets.is_empty() && open.string == Text::Outside {
            self.close(open);
        } else {
            self.open = Some(open);
        }
        Ok(true)
    }

    /// A byte outside any record.
    fn between(&mut self, byte: u8) -> Result<(), SplitError> {
        if byte.is_ascii_whitespace() {
            return Ok(());
        }
        match (self.list, byte) {
            (List::Array | List::Entries, b']') => self.end_list(),
            (List::Array | List::Entries, b',') if self.separator_due => self.separator_due = false,
            _ if self.separator_due => return Err(SplitError::Broken(self.at)),
            (_, b',' | b':' | b'}' | b']') => return Err(SplitError::Broken(self.at)),
            (List::Stream, b'[') => self.list = List::Array,
            _ => {
                let mut open = Open::at(self.at, byte);
                open.keep(byte, self.limit);
                self.open = Some(open);
            }
        }
        Ok(())
    }

    fn end_list(&mut self) {
        self.list = List::Stream;
        self.separator_due = false;
        self.open = self.bundle.take();
    }

    fn close(&mut self, open: Open) {
        self.separator_due = self.list != List::Stream;
        if !open.spent {
            let text = if open.oversize { Vec::new() } else { open.text };
            let listed = self.list != List::Stream;
            self.ready = Some(Piece { text, start: open.start, listed, oversize: open.oversize });
        }
    }
}

impl Open {
    fn at(start: Position, first: u8) -> Self {
        let (brackets, string, scalar) = match first {
            b'{' | b'[' => (vec![first], Text::Outside, false),
            b'"' => (Vec::new(), Text::Inside, false),
            _ => (Vec::new(), Text::Outside, true),
        };
        let key = if first == b'{' { Key::Due(0) } else { Key::Other };
        let text = Vec::new();
        Self { text, start, brackets, string, scalar, oversize: false, spent: false, key, not_a_bundle: false }
    }

    fn keep(&mut self, byte: u8, limit: usize) {
        if self.spent || self.oversize {
            return;
        }
        if self.text.len() < limit {
            self.text.push(byte);
        } else {
            self.oversize = true;
            self.text = Vec::new();
        }
    }

    fn spend(&mut self) {
        self.spent = true;
        self.text = Vec::new();
        // The list's closing bracket is read outside, so the one just opened does not count here.
        self.brackets.pop();
        self.key = Key::Other;
    }

    /// Looks at one byte inside a record. True when it opens the entries of a Bundle.
    fn inside(&mut self, byte: u8, at: Position, may_be_bundle: bool) -> Result<bool, SplitError> {
        match (self.string, byte) {
            (Text::Inside, b'\n') => return Err(SplitError::Broken(at)),
            (Text::Inside, b'\\') => self.string = Text::Escaped,
            (Text::Inside, b'"') => {
                self.string = Text::Outside;
                self.string_ended();
            }
            (Text::Inside, _) => {}
            (Text::Escaped, _) => self.string = Text::Inside,
            (Text::Outside, b'"') => {
                self.string = Text::Inside;
                self.string_begins();
            }
            (Text::Outside, b'{' | b'[') => {
                let entries = byte == b'[' && self.brackets.len() == 1 && self.key == Key::Entry;
                if self.brackets.len() >= NESTING_MAX {
                    return Err(SplitError::TooDeep(at));
                }
                self.brackets.push(byte);
                return Ok(entries && may_be_bundle && !self.not_a_bundle);
            }
            (Text::Outside, b'}' | b']') => {
                let opening = if byte == b'}' { b'{' } else { b'[' };
                if self.brackets.pop() != Some(opening) {
                    return Err(SplitError::Broken(at));
                }
            }
            (Text::Outside, b',') if self.brackets.len() == 1 && !self.spent && self.brackets[0] == b'{' => {
                self.key = Key::Due(0);
            }
            (Text::Outside, _) => {}
        }
        Ok(false)
    }

    fn string_begins(&mut self) {
        if self.brackets.len() == 1 && !self.spent && !self.oversize {
            match self.key {
                Key::Due(_) => self.key = Key::Due(self.text.len()),
                Key::Type(_) => self.key = Key::Type(self.text.len()),
                Key::Entry | Key::Other => {}
            }
        }
    }

    fn string_ended(&mut self) {
        if self.brackets.len() != 1 || self.spent || self.oversize {
            return;
        }
        let written = |from: usize| self.text.get(from..self.text.len() - 1).unwrap_or_default();
        match self.key {
            Key::Due(from) => {
                self.key = match written(from) {
                    b"entry" => Key::Entry,
                    b"resourceType" => Key::Type(0),
                    _ => Key::Other,
                };
            }
            Key::Type(from) => self.not_a_bundle = written(from) != b"Bundle",
            Key::Entry | Key::Other => {}
        }
    }
}

#[cfg(test)]
mod tests;
