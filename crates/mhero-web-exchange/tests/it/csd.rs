//! The samples and requests that OpenInfoMan is tried with, the lists for RapidPro, and what a hostile client sends.

use mhero_core::PlaceId;
use reqwest::Method;
use serde_json::Value;

use crate::desk::{Desk, engines, got};

const SERVICES: &str = "/CSD/csr/Providers/careServicesRequest";
const SEARCH: &str = "urn:ihe:iti:csd:2014:stored-function:provider-search";
const CONTACTS: &str = "urn:openhie.org:openinfoman-rapidpro:get_json_for_import";

#[tokio::test(flavor = "multi_thread")]
async fn the_directory_answers_as_openinfoman_did() {
    let Some(samples) = mhero_testkit::fixture("fixtures/csd") else { return };
    let read = |name: &str| std::fs::read_to_string(samples.join(name)).expect("a sample");
    for engine in engines() {
        let desk = Desk::new(engine).await;
        for name in ["Organizations", "Services", "Facilities", "Providers"] {
            // American numbers are none of Liberia: two people get one of there.
            desk.import(&read(&format!("CSD-{name}.xml")).replace("555-777-1111", "0770000001")).await;
        }
        let schema = samples.join("CSD.xsd");
        requests(&desk, &samples, &schema).await;
        searches(&desk).await;
        updates(&desk, &schema).await;
        lists(&desk).await;
        menus(&desk).await;
        other_ids(&desk).await;
        scoped(&desk).await;
        hostile(&desk).await;
    }
}

/// Every request of the samples.
async fn requests(desk: &Desk, samples: &std::path::Path, schema: &std::path::Path) {
    let ask = async |name: &str| {
        let text = std::fs::read_to_string(samples.join("requests").join(name)).expect("a request");
        desk.post(SERVICES, &text).await
    };
    let count = |text: &str, name: &str| text.matches(&format!("<{name} entityID=")).count();
    for (name, kind, expected) in [("get-all-providers.xml", "provider", 9), ("get-all-facilities.xml", "facility", 3)]
    {
        let all = ask(name).await;
        assert_eq!((all.status, all.kind.as_str()), (200, "text/xml; charset=utf-8"), "{name}: {}", all.text);
        let directory = all.text.split(&format!("<{kind}Directory>")).nth(1).expect("its directory");
        assert_eq!(
            count(directory.split(&format!("</{kind}Directory>")).next().expect("its end"), kind),
            expected,
            "{name}"
        );
        desk.judge(schema, &all.text);
    }
    let named = ask("120-find-organization-by-name.xml").await;
    assert!(named.status == 200 && named.text.contains("Connectathon CSD IDN One"), "{}", named.text);
    assert_eq!(named.text.matches("<primaryName>").count(), 1);
    desk.judge(schema, &named.text);
    // One that is not there: an empty directory, not an error.
    let one = ask("provider_search_by_id.xml").await;
    assert!(one.status == 200 && one.text.contains("<providerDirectory/>"), "{}", one.text);
    let wrapped = ask("provider_search_encapsulated.xml").await;
    assert!(
        wrapped.text.contains("<careServicesResponse") && wrapped.text.contains("content-type=\"text/xml\""),
        "{}",
        wrapped.text
    );
    assert!(wrapped.text.contains("<result>"), "{}", wrapped.text);
    assert_eq!(ask("invalid_search.xml").await.status, 404);
    for program in ["adhoc_count_providers.xml", "10-female-nurse-practitioners.xml"] {
        let refused = ask(program).await;
        assert!(refused.status == 422 && refused.text.contains("stored function"), "{program}: {}", refused.text);
    }
}

fn parameters(inside: &str) -> String {
    format!("<requestParams xmlns=\"urn:ihe:iti:csd:2013\">{inside}</requestParams>")
}

async fn searches(desk: &Desk) {
    let path = format!("{SERVICES}/{SEARCH}");
    let names = async |inside: &str| -> Vec<String> {
        let found = desk.post(&path, &parameters(inside)).await;
        assert_eq!(found.status, 200, "{inside}: {}", found.text);
        let parts = found.text.split("<commonName>").skip(1);
        parts.map(|part| part.split('<').next().unwrap_or_default().to_owned()).collect()
    };
    let all = names("").await;
    assert_eq!(all.len(), 9, "{all:?}");
    let mary = names("<commonName>mcdonald</commonName>").await;
    assert_eq!(mary.len(), 1, "{mary:?}");
    let id = "urn:uuid:9A879858-8e96-486b-a2be-05a580f0e6ee";
    assert_eq!(names(&format!("<id entityID=\"{id}\"/>")).await, mary);
    assert_eq!(names(&format!("<id entityID=\"{id}\"/><commonName>Jack</commonName>")).await, [""; 0]);
    let at = "<facilities><facility entityID=\"urn:uuid:e9964293-e169-4298-b4d0-ab07bf0cd78f\"/></facilities>";
    assert_eq!(names(at).await, mary);
    let technicians = names("<codedType code=\"105-114\"/>").await;
    assert!(!technicians.is_empty() && technicians.len() < 9, "{technicians:?}");
    let (first, rest) = (names("<start>1</start><max>4</max>").await, names("<start>5</start>").await);
    assert_eq!([first.clone(), rest].concat(), all);
    assert_eq!((first.len(), names("<max>-1</max>").await.len()), (4, 9));
    assert_eq!(names("<record updated=\"2030-01-01T00:00:00Z\"/>").await, [""; 0]);
    assert_eq!(names("<record updated=\"2026-01-01T00:00:00Z\" status=\"106-001\"/>").await.len(), 9);
    let wrong = desk.post(&path, &parameters("<height>180</height>")).await;
    assert!(
        wrong.status == 400 && wrong.text.contains("height") && wrong.text.contains("commonName"),
        "{}",
        wrong.text
    );
    let soap = format!(
        "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" xmlns:a=\"http://www.w3.org/2005/08/addressing\"><s:Header>\
         <a:MessageID s:mustUnderstand=\"1\">urn:uuid:42</a:MessageID></s:Header><s:Body><careServicesRequest xmlns=\"urn:ihe:iti:csd:2013\">\
         <function urn=\"{SEARCH}\">{}</function></careServicesRequest></s:Body></s:Envelope>",
        parameters("<max>1</max>")
    );
    let answer = desk.post(SERVICES, &soap).await;
    assert_eq!((answer.status, answer.kind.as_str()), (200, "application/soap+xml; charset=utf-8"), "{}", answer.text);
    assert!(answer.text.contains("RelatesTo>urn:uuid:42<") && answer.text.contains("<commonName>"), "{}", answer.text);
    let odd = soap.replace("<a:MessageID", "<x:Security xmlns:x=\"urn:x\" s:mustUnderstand=\"true\"/><a:MessageID");
    let fault = desk.post(SERVICES, &odd).await;
    assert!(
        fault.status == 400 && fault.text.contains("soap:MustUnderstand") && fault.text.contains("Security"),
        "{}",
        fault.text
    );
}

/// ITI-74, as our own client asks it, and as the old one's example does.
async fn updates(desk: &Desk, schema: &std::path::Path) {
    let path = "/CSD/getUpdatedServices/Providers/get";
    let example = desk.get("/CSD/getUpdatedServices/Providers/soap?mtime=2015-01-01T00:00:00Z").await;
    assert!(example.text.contains("<csd:lastModified>2015-01-01T00:00:00Z<"), "{}", example.text);
    let all = desk.post(path, &example.text).await;
    assert_eq!((all.status, all.text.matches("<provider entityID=").count()), (200, 9), "{}", all.text);
    assert!(
        all.text.contains("GetDirectoryModificationsResponse") && all.text.contains("RelatesTo>urn:uuid:"),
        "{}",
        all.text
    );
    let document = format!(
        "<CSD{}</CSD>",
        all.text.split("<CSD").nth(1).and_then(|rest| rest.split("</CSD>").next()).expect("a document")
    );
    desk.judge(
        schema,
        &document.replacen(
            "<CSD",
            "<CSD xmlns=\"urn:ihe:iti:csd:2013\"",
            usize::from(!document.starts_with("<CSD xmlns")),
        ),
    );
    let later = example.text.replace("2015-01-01", "2031-01-01");
    let none = desk.post(path, &later).await;
    assert!(none.status == 200 && !none.text.contains("entityID="), "{}", none.text);
    let odd = example.text.replace("2015-01-01T00:00:00Z", "yesterday");
    assert_eq!(desk.post(path, &odd).await.text.matches("<provider entityID=").count(), 9);
    assert_eq!(desk.post(path, &parameters("")).await.status, 400);
    let services = format!("{SERVICES}/urn:ihe:iti:csd:2014:stored-function:service-search");
    let services = desk.post(&services, &parameters("")).await;
    assert_eq!(services.text.matches("<service entityID=").count(), 13, "{}", services.text);
    let whole = desk.get("/CSD/getDirectory/Providers").await;
    desk.judge(schema, &whole.text);
    let one = desk.get("/CSD/directory/Providers/get/provider/urn:uuid:9a879858-8e96-486b-a2be-05a580f0e6ee").await;
    assert!(one.status == 200 && one.text.contains("McDonald"), "{}", one.text);
    assert_eq!(desk.get("/CSD/directory/Providers/get/provider/urn:uuid:0").await.status, 404);
    for (path, has) in [
        ("documents.json", "careServicesRequest"),
        ("storedFunctions.json", SEARCH),
        ("documents.xml", "<document "),
        ("storedFunctions.xml", CONTACTS),
    ] {
        let listed = desk.get(&format!("/CSD/{path}")).await;
        assert!(listed.status == 200 && listed.text.contains(has), "{path}: {}", listed.text);
    }
}

async fn lists(desk: &Desk) {
    let listed = desk.get(&format!("{SERVICES}/{CONTACTS}/adapter/rapidpro/get")).await;
    assert_eq!((listed.status, listed.kind.as_str()), (200, "application/json"));
    let listed: Value = serde_json::from_str(&listed.text).expect("JSON");
    let contacts = listed["contacts"].as_array().expect("contacts");
    assert_eq!(contacts.len(), 9);
    let dev = contacts.iter().find(|own| own["fields"]["globalid"] == "urn:uuid:a97b9397-ce4e-4a57-b12a-0d46ce6f36b7");
    let dev = dev.expect("the first of the samples");
    assert!(dev["name"].as_str().is_some_and(|name| name.contains("Dev")), "{dev}");
    assert_eq!(dev["urns"], serde_json::json!(["tel:+231770000001"]));
    let table = desk
        .post(&format!("{SERVICES}/urn:openhie.org:openinfoman-rapidpro:get_csv_for_import"), &parameters(""))
        .await;
    assert!(
        table.text.starts_with("globalID,commonName,surname,forename,telephone_1") && table.text.lines().count() == 10,
        "{}",
        table.text
    );
    let stats =
        desk.post(&format!("{SERVICES}/urn:openhie.org:openinfoman-rapidpro:phone_stats"), &parameters("")).await;
    assert!(stats.text.contains("\"total\":9"), "{}", stats.text);
}

async fn menus(desk: &Desk) {
    let path = format!("{SERVICES}/urn:openhie.org:openinfoman-rapidpro:select_facility/adapter/rapidpro/WebHook");
    let menu = async |at: &str, input: &str| -> Value {
        let form = [("phone", "+231770000001"), ("orgid", at), ("input", input)];
        let answer = got(desk.ask(Method::POST, &path).form(&form)).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        serde_json::from_str(&answer.text).expect("JSON")
    };
    let text = |own: &Value, key: &str| own[key].as_str().unwrap_or_default().to_owned();
    let top = menu("", "").await;
    assert!(text(&top, "menutext").starts_with("1 ") && text(&top, "orgid").is_empty(), "{top}");
    // Down by the first number each time, until a facility is found.
    let (mut at, mut found, mut way) = (String::new(), String::new(), Vec::new());
    let lines = text(&top, "menutext").lines().count();
    for number in 1..=lines {
        let below = menu("", &number.to_string()).await;
        if text(&below, "facility").is_empty() && text(&below, "menutext").lines().count() > 1 {
            at = text(&below, "orgid");
            way = text(&below, "menutext").lines().map(str::to_owned).collect();
            break;
        }
        found = text(&below, "facility");
    }
    if !at.is_empty() {
        assert_eq!(way.last().map(|line| line.starts_with("0 ")), Some(true), "{way:?}");
        assert_eq!(menu(&at, "0").await, top);
        assert_eq!(menu(&at, "o").await, top);
        assert_eq!(text(&menu(&at, "88").await, "orgid"), at);
    }
    assert!(!at.is_empty() || !found.is_empty(), "{top}");
    let get = desk.get(&format!("{path}?orgid=&input=")).await;
    assert_eq!(serde_json::from_str::<Value>(&get.text).expect("JSON"), top);
}

/// Ids of RapidPro's contacts come back in both spellings of their authority, and are told to who looks one up.
async fn other_ids(desk: &Desk) {
    let id = "urn:uuid:9a879858-8e96-486b-a2be-05a580f0e6ee";
    let contact = "6f1a2b3c-0000-4000-8000-000000000001";
    let give = async |authority: &str, contacts: &str| {
        let body = parameters(&format!(
            "<provider entityID=\"{id}\"><otherID code=\"rapidpro_contact_id\" assigningAuthorityName=\"{authority}\">{contacts}</otherID>\
             <demographic><name><commonName>Somebody & Else</commonName></name></demographic></provider><provider entityID=\"urn:uuid:none\"/>"
        ));
        let path = "/CSD/csr/RapidProContacts/careServicesRequest/update/urn:openhie.org:openinfoman:provider_create";
        desk.post(path, &body).await
    };
    assert_eq!(desk.get("/CSD/emptyDirectory/RapidProContacts").await.status, 200);
    let first = give("{http://rapidpro.example/}{mhero}", contact).await;
    assert!(
        first.status == 200 && first.text.contains("written=\"1\"") && first.text.contains("unknown=\"1\""),
        "{}",
        first.text
    );
    let again = give("http://rapidpro.example/mhero", contact).await;
    assert!(again.text.contains("unchanged=\"1\"") && again.text.contains("written=\"0\""), "{}", again.text);
    let other = "6f1a2b3c-0000-4000-8000-000000000002";
    let two = give("http://rapidpro.example/mhero", &format!("{contact}, {other}")).await;
    assert!(two.text.contains("written=\"1\""), "{}", two.text);
    let base = format!("{SERVICES}/urn:openhie.org:openinfoman-hwr:stored-function:");
    let asked = parameters(&format!("<id entityID=\"{id}\"/><code>rapidpro_contact_id</code>"));
    let told = desk.post(&format!("{base}health_worker_read_otherids_json"), &asked).await;
    let told: Value = serde_json::from_str(&told.text).expect("JSON");
    assert_eq!(
        (told["otherID"].as_array().map(Vec::len), &told["otherID"][0]["value"]),
        (Some(2), &Value::from(contact)),
        "{told}"
    );
    let many = parameters(&format!(
        "<id entityID=\"{id}\"/><id entityID=\"urn:uuid:a97b9397-ce4e-4a57-b12a-0d46ce6f36b7\"/><code>rapidpro_contact_id</code>\
         <assigningAuthorityName>http://rapidpro.example/mhero</assigningAuthorityName>"
    ));
    let many = desk.post(&format!("{base}bulk_health_worker_read_otherids_json"), &many).await;
    let many: Value = serde_json::from_str(&many.text).expect("JSON");
    assert_eq!(
        (many["results"].as_array().map(Vec::len), &many["results"][0]["entityID"]),
        (Some(1), &Value::from(id)),
        "{many}"
    );
    let urns = desk.post(&format!("{base}health_worker_get_urns"), &parameters("")).await;
    assert_eq!(urns.text.matches("<provider entityID=").count(), 9);
    let part = desk
        .post(&format!("{base}health_worker_read_contact_point"), &parameters(&format!("<id entityID=\"{id}\"/>")))
        .await;
    assert!(part.status == 200 && !part.text.contains("<gender>"), "{}", part.text);
    // A function that changes something is not asked for where nothing is changed, and the other way round.
    assert_eq!(desk.post(&format!("{base}health_worker_create_otherid"), &parameters("")).await.status, 400);
    assert_eq!(desk.post(&format!("{SERVICES}/update/{SEARCH}"), &parameters("")).await.status, 400);
    // Another import of the person keeps what was given back.
    let keep = mhero_testkit::fixture("fixtures/csd/CSD-Providers.xml").expect("it was there before");
    let changed = std::fs::read_to_string(keep)
        .expect("a sample")
        .replace("<surname>McDonald<", "<surname>MacDonald<")
        .replace("555-777-1111", "0770000001");
    desk.import(&changed).await;
    let told = desk.post(&format!("{base}health_worker_read_otherids_json"), &asked).await;
    assert!(told.text.contains(contact) && told.text.contains(other), "{}", told.text);
}

/// A token for one place sees the people of that place, in every answer, and changes nobody else's ids.
async fn scoped(desk: &Desk) {
    let places = desk.app.store().place_rows().await.expect("places");
    let identifiers = desk.app.store().place_identifiers().await.expect("ids");
    let own = identifiers.iter().find(|(_, value, _)| value == "urn:uuid:e9964293-e169-4298-b4d0-ab07bf0cd78f");
    let place: PlaceId = own.map(|(.., place)| *place).expect("the facility");
    assert!(places.iter().any(|row| row.id == place));
    let token = desk.token_of("one place", Some(place)).await;
    let client = reqwest::Client::new();
    let ask = async |method: Method, path: String, body: String| {
        let request = client.request(method, format!("{}{path}", desk.base)).basic_auth("openhim", Some(&token));
        got(request.header("content-type", "text/xml").body(body)).await
    };
    let all = ask(Method::POST, format!("{SERVICES}/{SEARCH}"), parameters("")).await;
    assert_eq!((all.status, all.text.matches("<provider entityID=").count()), (200, 1), "{}", all.text);
    let listed = ask(Method::GET, format!("{SERVICES}/{CONTACTS}/adapter/rapidpro/get"), String::new()).await;
    assert_eq!(listed.text.matches("globalid").count(), 1, "{}", listed.text);
    let other = "urn:uuid:a97b9397-ce4e-4a57-b12a-0d46ce6f36b7";
    let hidden =
        ask(Method::POST, format!("{SERVICES}/{SEARCH}"), parameters(&format!("<id entityID=\"{other}\"/>"))).await;
    assert!(!hidden.text.contains("<provider entityID="), "{}", hidden.text);
    let body = parameters(&format!(
        "<provider entityID=\"{other}\"><otherID code=\"rapidpro_contact_id\">6f1a2b3c-0000-4000-8000-000000000009</otherID></provider>"
    ));
    let refused =
        ask(Method::POST, format!("{SERVICES}/update/urn:openhie.org:openinfoman:provider_create"), body).await;
    assert!(refused.text.contains("unknown=\"1\""), "{}", refused.text);
}

/// What comes from outside is hostile: no entity grows, nothing is fetched, and each refusal says why.
async fn hostile(desk: &Desk) {
    let bomb = "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><requestParams xmlns=\"urn:ihe:iti:csd:2013\">&b;</requestParams>";
    let outside = "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><requestParams xmlns=\"urn:ihe:iti:csd:2013\"><commonName>&a;</commonName></requestParams>";
    let deep = format!(
        "{}{}",
        "<requestParams xmlns=\"urn:ihe:iti:csd:2013\">".repeat(5_000),
        "</requestParams>".repeat(5_000)
    );
    let path = format!("{SERVICES}/{SEARCH}");
    for (name, body) in [
        ("bomb", bomb),
        ("outside", outside),
        ("deep", deep.as_str()),
        ("empty", ""),
        ("no XML", "hello"),
        ("HTML", "<html/>"),
        ("cut", "<requestParams xmlns=\"urn:ihe:iti:csd:2013\"><id"),
    ] {
        let refused = desk.post(&path, body).await;
        assert_eq!(refused.status, 400, "{name}: {}", refused.text);
        assert!(!refused.text.contains("root:"), "{name}");
    }
    let large = parameters(&"<commonName>x</commonName>".repeat(1 << 20));
    let large = desk.ask(Method::POST, &path).body(large).send().await;
    // The server may close the door before all of it has come.
    assert!(large.is_err() || large.is_ok_and(|answer| matches!(answer.status().as_u16(), 400 | 413)));
    assert_eq!(desk.post(SERVICES, &parameters("")).await.status, 400);
    let nobody = reqwest::Client::new()
        .post(format!("{}{path}", desk.base))
        .body(parameters(""))
        .send()
        .await
        .expect("an answer");
    assert_eq!((nobody.status().as_u16(), nobody.headers().get("www-authenticate").is_some()), (401, true));
    let wrong = reqwest::Client::new()
        .get(format!("{}/CSD/getDirectory/x", desk.base))
        .bearer_auth("mh_0")
        .send()
        .await
        .expect("an answer");
    assert_eq!(wrong.status().as_u16(), 401);
}
