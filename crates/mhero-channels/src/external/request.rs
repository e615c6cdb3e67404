//! What is asked of the gateway: the template with its values, each escaped for where it goes.

use mhero_app::ports::Outgoing;
use mhero_core::Urn;
use mhero_text::{sms::is_gsm7, substitute_costly};
use reqwest::{RequestBuilder, Url};

use super::settings::Settings;
use crate::http::{Escape, fill, national, web_address};

/// The names that a template knows.
pub(super) const NAMES: [&str; 10] =
    ["id", "uuid", "text", "to", "to_no_plus", "from", "from_no_plus", "channel", "session_status", "quick_replies"];

/// The values of one text.
struct Values<'a> {
    id: &'a str,
    text: &'a str,
    to: &'a str,
    from: &'a str,
    channel: &'a str,
}

impl Values<'_> {
    fn write(&self, name: &str, escape: Escape, out: &mut String) -> bool {
        let value = match name {
            "id" | "uuid" => self.id,
            "text" => self.text,
            "to" => self.to,
            "to_no_plus" => self.to.trim_start_matches('+'),
            "from" => self.from,
            "from_no_plus" => self.from.trim_start_matches('+'),
            "channel" => self.channel,
            "session_status" => "",
            // A list of JSON, elements of XML, further fields of a form: here there are none.
            "quick_replies" => {
                out.push_str(if escape == Escape::Json { "[]" } else { "" });
                return true;
            }
            _ => return false,
        };
        escape.write(out, value);
        true
    }
}

/// The request that hands over one text.
///
/// # Errors
/// The code of a reason for which it can never be carried.
pub(super) fn build(
    settings: &Settings,
    client: &reqwest::Client,
    outgoing: &Outgoing,
) -> Result<RequestBuilder, &'static str> {
    if outgoing.to.scheme() != Urn::TEL {
        return Err("http-no-phone");
    }
    let (id, channel) = (outgoing.submission.to_string(), settings.common.channel.to_string());
    let values = Values {
        id: &id,
        text: &smart(settings, &outgoing.text),
        to: &national(outgoing.to.path(), settings.use_national),
        from: outgoing.sender.as_deref().unwrap_or(&settings.from),
        channel: &channel,
    };
    let url = fill(&settings.send_url, |name, out| values.write(name, Escape::Form, out));
    let url = Url::parse(&url).map_err(|_| "http-no-address")?;
    let request = client.request(settings.method.clone(), url).headers(settings.headers.clone());
    if settings.body.is_empty() {
        return Ok(request);
    }
    Ok(request.body(fill(&settings.body, |name, out| values.write(name, settings.escape, out))))
}

/// The text with cheaper letters, where `encoding` is S and that makes it one of the GSM alphabet.
fn smart(settings: &Settings, text: &str) -> String {
    let cheaper = || Some(substitute_costly(text)).filter(|cheaper| is_gsm7(cheaper));
    let cheaper = if settings.is_smart { cheaper() } else { None };
    cheaper.unwrap_or_else(|| text.to_owned())
}

/// A body with some values, to see whether it can be read.
pub(super) fn sample(settings: &Settings) -> String {
    let values = Values { id: "id", text: "a \"b\"", to: "+1", from: "2", channel: "c" };
    fill(&settings.body, |name, out| values.write(name, settings.escape, out))
}

/// The address of a template without what varies; nothing where the place itself varies, or holds a password.
pub(super) fn place(template: &str) -> Option<Url> {
    let end = template.find(['?', '#']).unwrap_or(template.len());
    let (scheme, rest) = template[..end].split_once("://")?;
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    if authority.contains(['{', '}']) {
        return None;
    }
    let fixed = path.split("{{").next().unwrap_or_default();
    web_address(&format!("{scheme}://{authority}/{fixed}"))
}

#[cfg(test)]
mod tests {
    use mhero_core::{Lane, MessageId, SubmissionId};
    use uuid::Uuid;

    use super::{super::settings::tests::settings, *};

    fn asked(pairs: &[(&str, &str)], text: &str) -> reqwest::Request {
        crate::tls::install();
        let outgoing = Outgoing {
            submission: SubmissionId::from_uuid(Uuid::nil()),
            message: MessageId::from_uuid(Uuid::nil()),
            lane: Lane::Bulk,
            to: Urn::tel("+231770000214").unwrap(),
            sender: None,
            text: text.to_owned(),
            part: 1,
            parts: 1,
            language: None,
            heard_at: None,
        };
        let settings = settings(pairs).unwrap();
        build(&settings, &reqwest::Client::new(), &outgoing).unwrap().build().unwrap()
    }

    fn body(request: &reqwest::Request) -> String {
        String::from_utf8(request.body().unwrap().as_bytes().unwrap().to_vec()).unwrap()
    }

    #[test]
    fn a_form_is_what_rapidpro_sends_when_nothing_else_is_said() {
        let form = asked(&[("from", "4636")], "a&b=é");
        assert_eq!((form.method().as_str(), form.url().as_str()), ("POST", "http://127.0.0.1:9/send"));
        assert_eq!(form.headers()["content-type"], "application/x-www-form-urlencoded");
        let nil = Uuid::nil();
        let expected = format!(
            "id={nil}&text=a%26b%3D%C3%A9&to=%2B231770000214&to_no_plus=231770000214&from=4636&from_no_plus=4636&channel={nil}"
        );
        assert_eq!(body(&form), expected);
    }

    #[test]
    fn every_way_of_writing_escapes_its_own_way() {
        let text = "dit \"oui\" <5 & 'non'\n";
        let json = asked(
            &[("content_type", "json"), ("body", r#"{"m":{{text}},"q":{{quick_replies}},"s":{{session_status}}}"#)],
            text,
        );
        let read: serde_json::Value = serde_json::from_str(&body(&json)).unwrap();
        assert_eq!(read, serde_json::json!({ "m": text, "q": [], "s": "" }));
        let xml = asked(&[("content_type", "xml"), ("body", "<m to='{{to}}'>{{text}}</m>")], text);
        assert!(body(&xml).starts_with("<m to='+231770000214'>dit &quot;oui&quot; &lt;5 &amp;"), "{}", body(&xml));
        let get = asked(
            &[("method", "GET"), ("send_url", "http://h/s?t={{text}}&to={{to_no_plus}}"), ("use_national", "true")],
            text,
        );
        assert!(get.body().is_none() && get.headers().get("content-type").is_none());
        assert_eq!(get.url().query(), Some("t=dit%20%22oui%22%20%3C5%20%26%20%27non%27%0A&to=770000214"));
        let plain = asked(&[("content_type", "text/plain"), ("body", "{{to}} {{text}}")], text);
        assert_eq!(body(&plain), format!("+231770000214 {text}"));
    }

    #[test]
    fn headers_and_cheaper_letters_are_as_they_were_set() {
        let pairs = [("headers", "X-Key: abc\nX-Two: d e"), ("send_authorization", "Token 7"), ("encoding", "S")];
        let cheap = asked(&pairs, "fête – “ici”");
        assert_eq!(cheap.headers()["x-key"], "abc");
        assert_eq!(cheap.headers()["x-two"], "d e");
        assert_eq!(cheap.headers()["authorization"], "Token 7");
        assert!(cheap.headers()["authorization"].is_sensitive());
        assert!(body(&cheap).contains("text=fete%20-%20%22ici%22"), "{}", body(&cheap));
        let arabic = asked(&[("encoding", "S")], "توقف – fête");
        assert!(body(&arabic).contains("%C3%AA"), "where it does not help, nothing is changed");
        let json = asked(&[("headers", r#"{"X-Key":"abc"}"#)], "x");
        assert_eq!(json.headers()["x-key"], "abc");
    }
}
