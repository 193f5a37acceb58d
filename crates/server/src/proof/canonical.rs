//! Canonical JSON: one statement has exactly one encoding.
//!
//! Keys sorted by code point, no white space, integers only, absent members left out, UTF-8. Reading accepts nothing but
//! what writing would have given, so that no two readers can understand one proof differently (members twice, numbers in
//! other forms, escapes).

use serde_json::{Map, Value};

use super::statement::{FORMAT, Statement};

/// Longest statement, bytes.
const MAX_STATEMENT: usize = 64 << 10;

/// Why bytes are no canonical statement, or a statement has no canonical form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CanonicalError {
    /// Longer than 64 KiB.
    #[error("凭证内容过长 / the statement is too long")]
    TooLong,
    /// Not JSON, or not that of a statement.
    #[error("凭证内容无法解析：{0} / the statement cannot be read: {0}")]
    Json(String),
    /// The format mark is another.
    #[error("凭证格式不认识 / the format of the statement is not known")]
    Format,
    /// Readable, but not in its one encoding.
    #[error("凭证内容不是规范编码 / the statement is not in canonical form")]
    NotCanonical,
}

/// Writes a statement in its one encoding.
///
/// # Errors
/// [`CanonicalError::TooLong`].
pub fn to_canonical(statement: &Statement) -> Result<Vec<u8>, CanonicalError> {
    let json = |e: serde_json::Error| CanonicalError::Json(e.to_string());
    let Value::Object(mut members) = serde_json::to_value(statement).map_err(json)? else {
        return Err(CanonicalError::Json("not an object".to_owned()));
    };
    members.insert("format".to_owned(), Value::String(FORMAT.to_owned()));
    let bytes = serde_json::to_vec(&sorted(Value::Object(members))).map_err(json)?;
    if bytes.len() > MAX_STATEMENT { Err(CanonicalError::TooLong) } else { Ok(bytes) }
}

/// Reads a statement; the bytes must be exactly what [`to_canonical`] writes for it.
///
/// # Errors
/// See [`CanonicalError`].
pub fn from_canonical(bytes: &[u8]) -> Result<Statement, CanonicalError> {
    if bytes.len() > MAX_STATEMENT {
        return Err(CanonicalError::TooLong);
    }
    let json = |e: serde_json::Error| CanonicalError::Json(e.to_string());
    let mut value: Value = serde_json::from_slice(bytes).map_err(json)?;
    let format = value.as_object_mut().and_then(|m| m.remove("format"));
    if format.as_ref().and_then(Value::as_str) != Some(FORMAT) {
        return Err(CanonicalError::Format);
    }
    let statement: Statement = serde_json::from_value(value).map_err(json)?;
    if to_canonical(&statement)? == bytes { Ok(statement) } else { Err(CanonicalError::NotCanonical) }
}

/// Members in the order of their keys, all the way down, whatever map serde_json was built with.
pub(crate) fn sorted(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut list: Vec<(String, Value)> = members.into_iter().collect();
            list.sort_by(|(a, _), (b, _)| a.cmp(b));
            Value::Object(list.into_iter().map(|(k, v)| (k, sorted(v))).collect::<Map<_, _>>())
        }
        Value::Array(list) => Value::Array(list.into_iter().map(sorted).collect()),
        other => other,
    }
}
