//! Comparison with another system: what it says it received, beside what this side has receipts for.

use super::exchange::{call, refused};
use super::hook::{Sender, moment};
use crate::app::Shared;
use crate::exchange::{
    OUTBOX_JOB, RECEIVED_FORMAT, ReceivedStatement, ReconcileOrder, SUMMARY_FORMAT, SummaryStatement,
    certificates_of, outbox_lane, receipted, window,
};
use crate::jobs::{Author, EXCHANGE, SystemWork};
use crate::notices::{Audience, tell};
use crate::status::verify::open;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use yinxin_registry::audit::ActorRef;
use yinxin_registry::exchange::delivery::{ExchangeDelivery, Failure};
use yinxin_registry::exchange::peer::{Outbound, Peer, PeerState};
use yinxin_registry::exchange::reconciliation::{
    Day, Difference, DifferenceKind, Line, Reconciliation, compare,
};
use yinxin_registry::ids::ReconciliationId;
use yinxin_registry::webhook::DeliveryState;
use yinxin_seal::TrustFacts;
use yinxin_store::{Access, Job, StoreError};

/// How often the other side is asked before it is said that there was no comparison.
const TRIES: i64 = 6;
/// Pause between two tries.
const PAUSE: SignedDuration = SignedDuration::from_mins(10);

/// One try; `done` or `retry`.
///
/// # Errors
/// Problems of the database: the job comes back when its lease ends.
pub(super) async fn run(app: &Shared, sender: &Sender, job: &Job) -> Result<&'static str, StoreError> {
    let order: ReconcileOrder = serde_json::from_str(&job.payload)?;
    let mut read = app.store.read().await?;
    let peer = read.get::<Peer>(order.peer.as_str()).await?.value;
    let days: Vec<String> =
        window(order.from, order.to).unwrap_or_default().iter().map(ToString::to_string).collect();
    let mut ours = Vec::new();
    for day in window(order.from, order.to).unwrap_or_default() {
        ours.push(receipted(&mut read, order.peer.as_str(), day).await?);
    }
    drop(read);
    let outcome = match (&peer.terms().outbound, peer.state()) {
        (Some(outbound), PeerState::Confirmed) => {
            Other { app, sender, peer: &peer, outbound }.ask(&days, &ours).await
        }
        _ => Err(Failure { status: None, code: "NOT_CONFIRMED".to_owned(), lasting: true }),
    };
    let now = moment(app);
    if let Err(failure) = &outcome
        && !failure.lasting
        && job.attempts < TRIES
    {
        let again = now.saturating_add(PAUSE).unwrap_or(now);
        SystemWork::begin(app, now).await?.retry(job, again, &failure.code).await?;
        return Ok("retry");
    }
    let ours = days.iter().zip(&ours).map(|(day, lines)| Day::of(day, lines)).collect();
    settle(app, job, order, ours, outcome, now).await?;
    Ok("done")
}

/// The other side.
struct Other<'a> {
    app: &'a Shared,
    sender: &'a Sender,
    peer: &'a Peer,
    outbound: &'a Outbound,
}

impl Other<'_> {
    /// What it has of the days, and where that differs.
    async fn ask(&self, days: &[String], ours: &[Vec<Line>]) -> Result<(Vec<Day>, Vec<Difference>), Failure> {
        let (Some(from), Some(to)) = (days.first(), days.last()) else { return Ok((Vec::new(), Vec::new())) };
        let query = format!("/exchange/summary?from={from}&to={to}");
        let made = |said: &SummaryStatement| said.at;
        let said: SummaryStatement = self.signed(&query, SUMMARY_FORMAT, made).await?;
        let told: Vec<&String> = said.days.iter().map(|day| &day.day).collect();
        if said.system != self.app.authority.party.code || told != days.iter().collect::<Vec<_>>() {
            return Err(other());
        }
        let mut differences = Vec::new();
        for ((day, theirs), ours) in days.iter().zip(&said.days).zip(ours) {
            if Day::of(day, ours) == *theirs {
                continue;
            }
            let made = |said: &ReceivedStatement| said.at;
            let query = format!("/exchange/received?day={day}");
            let received: ReceivedStatement = self.signed(&query, RECEIVED_FORMAT, made).await?;
            if received.system != said.system || received.day != *day {
                return Err(other());
            }
            differences.extend(compare(day, ours, &received.messages));
        }
        Ok((said.days, differences))
    }

    /// An answer, signed under a certificate that was confirmed.
    async fn signed<T: DeserializeOwned + Serialize>(
        &self,
        query: &str,
        format: &str,
        made: impl Fn(&T) -> Timestamp,
    ) -> Result<T, Failure> {
        let (status, bytes) = call(self.app, self.sender, self.outbound, ("GET", query), None).await?;
        if status != 200 {
            return Err(refused(status, &bytes));
        }
        let terms = self.peer.terms();
        let (anchors, signers) = certificates_of(terms).ok_or_else(other)?;
        let facts = TrustFacts { anchors, ..TrustFacts::default() };
        let opened = open(&bytes, format, &signers, &facts, moment(self.app), made);
        opened.map(|(said, _)| said).map_err(|fault| Failure {
            status: Some(status),
            code: fault.code().replacen("STATUS_", "SUMMARY_", 1),
            lasting: false,
        })
    }
}

fn other() -> Failure {
    Failure { status: None, code: "SUMMARY_OTHER".to_owned(), lasting: false }
}

async fn settle(
    app: &Shared,
    job: &Job,
    order: ReconcileOrder,
    ours: Vec<Day>,
    outcome: Result<(Vec<Day>, Vec<Difference>), Failure>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut work = SystemWork::begin(app, now).await?;
    let (theirs, mut differences, fault) = match outcome {
        Ok((theirs, differences)) => (theirs, differences, None),
        Err(failure) => (Vec::new(), Vec::new(), Some(failure.code)),
    };
    // What waits for its receipt is no difference: it comes again, and gets the receipt it got.
    let mut kept = Vec::new();
    for difference in differences {
        if difference.kind != DifferenceKind::Unknown || !sent(&mut work.tx, &difference).await? {
            kept.push(difference);
        }
    }
    differences = kept;
    let mut sent_again = 0;
    for missing in differences.iter().filter(|one| one.kind == DifferenceKind::Missing) {
        let found = work.tx.get::<ExchangeDelivery>(missing.message.as_str()).await?;
        if found.value.state != DeliveryState::Delivered {
            continue;
        }
        let Ok(delivery) = found.value.send_again(now) else { continue };
        work.tx.save(&delivery, found.version).await?;
        let (lane, payload) = outbox_lane(&delivery);
        work.leave_in(EXCHANGE, OUTBOX_JOB, &lane, payload);
        sent_again += 1;
    }
    let one = Reconciliation {
        id: ReconciliationId::new(now, &mut app.rng()),
        peer: order.peer,
        from: order.from.to_string(),
        to: order.to.to_string(),
        ours,
        theirs,
        differences,
        sent_again,
        fault,
        by: order.by,
        at: now,
    };
    work.tx.insert(&one).await?;
    let peer = work.tx.get::<Peer>(one.peer.as_str()).await?.value;
    let details = json!({
        "from": one.from, "to": one.to, "differences": one.differences.len(), "sent_again": sent_again, "fault": one.fault,
    });
    let author = Author { actor: ActorRef::system("exchange"), request_id: job.id.clone() };
    work.record(author, "peer.reconciled", &crate::api::peers::subject(&peer), None, details);
    let differs = one.fault.is_some() || !one.differences.is_empty();
    if differs
        && let Err(error) =
            tell(&mut work, Audience::System, "peer.differs", one.peer.as_str(), one.id.as_str()).await
    {
        tracing::warn!(%error, peer = one.peer.as_str(), "nobody could be told");
    }
    work.finish(job).await
}

/// Whether this side sent a message with exactly these contents, to whichever record of the system.
async fn sent(access: &mut Access, difference: &Difference) -> Result<bool, StoreError> {
    let found = access.load::<ExchangeDelivery>(difference.message.as_str()).await?;
    Ok(found.is_some_and(|found| found.value.code == difference.code))
}
