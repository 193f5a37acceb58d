//! A measure as a job: chunk by chunk, each a transaction that also says how far it came. Broken off anywhere, it goes on there.

use super::measure::{Measure, Progress, without_authority};
use crate::api::seals::subject;
use crate::app::Shared;
use crate::jobs::{Author, Fault, LEASE, SystemWork};
use yinxin_registry::lifecycle::seal::Seal;
use yinxin_store::{Job, ListFilter};

/// Seals of a chunk.
const CHUNK: u32 = 200;
/// Chunks of one turn: other jobs wait no longer, and a process that is to stop stops.
const TURN: usize = 5;

/// Takes one turn at a measure; what remains is left as a new job.
///
/// # Errors
/// [`Fault`]; what was done stays done.
pub async fn run(app: &Shared, job: &Job) -> Result<(), Fault> {
    let measure: Measure =
        serde_json::from_str(&job.payload).map_err(|error| Fault::hopeless(format!("payload: {error}")))?;
    for left in (0..TURN).rev() {
        if chunk(app, job, &measure, left == 0).await? {
            break;
        }
    }
    Ok(())
}

/// One chunk; whether the measure is done.
async fn chunk(app: &Shared, job: &Job, measure: &Measure, turn_ends: bool) -> Result<bool, Fault> {
    let mut work = SystemWork::begin(app, app.now()?).await?;
    let progress = Progress::load(&mut work.tx, &measure.id).await?;
    let mut progress = progress.unwrap_or_else(|| Progress::begin(measure));
    let (order, wanted) = (&measure.order, measure.wanted()?);
    let filter = ListFilter { cursor: progress.cursor.as_deref(), limit: CHUNK, ..ListFilter::default() };
    let page = wanted.page(&mut work.tx, &filter).await?;
    progress.looked_at += page.items.len() as u64;
    for found in page.items.into_iter().filter(|found| wanted.concerns(&found.value)) {
        let (seal, effects): (Seal, _) = found.value.apply(measure.event(), &measure.by, work.now)?;
        work.tx.save(&seal, found.version).await?;
        let (actor, request) = (measure.actor.clone(), measure.request_id.clone());
        let by = Author { actor, request_id: request };
        work.record(by, "seal.suspend", &subject(&seal), Some(&order.detail), measure.details());
        work.enact(&subject(&seal), &without_authority(effects));
        progress.suspended += 1;
    }
    progress.cursor = page.next;
    progress.done = progress.cursor.is_none();
    progress.save(&mut work.tx, work.now).await?;
    if progress.done || turn_ends {
        if !progress.done {
            work.again(job);
        }
        work.finish(job).await?;
    } else {
        let lease = work.now.saturating_add(LEASE).unwrap_or(work.now);
        work.keep(job, lease).await?;
    }
    Ok(progress.done)
}
