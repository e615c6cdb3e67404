//! GSM-7: which texts it holds, their codes, their parts, and what stands for letters that it lacks.

use std::path::Path;

use mhero_text::{
    measure,
    sms::{from_septets, is_gsm7, substitute_costly, to_septets},
};
use serde_json::Value as Json;

use super::cases::{same, text};
use crate::{Tally, table::run_tables};

pub(super) fn run(dir: &Path, tally: &mut Tally) {
    run_tables(
        dir,
        tally,
        &[
            ("encode_decode", |_, case| {
                let (encoded, decoded) = (text(case, "encoded"), text(case, "decoded"));
                let bytes: Vec<u8> = encoded.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(u8::MAX)).collect();
                same("encoded", &to_septets(decoded), &bytes)?;
                same("decoded", from_septets(&bytes).as_str(), decoded)
            }),
            ("segments", |_, case| {
                let measured = measure(text(case, "Text")).segments;
                same("segments", &Json::from(measured), &case["Segments"])
            }),
            ("substitutions", |_, case| same("text", substitute_costly(text(case, "str")).as_str(), text(case, "exp"))),
            ("valid", |_, case| same("valid", &Json::from(is_gsm7(text(case, "str"))), &case["valid"])),
        ],
    );
}
