//! The rows of every table.

use std::collections::BTreeMap;

use yinxin_store::Snapshot;

use super::BackupError;
use super::folder::Draft;
use super::manifest::{Manifest, Part, Table};

/// What no restored registry goes on with: whoever was logged in logs in again, so that nobody comes back who was shut out meanwhile.
pub(super) const LEFT_OUT: &[&str] = &["login_challenge", "session"];
/// Tables that are only ever added to, numbered by `seq` in the order of their commits.
const APPENDED: &[&str] = &["audit", "audit_seal"];

/// Writes the rows of all tables; of tables that are only added to, those the backup before has not.
pub(super) async fn write(
    draft: &Draft,
    snapshot: &mut Snapshot,
    before: Option<&Manifest>,
) -> Result<BTreeMap<String, Table>, BackupError> {
    let mut tables = BTreeMap::new();
    for shape in snapshot.tables().await? {
        if LEFT_OUT.contains(&shape.name.as_str()) {
            continue;
        }
        let columns = shape.column_names();
        let earlier = before.and_then(|before| before.tables.get(&shape.name));
        let earlier = earlier.filter(|table| table.columns == columns);
        let appended = APPENDED.contains(&shape.name.as_str());
        let after = earlier.filter(|_| appended).and_then(|table| table.last);
        let name = format!("tables/{}", shape.name);
        let mut file = draft.file(&name, true)?;
        let place = columns.iter().position(|column| column == "seq");
        let mut last = after.or(appended.then_some(0));
        let rows = {
            let mut take = |row: &[u8]| -> Result<(), BackupError> {
                if let (Some(last), Some(0)) = (last.as_mut(), place) {
                    *last = first_number(row).unwrap_or(*last);
                }
                file.put_counted(row)
            };
            snapshot.rows(&shape, after, &mut take).await?
        };
        let part = Part { file: file.finish()?, rows };
        let table = joined(draft, earlier, part, after, columns, last)?;
        tables.insert(shape.name, table);
    }
    Ok(tables)
}

/// The new part behind those before; nothing new where nothing changed.
fn joined(
    draft: &Draft,
    earlier: Option<&Table>,
    part: Part,
    after: Option<i64>,
    columns: Vec<String>,
    last: Option<i64>,
) -> Result<Table, BackupError> {
    let Some(earlier) = earlier else {
        return Ok(Table { columns, rows: part.rows, parts: vec![part], last });
    };
    if after.is_some() {
        let mut table = earlier.clone();
        match part.rows {
            0 => draft.remove(&part.file.name)?,
            rows => {
                table.rows = table.rows.saturating_add(rows);
                table.parts.push(part);
            }
        }
        table.last = last;
        return Ok(table);
    }
    let same = |known: &Part| known.rows == part.rows && known.file.content == part.file.content;
    match earlier.parts.as_slice() {
        [known] if same(known) => {
            draft.remove(&part.file.name)?;
            Ok(earlier.clone())
        }
        _ => Ok(Table { columns, rows: part.rows, parts: vec![part], last }),
    }
}

/// The value of the first column, where it is a number.
fn first_number(row: &[u8]) -> Option<i64> {
    let (kind, rest) = row.split_first()?;
    let number = rest.first_chunk()?;
    (*kind == b'i').then(|| i64::from_be_bytes(*number))
}
