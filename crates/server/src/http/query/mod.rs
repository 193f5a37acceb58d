//! Query and path parameters.

mod params;

use axum::extract::path::ErrorKind;
use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequestParts, Path as AxumPath, Query as AxumQuery};
use axum::http::Uri;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

pub(crate) use params::Pairs;

use crate::http::json::Fault;
use crate::http::problem::{Code, FieldError, Problem};

/// Query parameters as a struct; refuses with `BAD_REQUEST` that names the parameter.
///
/// Parameters that the struct does not name are refused. A parameter may appear more than once only where the field
/// is a `Vec`; give such a field `#[serde(default)]`. Fields must not be flattened. For lists use
/// [`crate::http::page::List`] instead, which takes `limit` and `cursor` out first.
#[derive(Debug, Clone)]
pub struct Query<T>(pub T);

/// Path parameters: one value, a tuple, or a struct. A value that does not parse gives `BAD_REQUEST`.
#[derive(Debug, Clone)]
pub struct Path<T>(pub T);

/// The parameters of a query string, grouped by name in order of first appearance.
pub(crate) fn pairs(uri: &Uri) -> Pairs {
    let mut grouped: Pairs = Vec::new();
    let flat = AxumQuery::<Vec<(String, String)>>::try_from_uri(uri).map(|query| query.0).unwrap_or_default();
    for (name, value) in flat {
        match grouped.iter_mut().find(|(known, _)| *known == name) {
            Some((_, values)) => values.push(value),
            None => grouped.push((name, vec![value])),
        }
    }
    grouped
}

/// Grouped parameters as a struct.
pub(crate) fn typed<T: DeserializeOwned>(pairs: Pairs) -> Result<T, Problem> {
    params::from_pairs(pairs).map_err(Fault::into_parameter_problem)
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        typed(pairs(&parts.uri)).map(Self)
    }
}

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        if parts.uri.path().contains("%00") {
            return Err(refused("", "路径不得含有空字符。", "The path must not contain U+0000."));
        }
        AxumPath::<T>::from_request_parts(parts, state)
            .await
            .map(|AxumPath(value)| Self(value))
            .map_err(|rejection| path_problem(&rejection))
    }
}

/// What the router says of a path parameter. The value is not repeated.
fn path_problem(rejection: &PathRejection) -> Problem {
    let PathRejection::FailedToDeserializePathParams(failure) = rejection else {
        tracing::error!(%rejection, "a handler asks for path parameters its route does not have");
        return Problem::new(Code::Internal);
    };
    match failure.kind() {
        ErrorKind::ParseErrorAtKey { key, expected_type, .. } => {
            refused(key, &format!("应为 {expected_type}。"), &format!("Expected {expected_type}."))
        }
        ErrorKind::ParseErrorAtIndex { expected_type, .. } | ErrorKind::ParseError { expected_type, .. } => {
            refused("", &format!("应为 {expected_type}。"), &format!("Expected {expected_type}."))
        }
        ErrorKind::InvalidUtf8InPathParam { key } => refused(key, "不是 UTF-8 文本。", "Not UTF-8 text."),
        ErrorKind::DeserializeError { key, message, .. } => {
            refused(key, &format!("值不符合要求：{message}"), message)
        }
        ErrorKind::Message(message) => refused("", &format!("值不符合要求：{message}"), message),
        other => {
            tracing::error!(%other, "a handler's path type does not fit its route");
            Problem::new(Code::Internal)
        }
    }
}

fn refused(name: &str, zh: &str, en: &str) -> Problem {
    let problem =
        Problem::new(Code::BadRequest).detail(format!("路径参数：{zh}"), format!("Path parameter: {en}"));
    if name.is_empty() {
        return problem;
    }
    problem.with_error(FieldError::parameter(name, "BAD_VALUE", zh, en))
}
