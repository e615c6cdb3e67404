//! Which encoding the letters of a file are in, and a reader that hands out UTF-8.
//!
//! UTF-8 and UTF-16 prove themselves. What is neither is read as Windows-1252, the encoding of Excel's CSV in West Africa and
//! Europe, and people are shown a word of it to check; bytes that Windows-1252 does not have refuse the file.

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom},
};

use encoding_rs::{DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use mhero_core::record::Reason;

use super::{FileError, Source};

const CHUNK_BYTES: usize = 64 * 1024;
/// Within how many bytes the declaration of an XML document stands.
const DECLARATION_BYTES_MAX: usize = 200;
/// Bytes without a letter in Windows-1252.
const NOT_WINDOWS_1252: [u8; 5] = [0x81, 0x8D, 0x8F, 0x90, 0x9D];

/// What the letters of a file are in.
pub(super) struct Letters {
    encoding: &'static Encoding,
    /// For people, when the encoding was not proven.
    pub notice: Option<Reason>,
}

/// Looks at a whole file.
pub(super) fn letters(file: &mut File, name: &str) -> Result<Letters, FileError> {
    let unreadable = |source| FileError::unreadable(name, source);
    let refused = || FileError::Encoding { file: name.to_owned() };
    let mut head = vec![0; CHUNK_BYTES];
    rewind(file).map_err(unreadable)?;
    let filled = fill(file, &mut head).map_err(unreadable)?;
    head.truncate(filled);
    let proven = |encoding| Letters { encoding, notice: None };
    if let Some((encoding, _)) = Encoding::for_bom(&head).or_else(|| zeros(&head).map(|encoding| (encoding, 0))) {
        return if valid(file, encoding).map_err(unreadable)? { Ok(proven(encoding)) } else { Err(refused()) };
    }
    if head.contains(&0) {
        return Err(FileError::Unsupported { file: name.to_owned(), looks: "binary" });
    }
    if valid(file, UTF_8).map_err(unreadable)? {
        return Ok(proven(UTF_8));
    }
    if let Some(encoding) = declared(&head)
        && valid(file, encoding).map_err(unreadable)?
    {
        return Ok(proven(encoding));
    }
    match example(file).map_err(unreadable)? {
        Some(example) => {
            let notice = Reason::new("import-notice-windows-1252", [("example", example)]);
            Ok(Letters { encoding: WINDOWS_1252, notice: Some(notice) })
        }
        None => Err(refused()),
    }
}

/// The encoding that the declaration of an XML document names.
pub(crate) fn declared(head: &[u8]) -> Option<&'static Encoding> {
    let head = &head[..head.len().min(DECLARATION_BYTES_MAX)];
    let ascii = head.iter().position(|byte| !byte.is_ascii()).unwrap_or(head.len());
    let text = std::str::from_utf8(&head[..ascii]).ok()?.trim_start();
    let declaration = text.strip_prefix("<?xml")?.split("?>").next()?;
    let quoted = declaration.split("encoding").nth(1)?.trim_start().strip_prefix('=')?.trim_start();
    let quote = quoted.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    Encoding::for_label(quoted[1..].split(quote).next()?.as_bytes())
}

/// The file from its start, in UTF-8 without a byte order mark.
pub(super) fn decoded(mut file: File, letters: &Letters) -> io::Result<Source> {
    rewind(&mut file)?;
    Ok(Box::new(Decoded {
        file,
        decoder: letters.encoding.new_decoder_with_bom_removal(),
        input: vec![0; CHUNK_BYTES],
        input_at: 0,
        input_end: 0,
        output: vec![0; CHUNK_BYTES],
        output_at: 0,
        output_end: 0,
        last: false,
        finished: false,
    }))
}

/// Reads until the buffer is full or the source ends. Returns how much.
pub(super) fn fill(source: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match source.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

fn rewind(file: &mut File) -> io::Result<()> {
    file.seek(SeekFrom::Start(0)).map(|_| ())
}

/// UTF-16 without a mark: Latin letters leave a zero in every second byte.
fn zeros(head: &[u8]) -> Option<&'static Encoding> {
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd, half) = (zeros(0), zeros(1), head.len() / 2);
    match () {
        () if half >= 2 && odd * 10 > half * 7 && even * 10 < half => Some(UTF_16LE),
        () if half >= 2 && even * 10 > half * 7 && odd * 10 < half => Some(UTF_16BE),
        () => None,
    }
}

/// Whether the whole file is well-formed in an encoding.
fn valid(file: &mut File, encoding: &'static Encoding) -> io::Result<bool> {
    rewind(file)?;
    let mut decoder = encoding.new_decoder_with_bom_removal();
    let (mut input, mut output) = (vec![0; CHUNK_BYTES], vec![0; CHUNK_BYTES * 2]);
    loop {
        let filled = fill(file, &mut input)?;
        let last = filled < input.len();
        let mut at = 0;
        loop {
            let (result, read, _) = decoder.decode_to_utf8_without_replacement(&input[at..filled], &mut output, last);
            at += read;
            match result {
                DecoderResult::InputEmpty => break,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => return Ok(false),
            }
        }
        if last {
            return Ok(true);
        }
    }
}

/// The first word with a letter beyond ASCII, read as Windows-1252. `None` when the file has bytes that are no letters there.
fn example(file: &mut File) -> io::Result<Option<String>> {
    rewind(file)?;
    let mut chunk = vec![0; CHUNK_BYTES];
    let mut word = None;
    loop {
        let filled = fill(file, &mut chunk)?;
        let bytes = &chunk[..filled];
        if bytes.iter().any(|byte| NOT_WINDOWS_1252.contains(byte)) {
            return Ok(None);
        }
        if let (None, Some(at)) = (&word, bytes.iter().position(|byte| !byte.is_ascii())) {
            let ends = |byte: &u8| byte.is_ascii() && !byte.is_ascii_alphanumeric();
            let from = bytes[..at].iter().rposition(ends).map_or(0, |before| before + 1);
            let to = bytes[at..].iter().position(ends).map_or(filled, |after| at + after);
            let (text, _) = WINDOWS_1252.decode_without_bom_handling(&bytes[from..to]);
            word = Some(text.chars().take(40).collect());
        }
        if filled < chunk.len() {
            return Ok(Some(word.unwrap_or_default()));
        }
    }
}

struct Decoded {
    file: File,
    decoder: encoding_rs::Decoder,
    input: Vec<u8>,
    input_at: usize,
    input_end: usize,
    output: Vec<u8>,
    output_at: usize,
    output_end: usize,
    last: bool,
    finished: bool,
}

impl Read for Decoded {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.output_at == self.output_end {
            if self.finished {
                return Ok(0);
            }
            if self.input_at == self.input_end && !self.last {
                self.input_end = fill(&mut self.file, &mut self.input)?;
                self.input_at = 0;
                self.last = self.input_end < self.input.len();
            }
            let input = &self.input[self.input_at..self.input_end];
            // The file was found well-formed before; should it change meanwhile, replacement characters show it.
            let (result, read, written, _) = self.decoder.decode_to_utf8(input, &mut self.output, self.last);
            self.input_at += read;
            (self.output_at, self.output_end) = (0, written);
            self.finished = self.last && result == encoding_rs::CoderResult::InputEmpty;
        }
        let count = into.len().min(self.output_end - self.output_at);
        into[..count].copy_from_slice(&self.output[self.output_at..self.output_at + count]);
        self.output_at += count;
        Ok(count)
    }
}

/// Any line ending as one `\n`, one of them also behind the last line, so that lines can be counted.
pub(super) struct LineEnds<R> {
    source: R,
    /// The last byte handed out, as it was before.
    last: u8,
    ended: bool,
}

impl<R: Read> LineEnds<R> {
    pub const fn new(source: R) -> Self {
        Self { source, last: b'\n', ended: false }
    }
}

impl<R: Read> Read for LineEnds<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while !self.ended && !into.is_empty() {
            let read = self.source.read(into)?;
            if read == 0 {
                self.ended = true;
                if matches!(self.last, b'\n' | b'\r') {
                    return Ok(0);
                }
                into[0] = b'\n';
                return Ok(1);
            }
            let mut kept = 0;
            for at in 0..read {
                let byte = into[at];
                let second_half = byte == b'\n' && self.last == b'\r';
                self.last = byte;
                if !second_half {
                    into[kept] = if byte == b'\r' { b'\n' } else { byte };
                    kept += 1;
                }
            }
            if kept > 0 {
                return Ok(kept);
            }
        }
        Ok(0)
    }
}
