//! Which problems an operation may answer with, by rule:
//!
//! | status | added to |
//! |---|---|
//! | 400, 429, 500, 503 | every operation |
//! | 401 | operations that need an identity, and readings: a session that has ended is told of there, too |
//! | 403 | operations that need an identity |
//! | 404 | operations with path parameters or a scope |
//! | 409, 507 | operations that change something |
//! | 412, 428 | operations with `If-Match` |
//! | 413, 415, 422 | operations with a body |
//! | 422 | operations with `Idempotency-Key` |

use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::Operation;
use utoipa::openapi::{Content, HttpMethod, ObjectBuilder, Ref, RefOr, Response, ResponseBuilder, Type};

use crate::http::problem::{CODES, PROBLEM_JSON};

const NAMES: [(u16, &str); 14] = [
    (400, "BadRequest"),
    (401, "Unauthenticated"),
    (403, "Forbidden"),
    (404, "NotFound"),
    (409, "Conflict"),
    (412, "PreconditionFailed"),
    (413, "BodyTooLarge"),
    (415, "UnsupportedMediaType"),
    (422, "Unprocessable"),
    (428, "PreconditionRequired"),
    (429, "TooManyRequests"),
    (500, "InternalError"),
    (503, "Unavailable"),
    (507, "StorageFull"),
];

/// The shared responses, by name.
pub(super) fn components() -> Vec<(String, RefOr<Response>)> {
    let mut all: Vec<(String, RefOr<Response>)> = NAMES
        .iter()
        .map(|(status, name)| ((*name).to_owned(), RefOr::T(problem(*status, retried(*status)))))
        .collect();
    let not_modified = ResponseBuilder::new()
        .description("与 If-None-Match 相同，未变化 · Unchanged.")
        .header_ref("ETag", header("ETag"))
        .header_ref("X-Request-Id", header("RequestId"))
        .build();
    all.push(("NotModified".to_owned(), RefOr::T(not_modified)));
    all
}

fn retried(status: u16) -> bool {
    matches!(status, 429 | 503 | 507)
}

/// A problem response whose description lists the codes of its status.
fn problem(status: u16, retried: bool) -> Response {
    let codes: Vec<String> = CODES
        .iter()
        .filter(|kind| kind.status == status)
        .map(|kind| format!("`{}` {}", kind.code, kind.title_zh))
        .collect();
    let mut builder = ResponseBuilder::new()
        .description(codes.join("；"))
        .content(PROBLEM_JSON, Content::new(Some(Ref::from_schema_name("Problem"))))
        .header_ref("X-Request-Id", header("RequestId"));
    if retried {
        builder = builder.header_ref("Retry-After", header("RetryAfter"));
    }
    builder.build()
}

fn header(name: &str) -> Ref {
    Ref::new(format!("#/components/headers/{name}"))
}

/// Adds to an operation what the table says, and the shared headers to the responses it describes itself.
pub(super) fn add(path: &str, method: &HttpMethod, operation: &mut Operation) {
    let has = |name: &str| {
        operation
            .parameters
            .iter()
            .flatten()
            .any(|p| matches!(p, RefOr::T(p) if p.name.eq_ignore_ascii_case(name)))
    };
    let scoped = has("scope");
    let (keyed, matched) = (has("Idempotency-Key"), has("If-Match"));
    let changing = !matches!(method, HttpMethod::Get | HttpMethod::Head | HttpMethod::Options);
    // An empty requirement among the alternatives means that nobody need be known.
    let known = operation.security.iter().flatten().all(|one| *one != Default::default());
    let body = operation.request_body.is_some();
    let applies = |status: u16| match status {
        400 | 429 | 500 | 503 => true,
        401 => known || !changing,
        403 => known,
        404 => path.contains('{') || scoped,
        409 | 507 => changing,
        412 | 428 => matched,
        413 | 415 => body,
        422 => body || keyed,
        _ => false,
    };
    for (status, name) in NAMES.iter().filter(|(status, _)| applies(*status)) {
        operation
            .responses
            .responses
            .entry(status.to_string())
            .or_insert_with(|| RefOr::Ref(Ref::from_response_name(*name)));
    }
    for (status, response) in &mut operation.responses.responses {
        let RefOr::T(response) = response else { continue };
        describe(status, response, keyed);
    }
}

/// Completes a response that an endpoint describes itself.
fn describe(status: &str, response: &mut Response, keyed: bool) {
    let failed = status.starts_with(['4', '5']);
    if failed && response.content.is_empty() {
        let content = Content::new(Some(Ref::from_schema_name("Problem")));
        response.content.insert(PROBLEM_JSON.to_owned(), content.into());
    }
    response.headers.entry("X-Request-Id".to_owned()).or_insert_with(|| RefOr::Ref(header("RequestId")));
    if status.starts_with('2') && keyed {
        response
            .headers
            .entry("Idempotency-Replayed".to_owned())
            .or_insert_with(|| RefOr::Ref(header("Replayed")));
    }
    if status == "201" {
        response.headers.entry("Location".to_owned()).or_insert_with(|| {
            let schema = ObjectBuilder::new().schema_type(Type::String);
            let location = HeaderBuilder::new()
                .schema(Some(schema))
                .description(Some("新对象的路径 · Path of the new thing."))
                .build();
            RefOr::T(location)
        });
    }
}
