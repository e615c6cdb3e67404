//! A part of a message as `submit_sm`.

use bytes::Bytes;
use mhero_app::ports::Outgoing;
use mhero_core::Urn;
use rusmpp::{
    pdus::SubmitSm,
    tlvs::MessageSubmissionRequestTlvValue as Parameter,
    types::{AnyOctetString, COctetString, EmptyOrFullCOctetString, OctetString},
    values::{DataCoding, EsmClass, MessagePayload, Npi, RegisteredDelivery, ServiceType, Ton},
};

use super::{
    coding::{Coded, PartOf, encode},
    frame::whole,
    settings::{Long, Numbers, Plan, Settings, VALIDITY_HOURS_MAX},
};

/// Octets of UCS-2 that one short message carries.
const UCS2_MAX: usize = 140;
/// Letters of the other alphabets that one carries, an octet each here.
const LETTERS_MAX: usize = 160;
/// `data_coding` of UCS-2.
const UCS2: u8 = 0x08;
/// Octets of `short_message` (SMPP 3.4, 5.2.22): the GSM alphabet stands an octet a letter, so that 160 letters go.
const FIELD_MAX: usize = 254;
/// Longest address, without the closing zero (SMPP 3.4, 5.2.8 and 5.2.9).
const ADDRESS_MAX: usize = 20;
/// Figures of the longest short code.
const SHORT_CODE_MAX: usize = 8;
/// `esm_class` with a user data header.
const WITH_HEADER: u8 = 0x40;
/// `registered_delivery`: a receipt at the end, however it ends.
const RECEIPT: u8 = 0x01;

/// Writes the frame of a part, or says why it can't be sent.
/// `minutes`: it is worth sending for so long.
pub(super) fn frame(
    settings: &Settings,
    (outgoing, minutes): (&Outgoing, Option<u32>),
    sequence: u32,
) -> Result<Bytes, String> {
    Ok(whole(sequence, submit(settings, outgoing, minutes)?))
}

fn submit(settings: &Settings, outgoing: &Outgoing, minutes: Option<u32>) -> Result<SubmitSm, String> {
    if outgoing.to.scheme() != Urn::TEL {
        return Err("address is no phone number".to_owned());
    }
    let (source, sender) = source(settings, outgoing.sender.as_deref().unwrap_or_default())?;
    let part = part_of(outgoing);
    let coded = encode(&outgoing.text, settings.alphabet);
    let (body, parameters, esm_class) = body(settings.long, part, &coded)?;
    let mut message = SubmitSm::builder()
        .service_type(ServiceType::new(text(&settings.service_type, "service_type")?))
        .source_addr_ton(Ton::from(source.ton))
        .source_addr_npi(Npi::from(source.npi))
        .source_addr(text(&sender, "sender")?)
        .dest_addr_ton(Ton::from(settings.dest.ton))
        .dest_addr_npi(Npi::from(settings.dest.npi))
        .destination_addr(text(&destination(settings, outgoing.to.path()), "number")?)
        // The library's default is a delivery acknowledgement.
        .esm_class(EsmClass::from(esm_class))
        .registered_delivery(RegisteredDelivery::from(if settings.wants_receipts { RECEIPT } else { 0 }))
        .data_coding(DataCoding::from(coded.data_coding))
        .short_message(OctetString::from_vec(body).map_err(|_| "text too long".to_owned())?)
        .tlvs(parameters);
    let kept = settings.validity_hours.map(|hours| hours * 60);
    if let Some(minutes) = kept.into_iter().chain(minutes).min() {
        message = message.validity_period(validity(minutes.clamp(1, VALIDITY_HOURS_MAX * 60))?);
    }
    Ok(message.build())
}

/// The octets of the text with what numbers its parts, and `esm_class`.
fn body(long: Long, part: Option<PartOf>, coded: &Coded) -> Result<(Vec<u8>, Vec<Parameter>, u8), String> {
    let Coded { data_coding, octets } = coded;
    let room = if *data_coding == UCS2 { UCS2_MAX } else { LETTERS_MAX };
    let payload = |octets: &[u8]| {
        let octets = AnyOctetString::from_vec(octets.to_vec());
        (Vec::new(), vec![Parameter::MessagePayload(MessagePayload::new(octets))], 0)
    };
    Ok(match (part, long) {
        (Some(part), Long::Udh) if octets.len() + 6 <= FIELD_MAX => {
            ([part.header().as_slice(), octets].concat(), Vec::new(), WITH_HEADER)
        }
        (Some(part), Long::Sar) if octets.len() <= FIELD_MAX => {
            let parameters = vec![
                Parameter::SarMsgRefNum(part.reference),
                Parameter::SarTotalSegments(part.parts),
                Parameter::SarSegmentSeqnum(part.number),
            ];
            (octets.clone(), parameters, 0)
        }
        (None, _) if octets.len() <= room => (octets.clone(), Vec::new(), 0),
        (None, _) => payload(octets),
        (Some(_), _) => return Err("text too long".to_owned()),
    })
}

/// Which part of which text: the reference is the same for each part and for each attempt, so that a phone joins what it has.
fn part_of(outgoing: &Outgoing) -> Option<PartOf> {
    let [.., high, low] = outgoing.message.uuid().into_bytes();
    let (parts, number) = (u8::try_from(outgoing.parts).ok()?, u8::try_from(outgoing.part).ok()?);
    PartOf::checked(u16::from_be_bytes([high, low]), parts, number)
}

fn destination(settings: &Settings, path: &str) -> String {
    match settings.numbers {
        Numbers::Plain => path.trim_start_matches('+').to_owned(),
        Numbers::Plus => path.to_owned(),
    }
}

/// The sender with its type: a name, a number with the country's code, or a short code.
fn source(settings: &Settings, sender: &str) -> Result<(Plan, String), String> {
    if sender.len() > ADDRESS_MAX || !sender.is_ascii() {
        return Err("sender too long".to_owned());
    }
    let bare = sender.trim_start_matches('+');
    let is_number = !bare.is_empty() && bare.bytes().all(|octet| octet.is_ascii_digit());
    let (plan, text) = match (sender.is_empty(), is_number) {
        (true, _) => (Plan { ton: 0, npi: 0 }, ""),
        (_, false) => (Plan { ton: 5, npi: 0 }, sender),
        (_, true) if bare.len() > SHORT_CODE_MAX || sender.starts_with('+') => (Plan { ton: 1, npi: 1 }, bare),
        (_, true) => (Plan { ton: 3, npi: 0 }, bare),
    };
    Ok((settings.source.unwrap_or(plan), text.to_owned()))
}

/// A time from now (SMPP 3.4, 7.1.1), as `000001000000000R` is a day.
fn validity(minutes: u32) -> Result<EmptyOrFullCOctetString<17>, String> {
    let (days, hours, minutes) = (minutes / 1_440, minutes / 60 % 24, minutes % 60);
    let mut octets = format!("0000{days:02}{hours:02}{minutes:02}00000R").into_bytes();
    octets.push(0);
    EmptyOrFullCOctetString::from_vec(octets).map_err(|_| "validity".to_owned())
}

fn text<const MIN: usize, const MAX: usize>(text: &str, what: &str) -> Result<COctetString<MIN, MAX>, String> {
    let mut octets = text.as_bytes().to_vec();
    octets.push(0);
    COctetString::from_vec(octets).map_err(|_| format!("{what} too long"))
}

#[cfg(test)]
mod tests {
    use mhero_core::{Lane, MessageId, SubmissionId};

    use super::*;
    use crate::smpp::{
        frame::{Fields, Frame},
        settings::tests::settings,
    };

    fn outgoing(text: &str, part: i64, parts: i64) -> Outgoing {
        Outgoing {
            submission: SubmissionId::from_uuid(uuid::Uuid::nil()),
            message: MessageId::from_uuid(uuid::Uuid::from_u128(0x1234)),
            lane: Lane::Reply,
            to: Urn::tel("+231770000001").expect("a number"),
            sender: Some("MOH".into()),
            text: text.into(),
            part,
            parts,
            language: None,
            heard_at: None,
        }
    }

    /// Sender, its type, receiver, `esm_class`, `data_coding`, short message.
    fn read(settings: &Settings, outgoing: &Outgoing) -> (String, u8, String, u8, u8, Vec<u8>) {
        let frame = frame(settings, (outgoing, None), 5).expect("it can be written");
        let frame = Frame::read(bytes::BytesMut::from(&frame[..])).expect("a header");
        assert_eq!((frame.command, frame.sequence), (0x04, 5));
        let mut fields = Fields::new(&frame.body);
        assert_eq!(fields.text(), "");
        let ton = fields.octet();
        fields.octet();
        let sender = fields.text();
        assert_eq!((fields.octet(), fields.octet()), (1, 1));
        let (receiver, esm_class) = (fields.text(), fields.octet());
        fields.octets(2);
        assert_eq!(fields.text(), "");
        let validity = fields.text();
        assert_eq!(validity, settings.validity_hours.map_or("", |_| "000001060000000R"));
        assert_eq!((fields.octet(), fields.octet()), (1, 0));
        let data_coding = fields.octet();
        fields.octet();
        let length = usize::from(fields.octet());
        (sender, ton, receiver, esm_class, data_coding, fields.octets(length).to_vec())
    }

    #[test]
    fn a_short_text_is_one_plain_message() {
        let settings = settings(&[("validity", "30")]).expect("these can be");
        let read = read(&settings, &outgoing("Réunion à 8 h", 1, 1));
        let (esm_class, data_coding) = (0, 0);
        let octets = b"R\x05union \x7F 8 h".to_vec();
        assert_eq!(read, ("MOH".into(), 5, "231770000001".into(), esm_class, data_coding, octets));
    }

    #[test]
    fn what_is_worth_little_longer_is_kept_no_longer() {
        let of = |pairs: &[(&str, &str)], minutes| {
            let settings = settings(pairs).expect("these can be");
            let frame = frame(&settings, (&outgoing("a", 1, 1), minutes), 5).expect("it can be written");
            let octets = String::from_utf8_lossy(&frame).into_owned();
            octets.split('\0').find(|text| text.ends_with("000R")).map(ToOwned::to_owned)
        };
        assert_eq!(of(&[], None), None);
        assert_eq!(of(&[], Some(95)).as_deref(), Some("000000013500000R"));
        assert_eq!(of(&[("validity", "30")], Some(95)).as_deref(), Some("000000013500000R"), "the shorter of both");
        assert_eq!(of(&[("validity", "1")], Some(95)).as_deref(), Some("000000010000000R"));
        assert_eq!(of(&[], Some(0)).as_deref(), Some("000000000100000R"), "never for ever");
    }

    #[test]
    fn parts_say_which_they_are() {
        let udh = read(&settings(&[]).expect("these can be"), &outgoing("b", 2, 3));
        assert_eq!((udh.3, udh.5), (0x40, [5, 0, 3, 0x34, 3, 2, b'b'].to_vec()));
        let sar = settings(&[("long", "sar")]).expect("these can be");
        let frame = frame(&sar, (&outgoing("b", 2, 3), None), 1).expect("it can be written");
        assert!(
            frame.ends_with(&[0x02, 0x0C, 0, 2, 0x12, 0x34, 0x02, 0x0E, 0, 1, 3, 0x02, 0x0F, 0, 1, 2]),
            "{frame:?}"
        );
        let whole = settings(&[("long", "payload")]).expect("these can be");
        let long = "é".repeat(300);
        let frame = super::frame(&whole, (&outgoing(&long, 1, 1), None), 1).expect("it can be written");
        assert!(frame.len() > 300 && frame.windows(4).any(|tag| tag == [0x04, 0x24, 0x01, 0x2C]));
    }

    #[test]
    fn senders_have_the_type_of_what_they_are() {
        let settings = settings(&[]).expect("these can be");
        for (sender, ton) in [("MOH", 5), ("1234", 3), ("+231770000009", 1), ("231770000009", 1), ("", 0)] {
            assert_eq!(source(&settings, sender).expect("it can be").0.ton, ton, "{sender}");
        }
        assert!(source(&settings, "Ministère").is_err());
        let set =
            super::super::settings::tests::settings(&[("source_ton", "0"), ("source_npi", "1")]).expect("these can be");
        assert_eq!(source(&set, "1234").expect("it can be").0, Plan { ton: 0, npi: 1 });
    }
}
