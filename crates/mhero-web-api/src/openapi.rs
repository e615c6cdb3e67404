//! The contract: OpenAPI 3.1, made of the handlers and shapes themselves.

use utoipa::{
    OpenApi,
    openapi::{
        Content, OpenApi as Document, Ref, RefOr, Required, ResponseBuilder,
        path::{Operation, ParameterBuilder, ParameterIn},
        schema::{ObjectBuilder, Type},
        security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
    },
};

use crate::{
    broadcasts, channels, floip, flows, groups, me, messages, people, places,
    problem::{FORM, Problem},
    runs, sandbox, webhooks,
};

/// The name of the way in.
const TOKEN: &str = "token";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "mHero API",
        description = "People, places, broadcasts, messages and flows of one mHero installation. Problems are told as RFC 9457 says, in the language of Accept-Language. A POST with an Idempotency-Key is done once, however often it comes.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
        version = "1"
    ),
    servers((url = "/", description = "This installation")),
    components(schemas(Problem)),
    paths(
        me::get_me,
        people::list_people,
        people::get_person,
        people::change_person,
        places::list_places,
        places::get_place,
        groups::list_groups,
        groups::get_group,
        broadcasts::preview,
        broadcasts::send,
        broadcasts::list,
        broadcasts::get_one,
        broadcasts::recipients,
        broadcasts::cancel,
        messages::send,
        messages::list,
        messages::get_one,
        flows::list,
        flows::get_one,
        flows::start,
        flows::starts,
        flows::get_start,
        runs::list,
        runs::get_one,
        channels::list,
        channels::sources,
        sandbox::write,
        webhooks::list,
        webhooks::add,
        webhooks::get_one,
        webhooks::remove,
        webhooks::test,
        webhooks::rotate,
        webhooks::enable,
        webhooks::disable,
        webhooks::deliveries,
        floip::packages,
        floip::package,
        floip::responses,
    )
)]
struct Contract;

/// The whole contract, with what every operation has in common: the way in, problems, and the key of whatever is done once.
pub fn document() -> Document {
    let mut document = Contract::openapi();
    let scheme = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("A token of `mhero token create`; also taken as `Token` and as the password of Basic."));
    if let Some(components) = document.components.as_mut() {
        components.security_schemes.insert(TOKEN.to_owned(), RefOr::T(SecurityScheme::Http(scheme.build())));
    }
    document.security = Some(vec![SecurityRequirement::new::<_, [&str; 0], &str>(TOKEN, [])]);
    for (path, item) in &mut document.paths.paths {
        let operations = [
            ("get", &mut item.get),
            ("post", &mut item.post),
            ("patch", &mut item.patch),
            ("put", &mut item.put),
            ("delete", &mut item.delete),
        ];
        for (method, operation) in operations {
            if let Some(operation) = operation.as_mut() {
                operation.operation_id = Some(name_of(method, path));
                with_problems(operation);
            }
        }
        if let Some(operation) = item.post.as_mut() {
            with_key(operation);
        }
    }
    document
}

/// The name by which clients that are made of the contract call an operation: `post_broadcasts_preview`.
fn name_of(method: &str, path: &str) -> String {
    let steps = path.trim_start_matches("/api/v1").split('/').filter(|step| !step.is_empty());
    let plain = steps.map(|step| step.trim_matches(['{', '}']).replace(['-', '.'], "_"));
    std::iter::once(method.to_owned()).chain(plain).collect::<Vec<_>>().join("_")
}

fn with_problems(operation: &mut Operation) {
    let problem = Ref::from_schema_name("Problem");
    let response = ResponseBuilder::new()
        .description("What is wrong: the token, the address, the body, or what it asks for")
        .content(FORM, Content::new(Some(RefOr::Ref(problem))));
    operation.responses.responses.insert("default".to_owned(), RefOr::T(response.build()));
}

fn with_key(operation: &mut Operation) {
    let key = ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(
            "The same key and the same body again get the first answer; another body is refused (422). Kept for 30 days.",
        ))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(255))));
    operation.parameters.get_or_insert_default().push(RefOr::T(key.build()));
}
