//! Things of the registry as rows: key columns, a version, the whole thing as JSON, and a MAC over all of it.

use crate::statement::Statement;
use crate::value::{Owned, Row, Value};
use crate::{Access, RowKeys, StoreError, Tx};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;

/// A thing with the version it was read at; the version is the ETag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versioned<T> {
    /// 1 for a new one, one more with every save.
    pub version: i64,
    /// The thing.
    pub value: T,
}

/// What the store keeps as a row of its own.
pub trait Record: Stored {}

impl<T: Stored> Record for T {}

/// How a record becomes a row.
pub trait Stored: Serialize + DeserializeOwned + Send + Sync {
    /// Name of the table.
    const TABLE: &'static str;
    /// The statements of the table.
    const STATEMENTS: &'static RecordStatements;
    /// The key.
    fn key(&self) -> String;
    /// The columns behind `id, version, body, mac`, in the order of the statements.
    fn columns(&self) -> Vec<Owned>;
    /// Kind and value of everything it is found by besides its columns; `None` where a table has no such.
    fn lookup(&self) -> Option<BTreeSet<(String, String)>> {
        None
    }
}

/// Statements every record has.
#[derive(Debug)]
pub struct RecordStatements {
    pub(crate) load: &'static Statement,
    pub(crate) insert: &'static Statement,
    pub(crate) save: &'static Statement,
    pub(crate) sweep: &'static Statement,
    pub(crate) renew: &'static Statement,
    pub(crate) rewrite: &'static Statement,
}

/// Declares the statements of a record: the three every one has, and any number that select whole rows by what stands behind
/// `FROM table`. Columns carry the number of their parameter; 1 to 4 are id, version, body and mac.
macro_rules! record {
    (
        $type:ty, $table:literal, key: $key:expr, columns: $columns:tt
        $(, find: { $($(#[$doc:meta])* $find:ident = $tail:expr $(, postgres: $other_tail:expr)?;)* })?
        $(, other: { $($other:tt)* })?
        $(, lookup: $lookup:expr)?
    ) => {
        $crate::statement::statements! {
            LOAD = concat!("SELECT id, version, body, mac", $crate::record::names!($columns), " FROM ", $table, " WHERE id = $1");
            SWEEP = concat!("SELECT id, version, body, mac", $crate::record::names!($columns), " FROM ", $table,
                            " WHERE id > $1 ORDER BY id LIMIT CAST($2 AS BIGINT)");
            RENEW = concat!("UPDATE ", $table, " SET mac = $3 WHERE id = $1 AND version = $2");
            REWRITE = concat!("UPDATE ", $table, " SET body = $3, mac = $4", $crate::record::assignments!($columns),
                              " WHERE id = $1 AND version = $2");
            INSERT = concat!("INSERT INTO ", $table, " (id, version, body, mac", $crate::record::names!($columns),
                             ") VALUES ($1, $2, $3, $4", $crate::record::parameters!($columns), ")");
            SAVE = concat!("UPDATE ", $table, " SET version = $2, body = $3, mac = $4",
                           $crate::record::assignments!($columns), " WHERE id = $1 AND version = CAST($2 AS BIGINT) - 1");
            $($(
                $(#[$doc])*
                $find = concat!("SELECT id, version, body, mac", $crate::record::names!($columns), " FROM ", $table, " ", $tail)
                    $(, postgres: concat!("SELECT id, version, body, mac", $crate::record::names!($columns), " FROM ", $table, " ",
                                          $other_tail))?;
            )*)?
            $($($other)*)?
        }

        impl $crate::record::Stored for $type {
            const TABLE: &'static str = $table;
            const STATEMENTS: &'static $crate::record::RecordStatements =
                &$crate::record::RecordStatements {
                    load: &LOAD, insert: &INSERT, save: &SAVE, sweep: &SWEEP, renew: &RENEW, rewrite: &REWRITE,
                };

            fn key(&self) -> String {
                let key: fn(&$type) -> &str = $key;
                key(self).to_owned()
            }

            fn columns(&self) -> Vec<$crate::value::Owned> {
                $crate::record::contents!(self, $type, $columns)
            }

            $(fn lookup(&self) -> Option<std::collections::BTreeSet<(String, String)>> {
                let lookup: fn(&$type) -> std::collections::BTreeSet<(String, String)> = $lookup;
                Some(lookup(self))
            })?
        }
    };
}
pub(crate) use record;

/// `, code, number`
macro_rules! names {
    ({ $($column:ident = $number:literal : $value:expr),* $(,)? }) => { concat!($(", ", stringify!($column)),*) };
}
pub(crate) use names;

/// `, $5, $6`
macro_rules! parameters {
    ({ $($column:ident = $number:literal : $value:expr),* $(,)? }) => { concat!($(", $", $number),*) };
}
pub(crate) use parameters;

/// `, code = $5, number = $6`
macro_rules! assignments {
    ({ $($column:ident = $number:literal : $value:expr),* $(,)? }) => {
        concat!($(", ", stringify!($column), " = $", $number),*)
    };
}
pub(crate) use assignments;

macro_rules! contents {
    ($record:expr, $type:ty, { $($column:ident = $number:literal : $value:expr),* $(,)? }) => {
        vec![$({
            let column: fn(&$type) -> $crate::value::Owned = $value;
            column($record)
        }),*]
    };
}
pub(crate) use contents;

/// Reads a row whose columns are id, version, body, mac and then the key columns, and checks its MAC.
pub(crate) fn read<T: Stored>(row: &Row, keys: &RowKeys) -> Result<Versioned<T>, StoreError> {
    read_from(row, 0, row.width(), keys)
}

/// The same for a row that has other columns before `place` or from `end` on.
pub(crate) fn read_from<T: Stored>(
    row: &Row,
    place: usize,
    end: usize,
    keys: &RowKeys,
) -> Result<Versioned<T>, StoreError> {
    let (id, version, body) = (row.text(place)?, row.int(place + 1)?, row.text(place + 2)?);
    let columns = (place + 4..end).map(|column| row.any(column)).collect::<Result<Vec<_>, _>>()?;
    if !keys.verify(T::TABLE, &protected(&id, version, &body, &columns), &row.blob(place + 3)?) {
        return Err(StoreError::Integrity { table: T::TABLE, id });
    }
    Ok(Versioned { version, value: serde_json::from_str(&body)? })
}

/// What the MAC covers.
pub(crate) fn protected<'a>(
    id: &'a str,
    version: i64,
    body: &'a str,
    columns: &'a [Owned],
) -> Vec<Value<'a>> {
    let mut values = vec![Value::from(id), Value::from(version), Value::from(body)];
    values.extend(columns.iter().map(Owned::as_value));
    values
}

impl Access {
    /// The record under `id`.
    ///
    /// # Errors
    /// [`StoreError::Integrity`] when the row was changed from outside; [`StoreError::Unavailable`].
    pub async fn load<T: Record>(&mut self, id: &str) -> Result<Option<Versioned<T>>, StoreError> {
        self.find(T::STATEMENTS.load, &[Value::from(id)]).await
    }

    /// The record under `id`, which must be there.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`StoreError::Integrity`]; [`StoreError::Unavailable`].
    pub async fn get<T: Record>(&mut self, id: &str) -> Result<Versioned<T>, StoreError> {
        let found = self.load(id).await?;
        found.ok_or_else(|| StoreError::NotFound { table: T::TABLE, id: id.to_owned() })
    }

    pub(crate) async fn find<T: Stored>(
        &mut self,
        statement: &'static Statement,
        values: &[Value<'_>],
    ) -> Result<Option<Versioned<T>>, StoreError> {
        let row = self.row(statement, values).await?;
        row.map(|row| read(&row, self.keys())).transpose()
    }

    pub(crate) async fn find_all<T: Stored>(
        &mut self,
        statement: &'static Statement,
        values: &[Value<'_>],
    ) -> Result<Vec<Versioned<T>>, StoreError> {
        let rows = self.rows(statement, values).await?;
        rows.iter().map(|row| read(row, self.keys())).collect()
    }
}

impl Tx {
    /// Adds a record; its version is 1.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] names the uniqueness it breaks; [`StoreError::Rule`]; [`StoreError::Unavailable`].
    pub async fn insert<T: Record>(&mut self, value: &T) -> Result<i64, StoreError> {
        self.write(T::STATEMENTS.insert, value, 1).await?;
        if let Some(lookup) = value.lookup() {
            self.set_lookup(&value.key(), &BTreeSet::new(), &lookup).await?;
        }
        Ok(1)
    }

    /// Saves a record that was read at `version`; the new version.
    ///
    /// Where one record gives a place up for another (a seal followed by the next), the one that gives up is saved first: the
    /// database looks at every statement, not at the end of the transaction.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when somebody saved it since, or it does not exist; otherwise as [`Tx::insert`].
    pub async fn save<T: Record>(&mut self, value: &T, version: i64) -> Result<i64, StoreError> {
        let next = version.saturating_add(1);
        let next = match self.write(T::STATEMENTS.save, value, next).await? {
            0 => return Err(StoreError::Stale { table: T::TABLE, id: value.key() }),
            _ => next,
        };
        if let Some(lookup) = value.lookup() {
            let before = self.lookup_of(&value.key()).await?;
            self.set_lookup(&value.key(), &before, &lookup).await?;
        }
        Ok(next)
    }

    /// Adds a record of a kind without other rows to look it up by. What speaks against it, a uniqueness it breaks, may be told by a later
    /// call, at the latest by [`Tx::commit`], and nothing of the transaction is kept then: for records whose key nobody else can have.
    ///
    /// # Errors
    /// As [`Tx::insert`].
    pub async fn insert_later<T: Record>(&mut self, value: &T) -> Result<(), StoreError> {
        match value.lookup() {
            Some(_) => self.insert(value).await.map(drop),
            None => self.write_later(T::STATEMENTS.insert, value, 1, None).await,
        }
    }

    /// Saves a record that was read at `version`; the new version. That somebody saved it since may be told by a later call, as for
    /// [`Tx::insert_later`].
    ///
    /// # Errors
    /// As [`Tx::save`].
    pub async fn save_later<T: Record>(&mut self, value: &T, version: i64) -> Result<i64, StoreError> {
        if value.lookup().is_some() {
            return self.save(value, version).await;
        }
        let next = version.saturating_add(1);
        let stale = StoreError::Stale { table: T::TABLE, id: value.key() };
        self.write_later(T::STATEMENTS.save, value, next, Some(stale)).await?;
        Ok(next)
    }

    async fn write_later<T: Stored>(
        &mut self,
        statement: &'static Statement,
        value: &T,
        version: i64,
        or: Option<StoreError>,
    ) -> Result<(), StoreError> {
        let (id, columns, body) = (value.key(), value.columns(), serde_json::to_string(value)?);
        let mac = self.keys().mac(T::TABLE, &protected(&id, version, &body, &columns));
        let mut values = vec![Value::from(&id), Value::from(version), Value::from(&body), Value::from(&mac)];
        values.extend(columns.iter().map(Owned::as_value));
        self.later(statement, &values, or).await
    }

    async fn write<T: Stored>(
        &mut self,
        statement: &'static Statement,
        value: &T,
        version: i64,
    ) -> Result<u64, StoreError> {
        let (id, columns, body) = (value.key(), value.columns(), serde_json::to_string(value)?);
        let mac = self.keys().mac(T::TABLE, &protected(&id, version, &body, &columns));
        let mut values = vec![Value::from(&id), Value::from(version), Value::from(&body), Value::from(&mac)];
        values.extend(columns.iter().map(Owned::as_value));
        self.execute(statement, &values).await
    }
}
