//! ITI-74, Query for Updated Services: SOAP 1.2 with WS-Addressing. The answer is read by [`super::Entities`], whatever it stands in.

use jiff::Timestamp;

use super::element::escaped;

/// The request for what changed since an instant; `to` is the address it is sent to, `message` a fresh `urn:uuid:`.
///
/// ```
/// let text = mhero_wire::csd::updates_request("http://infoman.example/CSD", "urn:uuid:1", jiff::Timestamp::UNIX_EPOCH);
/// assert!(text.contains("<csd:lastModified>1970-01-01T00:00:00Z</csd:lastModified>"));
/// ```
pub fn updates_request(to: &str, message: &str, since: Timestamp) -> String {
    let (to, message) = (escaped(to, false), escaped(message, false));
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope" xmlns:wsa="http://www.w3.org/2005/08/addressing" xmlns:csd="urn:ihe:iti:csd:2013">
<soap:Header><wsa:Action soap:mustUnderstand="1">urn:ihe:iti:csd:2013:GetDirectoryModificationsRequest</wsa:Action>
<wsa:MessageID>{message}</wsa:MessageID>
<wsa:ReplyTo soap:mustUnderstand="1"><wsa:Address>http://www.w3.org/2005/08/addressing/anonymous</wsa:Address></wsa:ReplyTo>
<wsa:To soap:mustUnderstand="1">{to}</wsa:To></soap:Header>
<soap:Body><csd:getModificationsRequest><csd:lastModified>{since}</csd:lastModified></csd:getModificationsRequest></soap:Body>
</soap:Envelope>
"#
    )
}
