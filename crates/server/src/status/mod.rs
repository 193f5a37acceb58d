//! Status of seals (印章状态查询) for anybody who relies on one: signed answers, a signed list of seals that are or were not to be used,
//! and what checks both.
//!
//! A signed answer is kept in memory (`cache`) until the seal changes. Changes stand in a feed of the database that every node reads four
//! times a second ([`feed`]); a node that has not seen the feed for three quarters of a second does not use what it kept.

mod cache;
pub mod certificates;
mod envelope;
pub mod feed;
mod hot;
pub mod list;
mod statement;
pub mod verify;

pub use cache::{Cache, Kept};
pub use envelope::{Envelope, SignFault};
pub(crate) use hot::{CACHING, Hot, hot};
pub use list::{DELTA_FORMAT, DeltaStatement, LIST_FORMAT, ListEntry, ListStatement};
pub use statement::{
    FORMAT, PublicSeal, PublicSince, PublicSource, PublicStatus, StatusStatement, foreign_timeline, timeline,
};

use crate::app::{App, Shared};
use crate::http::{Code, Problem};
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;
use yinxin_registry::exchange::foreign::ForeignSeal;
use yinxin_registry::lifecycle::seal::Seal;

/// How old the last look at the feed may be for what was kept to be used.
const FRESH: Duration = Duration::from_millis(750);

/// Whether anybody may be told of a seal: it was made, and not for internal business only.
pub fn is_public(seal: &Seal) -> bool {
    seal.made().is_some() && !crate::api::seals::is_internal(seal)
}

/// A signed answer about a seal, or about a code nobody knows.
pub(crate) struct Asked<'a> {
    /// The code asked about.
    pub code: &'a str,
    /// The moment; now when absent.
    pub at: Option<Timestamp>,
    /// To be repeated in the answer.
    pub nonce: Option<&'a str>,
}

impl App {
    /// Signs an answer about a seal as it is known at `now`.
    ///
    /// # Errors
    /// `INTERNAL` when the key refuses.
    pub(crate) fn status_answer(
        &self,
        asked: &Asked<'_>,
        seal: Option<&Seal>,
        now: Timestamp,
    ) -> Result<(StatusStatement, Envelope), Problem> {
        let lasts = SignedDuration::from_secs(i64::from(self.config.status.answer_seconds));
        let statement = StatusStatement::of(asked, seal, self.authority.party(), now, lasts);
        self.signed_answer(statement)
    }

    /// The same about a seal of another system.
    ///
    /// # Errors
    /// `INTERNAL` when the key refuses.
    pub(crate) fn foreign_answer(
        &self,
        asked: &Asked<'_>,
        seal: &ForeignSeal,
        now: Timestamp,
    ) -> Result<(StatusStatement, Envelope), Problem> {
        let lasts = SignedDuration::from_secs(i64::from(self.config.status.answer_seconds));
        let statement = StatusStatement::of_foreign(asked, seal, self.authority.party(), now, lasts);
        self.signed_answer(statement)
    }

    fn signed_answer(&self, statement: StatusStatement) -> Result<(StatusStatement, Envelope), Problem> {
        let envelope = Envelope::sign(&statement, FORMAT, &self.authority).map_err(|error| {
            tracing::error!(%error, "a status answer could not be signed");
            Problem::new(Code::Internal)
        })?;
        Ok((statement, envelope))
    }
}

/// The answer about a code that no seal of this registry has that anybody may be told of: another system may have told of one.
///
/// # Errors
/// Problems of the key and the database.
pub(crate) async fn not_ours(
    app: &Shared,
    asked: &Asked<'_>,
    now: Timestamp,
) -> Result<(StatusStatement, Envelope), crate::app::Stop> {
    let foreign = app.store.read().await?.foreign_seal(asked.code).await?;
    Ok(match foreign {
        Some(foreign) => app.foreign_answer(asked, &foreign.value, now)?,
        None => app.status_answer(asked, None, now)?,
    })
}

/// The present answer about a seal: the one that was kept, or a new one, kept when it may be.
///
/// # Errors
/// Problems of the clock, the key and the database.
pub(crate) async fn present(app: &Shared, code: &str) -> Result<Kept, crate::app::Stop> {
    let now = app.now()?;
    if app.feed.is_fresh(FRESH)
        && let Some(kept) = app.statuses.get(code, now)
    {
        return Ok(kept);
    }
    let mark = app.statuses.mark();
    let seal = app.store.read().await?.seal_by_code(code).await?.map(|found| found.value);
    let seal = seal.filter(is_public);
    let asked = Asked { code, at: None, nonce: None };
    let (statement, envelope) = match &seal {
        Some(_) => app.status_answer(&asked, seal.as_ref(), now)?,
        None => not_ours(app, &asked, now).await?,
    };
    let kept = Kept::new(&statement, &envelope);
    // What nobody knows is not kept: anybody could fill the memory with it.
    if seal.is_some() {
        app.statuses.put(code, kept.clone(), mark);
    }
    Ok(kept)
}
