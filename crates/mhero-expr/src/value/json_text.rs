//! Reads JSON text straight into values, so that numbers keep all their digits: a float would round the ids of other systems.

use std::str::FromStr;

use bigdecimal::BigDecimal;

use super::{Number, Object, Value};
use crate::error::ExprError;

/// Arrays and objects inside each other.
const DEPTH_MAX: usize = 128;

/// The bytes of a number as written.
const NUMBER_LENGTH_MAX: usize = 500;

/// The value of a JSON text.
pub(super) fn read(text: &str) -> Result<Value, ExprError> {
    let mut reader = Reader { text, at: 0 };
    let value = reader.value(0)?;
    reader.space();
    if reader.at == text.len() { Ok(value) } else { Err(invalid()) }
}

fn invalid() -> ExprError {
    ExprError::refused("invalid JSON")
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// Takes a sign, with white space before it, if it is next.
    fn take(&mut self, sign: u8) -> bool {
        self.space();
        let there = self.peek() == Some(sign);
        self.at += usize::from(there);
        there
    }

    fn need(&mut self, sign: u8) -> Result<(), ExprError> {
        if self.take(sign) { Ok(()) } else { Err(invalid()) }
    }

    fn value(&mut self, depth: usize) -> Result<Value, ExprError> {
        self.space();
        if depth > DEPTH_MAX {
            return Err(invalid());
        }
        match self.peek().ok_or_else(invalid)? {
            b'{' => self.object(depth),
            b'[' => self.array(depth),
            b'"' => Ok(self.string()?.into()),
            b'-' | b'0'..=b'9' => self.number(),
            _ => self.word(),
        }
    }

    fn word(&mut self) -> Result<Value, ExprError> {
        for (word, value) in [("null", Value::Null), ("true", Value::Bool(true)), ("false", Value::Bool(false))] {
            if self.text[self.at..].starts_with(word) {
                self.at += word.len();
                return Ok(value);
            }
        }
        Err(invalid())
    }

    fn object(&mut self, depth: usize) -> Result<Value, ExprError> {
        self.need(b'{')?;
        let mut properties = Vec::new();
        if self.take(b'}') {
            return Ok(Object::default().into());
        }
        loop {
            self.space();
            let name = self.string()?;
            self.need(b':')?;
            properties.push((name, self.value(depth + 1)?));
            if self.take(b'}') {
                return Ok(Object::new(properties).into());
            }
            self.need(b',')?;
        }
    }

    fn array(&mut self, depth: usize) -> Result<Value, ExprError> {
        self.need(b'[')?;
        let mut items = Vec::new();
        if self.take(b']') {
            return Ok(Value::array(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            if self.take(b']') {
                return Ok(Value::array(items));
            }
            self.need(b',')?;
        }
    }

    fn string(&mut self) -> Result<String, ExprError> {
        if self.peek() != Some(b'"') {
            return Err(invalid());
        }
        self.at += 1;
        let mut text = String::new();
        loop {
            let rest = &self.text[self.at..];
            let plain = rest.find(|c: char| c == '"' || c == '\\' || c < ' ').ok_or_else(invalid)?;
            text.push_str(&rest[..plain]);
            self.at += plain + 1;
            match rest.as_bytes()[plain] {
                b'"' => return Ok(text),
                b'\\' => text.push(self.escape()?),
                _ => return Err(invalid()),
            }
        }
    }

    fn escape(&mut self) -> Result<char, ExprError> {
        let sign = self.peek().ok_or_else(invalid)?;
        self.at += 1;
        Ok(match sign {
            b'"' | b'\\' | b'/' => char::from(sign),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => self.unicode()?,
            _ => return Err(invalid()),
        })
    }

    /// `\u00e9`, or a pair of surrogates; half a pair is the replacement character.
    fn unicode(&mut self) -> Result<char, ExprError> {
        let first = self.hex()?;
        if let Some(c) = char::from_u32(first) {
            return Ok(c);
        }
        let before = self.at;
        if self.text[self.at..].starts_with("\\u") && first < 0xdc00 {
            self.at += 2;
            let second = self.hex()?;
            if (0xdc00..0xe000).contains(&second) {
                let code = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            self.at = before;
        }
        Ok(char::REPLACEMENT_CHARACTER)
    }

    fn hex(&mut self) -> Result<u32, ExprError> {
        let digits = self.text.get(self.at..self.at + 4).filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()));
        let code = u32::from_str_radix(digits.ok_or_else(invalid)?, 16).map_err(|_| invalid())?;
        self.at += 4;
        Ok(code)
    }

    fn digits(&mut self) -> usize {
        let count = self.text[self.at..].bytes().take_while(u8::is_ascii_digit).count();
        self.at += count;
        count
    }

    fn number(&mut self) -> Result<Value, ExprError> {
        let start = self.at;
        self.at += usize::from(self.peek() == Some(b'-'));
        let zero = self.peek() == Some(b'0');
        let whole = self.digits();
        if whole == 0 || (zero && whole > 1) {
            return Err(invalid());
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            if self.digits() == 0 {
                return Err(invalid());
            }
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            self.at += usize::from(matches!(self.peek(), Some(b'+' | b'-')));
            if self.digits() == 0 {
                return Err(invalid());
            }
        }
        decimal(&self.text[start..self.at]).map(Value::Number)
    }
}

/// A number as JSON writes it, with an exponent perhaps, which the language itself does not read.
pub(super) fn decimal(text: &str) -> Result<Number, ExprError> {
    let range = || ExprError::NumberRange { number: text.chars().take(200).collect() };
    // Nothing so long is in range, and reading it takes long.
    let short = Some(text).filter(|text| text.len() <= NUMBER_LENGTH_MAX).ok_or_else(range)?;
    let decimal = BigDecimal::from_str(short).map_err(|_| range())?;
    Number::new(&decimal).map_err(|_| range())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rewritten(text: &str) -> Option<String> {
        read(text).ok().and_then(|value| value.to_json().ok())
    }

    #[test]
    fn what_is_json_is_read_with_all_digits() {
        for (text, json) in [
            (r#" {"b": [1, {"c": null}], "a": true} "#, r#"{"a":true,"b":[1,{"c":null}]}"#),
            ("12345678901234567890.12345678901", "12345678901234567890.12345678901"),
            ("-0.5e3", "-500"),
            (r#""a\u00e9\ud83d\ude00\n\/""#, r#""aé😀\n/""#),
            (r#""\ud83d x""#, "\"\u{fffd} x\""),
            ("[]", "[]"),
            ("{}", "{}"),
        ] {
            assert_eq!(rewritten(text).as_deref(), Some(json), "{text}");
        }
        for text in
            ["", "[1,]", "{a: b}", "{\"a\" 1}", "01", "1.", "+1", "nul", "\"\n\"", "\"\\x\"", "1 2", "[", "\"a", "1e"]
        {
            assert_eq!(rewritten(text), None, "{text}");
        }
        assert_eq!(rewritten(&format!("{}{}", "[".repeat(5_000), "]".repeat(5_000))), None);
        assert_eq!(rewritten("1e999999999999"), None);
    }
}
