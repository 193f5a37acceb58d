//! Values between our code and either engine. Three kinds are enough: text, 64-bit integer, bytes.

use crate::StoreError;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::query::Query;
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Column as _, Postgres, Row as _, SqlSafeStr, Sqlite, TypeInfo as _, ValueRef as _};

/// A value to bind. An absent one keeps its kind, because PostgreSQL wants to know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    Text(Option<&'a str>),
    Int(Option<i64>),
    Blob(Option<&'a [u8]>),
}

impl Value<'_> {
    pub(crate) fn to_owned(self) -> Owned {
        match self {
            Self::Text(text) => Owned::Text(text.map(str::to_owned)),
            Self::Int(number) => Owned::Int(number),
            Self::Blob(bytes) => Owned::Blob(bytes.map(<[u8]>::to_vec)),
        }
    }
}

/// A statement for SQLite with its values.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part<'a> {
    pub(crate) sql: &'static str,
    pub(crate) values: &'a [Value<'a>],
}

/// A value read, or a column to be written. An absent one that was read is an absent text, whatever the column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owned {
    /// Text.
    Text(Option<String>),
    /// Integer.
    Int(Option<i64>),
    /// Bytes.
    Blob(Option<Vec<u8>>),
}

impl Owned {
    pub(crate) fn as_value(&self) -> Value<'_> {
        match self {
            Self::Text(text) => Value::Text(text.as_deref()),
            Self::Int(number) => Value::Int(*number),
            Self::Blob(bytes) => Value::Blob(bytes.as_deref()),
        }
    }
}

impl Owned {
    /// Bytes it takes.
    pub(crate) fn size(&self) -> usize {
        match self {
            Self::Text(text) => text.as_ref().map_or(0, String::len),
            Self::Int(_) => 8,
            Self::Blob(bytes) => bytes.as_ref().map_or(0, Vec::len),
        }
    }
}

impl From<&str> for Owned {
    fn from(text: &str) -> Self {
        Self::Text(Some(text.to_owned()))
    }
}

impl From<String> for Owned {
    fn from(text: String) -> Self {
        Self::Text(Some(text))
    }
}

impl From<Option<&str>> for Owned {
    fn from(text: Option<&str>) -> Self {
        Self::Text(text.map(str::to_owned))
    }
}

impl From<Option<String>> for Owned {
    fn from(text: Option<String>) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Owned {
    fn from(number: i64) -> Self {
        Self::Int(Some(number))
    }
}

impl From<Option<i64>> for Owned {
    fn from(number: Option<i64>) -> Self {
        Self::Int(number)
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Some(text))
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(Some(text))
    }
}

impl<'a> From<Option<&'a str>> for Value<'a> {
    fn from(text: Option<&'a str>) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Int(Some(number))
    }
}

impl From<Option<i64>> for Value<'_> {
    fn from(number: Option<i64>) -> Self {
        Self::Int(number)
    }
}

impl<'a> From<&'a [u8]> for Value<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::Blob(Some(bytes))
    }
}

impl<'a> From<&'a Vec<u8>> for Value<'a> {
    fn from(bytes: &'a Vec<u8>) -> Self {
        Self::Blob(Some(bytes))
    }
}

impl<'a> From<&'a [u8; 32]> for Value<'a> {
    fn from(bytes: &'a [u8; 32]) -> Self {
        Self::Blob(Some(bytes))
    }
}

impl<'a> From<Option<&'a [u8]>> for Value<'a> {
    fn from(bytes: Option<&'a [u8]>) -> Self {
        Self::Blob(bytes)
    }
}

/// `values![id, 3, &digest[..]]`: what to bind, in the order of `$1`, `$2`, ….
macro_rules! values {
    ($($value:expr),* $(,)?) => { &[$($crate::value::Value::from($value)),*] };
}
pub(crate) use values;

pub(crate) fn bind_sqlite(
    sql: impl SqlSafeStr,
    values: &[Value<'_>],
) -> Query<'static, Sqlite, SqliteArguments> {
    values.iter().fold(sqlx::query(sql), |query, value| match *value {
        Value::Text(text) => query.bind(text),
        Value::Int(number) => query.bind(number),
        Value::Blob(bytes) => query.bind(bytes),
    })
}

pub(crate) fn bind_postgres(
    sql: impl SqlSafeStr,
    values: &[Value<'_>],
) -> Query<'static, Postgres, PgArguments> {
    values.iter().fold(sqlx::query(sql), |query, value| match *value {
        Value::Text(text) => query.bind(text),
        Value::Int(number) => query.bind(number),
        Value::Blob(bytes) => query.bind(bytes),
    })
}

/// A row of either engine. Columns are read by their place in the statement.
#[derive(Debug)]
pub(crate) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

macro_rules! read {
    ($row:expr, $place:expr) => {
        match $row {
            Row::Sqlite(row) => row.try_get($place),
            Row::Postgres(row) => row.try_get($place),
        }
        .map_err(StoreError::from)
    };
}

impl Row {
    pub(crate) fn text(&self, place: usize) -> Result<String, StoreError> {
        read!(self, place)
    }

    pub(crate) fn maybe_text(&self, place: usize) -> Result<Option<String>, StoreError> {
        read!(self, place)
    }

    pub(crate) fn int(&self, place: usize) -> Result<i64, StoreError> {
        read!(self, place)
    }

    pub(crate) fn maybe_int(&self, place: usize) -> Result<Option<i64>, StoreError> {
        read!(self, place)
    }

    pub(crate) fn blob(&self, place: usize) -> Result<Vec<u8>, StoreError> {
        read!(self, place)
    }

    pub(crate) fn maybe_blob(&self, place: usize) -> Result<Option<Vec<u8>>, StoreError> {
        read!(self, place)
    }

    /// Number of columns.
    pub(crate) fn width(&self) -> usize {
        match self {
            Row::Sqlite(row) => row.len(),
            Row::Postgres(row) => row.len(),
        }
    }

    /// The value of a column whatever its kind.
    pub(crate) fn any(&self, place: usize) -> Result<Owned, StoreError> {
        let kind = match self {
            Row::Sqlite(row) => {
                let value = row.try_get_raw(place)?;
                (!value.is_null()).then(|| value.type_info().name().to_owned())
            }
            Row::Postgres(row) => {
                let value = row.try_get_raw(place)?;
                (!value.is_null())
                    .then(|| row.columns().get(place).map_or("", |c| c.type_info().name()).to_owned())
            }
        };
        match kind.as_deref() {
            None => Ok(Owned::Text(None)),
            Some("TEXT") => self.text(place).map(|text| Owned::Text(Some(text))),
            Some("INTEGER" | "INT8") => self.int(place).map(|number| Owned::Int(Some(number))),
            Some("BLOB" | "BYTEA") => self.blob(place).map(|bytes| Owned::Blob(Some(bytes))),
            Some(other) => Err(StoreError::internal(format!("column {place} has the kind {other}"))),
        }
    }
}
