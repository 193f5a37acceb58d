//! A transaction on SQLite. Its beginning goes out with its first statement and its end with its last, and what nobody waits for waits
//! itself until something is asked: most transactions take two hand-overs to the driver's thread.

use crate::StoreError;
use crate::lane::{Answer, Lane};
use crate::value::{Owned, Part, Value};

/// Statements that go out together, at most.
const MOST: usize = 16;
/// Bytes of theirs that are held back, at most.
const BYTES: usize = 1 << 20;

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Nothing was said yet.
    Asked,
    /// It has begun.
    Open,
    /// Something went wrong where nobody waited for it: nothing of this is to be kept.
    Failed,
}

/// What nobody waits for.
struct Later {
    sql: &'static str,
    values: Vec<Owned>,
    /// What it means when it changes no row; nothing where it may.
    or: Option<StoreError>,
}

pub(crate) struct Writing {
    lane: Lane,
    begin: &'static str,
    stage: Stage,
    later: Vec<Later>,
    bytes: usize,
}

impl Writing {
    /// A transaction that begins with its first statement.
    pub(crate) fn new(lane: Lane, begin: &'static str) -> Self {
        Self { lane, begin, stage: Stage::Asked, later: Vec::new(), bytes: 0 }
    }

    /// The connection, for what is not asked through this: everything held back has gone out.
    pub(crate) async fn open(&mut self) -> Result<(), StoreError> {
        if self.stage == Stage::Asked || !self.later.is_empty() {
            self.ask(None).await?;
        }
        Ok(())
    }

    pub(crate) fn lane(&mut self) -> &mut Lane {
        &mut self.lane
    }

    /// Whether there is nothing to be committed.
    pub(crate) fn is_empty(&self) -> bool {
        self.stage == Stage::Asked && self.later.is_empty()
    }

    /// Holds a statement back; whether what is held back is to go out now.
    pub(crate) fn hold(&mut self, sql: &'static str, values: &[Value<'_>], or: Option<StoreError>) -> bool {
        let values: Vec<Owned> = values.iter().copied().map(Value::to_owned).collect();
        let size: usize = values.iter().map(Owned::size).sum();
        self.bytes = self.bytes.saturating_add(size);
        self.later.push(Later { sql, values, or });
        self.later.len() >= MOST || self.bytes >= BYTES
    }

    /// Asks, behind the beginning and what was held back, in one hand-over.
    pub(crate) async fn ask(&mut self, last: Option<Part<'_>>) -> Result<Answer, StoreError> {
        if self.stage == Stage::Failed {
            return Err(StoreError::internal("a statement of this transaction failed before"));
        }
        let begins = self.stage == Stage::Asked;
        self.stage = Stage::Open;
        let later = std::mem::take(&mut self.later);
        self.bytes = 0;
        let held: Vec<Vec<Value<'_>>> =
            later.iter().map(|one| one.values.iter().map(Owned::as_value).collect()).collect();
        let mut parts = Vec::with_capacity(later.len().saturating_add(2));
        if begins {
            parts.push(Part { sql: self.begin, values: &[] });
        }
        parts.extend(later.iter().zip(&held).map(|(one, values)| Part { sql: one.sql, values }));
        parts.extend(last);
        if parts.is_empty() {
            return Ok(Answer::default());
        }
        let asked = self.lane.ask(&parts).await;
        drop(parts);
        if !later.is_empty() {
            self.stage = Stage::Failed;
        }
        let mut answers = asked?;
        let first = usize::from(begins);
        for (answer, one) in answers.iter().skip(first).zip(later) {
            if let (0, Some(or)) = (answer.changed, one.or) {
                return Err(or);
            }
        }
        self.stage = Stage::Open;
        Ok(answers.pop().unwrap_or_default())
    }

    /// Keeps everything; how many hand-overs it took.
    pub(crate) async fn commit(mut self) -> Result<u32, StoreError> {
        if self.is_empty() {
            return Ok(0);
        }
        let mut trips = 1;
        // What may turn out not to be as it should must not be kept with it.
        if self.later.iter().any(|one| one.or.is_some()) {
            self.ask(None).await?;
            trips = 2;
        }
        self.ask(Some(Part { sql: "COMMIT", values: &[] })).await?;
        self.lane.settle();
        Ok(trips)
    }

    /// Drops everything.
    pub(crate) async fn rollback(mut self) -> Result<(), StoreError> {
        if self.stage != Stage::Asked {
            self.lane.ask(&[Part { sql: "ROLLBACK", values: &[] }]).await?;
            self.lane.settle();
        }
        Ok(())
    }
}
