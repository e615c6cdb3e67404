//! Texts as the short messages of SMPP hold them: `data_coding` and octets, both ways, and the header that numbers parts.
//!
//! Texts that come are handed on as UTF-16 units: a letter outside the basic plane may be cut between two parts.

use mhero_text::sms::{from_septets, is_gsm7, to_septets};

/// What `data_coding` 0 means at an operator, and how texts are written to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alphabet {
    /// 0 is the GSM alphabet, a letter an octet.
    Gsm7,
    /// 0 is the GSM alphabet; texts leave as Latin-1 under its own number.
    Latin1,
    /// 0 is Latin-1.
    Latin1Default,
}

/// `data_coding` of the operator's default alphabet.
const DEFAULT: u8 = 0x00;
/// `data_coding` of ISO 8859-1.
const LATIN1: u8 = 0x03;
/// `data_coding` of UCS-2.
const UCS2: u8 = 0x08;

/// A text as octets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Coded {
    pub(super) data_coding: u8,
    pub(super) octets: Vec<u8>,
}

/// Writes a text in the cheapest coding that holds all of it.
pub(super) fn encode(text: &str, alphabet: Alphabet) -> Coded {
    let latin1 =
        |text: &str| text.chars().map(|letter| u8::try_from(u32::from(letter)).ok()).collect::<Option<Vec<u8>>>();
    let short = match alphabet {
        _ if !is_gsm7(text) => None,
        Alphabet::Gsm7 => Some((DEFAULT, to_septets(text))),
        Alphabet::Latin1 => latin1(text).map(|octets| (LATIN1, octets)),
        Alphabet::Latin1Default => latin1(text).map(|octets| (DEFAULT, octets)),
    };
    let (data_coding, octets) =
        short.unwrap_or_else(|| (UCS2, text.encode_utf16().flat_map(u16::to_be_bytes).collect()));
    Coded { data_coding, octets }
}

/// Reads octets. What is not of the coding that they claim is read as what it most likely is; nothing is dropped.
pub(super) fn decode(data_coding: u8, octets: &[u8], alphabet: Alphabet) -> Vec<u16> {
    match coding_of(data_coding) {
        Coding::Default if alphabet == Alphabet::Latin1Default => latin1(octets),
        // A seventh bit can't be: the operator's alphabet is another one than its contract says.
        Coding::Default if octets.iter().any(|octet| *octet > 0x7F) => latin1(octets),
        Coding::Default => from_septets(octets).encode_utf16().collect(),
        Coding::Latin1 => latin1(octets),
        Coding::Utf16 => utf16(octets),
        Coding::Octets => match std::str::from_utf8(octets) {
            Ok(text) => text.encode_utf16().collect(),
            Err(_) => latin1(octets),
        },
        Coding::Other(encoding) => encoding.decode_without_bom_handling(octets).0.encode_utf16().collect(),
    }
}

enum Coding {
    Default,
    Latin1,
    Utf16,
    Octets,
    Other(&'static encoding_rs::Encoding),
}

/// SMPP 3.4, 5.2.19, and the groups of GSM 03.38 beyond it.
const fn coding_of(data_coding: u8) -> Coding {
    match data_coding {
        0x01 | 0x03 => Coding::Latin1,
        0x02 | 0x04 | 0x09 => Coding::Octets,
        0x05 => Coding::Other(encoding_rs::SHIFT_JIS),
        0x06 => Coding::Other(encoding_rs::ISO_8859_5),
        0x07 => Coding::Other(encoding_rs::ISO_8859_8),
        0x08 => Coding::Utf16,
        0x0A => Coding::Other(encoding_rs::ISO_2022_JP),
        0x0D => Coding::Other(encoding_rs::EUC_JP),
        0x0E => Coding::Other(encoding_rs::EUC_KR),
        // General data coding of GSM 03.38: bits 3 and 2 tell the alphabet.
        0x10..=0x7F => match (data_coding >> 2) & 0b11 {
            1 => Coding::Octets,
            2 => Coding::Utf16,
            _ => Coding::Default,
        },
        // Message waiting, stored, in UCS-2.
        0xE0..=0xEF => Coding::Utf16,
        // With a class: bit 2 tells eight bits.
        0xF0..=0xFF if data_coding & 0b100 != 0 => Coding::Octets,
        _ => Coding::Default,
    }
}

fn latin1(octets: &[u8]) -> Vec<u16> {
    octets.iter().map(|octet| u16::from(*octet)).collect()
}

fn utf16(octets: &[u8]) -> Vec<u16> {
    let (octets, is_little) = match octets {
        [0xFE, 0xFF, rest @ ..] => (rest, false),
        [0xFF, 0xFE, rest @ ..] => (rest, true),
        all => (all, false),
    };
    let (pairs, odd) = octets.as_chunks::<2>();
    let unit = if is_little { u16::from_le_bytes } else { u16::from_be_bytes };
    let mut units: Vec<u16> = pairs.iter().map(|pair| unit(*pair)).collect();
    if let [last] = odd {
        units.push(u16::from(*last));
    }
    units
}

/// A part of a longer text: which text of its sender, of how many parts, which one, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PartOf {
    pub(super) reference: u16,
    pub(super) parts: u8,
    pub(super) number: u8,
}

impl PartOf {
    /// One that can be: its number lies within its count, and there is more than one.
    pub(super) const fn checked(reference: u16, parts: u8, number: u8) -> Option<Self> {
        if parts >= 2 && number >= 1 && number <= parts { Some(Self { reference, parts, number }) } else { None }
    }

    /// The user data header with an eight-bit reference (3GPP TS 23.040, 9.2.3.24.1).
    pub(super) const fn header(self) -> [u8; 6] {
        [0x05, 0x00, 0x03, self.reference.to_le_bytes()[0], self.parts, self.number]
    }
}

/// Divides user data into what its header says of parts, and the text.
pub(super) fn split_header(octets: &[u8]) -> (Option<PartOf>, &[u8]) {
    let Some((length, rest)) = octets.split_first() else { return (None, octets) };
    let Some((header, text)) = rest.split_at_checked(usize::from(*length)) else { return (None, octets) };
    let (mut elements, mut part) = (header, None);
    while let [kind, length, rest @ ..] = elements {
        let Some((value, after)) = rest.split_at_checked(usize::from(*length)) else { break };
        part = part.or(match (kind, value) {
            (0x00, [reference, parts, number]) => PartOf::checked(u16::from(*reference), *parts, *number),
            (0x08, [high, low, parts, number]) => PartOf::checked(u16::from_be_bytes([*high, *low]), *parts, *number),
            _ => None,
        });
        elements = after;
    }
    (part, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round(text: &str, alphabet: Alphabet) -> (u8, String) {
        let coded = encode(text, alphabet);
        let units = decode(coded.data_coding, &coded.octets, alphabet);
        (coded.data_coding, String::from_utf16(&units).expect("it is whole"))
    }

    #[test]
    fn every_text_comes_back_as_it_went() {
        for text in ["Présent à 8 h [oui] 10 €", "ça va", "Ébola: 2 cas", "حضور", "👩🏾‍⚕️ ok", "@£$ñΔ", ""]
        {
            for alphabet in [Alphabet::Gsm7, Alphabet::Latin1, Alphabet::Latin1Default] {
                assert_eq!(round(text, alphabet).1, text, "{alphabet:?}");
            }
        }
        assert_eq!(round("à 8 h", Alphabet::Gsm7).0, 0);
        assert_eq!(round("à 8 h", Alphabet::Latin1).0, 3);
        assert_eq!(round("10 €", Alphabet::Latin1).0, 8, "Latin-1 has no euro");
        assert_eq!(encode("€", Alphabet::Gsm7).octets, [0x1B, 0x65]);
    }

    #[test]
    fn what_operators_claim_wrongly_is_read_all_the_same() {
        let read = |coding, octets: &[u8]| String::from_utf16_lossy(&decode(coding, octets, Alphabet::Gsm7));
        assert_eq!(read(0, b"pr\xE9sent"), "présent");
        assert_eq!(read(8, b"\xFF\xFEo\0k\0"), "ok");
        assert_eq!(read(8, b"\0o\0k!"), "ok!", "an odd octet is kept");
        assert_eq!(read(0x18, b"\0o\0k"), "ok", "UCS-2 with a class");
        assert_eq!(read(0xF5, "é".as_bytes()), "é");
        assert_eq!(read(0xF0, b"ok"), "ok");
        assert_eq!(read(4, b"\xFF"), "ÿ");
    }

    #[test]
    fn headers_tell_parts_and_broken_ones_lose_no_text() {
        let part = PartOf { reference: 7, parts: 3, number: 2 };
        let with = [part.header().as_slice(), b"text"].concat();
        assert_eq!(split_header(&with), (Some(part), b"text".as_slice()));
        let wide = [&[0x06, 0x08, 0x04, 0x01, 0x02, 0x02, 0x01][..], b"x"].concat();
        assert_eq!(split_header(&wide), (PartOf::checked(0x0102, 2, 1), b"x".as_slice()));
        let after_port = [&[0x0A, 0x04, 0x02, 0, 0, 0x00, 0x03, 9, 2, 2][..], b"!y"].concat();
        assert_eq!(split_header(&after_port), (PartOf::checked(9, 2, 2), b"y".as_slice()), "one octet too many");
        assert_eq!(split_header(&[0x05, 0x00, 0x03, 1, 2, 3, b'z']), (None, b"z".as_slice()), "part 3 of 2");
        assert_eq!(split_header(&[200, 1, 2]), (None, [200, 1, 2].as_slice()));
        assert_eq!(split_header(&[]), (None, [].as_slice()));
    }
}
