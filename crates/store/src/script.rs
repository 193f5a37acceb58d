//! Several statements in one text, for SQLite: each hand-over to the driver's thread and back costs as much as some ten small statements.

use crate::lane::Answer;
use crate::value::{Part, bind_sqlite};
use futures_util::TryStreamExt as _;
use sqlx::{AssertSqlSafe, Either, Executor as _, SqlSafeStr as _, SqlStr, SqliteConnection};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

/// Texts that are remembered; what else comes is put together each time.
const MOST: usize = 2000;

/// Texts by what they were put together of: statements, each with its number of values.
type Texts = HashMap<Vec<(&'static str, usize)>, Arc<str>>;

static TEXTS: LazyLock<Mutex<Texts>> = LazyLock::new(Mutex::default);

/// Runs all, in their order, until one fails. What those before it did stands.
pub(crate) async fn run(
    connection: &mut SqliteConnection,
    parts: &[Part<'_>],
) -> Result<Vec<Answer>, sqlx::Error> {
    let values: Vec<_> = parts.iter().flat_map(|part| part.values.iter().copied()).collect();
    let mut steps = connection.fetch_many(bind_sqlite(text(parts), &values));
    let mut answers = Vec::with_capacity(parts.len());
    let mut answer = Answer::default();
    while let Some(step) = steps.try_next().await? {
        match step {
            Either::Right(row) => answer.rows.push(row),
            Either::Left(done) => {
                answer.changed = done.rows_affected();
                answers.push(std::mem::take(&mut answer));
            }
        }
    }
    if answers.len() == parts.len() {
        Ok(answers)
    } else {
        Err(sqlx::Error::Protocol("a script has another number of answers than of statements".to_owned()))
    }
}

fn text(parts: &[Part<'_>]) -> SqlStr {
    if let [one] = parts {
        return one.sql.into_sql_str();
    }
    let key: Vec<_> = parts.iter().map(|part| (part.sql, part.values.len())).collect();
    let mut texts = TEXTS.lock().unwrap_or_else(PoisonError::into_inner);
    let joined = match texts.get(&key) {
        Some(joined) => Arc::clone(joined),
        None => {
            let joined: Arc<str> = joined(&key).into();
            if texts.len() < MOST {
                texts.insert(key, Arc::clone(&joined));
            }
            joined
        }
    };
    // Put together of texts of this crate, with nothing of anybody's in them.
    AssertSqlSafe(joined).into_sql_str()
}

/// One statement behind the other. The values of all are counted through: `$1` of the second is the one behind the last of the first.
fn joined(parts: &[(&'static str, usize)]) -> String {
    let (mut all, mut before) = (String::new(), 0usize);
    for (sql, count) in parts {
        let mut pieces = sql.split('$');
        all.push_str(pieces.next().unwrap_or_default());
        for piece in pieces {
            let end = piece.find(|c: char| !c.is_ascii_digit()).unwrap_or(piece.len());
            let (number, rest) = piece.split_at(end);
            all.push('$');
            match number.parse::<usize>() {
                Ok(number) => all.push_str(&number.saturating_add(before).to_string()),
                // No parameter: the sign stands for itself, as in a path of JSON.
                Err(_) => all.push_str(number),
            }
            all.push_str(rest);
        }
        all.push_str(";\n");
        before = before.saturating_add(*count);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_counted_through_and_other_signs_stay() {
        let parts = [
            ("SELECT $1, $2, '$.a'", 2),
            ("BEGIN", 0),
            ("SELECT $10, $1", 10),
            ("SELECT json_extract(body, '$.b') = $1", 1),
        ];
        assert_eq!(
            joined(&parts),
            "SELECT $1, $2, '$.a';\nBEGIN;\nSELECT $12, $3;\nSELECT json_extract(body, '$.b') = $13;\n"
        );
    }
}
