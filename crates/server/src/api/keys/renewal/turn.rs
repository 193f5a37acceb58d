//! The audit chain turns to a new key: the row that says so is the first under it, and from there on no older key proves a row. The
//! order to change the key stands under the old key before it; a head signed at once puts both beyond the reach of whoever has it.

use super::super::reload;
use super::Progress;
use crate::app::keys::Turns;
use crate::app::{Shared, Subject};
use crate::audit::sign_head;
use crate::jobs::{Author, Fault, SystemWork};
use crate::security::keyring::Purpose;
use serde_json::json;
use yinxin_store::Job;

pub(super) async fn run(app: &Shared, job: &Job, number: u32) -> Result<(), Fault> {
    let mut work = SystemWork::begin(app, app.now()?).await?;
    let turns = Turns::load(&mut work.tx).await?;
    if !turns.has(number) {
        let subject = Subject::registry(format!("key/{}", Purpose::Audit));
        let details = json!({ "purpose": Purpose::Audit.as_str(), "number": number });
        work.record(Author::clock(job), "key.turn", &subject, None, details);
        let from = work.turn_audit_key(number).await?;
        turns.add(&mut work.tx, number, from, work.now).await?;
        if let Some(mut progress) = Progress::load(&mut work.tx, Purpose::Audit).await?
            && progress.number == number
        {
            progress.moved_at = work.now;
            progress.ended_at = Some(work.now);
            progress.save(&mut work.tx, work.now).await?;
        }
    }
    work.finish(job).await?;
    reload(app).await?;
    sign_head(app).await?;
    Ok(())
}
