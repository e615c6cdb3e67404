use proptest::prelude::*;

use super::*;

/// All pieces, fed in chunks of some size.
fn split(text: &[u8], chunk: usize, limit: usize) -> Result<Vec<Piece>, SplitError> {
    let mut splitter = Splitter::new(limit);
    let mut pieces = Vec::new();
    for part in text.chunks(chunk.max(1)) {
        let mut rest = part;
        while !rest.is_empty() {
            let used = splitter.feed(rest)?;
            rest = &rest[used..];
            pieces.extend(splitter.take());
        }
    }
    pieces.extend(splitter.finish()?);
    Ok(pieces)
}

fn texts(text: &str) -> Vec<String> {
    let pieces = split(text.as_bytes(), 7, 1_000).expect(text);
    pieces.into_iter().map(|piece| String::from_utf8(piece.text).expect("utf-8")).collect()
}

#[test]
fn bundles_arrays_streams_and_single_resources_are_cut() {
    let entries = [r#"{"resource":{"id":"1","entry":[1]}}"#, r#"{"a":"]},"}"#];
    let bundle = format!(r#"{{"resourceType": "Bundle", "entry": [ {} , {} ], "type":"x"}}"#, entries[0], entries[1]);
    assert_eq!(texts(&bundle), entries);
    let late = format!(r#"{{"entry":[{}],"resourceType":"Bundle"}}"#, entries[0]);
    assert_eq!(texts(&late), [entries[0]]);
    assert_eq!(texts(&format!("[{},{}]", entries[0], entries[1])), entries);
    assert_eq!(texts(&format!("{}\n{}\n", entries[0], entries[1])), entries);
    assert_eq!(texts(&format!("{bundle}\n{}", entries[0])).len(), 3);
    assert_eq!(texts(r#"{"resourceType":"Bundle","type":"searchset"}"#).len(), 1);
    assert_eq!(texts("  \n"), Vec::<String>::new());
    assert_eq!(texts(r#"{"entry":[]}"#), Vec::<String>::new());
}

#[test]
fn another_resource_keeps_its_entry_list() {
    let list = r#"{"resourceType":"List","id":"l","entry":[{"item":{"reference":"Patient/1"}}]}"#;
    assert_eq!(texts(list), [list]);
}

#[test]
fn scalars_are_pieces_so_that_they_can_be_refused() {
    assert_eq!(texts("[null, 12,\"x\" ]"), ["null", "12", "\"x\""]);
    assert_eq!(texts("true"), ["true"]);
}

#[test]
fn a_broken_structure_is_named_by_line_and_column() {
    let broken = |text: &str| split(text.as_bytes(), 3, 100).expect_err(text);
    assert_eq!(broken("[{}\n  {}]"), SplitError::Broken(Position { line: 2, column: 3 }));
    assert_eq!(broken("{\"a\":[}"), SplitError::Broken(Position { line: 1, column: 7 }));
    assert_eq!(broken("{\"é\":\"open\n"), SplitError::Broken(Position { line: 1, column: 11 }));
    assert_eq!(broken("{\"entry\":[{},"), SplitError::EndsEarly(Position { line: 1, column: 14 }));
    assert_eq!(broken(&"[".repeat(400)), SplitError::TooDeep(Position { line: 1, column: 258 }));
    assert!(matches!(broken("{\"entry\":[{}]"), SplitError::EndsEarly(_)));
    assert!(matches!(broken("]"), SplitError::Broken(_)));
}

#[test]
fn a_record_over_the_limit_is_named_and_not_kept() {
    let text = format!("[{{\"a\":\"{}\"}},{{}}]", "x".repeat(200));
    let pieces = split(text.as_bytes(), 16, 100).expect("cut");
    assert_eq!(pieces.len(), 2);
    assert!(pieces[0].oversize && pieces[0].text.is_empty());
    assert_eq!(pieces[1].text, b"{}");
}

proptest! {
    #[test]
    fn bytes_never_make_it_panic_and_chunks_do_not_matter(
        text in "[\\[\\]{}\",: \\\\a1\n]{0,60}|\\{\"entry\":\\[[\\[\\]{}\",: a1]*\\]\\}", chunk in 1usize..9,
    ) {
        prop_assert_eq!(split(text.as_bytes(), chunk, 20), split(text.as_bytes(), 1_000, 20));
    }

    #[test]
    fn any_bytes_pass(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = split(&bytes, 5, 50);
    }
}
