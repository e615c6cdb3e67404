//! Inputs that chance found.

/// Words without an operator stand for `name ~ …`: what is read must also be short enough once it is written so.
#[test]
fn what_is_read_is_read_again_once_written() {
    let many = "x ".repeat(5_000);
    let error = mhero_query::parse(&many).unwrap_err();
    assert_eq!(error.code(), "too_complex");
    let quotes = format!("a{}", "\"b c\"d".repeat(1_400));
    match mhero_query::parse(&quotes) {
        Ok(query) => assert!(mhero_query::parse(&query.to_string()).is_ok()),
        Err(error) => assert_eq!(error.code(), "too_complex"),
    }
}
