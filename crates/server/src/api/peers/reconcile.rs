//! Both sides compare what they have.

use super::{place, subject};
use crate::api::text::refuse;
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::exchange::{RECONCILE_JOB, ReconcileOrder, window};
use crate::http::{
    Code, Command, IdempotencyKey, List, NoFilter, Page, PageQuery, Path, Problem, StoredResponse,
};
use crate::jobs::EXCHANGE;
use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::exchange::peer::{Peer, PeerState};
use yinxin_registry::exchange::reconciliation::{Day, Reconciliation};
use yinxin_registry::ids::PeerId;
use yinxin_registry::lifecycle::State as _;
use yinxin_registry::permission::Action;
use yinxin_store::ListFilter;

/// Days to be compared.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReconcileDays {
    /// First day, UTC.
    #[schema(value_type = String, format = Date, example = "2026-11-01")]
    pub from: Date,
    /// Last day; at most 31 days.
    #[schema(value_type = String, format = Date, example = "2026-11-23")]
    pub to: Date,
}

/// What a side has of a day.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReconciledDay {
    /// The day, UTC.
    pub day: String,
    /// How many messages.
    pub count: u64,
    /// SM3 over their lines, hex.
    pub digest: String,
}

impl From<&Day> for ReconciledDay {
    fn from(day: &Day) -> Self {
        Self { day: day.day.clone(), count: day.count, digest: day.digest.clone() }
    }
}

/// A difference.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReconciledDifference {
    /// The day, UTC.
    pub day: String,
    /// Message.
    pub message: String,
    /// Code of the seal.
    pub code: String,
    /// `missing`: there is a receipt, and the other side does not have it; `differs`; `unknown`: it was never sent.
    pub kind: &'static str,
}

/// What came of a comparison.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReconciliationView {
    /// Key.
    #[schema(example = "rec_01k0000000000000000000000a")]
    pub id: String,
    /// First day, UTC.
    pub from: String,
    /// Last day.
    pub to: String,
    /// Whether both sides have the same.
    pub agrees: bool,
    /// What this side has receipts for.
    pub ours: Vec<ReconciledDay>,
    /// What the other side says it received.
    pub theirs: Vec<ReconciledDay>,
    /// Differences.
    pub differences: Vec<ReconciledDifference>,
    /// How many messages were sent again.
    pub sent_again: u32,
    /// Why there was no comparison: `UNREACHABLE`, `FORBIDDEN`, `SUMMARY_SIGNATURE`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
    /// Who asked; `system` for the daily one.
    pub by: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

impl From<&Reconciliation> for ReconciliationView {
    fn from(one: &Reconciliation) -> Self {
        let difference =
            |found: &yinxin_registry::exchange::reconciliation::Difference| ReconciledDifference {
                day: found.day.clone(),
                message: found.message.to_string(),
                code: found.code.clone(),
                kind: found.kind.as_str(),
            };
        Self {
            id: one.id.to_string(),
            from: one.from.clone(),
            to: one.to.clone(),
            agrees: one.agrees(),
            ours: one.ours.iter().map(ReconciledDay::from).collect(),
            theirs: one.theirs.iter().map(ReconciledDay::from).collect(),
            differences: one.differences.iter().map(difference).collect(),
            sent_again: one.sent_again,
            fault: one.fault.clone(),
            by: one.by.id.clone(),
            at: one.at,
        }
    }
}

/// 发起对账。 Compares the days with the other side; what it lacks is sent again. What came of it stands in the list of comparisons. Done daily
/// for the day before.
#[utoipa::path(
    post, path = "/peers/{id}/reconcile", tag = "exchange", operation_id = "peers.reconcile", summary = "发起对账 · Compare with a system",
    params(("id" = String, Path, description = "对接系统 · system"), IdempotencyKey), request_body = ReconcileDays,
    responses((status = 200, description = "已受理 · it will be done", body = ReconcileDays))
)]
pub async fn reconcile(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<PeerId>,
    command: Command<ReconcileDays>,
) -> Result<Response, Stop> {
    let (mut work, days) = Work::begin(&app, &caller, command).await?;
    let peer = work.tx.get::<Peer>(id.as_str()).await?.value;
    let by = work.permit(Action::PeerPropose, &place(&peer))?;
    if window(days.from, days.to).is_none() {
        let (zh, en) =
            ("from 不得晚于 to，至多 31 天", "from is not after to, and there are at most 31 days");
        return Err(refuse("/to", "BAD_VALUE", zh, en).into());
    }
    if peer.state() != PeerState::Confirmed || peer.terms().outbound.is_none() {
        return Err(Problem::state_conflict(peer.state().as_str(), "reconcile", ["confirm", "resume"]).into());
    }
    let order = ReconcileOrder { peer: id.clone(), from: days.from, to: days.to, by: by.clone() };
    let payload = serde_json::to_string(&order).map_err(|_| Problem::new(Code::Internal))?;
    let now = work.now;
    work.job_in(EXCHANGE, RECONCILE_JOB, &format!("{id}/reconcile"), payload, now);
    work.record(&by, "peer.reconcile", &subject(&peer), None, json!({ "from": days.from, "to": days.to }));
    work.finish(StoredResponse::ok(&days)?).await
}

/// 对账记录。 Comparisons with a system, the newest first.
#[utoipa::path(
    get, path = "/peers/{id}/reconciliations", tag = "exchange", operation_id = "peers.reconciliations", summary = "对账记录 · Comparisons with a system",
    params(("id" = String, Path, description = "对接系统 · system"), PageQuery),
    responses((status = 200, description = "列表 · the list", body = Page<ReconciliationView>))
)]
pub async fn list(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<PeerId>,
    list: List<NoFilter>,
) -> Result<Page<ReconciliationView>, Stop> {
    let after = list.after::<1>()?.map(|[cursor]| cursor.to_owned());
    let mut read = app.store.read().await?;
    let peer = read.get::<Peer>(id.as_str()).await?.value;
    caller.permit(Action::PeerRead, &place(&peer), app.now()?)?;
    let filter =
        ListFilter { cursor: after.as_deref(), limit: u32::from(list.limit()), ..ListFilter::default() };
    let page = read.reconciliations(id.as_str(), &filter).await?;
    Ok(list.carry(page.items.iter().map(|one| ReconciliationView::from(&one.value)).collect(), page.next))
}
