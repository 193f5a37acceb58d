//! Query and path parameters.

mod params;
mod route;

use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{FromRequestParts, Query as AxumQuery, RawPathParams};
use axum::http::Uri;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

pub(crate) use params::Pairs;

use crate::http::json::Fault;
use crate::http::problem::{Code, Problem};

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

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let raw =
            RawPathParams::from_request_parts(parts, state).await.map_err(|rejection| match rejection {
                RawPathParamsRejection::InvalidUtf8InPathParam(_) => Problem::new(Code::BadRequest)
                    .detail("路径不是 UTF-8 文本。", "The path is not UTF-8 text."),
                other => misfit(&other),
            })?;
        let pairs = raw.iter().map(|(name, value)| (name.to_owned(), vec![value.to_owned()])).collect();
        route::from_route(pairs).map(Self).map_err(|fault| match fault.code() {
            route::MISFIT | "REQUIRED" | "UNKNOWN_FIELD" => misfit(&fault),
            _ => fault.into_parameter_problem(),
        })
    }
}

/// The client can do nothing about this.
fn misfit(why: &dyn core::fmt::Display) -> Problem {
    tracing::error!(%why, "a handler's path type does not fit its route");
    Problem::new(Code::Internal)
}
