use super::*;

#[test]
fn our_tables_are_whole() {
    let schema = Schema::r4();
    for kind in
        ["Practitioner", "PractitionerRole", "Location", "Organization", "Group", "CommunicationRequest", "Bundle"]
    {
        assert!(schema.resource(kind).is_some(), "{kind}");
    }
    assert!(schema.resource("HumanName").is_none() && schema.resource("DomainResource").is_none());
    assert!(schema.resource("Observation").is_none(), "nobody asked for it");
    for part in &schema.parts {
        assert!(part.path == "Resource" || !part.elements.is_empty(), "{}", part.path);
        let mut names: Vec<&str> = part.elements.iter().map(|element| element.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), part.elements.len(), "{} names an element twice", part.path);
    }
}

#[test]
fn elements_stand_in_the_order_of_xml() {
    let schema = Schema::r4();
    let names = |kind: &str| -> Vec<&str> {
        schema.part(schema.named(kind).expect("known")).elements.iter().map(|element| element.name).collect()
    };
    assert_eq!(
        names("Basic"),
        [
            "id",
            "meta",
            "implicitRules",
            "language",
            "text",
            "contained",
            "extension",
            "modifierExtension",
            "identifier",
            "code",
            "subject",
            "created",
            "author",
        ]
    );
    assert_eq!(names("Age"), ["id", "extension", "value", "comparator", "unit", "system", "code"]);
}

#[test]
fn parts_repeat_others_and_choices_have_many_names() {
    let schema = Schema::r4();
    let questionnaire = schema.part(schema.resource("Questionnaire").expect("known"));
    let (item, Type::Part(_, part)) = questionnaire.element("item").expect("known") else { panic!("a part") };
    assert!(item.is_list);
    let inner = schema.part(*part);
    assert_eq!(inner.path, "Questionnaire.item");
    assert_eq!(inner.element("item").map(|(_, type_)| type_), Some(&Type::Part("", *part)));
    assert!(inner.element("modifierExtension").is_some(), "parts of resources are backbone elements");
    let timing = schema.part(schema.named("Timing").expect("known"));
    let (_, Type::Part(_, repeat)) = timing.element("repeat").expect("known") else { panic!("a part") };
    assert!(schema.part(*repeat).element("modifierExtension").is_none(), "parts of data types are elements");
    let extension = schema.part(schema.named("Extension").expect("known"));
    for name in ["valueString", "valueCodeableConcept", "valueBase64Binary", "valueReference", "valueDateTime"] {
        assert!(extension.element(name).is_some(), "{name}");
    }
    assert!(extension.element("value").is_none() && extension.element("valueAnything").is_none());
}
