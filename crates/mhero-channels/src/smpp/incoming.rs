//! What an SMS centre delivers: a phone's text, a part of one, or a receipt.

use mhero_app::ports::{CarrierEvent, Piece};

use super::{
    coding::{self, PartOf},
    frame::{Fields, Parameters},
    receipt::Receipt,
    settings::{IdForm, Settings},
};

/// Longest number that is taken, in letters.
const NUMBER_MAX: usize = 40;

/// Optional parameters (SMPP 3.4, 5.3.2).
mod tag {
    pub(super) const RECEIPTED_MESSAGE_ID: u16 = 0x001E;
    pub(super) const SAR_REFERENCE: u16 = 0x020C;
    pub(super) const SAR_PARTS: u16 = 0x020E;
    pub(super) const SAR_NUMBER: u16 = 0x020F;
    pub(super) const NETWORK_ERROR: u16 = 0x0423;
    pub(super) const PAYLOAD: u16 = 0x0424;
    pub(super) const MESSAGE_STATE: u16 = 0x0427;
}

/// What was delivered.
pub(super) struct Delivery {
    /// From where it comes, as the SMS centre writes it.
    pub(super) from: String,
    /// What it tells us.
    pub(super) event: CarrierEvent,
}

/// Reads `deliver_sm`, whose body is that of `submit_sm`.
pub(super) fn deliver(settings: &Settings, body: &[u8]) -> Delivery {
    let mut fields = Fields::new(body);
    fields.text();
    let (from, to) = (address(&mut fields), address(&mut fields));
    let esm_class = fields.octet();
    fields.octets(2);
    fields.text();
    fields.text();
    fields.octets(2);
    let data_coding = fields.octet();
    fields.octet();
    let length = usize::from(fields.octet());
    let text = fields.octets(length);
    read(settings, [from, to], (esm_class, data_coding), text, &fields.parameters())
}

/// Reads `data_sm`, which carries its text in a parameter only.
pub(super) fn data(settings: &Settings, body: &[u8]) -> Delivery {
    let mut fields = Fields::new(body);
    fields.text();
    let (from, to) = (address(&mut fields), address(&mut fields));
    let esm_class = fields.octet();
    fields.octet();
    let data_coding = fields.octet();
    read(settings, [from, to], (esm_class, data_coding), &[], &fields.parameters())
}

/// An address with its type: one of international type gets the plus that it lacks.
fn address(fields: &mut Fields<'_>) -> String {
    const INTERNATIONAL: u8 = 1;
    let (ton, _npi) = (fields.octet(), fields.octet());
    let path: String = fields.text().trim().chars().take(NUMBER_MAX).collect();
    let is_bare = !path.is_empty() && path.bytes().all(|octet| octet.is_ascii_digit());
    if ton == INTERNATIONAL && is_bare { format!("+{path}") } else { path }
}

fn read(
    settings: &Settings,
    [from, to]: [String; 2],
    (esm_class, data_coding): (u8, u8),
    short: &[u8],
    parameters: &Parameters<'_>,
) -> Delivery {
    /// `esm_class`: a user data header.
    const HEADER: u8 = 0x40;
    /// `esm_class`: a receipt of the SMS centre, or a notice on the way to one.
    const RECEIPT: u8 = 0x04 | 0x20;
    let octets = parameters.get(tag::PAYLOAD).filter(|_| short.is_empty()).unwrap_or(short);
    let (by_header, octets) = if esm_class & HEADER == 0 { (None, octets) } else { coding::split_header(octets) };
    let units = coding::decode(data_coding, octets, settings.alphabet);
    let id = parameters.text(tag::RECEIPTED_MESSAGE_ID);
    let text = String::from_utf16_lossy(&units);
    let is_receipt =
        esm_class & RECEIPT != 0 || id.is_some() || (settings.takes_unmarked_receipts && Receipt::is_like(&text));
    let event = if is_receipt {
        receipt(settings, [&from, &to], &text, id.as_deref(), parameters)
    } else if let Some(part) = by_header.or_else(|| by_parameters(parameters)) {
        let PartOf { reference, parts, number } = part;
        CarrierEvent::ReceivedPiece { from: from.clone(), piece: Piece { reference, parts, number, units } }
    } else {
        CarrierEvent::Received { carrier_id: None, from: from.clone(), text, at: None }
    };
    Delivery { from, event }
}

fn receipt(
    settings: &Settings,
    numbers: [&String; 2],
    text: &str,
    id: Option<&str>,
    parameters: &Parameters<'_>,
) -> CarrierEvent {
    let state = parameters.number(tag::MESSAGE_STATE).and_then(|state| u8::try_from(state).ok());
    let error = parameters.get(tag::NETWORK_ERROR).and_then(|value| <[u8; 3]>::try_from(value).ok());
    let Some(receipt) = Receipt::read(text, id, state, error) else { return CarrierEvent::Nothing };
    let Some(report) = receipt.report() else { return CarrierEvent::Nothing };
    match settings.id_form {
        IdForm::Same => CarrierEvent::Report { carrier_id: receipt.id, report },
        IdForm::Auto => {
            CarrierEvent::ReportSpelt { carrier_ids: receipt.spellings(), numbers: numbers.map(Clone::clone), report }
        }
    }
}

fn by_parameters(parameters: &Parameters<'_>) -> Option<PartOf> {
    let octet = |tag| parameters.number(tag).and_then(|number| u8::try_from(number).ok());
    PartOf::checked(parameters.number(tag::SAR_REFERENCE)?, octet(tag::SAR_PARTS)?, octet(tag::SAR_NUMBER)?)
}

#[cfg(test)]
mod tests {
    use mhero_app::ports::Report;

    use super::*;
    use crate::smpp::settings::tests::settings;

    /// The body of a delivery from a phone.
    fn body(esm_class: u8, data_coding: u8, text: &[u8], parameters: &[u8]) -> Vec<u8> {
        let length = u8::try_from(text.len()).expect("a short text");
        [
            b"\0\x01\x01231770000001\0\x03\0".as_slice(),
            b"1234\0",
            &[esm_class, 0, 0],
            b"\0\0",
            &[0, 0, data_coding, 0, length],
            text,
            parameters,
        ]
        .concat()
    }

    fn event(esm_class: u8, data_coding: u8, text: &[u8], parameters: &[u8]) -> CarrierEvent {
        let settings = settings(&[]).expect("these can be");
        deliver(&settings, &body(esm_class, data_coding, text, parameters)).event
    }

    fn received(text: &str) -> CarrierEvent {
        CarrierEvent::Received { carrier_id: None, from: "+231770000001".into(), text: text.into(), at: None }
    }

    #[test]
    fn a_text_is_read_with_its_sender() {
        assert!(event(0, 0, b"PR\x1FSENT 2", &[]) == received("PRÉSENT 2"));
        assert!(event(0, 8, b"\0o\0k", &[]) == received("ok"));
        assert!(event(0, 0, b"", b"\x04\x24\0\x05AMBER") == received("AMBER"), "in message_payload");
        assert!(
            event(0, 0, b"id:12 stat:DELIVRD", &[]) == received("id:12 stat:DELIVRD"),
            "a phone can't forge a receipt"
        );
        let settings = settings(&[]).expect("these can be");
        let data_body = b"\0\x01\x01231770000001\0\x03\x001234\0\0\0\0\x04\x24\0\x02ok";
        assert!(data(&settings, data_body).event == received("ok"));
    }

    #[test]
    fn parts_are_told_by_header_or_parameters() {
        let piece = |event| match event {
            CarrierEvent::ReceivedPiece { piece, .. } => {
                (piece.reference, piece.parts, piece.number, String::from_utf16_lossy(&piece.units))
            }
            other => panic!("{other:?}"),
        };
        assert_eq!(piece(event(0x40, 0, b"\x05\0\x03\x09\x02\x01one", &[])), (9, 2, 1, "one".into()));
        let sar = [0x02, 0x0C, 0, 2, 1, 9, 0x02, 0x0E, 0, 1, 2, 0x02, 0x0F, 0, 1, 2];
        assert_eq!(piece(event(0, 0, b"two", &sar)), (265, 2, 2, "two".into()));
    }

    #[test]
    fn receipts_are_those_that_the_centre_marks() {
        let text = b"id:0000001234 sub:001 dlvrd:001 stat:DELIVRD err:000 text:";
        let spelt = |event| match event {
            CarrierEvent::ReportSpelt { carrier_ids, numbers: [from, _], report } => {
                (carrier_ids[0].clone(), from, report)
            }
            other => panic!("{other:?}"),
        };
        assert_eq!(spelt(event(0x04, 0, text, &[])), ("0000001234".into(), "+231770000001".into(), Report::Delivered));
        let parameters = b"\0\x1E\0\x03A1\0\x04\x27\0\x01\x05";
        let failed = Report::Failed { reason: "UNDELIV".into() };
        assert_eq!(spelt(event(0, 0, b"", parameters)), ("A1".into(), "+231770000001".into(), failed));
        assert!(event(0x04, 0, b"id:1 stat:ENROUTE", &[]) == CarrierEvent::Nothing);
        let unmarked = settings(&[("receipts", "unmarked"), ("id_form", "same")]).expect("these can be");
        let read = deliver(&unmarked, &body(0, 0, text, &[])).event;
        assert!(read == CarrierEvent::Report { carrier_id: "0000001234".into(), report: Report::Delivered });
    }

    #[test]
    fn nothing_that_comes_breaks_it() {
        let whole = body(0x44, 0, b"\x05\0\x03\x09\x02\x01id:1 stat:DELIVRD", b"\0\x1E\0\x03A1\0");
        let settings = settings(&[]).expect("these can be");
        for end in 0..=whole.len() {
            deliver(&settings, &whole[..end]);
            data(&settings, &whole[..end]);
        }
    }
}
