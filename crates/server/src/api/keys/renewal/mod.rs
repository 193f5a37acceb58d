//! What follows a change of a key, as a job: rows get new codes, personal data new cipher texts and indexes, the audit chain turns to
//! its new key. Part by part, each a transaction that also says how far it came: broken off anywhere, it goes on there.

mod progress;
mod rewrite;
mod turn;

pub use progress::Progress;

use super::reload;
use crate::app::{Shared, Subject};
use crate::jobs::{Author, Fault, LEASE, SystemWork};
use crate::security::keyring::Purpose;
use crate::security::vault::Vault;
use progress::Order;
use serde_json::json;
use yinxin_store::{Job, Sweep, TABLES};

/// Kind of the job.
pub const JOB: &str = "renew_keys";

/// Rows of a part: a transaction that others wait for.
const PART: u32 = 200;
/// Parts of one turn: other jobs wait no longer, and a process that is to stop stops.
const PARTS: usize = 10;
/// Most passes over all tables. A second one finds what was written during the first by whom had the old key.
const PASSES: u32 = 5;

/// Takes one turn at a renewal; what remains is left as a new job.
///
/// # Errors
/// [`Fault`]; what was done stays done.
pub async fn run(app: &Shared, job: &Job) -> Result<(), Fault> {
    let order: Order =
        serde_json::from_str(&job.payload).map_err(|error| Fault::hopeless(format!("payload: {error}")))?;
    let purpose = Purpose::from_name(&order.purpose)
        .ok_or_else(|| Fault::hopeless(format!("purpose {}", order.purpose)))?;
    reload(app).await?;
    let vault = app.vault();
    let has = match purpose {
        Purpose::Audit => vault.ring().newest(purpose),
        _ => vault.ring().active_number(purpose),
    };
    if has < order.number {
        return Err(Fault::passing(format!("key {purpose} {} is not in use here yet", order.number)));
    }
    if purpose == Purpose::Audit {
        return turn::run(app, job, order.number).await;
    }
    for left in (0..PARTS).rev() {
        if part(app, job, purpose, &order, &vault, left == 0).await? {
            break;
        }
    }
    Ok(())
}

/// One part; whether the renewal is done.
async fn part(
    app: &Shared,
    job: &Job,
    purpose: Purpose,
    order: &Order,
    vault: &Vault,
    turn_ends: bool,
) -> Result<bool, Fault> {
    let mut work = SystemWork::begin(app, app.now()?).await?;
    let mut progress = match Progress::load(&mut work.tx, purpose).await? {
        Some(progress) if progress.number == order.number && progress.ended_at.is_none() => progress,
        // A newer key came since, or another worker was first.
        _ => {
            work.finish(job).await?;
            return Ok(true);
        }
    };
    let sweep = match TABLES.get(progress.table) {
        Some(table) => {
            let mut rng = app.rng();
            let mut rewrite = |id: &str, body: &mut serde_json::Value| {
                rewrite::body(vault, &mut rng, table, id, body).map_err(|error| error.to_string())
            };
            match purpose {
                Purpose::Field | Purpose::Index if rewrite::concerns(table) => {
                    work.tx.renew_rows(table, &progress.after, PART, Some(&mut rewrite)).await?
                }
                Purpose::Field | Purpose::Index => Sweep::default(),
                _ => work.tx.renew_rows(table, &progress.after, PART, None).await?,
            }
        }
        None => match purpose {
            Purpose::Field => rewrite::settings(&mut work.tx, vault, &mut app.rng(), work.now).await?,
            Purpose::Row => work.tx.renew_settings().await?,
            _ => Sweep::default(),
        },
    };
    progress.note(sweep, work.now);
    if progress.table > TABLES.len() {
        if progress.in_pass == 0 || progress.pass >= PASSES {
            progress.ended_at = Some(work.now);
        } else {
            progress.again();
        }
    }
    progress.save(&mut work.tx, work.now).await?;
    let done = progress.ended_at.is_some();
    if done {
        let details = json!({
            "purpose": purpose.as_str(), "number": progress.number, "rows": progress.rows,
            "renewed": progress.renewed, "broken": progress.broken,
        });
        let subject = Subject::registry(format!("key/{purpose}"));
        work.record(Author::clock(job), "key.renewed", &subject, None, details);
        if progress.broken > 0 {
            tracing::error!(purpose = purpose.as_str(), first = ?progress.first_broken, "rows could not be renewed");
        }
    }
    if done || turn_ends {
        if !done {
            work.again(job);
        }
        work.finish(job).await?;
    } else {
        let lease = work.now.saturating_add(LEASE).unwrap_or(work.now);
        work.keep(job, lease).await?;
    }
    Ok(done)
}
