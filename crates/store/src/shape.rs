//! Tables as the catalog of either engine tells them: what a backup reads and a restore fills.

use crate::StoreError;
use crate::access::{Connection, Link};
use crate::value::{Owned, Row};
use sqlx::AssertSqlSafe;

/// Longest row that is read back, bytes.
const MAX_ROW: usize = 256 << 20;

const SQLITE: &str = "SELECT m.name, c.name, c.type, c.pk FROM sqlite_master m JOIN pragma_table_info(m.name) c \
    WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND m.name NOT LIKE '\\_%' ESCAPE '\\' ORDER BY m.name, c.cid";
const POSTGRES: &str = "SELECT c.relname::text, a.attname::text, t.typname::text, COALESCE((SELECT array_position(i.indkey::int2[], a.attnum) + 1 \
    FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary), 0)::bigint \
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type t ON t.oid = a.atttypid \
    WHERE n.nspname = current_schema() AND c.relkind = 'r' AND c.relname NOT LIKE '\\_%' AND a.attnum > 0 AND NOT a.attisdropped \
    ORDER BY c.relname, a.attnum";

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// 64-bit integer.
    Int,
    /// Bytes.
    Blob,
}

impl Kind {
    fn of(name: &str) -> Result<Self, StoreError> {
        match name {
            "TEXT" | "text" => Ok(Self::Text),
            "INTEGER" | "int8" => Ok(Self::Int),
            "BLOB" | "bytea" => Ok(Self::Blob),
            other => Err(StoreError::internal(format!("a column has the kind {other}"))),
        }
    }

    fn absent(self) -> Owned {
        match self {
            Self::Text => Owned::Text(None),
            Self::Int => Owned::Int(None),
            Self::Blob => Owned::Blob(None),
        }
    }
}

/// A table: its name, its columns in the order of their making, and those of its primary key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableShape {
    /// Name.
    pub name: String,
    /// Columns.
    pub columns: Vec<(String, Kind)>,
    key: Vec<String>,
}

impl TableShape {
    /// Names of the columns.
    pub fn column_names(&self) -> Vec<String> {
        self.columns.iter().map(|(name, _)| name.clone()).collect()
    }

    /// What a column holds, where there is one.
    pub(crate) fn kind(&self, column: &str) -> Option<Kind> {
        self.columns.iter().find(|(name, _)| name == column).map(|(_, kind)| *kind)
    }

    /// Selects whole rows in the order of the key, or those behind a number of the column `seq`.
    pub(crate) fn select(&self, after: Option<i64>) -> String {
        let columns = list(self.columns.iter().map(|(name, _)| name));
        let behind = after.map(|seq| format!(" WHERE \"seq\" > {seq}")).unwrap_or_default();
        format!("SELECT {columns} FROM \"{}\"{behind} ORDER BY {}", self.name, list(self.key.iter()))
    }
}

/// Names in double quotes, joined by commas.
pub(crate) fn list<'a>(names: impl Iterator<Item = &'a String>) -> String {
    names.map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
}

/// Names come from the catalog of a database that may have been tampered with.
fn plain(name: String) -> Result<String, StoreError> {
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    match !name.is_empty() && name.len() < 64 && name.bytes().all(fits) {
        true => Ok(name),
        false => Err(StoreError::internal("a table or column has a name that is none of ours")),
    }
}

/// Every table of the product.
pub(crate) async fn tables(link: &mut Link) -> Result<Vec<TableShape>, StoreError> {
    let rows = match link.connection().await? {
        Connection::Sqlite(c) => {
            sqlx::query(SQLITE).fetch_all(c).await?.into_iter().map(Row::Sqlite).collect()
        }
        Connection::Postgres(c) => {
            sqlx::query(POSTGRES).fetch_all(c).await?.into_iter().map(Row::Postgres).collect::<Vec<_>>()
        }
    };
    let mut tables: Vec<TableShape> = Vec::new();
    let mut keys: Vec<(i64, String)> = Vec::new();
    for row in &rows {
        let (table, column) = (plain(row.text(0)?)?, plain(row.text(1)?)?);
        if tables.last().is_none_or(|last| last.name != table) {
            close(&mut tables, &mut keys);
            tables.push(TableShape { name: table, columns: Vec::new(), key: Vec::new() });
        }
        if row.int(3)? > 0 {
            keys.push((row.int(3)?, column.clone()));
        }
        let kind = Kind::of(&row.text(2)?)?;
        if let Some(last) = tables.last_mut() {
            last.columns.push((column, kind));
        }
    }
    close(&mut tables, &mut keys);
    tables.sort_by(|a, b| a.name.cmp(&b.name));
    match tables.iter().find(|table| table.key.is_empty()) {
        Some(table) => Err(StoreError::internal(format!("the table {} has no primary key", table.name))),
        None => Ok(tables),
    }
}

fn close(tables: &mut [TableShape], keys: &mut Vec<(i64, String)>) {
    keys.sort();
    if let Some(last) = tables.last_mut() {
        last.key = keys.drain(..).map(|(_, name)| name).collect();
    }
}

/// Runs a statement made of names from the catalog.
pub(crate) async fn run(link: &mut Link, sql: String) -> Result<(), StoreError> {
    match link.connection().await? {
        Connection::Sqlite(c) => sqlx::query(AssertSqlSafe(sql)).execute(c).await.map(drop)?,
        Connection::Postgres(c) => sqlx::query(AssertSqlSafe(sql)).execute(c).await.map(drop)?,
    }
    Ok(())
}

/// Puts a row in place of what is in `out`, the same bytes on either engine: for each column `n`, or `t`, `i`, `b` with a value.
pub(crate) fn encode(row: &Row, out: &mut Vec<u8>) -> Result<(), StoreError> {
    out.clear();
    for place in 0..row.width() {
        match row.any(place)? {
            Owned::Int(Some(number)) => {
                out.push(b'i');
                out.extend_from_slice(&number.to_be_bytes());
            }
            Owned::Text(Some(text)) => put(out, b't', text.as_bytes())?,
            Owned::Blob(Some(bytes)) => put(out, b'b', &bytes)?,
            Owned::Text(None) | Owned::Int(None) | Owned::Blob(None) => out.push(b'n'),
        }
    }
    Ok(())
}

fn put(out: &mut Vec<u8>, kind: u8, bytes: &[u8]) -> Result<(), StoreError> {
    let length = u32::try_from(bytes.len()).ok().filter(|_| bytes.len() <= MAX_ROW);
    let length = length.ok_or_else(|| StoreError::internal("a value is too large for a backup"))?;
    out.push(kind);
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(bytes);
    Ok(())
}

/// Reads what [`encode`] wrote, by the kinds of the columns.
pub(crate) fn decode(mut bytes: &[u8], kinds: &[Kind]) -> Result<Vec<Owned>, StoreError> {
    let broken = || StoreError::internal("a row of the backup does not fit its table");
    let mut values = Vec::with_capacity(kinds.len());
    for kind in kinds {
        let (tag, rest) = bytes.split_first().ok_or_else(broken)?;
        bytes = rest;
        let value = match (tag, kind) {
            (b'n', kind) => kind.absent(),
            (b'i', Kind::Int) => {
                let (number, rest) = bytes.split_first_chunk().ok_or_else(broken)?;
                bytes = rest;
                Owned::Int(Some(i64::from_be_bytes(*number)))
            }
            (b't', Kind::Text) => {
                Owned::Text(Some(String::from_utf8(take(&mut bytes)?.to_vec()).map_err(|_| broken())?))
            }
            (b'b', Kind::Blob) => Owned::Blob(Some(take(&mut bytes)?.to_vec())),
            _ => return Err(broken()),
        };
        values.push(value);
    }
    if bytes.is_empty() { Ok(values) } else { Err(broken()) }
}

fn take<'a>(bytes: &mut &'a [u8]) -> Result<&'a [u8], StoreError> {
    let broken = || StoreError::internal("a row of the backup does not fit its table");
    let (length, rest) = bytes.split_first_chunk().ok_or_else(broken)?;
    let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| broken())?;
    let (value, rest) = rest.split_at_checked(length).ok_or_else(broken)?;
    *bytes = rest;
    Ok(value)
}
