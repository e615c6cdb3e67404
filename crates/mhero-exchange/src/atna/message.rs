//! An event as an audit message of DICOM (PS3.15 A.5), the form of ATNA.

use super::Event;

/// An event as XML. `source` is by what this installation is known.
pub fn audit_message(event: &Event, source: &str) -> String {
    let mut xml = String::with_capacity(1_024);
    xml.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?><AuditMessage>");
    xml.push_str(&format!(
        "<EventIdentification EventActionCode=\"{}\" EventDateTime=\"{}\" EventOutcomeIndicator=\"{}\">{}{}</EventIdentification>",
        event.action,
        event.at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ"),
        event.outcome,
        code("EventID", event.kind.0, "DCM", event.kind.1),
        code("EventTypeCode", &event.what, event.system, &event.what),
    ));
    xml.push_str(&format!(
        "<ActiveParticipant UserID=\"{}\" UserIsRequestor=\"true\"{}>{}</ActiveParticipant>",
        escaped(&event.who),
        // 2: an IP address.
        event.address.as_ref().map_or_else(String::new, |address| format!(
            " NetworkAccessPointID=\"{}\" NetworkAccessPointTypeCode=\"2\"",
            escaped(address)
        )),
        code("RoleIDCode", &event.who_kind, "urn:mhero:actor", &event.who_kind),
    ));
    xml.push_str(&format!(
        "<ActiveParticipant UserID=\"{}\" UserIsRequestor=\"false\">{}</ActiveParticipant>",
        escaped(source),
        code("RoleIDCode", "110152", "DCM", "Destination Role ID"),
    ));
    xml.push_str(&format!(
        "<AuditSourceIdentification AuditSourceID=\"{}\">{}</AuditSourceIdentification>",
        escaped(source),
        // 4: an application server.
        "<AuditSourceTypeCode csd-code=\"4\" codeSystemName=\"DCM\" originalText=\"Application Server\"/>",
    ));
    if let Some((kind, id)) = &event.about {
        // A person is one (1), everything else an object of the system (2).
        let (sort, role) = if kind == "person" { ("1", "15") } else { ("2", "3") };
        xml.push_str(&format!(
            "<ParticipantObjectIdentification ParticipantObjectID=\"{}\" ParticipantObjectTypeCode=\"{sort}\" \
             ParticipantObjectTypeCodeRole=\"{role}\">{}</ParticipantObjectIdentification>",
            escaped(id),
            code("ParticipantObjectIDTypeCode", kind, "urn:mhero:kind", kind),
        ));
    }
    xml.push_str("</AuditMessage>");
    xml
}

fn code(element: &str, code: &str, system: &str, words: &str) -> String {
    format!(
        "<{element} csd-code=\"{}\" codeSystemName=\"{}\" originalText=\"{}\"/>",
        escaped(code),
        escaped(system),
        escaped(words)
    )
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            // XML 1.0 has no place for them.
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_audit_message_says_who_did_what_and_nothing_breaks_out_of_it() {
        let event = Event {
            id: "1".into(),
            at: jiff::Timestamp::UNIX_EPOCH,
            kind: ("110112", "Query"),
            what: "search".into(),
            system: "http://hl7.org/fhir/restful-interaction",
            action: 'E',
            outcome: 4,
            who: "iHRIS \"<&>\" 'x'\u{7}".into(),
            who_kind: "token".into(),
            address: Some("10.0.0.1".into()),
            about: Some(("address".into(), "/fhir/Practitioner".into())),
        };
        let xml = audit_message(&event, "urn:mhero");
        assert!(
            xml.contains(
                "EventActionCode=\"E\" EventDateTime=\"1970-01-01T00:00:00.000Z\" EventOutcomeIndicator=\"4\""
            )
        );
        assert!(xml.contains("UserID=\"iHRIS &quot;&lt;&amp;&gt;&quot; &apos;x&apos;\""), "{xml}");
        assert!(xml.contains("NetworkAccessPointID=\"10.0.0.1\"") && xml.contains("csd-code=\"110112\""), "{xml}");
        assert_eq!(xml.matches("<AuditMessage>").count(), 1);
    }
}
