//! CSD directories: the samples of the profile's own tests, and what the field writes.

use std::fs;

use mhero_wire::csd::{self, Document, Element, Entities, Item};

use super::targets::Judge;

/// The shared samples, whole and one entity each, and shapes that real directories have.
pub(super) fn seeds() -> Vec<Vec<u8>> {
    let mut seeds: Vec<Vec<u8>> = [
        r#"<?xml version="1.0" encoding="UTF-8"?><c:CSD xmlns:c="urn:ihe:iti:csd:2013"><c:providerDirectory><c:provider urn="P"><c:otherID code="x"/><c:record updated="0000-00-00T00:00:00"/></c:provider></c:providerDirectory></c:CSD>"#,
        r#"<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><s:Fault><s:Reason>no</s:Reason></s:Fault></s:Body></s:Envelope>"#,
        r#"<!DOCTYPE CSD [<!ENTITY a "aa">]><CSD xmlns="urn:ihe:iti:csd:2013">&a;</CSD>"#,
        r#"<facility xmlns="urn:ihe:iti:csd:2013" entityID="F"><geocode><latitude>91</latitude></geocode><extension type="t" urn="u"><x xmlns="urn:x" y:z="1" xmlns:y="urn:y">&#x41;<![CDATA[<&>]]></x></extension></facility>"#,
        r#"{"contacts":[{"name":"Martha","urns":["tel:+231770000001"],"fields":{"globalid":"urn:uuid:1"}}]}"#,
    ]
    .map(|text| text.as_bytes().to_vec())
    .to_vec();
    let folder = mhero_testkit::fixture("fixtures/csd");
    for name in ["Providers", "Facilities", "Organizations", "Services"] {
        let file = folder.as_ref().and_then(|folder| fs::read(folder.join(format!("CSD-{name}.xml"))).ok());
        let Some(text) = file else { continue };
        for item in Entities::new(text.as_slice()).flatten().take(3) {
            if let Item::Entity(entity) = item {
                seeds.push(entity.element.to_xml().into_bytes());
            }
        }
        seeds.push(text);
    }
    seeds
}

/// What is read is written in one spelling and read as the same; what is written strictly stays as it is.
pub(super) fn judge() -> Judge {
    Box::new(|input| {
        let _ = csd::contacts(&String::from_utf8_lossy(input), "list");
        let mut document = Document::default();
        let mut taken = false;
        for item in Entities::new(input) {
            let Ok(Item::Entity(entity)) = item else { continue };
            taken = true;
            let raw = entity.element.to_xml();
            let again = Element::of_entity(&raw).map(|again| again.element.to_xml());
            assert_eq!(again.ok().as_ref(), Some(&raw), "what is written is not read as the same");
            let _ = csd::record(&entity, "here");
            if let Some(strict) = csd::strict(entity.kind, &entity.element) {
                assert_eq!(csd::strict(entity.kind, &strict).as_ref(), Some(&strict), "strict is not strict");
            }
            document.add(entity.kind, &entity.element);
            let mut changed = entity.element;
            for field in csd::EDITABLE {
                let old = csd::value_of(entity.kind, &changed, field);
                let _ = csd::edit(entity.kind, &mut changed, field, old.as_deref(), "0770000001");
            }
        }
        let written = document.to_xml();
        let count = Entities::new(written.as_bytes()).filter(|item| matches!(item, Ok(Item::Entity(_)))).count();
        assert_eq!(count, document.len(), "a document that is written is not read whole");
        taken
    })
}
