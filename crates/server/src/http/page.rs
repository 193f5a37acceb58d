//! Lists in pages: `?limit=&cursor=` in, `{items, next}` out, ordered by key columns and going on after the last.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::cursor::{CursorKey, bad_cursor};
use super::json::Json;
use super::problem::{Code, FieldError, Problem};
use super::query::{Pairs, pairs, typed};
use super::target::Target;

/// Rows on a page when the client does not say.
pub const DEFAULT_LIMIT: u16 = 50;
/// Most rows on a page.
pub const MAX_LIMIT: u16 = 200;

/// The two parameters of every list, for its documentation: `params(PageQuery, …)`.
#[derive(Debug, Clone, Default, IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "documentation only; `List` reads the parameters")]
pub struct PageQuery {
    /// 每页条数，1 至 200，默认 50 · Rows on a page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<u16>,
    /// 上一页响应中的 next；第一页不填 · The `next` of the page before; absent on the first page.
    #[param(max_length = 1024)]
    pub cursor: Option<String>,
}

/// The filter of a list that has none.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct NoFilter {}

/// One page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Page<T> {
    /// The rows of this page, in the order of the list.
    pub items: Vec<T>,
    /// The cursor of the page after; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// The same page with other rows.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(f).collect(), next: self.next }
    }
}

impl<T: Serialize> IntoResponse for Page<T> {
    fn into_response(self) -> Response {
        Json(self).into_response()
    }
}

/// A request for one page of a list, with the list's own filter parameters.
///
/// A cursor is bound to the path and the filter it was issued under; with another it gives `BAD_REQUEST`, as do
/// unknown parameters and limits outside 1 to [`MAX_LIMIT`].
#[derive(Debug, Clone)]
pub struct List<F = NoFilter> {
    /// The parameters besides `limit` and `cursor`.
    pub filter: F,
    limit: u16,
    after: Option<Vec<String>>,
    context: Vec<u8>,
    key: CursorKey,
}

impl<F> List<F> {
    /// Rows to show.
    pub fn limit(&self) -> u16 {
        self.limit
    }

    /// Rows to fetch: one more than is shown, which tells whether there is a page after.
    pub fn fetch(&self) -> i64 {
        i64::from(self.limit) + 1
    }

    /// The key columns of the last row of the page before; `None` on the first page.
    ///
    /// # Errors
    /// `BAD_REQUEST` when the cursor holds another number of columns (made by an older version).
    pub fn after<const N: usize>(&self) -> Result<Option<[&str; N]>, Problem> {
        let Some(keys) = &self.after else { return Ok(None) };
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        keys.try_into().map(Some).map_err(|_| bad_cursor())
    }

    /// The page made of up to [`List::fetch`] rows; `key` gives the key columns of a row, as [`List::after`] will
    /// get them back.
    pub fn page<T>(&self, mut rows: Vec<T>, key: impl FnOnce(&T) -> Vec<String>) -> Page<T> {
        let more = rows.len() > usize::from(self.limit);
        rows.truncate(usize::from(self.limit));
        let next = rows.last().filter(|_| more).map(|last| self.key.seal(&self.context, &key(last)));
        Page { items: rows, next }
    }

    /// The page whose rows and position the store has cut already; [`List::after`] will get the position back as its
    /// only column.
    pub fn carry<T>(&self, items: Vec<T>, position: Option<String>) -> Page<T> {
        Page { items, next: position.map(|position| self.key.seal(&self.context, &[position])) }
    }
}

impl<F: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for List<F> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let Some(key) = parts.extensions.get::<CursorKey>().cloned() else {
            tracing::error!("a list is served outside the frame: no cursor key");
            return Err(Problem::new(Code::Internal));
        };
        let mut filter = pairs(&parts.uri);
        let limit = take(&mut filter, "limit").map_or(Ok(DEFAULT_LIMIT), |values| parse_limit(&values))?;
        let cursor = take(&mut filter, "cursor");
        let context = context(Target::of(parts).path(), &filter);
        let after = match cursor.as_deref() {
            None => None,
            Some([cursor]) => Some(key.open(&context, cursor)?),
            Some(_) => return Err(bad_cursor()),
        };
        Ok(Self { filter: typed(filter)?, limit, after, context, key })
    }
}

fn take(pairs: &mut Pairs, name: &str) -> Option<Vec<String>> {
    let index = pairs.iter().position(|(known, _)| known == name)?;
    Some(pairs.remove(index).1)
}

fn parse_limit(values: &[String]) -> Result<u16, Problem> {
    let limit = match values {
        [text] if text.bytes().all(|b| b.is_ascii_digit()) => text.parse::<u16>().ok(),
        _ => None,
    };
    limit.filter(|limit| (1..=MAX_LIMIT).contains(limit)).ok_or_else(|| {
        let (zh, en) = (
            format!("limit 应为 1 至 {MAX_LIMIT} 的整数。"),
            format!("limit must be an integer from 1 to {MAX_LIMIT}."),
        );
        Problem::new(Code::BadRequest).detail(zh.as_str(), en.as_str()).with_error(FieldError::parameter(
            "limit",
            "OUT_OF_RANGE",
            zh,
            en,
        ))
    })
}

/// What a cursor is bound to: the path and the filter, whatever order its parameters come in.
fn context(path: &str, filter: &Pairs) -> Vec<u8> {
    let mut filter = filter.clone();
    filter.sort();
    serde_json::to_vec(&(path, filter)).unwrap_or_default()
}
