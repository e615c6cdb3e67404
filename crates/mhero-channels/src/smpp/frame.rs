//! Frames of SMPP: what comes is read leniently, a field at a time, since SMS centres write lengths, letters and parameters that
//! the manual does not have, and a health worker's text must not be lost for that. What leaves is written strictly, by `rusmpp`.

use bytes::{Buf, BufMut, Bytes, BytesMut};
use rusmpp::{
    Command, CommandStatus, Pdu,
    encode::{Encode as _, Length as _},
};
use tokio_util::codec::LengthDelimitedCodec;

/// Longest frame, in octets: a `message_payload` of 64 kB and its fields.
const FRAME_MAX: usize = 70_000;
/// Octets of the header.
const HEADER: usize = 16;
/// Most optional parameters that are looked at.
const PARAMETERS_MAX: usize = 64;

/// The commands that are read (SMPP 3.4, 5.1.2.1); an answer has the highest bit set.
pub(super) mod command {
    pub(in super::super) const ANSWER: u32 = 0x8000_0000;
    pub(in super::super) const GENERIC_NACK: u32 = 0x8000_0000;
    pub(in super::super) const BIND_RECEIVER: u32 = 0x01;
    pub(in super::super) const BIND_TRANSMITTER: u32 = 0x02;
    pub(in super::super) const DELIVER: u32 = 0x05;
    pub(in super::super) const UNBIND: u32 = 0x06;
    pub(in super::super) const BIND_TRANSCEIVER: u32 = 0x09;
    pub(in super::super) const ENQUIRE: u32 = 0x15;
    pub(in super::super) const ALERT: u32 = 0x0102;
    pub(in super::super) const DATA: u32 = 0x0103;
}

/// One frame, its body unread.
#[derive(Clone)]
pub(super) struct Frame {
    pub(super) command: u32,
    pub(super) status: u32,
    pub(super) sequence: u32,
    pub(super) body: Bytes,
}

impl Frame {
    /// Divides what the codec cut out, which has at least a header.
    pub(super) fn read(mut octets: BytesMut) -> Option<Self> {
        if octets.len() < HEADER {
            return None;
        }
        octets.advance(4);
        let (command, status, sequence) = (octets.get_u32(), octets.get_u32(), octets.get_u32());
        Some(Self { command, status, sequence, body: octets.freeze() })
    }
}

/// Cuts a stream into frames, each with its header, of a bounded length.
pub(super) fn codec() -> LengthDelimitedCodec {
    // The length counts itself.
    LengthDelimitedCodec::builder()
        .length_field_length(4)
        .length_adjustment(0)
        .num_skip(0)
        .max_frame_length(FRAME_MAX)
        .new_codec()
}

/// Writes a frame of a command without a body, or with one that was written already.
pub(super) fn plain(command: u32, status: u32, sequence: u32, body: &[u8]) -> Bytes {
    let mut octets = BytesMut::with_capacity(HEADER + body.len());
    octets.put_u32(u32::try_from(HEADER + body.len()).unwrap_or(u32::MAX));
    octets.put_u32(command);
    octets.put_u32(status);
    octets.put_u32(sequence);
    octets.put_slice(body);
    octets.freeze()
}

/// Writes a frame of a command of the library's.
pub(super) fn whole(sequence: u32, pdu: impl Into<Pdu>) -> Bytes {
    let command = Command::new(CommandStatus::EsmeRok, sequence, pdu);
    let length = 4 + command.length();
    let mut octets = BytesMut::with_capacity(length);
    octets.put_u32(u32::try_from(length).unwrap_or(u32::MAX));
    let mut body = BytesMut::zeroed(command.length());
    let _ = command.encode(&mut body);
    octets.put_slice(&body);
    octets.freeze()
}

/// The body of a bind. The library holds a password to eight letters; operators give longer ones.
pub(super) fn bind_body(system_id: &str, password: &str, system_type: &str, address_range: &str) -> Vec<u8> {
    /// `interface_version` of SMPP 3.4.
    const VERSION: u8 = 0x34;
    let mut body = Vec::new();
    for text in [system_id, password, system_type] {
        body.put_slice(text.as_bytes());
        body.put_u8(0);
    }
    body.put_slice(&[VERSION, 0, 0]);
    body.put_slice(address_range.as_bytes());
    body.put_u8(0);
    body
}

/// Reads a body a field at a time. What is missing reads as empty or zero.
pub(super) struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    pub(super) const fn new(body: &'a [u8]) -> Self {
        Self(body)
    }

    /// Text up to a zero, which stands in Latin-1 where it is not ASCII.
    pub(super) fn text(&mut self) -> String {
        let end = self.0.iter().position(|octet| *octet == 0).unwrap_or(self.0.len());
        let (text, rest) = self.0.split_at(end);
        self.0 = rest.get(1..).unwrap_or_default();
        text.iter().map(|octet| char::from(*octet)).collect()
    }

    pub(super) fn octet(&mut self) -> u8 {
        let Some((octet, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *octet
    }

    /// So many octets, or those that are left.
    pub(super) fn octets(&mut self, count: usize) -> &'a [u8] {
        let (octets, rest) = self.0.split_at(count.min(self.0.len()));
        self.0 = rest;
        octets
    }

    /// The optional parameters that are left: tag and value.
    pub(super) fn parameters(self) -> Parameters<'a> {
        let (mut rest, mut all) = (self.0, Vec::new());
        while let [tag_high, tag_low, high, low, after @ ..] = rest
            && all.len() < PARAMETERS_MAX
        {
            let length = usize::from(u16::from_be_bytes([*high, *low]));
            let (value, next) = after.split_at(length.min(after.len()));
            all.push((u16::from_be_bytes([*tag_high, *tag_low]), value));
            rest = next;
        }
        Parameters(all)
    }
}

/// Optional parameters.
pub(super) struct Parameters<'a>(Vec<(u16, &'a [u8])>);

impl<'a> Parameters<'a> {
    /// The value of the first with a tag.
    pub(super) fn get(&self, tag: u16) -> Option<&'a [u8]> {
        self.0.iter().find(|(known, _)| *known == tag).map(|(_, value)| *value)
    }

    /// A number of one or two octets.
    pub(super) fn number(&self, tag: u16) -> Option<u16> {
        match self.get(tag)? {
            [one] => Some(u16::from(*one)),
            [high, low] => Some(u16::from_be_bytes([*high, *low])),
            _ => None,
        }
    }

    /// A text, without the zero that may close it.
    pub(super) fn text(&self, tag: u16) -> Option<String> {
        let value = self.get(tag)?;
        let text = value.split(|octet| *octet == 0).next().unwrap_or_default();
        Some(text.iter().map(|octet| char::from(*octet)).collect())
    }
}

#[cfg(test)]
mod tests {
    use tokio_util::codec::Decoder as _;

    use super::*;

    #[test]
    fn frames_are_cut_and_bounded() {
        let mut stream = BytesMut::from(&plain(command::ENQUIRE, 0, 7, &[])[..]);
        stream.extend_from_slice(&plain(0x04 | command::ANSWER, 0x58, 8, b"id\0")[..12]);
        let mut codec = codec();
        let first = Frame::read(codec.decode(&mut stream).expect("it is whole").expect("a frame")).expect("a header");
        assert_eq!((first.command, first.sequence, first.body.len()), (command::ENQUIRE, 7, 0));
        assert!(codec.decode(&mut stream).expect("so far").is_none(), "the second is not whole");
        let mut endless = BytesMut::from(&[0x7F, 0xFF, 0xFF, 0xFF, 0, 0, 0, 5][..]);
        assert!(super::codec().decode(&mut endless).is_err());
        let mut short = BytesMut::from(&[0, 0, 0, 8, 0, 0, 0, 5][..]);
        assert!(Frame::read(super::codec().decode(&mut short).expect("a frame").expect("whole")).is_none());
    }

    #[test]
    fn a_body_may_end_anywhere() {
        let body = bind_body("moh", "a password that is longer than eight", "", "");
        for end in 0..=body.len() {
            let mut fields = Fields::new(&body[..end]);
            let _ = (fields.text(), fields.text(), fields.text(), fields.octet());
            let _ = fields.parameters().get(1);
        }
        let mut fields = Fields::new(b"231770000001\0\x03abc\x04\x27\0\x01\x02\0\x1E\0\x09A1\0");
        assert_eq!(fields.text(), "231770000001");
        let length = usize::from(fields.octet());
        assert_eq!(fields.octets(length), b"abc");
        let parameters = fields.parameters();
        assert_eq!(parameters.number(0x0427), Some(2));
        assert_eq!(parameters.text(0x001E).as_deref(), Some("A1"), "its length is more than there is");
    }
}
