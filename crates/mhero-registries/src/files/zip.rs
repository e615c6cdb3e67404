//! How large a zip archive says it unpacks, read from the directory at its end without unpacking anything.

use std::io::{self, Read, Seek, SeekFrom};

use super::text::fill;

const END_MARK: &[u8] = b"PK\x05\x06";
const ENTRY_MARK: &[u8] = b"PK\x01\x02";
/// The fixed part of the record at the end, and the longest comment behind it.
const END_BYTES: u64 = 22 + 65_535;
/// The fixed part of a directory entry.
const ENTRY_BYTES: usize = 46;

/// The sum of the sizes that the entries declare, in bytes. Sizes too large for a plain archive count as 4 GB each. `None` when
/// the source does not end as a zip archive does.
pub(super) fn unpacked(source: &mut (impl Read + Seek)) -> io::Result<Option<u64>> {
    let length = source.seek(SeekFrom::End(0))?;
    source.seek(SeekFrom::Start(length.saturating_sub(END_BYTES)))?;
    let mut tail = Vec::new();
    source.read_to_end(&mut tail)?;
    let Some(end) = tail.windows(END_MARK.len()).rposition(|bytes| bytes == END_MARK) else { return Ok(None) };
    let (Some(size), Some(start)) = (number(&tail, end + 12), number(&tail, end + 16)) else { return Ok(None) };
    let mut directory = vec![0; usize::try_from(size.min(length)).unwrap_or_default()];
    source.seek(SeekFrom::Start(start))?;
    let filled = fill(source, &mut directory)?;
    let mut rest = &directory[..filled];
    let mut sum = 0;
    while rest.starts_with(ENTRY_MARK) && rest.len() >= ENTRY_BYTES {
        sum += number(rest, 24).unwrap_or_default();
        let behind: usize =
            [28, 30, 32].into_iter().map(|at| usize::from(rest[at]) | usize::from(rest[at + 1]) << 8).sum();
        rest = rest.get(ENTRY_BYTES + behind..).unwrap_or_default();
    }
    Ok(Some(sum))
}

/// Four bytes, the lowest first.
fn number(bytes: &[u8], at: usize) -> Option<u64> {
    let four: [u8; 4] = bytes.get(at..at + 4)?.try_into().ok()?;
    Some(u64::from(u32::from_le_bytes(four)))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    #[test]
    fn a_workbook_declares_its_size_and_other_bytes_do_not() {
        let mut book = rust_xlsxwriter::Workbook::new();
        book.add_worksheet();
        let bytes = book.save_to_buffer().expect("a workbook");
        let packed = bytes.len() as u64;
        let size = unpacked(&mut Cursor::new(bytes)).expect("readable").expect("a zip archive");
        assert!(size > packed / 2 && size < 1_000_000, "{size}");
        assert_eq!(unpacked(&mut Cursor::new(b"nothing of the kind".to_vec())).expect("readable"), None);
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(start in proptest::collection::vec(0u8..4, 0..60), end in proptest::collection::vec(0u8..9, 0..30)) {
            let bytes = [ENTRY_MARK, &start, END_MARK, &end].concat();
            let _ = unpacked(&mut Cursor::new(bytes));
        }
    }
}
