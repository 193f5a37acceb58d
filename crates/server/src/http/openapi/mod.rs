//! The description of the API: what the routers say, finished with what all endpoints share, and checked.

mod lint;
mod parameters;
mod responses;

use utoipa::ToSchema as _;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{Operation, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    Components, HttpMethod, Info, License, ObjectBuilder, OpenApi, OpenApiVersion, Ref, RefOr, Required,
    Server, Type,
};

use super::problem::{FieldError, ProblemDocument};

pub use lint::lint;

/// Extension that marks a `POST` which takes no `Idempotency-Key`: login, logout, second factor.
pub const NO_IDEMPOTENCY_KEY: &str = "x-no-idempotency-key";
/// Extension that marks a `PUT`, `PATCH` or `DELETE` which takes no `If-Match`.
pub const NO_IF_MATCH: &str = "x-no-if-match";

/// Name of the scheme by which people are known: the session cookie.
pub const SESSION_SCHEME: &str = "session";
/// Name of the scheme that goes with it on changes: the CSRF header.
pub const CSRF_SCHEME: &str = "csrf";

/// What the description needs to know from outside this module.
#[derive(Debug, Clone)]
pub struct ApiFacts<'a> {
    /// Version of the program: `0.1.0`.
    pub version: &'a str,
    /// Name of the session cookie.
    pub session_cookie: &'a str,
    /// Name of the header that carries the CSRF token.
    pub csrf_header: &'a str,
    /// Names of the headers of a client's signature, all of them needed, and what each holds.
    pub client_headers: &'a [(&'a str, &'a str)],
}

/// Finishes the description assembled from the routers.
///
/// Sets version 3.1, title, license and the server `/`; adds the security schemes (a session with its CSRF header, or a
/// client's signature: the default of every operation that does not say `security(())`), the schemas of problems, the
/// headers that every response has, and to every operation the problems that follow from what it is: see
/// [`responses`](self). Responses an endpoint describes itself stay.
pub fn finish(mut api: OpenApi, facts: &ApiFacts<'_>) -> OpenApi {
    api.openapi = OpenApiVersion::Version31;
    api.info = info(facts.version);
    api.servers = Some(vec![Server::new("/")]);
    let mut components = api.components.take().unwrap_or_default();
    let client = add_schemes(&mut components, facts);
    let mut session = SecurityRequirement::new(SESSION_SCHEME, NONE);
    let reading = session.clone();
    session = session.add(CSRF_SCHEME, NONE);
    add_shared(&mut components);
    for (path, item) in &mut api.paths.paths {
        for (method, operation) in operations(item) {
            let changing = !matches!(method, HttpMethod::Get | HttpMethod::Head | HttpMethod::Options);
            if operation.security.is_none() {
                let person = if changing { session.clone() } else { reading.clone() };
                operation.security = Some(vec![person, client.clone()]);
            }
            add_conditional(&method, operation);
            parameters::add_patterns(path, operation);
            responses::add(path, &method, operation);
        }
    }
    parameters::tighten_bodies(&api, &mut components);
    api.components = Some(components);
    api
}

/// The description as JSON text: members sorted, two spaces, one line feed at the end; equal input gives equal bytes.
///
/// # Errors
/// When a value in the description cannot be JSON (an example that holds NaN).
pub fn to_json(api: &OpenApi) -> Result<String, serde_json::Error> {
    let mut value = serde_json::to_value(api)?;
    value.sort_all_objects();
    let mut text = serde_json::to_string_pretty(&value)?;
    text.push('\n');
    Ok(text)
}

const NONE: [&str; 0] = [];

fn info(version: &str) -> Info {
    let mut license = License::new("Apache-2.0 OR MulanPSL-2.0");
    license.identifier = Some("Apache-2.0 OR MulanPSL-2.0".to_owned());
    let mut info = Info::new("印信 Yinxin API", version);
    info.description = Some(
        "电子印章登记管理接口：申请、审批、制作、备案、交付、变更、缴销。约定见 docs/api-design.md，问题代码见 /problems。\n\n\
         Registry of electronic seals, from application to cancellation. Conventions: docs/api-design.md; problem codes: \
         /problems."
            .to_owned(),
    );
    info.license = Some(license);
    info
}

/// Adds the schemes; gives the requirement of a client's signature.
fn add_schemes(components: &mut Components, facts: &ApiFacts<'_>) -> SecurityRequirement {
    components.add_security_scheme(
        SESSION_SCHEME,
        SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(
            facts.session_cookie,
            "登录会话 · Session of a person, set at login.",
        ))),
    );
    components.add_security_scheme(
        CSRF_SCHEME,
        SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::with_description(
            facts.csrf_header,
            "与会话对应的防跨站令牌，改动时必须提供 · Token of the session, needed with every change.",
        ))),
    );
    let mut requirement = SecurityRequirement::default();
    for (name, description) in facts.client_headers {
        let scheme = format!("client-{}", name.to_ascii_lowercase());
        components.add_security_scheme(
            scheme.as_str(),
            SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::with_description(*name, *description))),
        );
        requirement = requirement.add(scheme, NONE);
    }
    requirement
}

fn add_shared(components: &mut Components) {
    let mut schemas = Vec::new();
    <ProblemDocument as utoipa::ToSchema>::schemas(&mut schemas);
    schemas
        .push((ProblemDocument::name().into_owned(), <ProblemDocument as utoipa::PartialSchema>::schema()));
    schemas.push((FieldError::name().into_owned(), <FieldError as utoipa::PartialSchema>::schema()));
    components.schemas.extend(schemas);
    let text = || ObjectBuilder::new().schema_type(Type::String);
    let headers = [
        ("RequestId", "请求编号 · Identifier of the request.", text()),
        ("RetryAfter", "多少秒后重试 · Seconds to wait.", ObjectBuilder::new().schema_type(Type::Integer)),
        ("ETag", "版本，用于 If-Match · Version, for If-Match.", text()),
        ("Replayed", "true 表示这是先前结果的重放 · The result of an earlier request with this key.", text()),
    ];
    for (name, description, schema) in headers {
        let header = HeaderBuilder::new().schema(Some(schema)).description(Some(description)).build();
        components.headers.insert(name.to_owned(), RefOr::T(header));
    }
    components.responses.extend(responses::components());
}

/// A reading whose answer has an `ETag` also takes `If-None-Match` and may answer `304`.
fn add_conditional(method: &HttpMethod, operation: &mut Operation) {
    let versioned = operation.responses.responses.get("200").is_some_and(
        |response| matches!(response, RefOr::T(response) if response.headers.contains_key("ETag")),
    );
    if *method != HttpMethod::Get || !versioned {
        return;
    }
    let parameters = operation.parameters.get_or_insert_default();
    let known = parameters.iter().any(|p| matches!(p, RefOr::T(p) if p.name == "If-None-Match"));
    if !known {
        let parameter = ParameterBuilder::new()
            .name("If-None-Match")
            .parameter_in(ParameterIn::Header)
            .required(Required::False)
            .description(Some("已有版本的 ETag，未变化时返回 304 · ETag already held; 304 when unchanged."))
            .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
            .build();
        parameters.push(RefOr::T(parameter));
    }
    operation
        .responses
        .responses
        .entry("304".to_owned())
        .or_insert_with(|| RefOr::Ref(Ref::from_response_name("NotModified")));
}

/// The operations of a path with their methods.
fn operations(item: &mut PathItem) -> Vec<(HttpMethod, &mut Operation)> {
    [
        (HttpMethod::Get, &mut item.get),
        (HttpMethod::Put, &mut item.put),
        (HttpMethod::Post, &mut item.post),
        (HttpMethod::Delete, &mut item.delete),
        (HttpMethod::Options, &mut item.options),
        (HttpMethod::Head, &mut item.head),
        (HttpMethod::Patch, &mut item.patch),
        (HttpMethod::Trace, &mut item.trace),
    ]
    .into_iter()
    .filter_map(|(method, operation)| operation.as_mut().map(|operation| (method, operation)))
    .collect()
}
