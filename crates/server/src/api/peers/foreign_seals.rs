//! Seals that another system has told of (外部印章).

use super::place;
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{List, NoFilter, Page, PageQuery, Path};
use crate::status::PublicStatus;
use axum::extract::State;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use yinxin_registry::exchange::foreign::ForeignSeal;
use yinxin_registry::exchange::peer::Peer;
use yinxin_registry::ids::PeerId;
use yinxin_registry::permission::Action;
use yinxin_store::ListFilter;

/// A seal of another system, as that system told of it last. What it says is not this registry's word.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ForeignSealView {
    /// Code.
    #[schema(example = "6201000000017")]
    pub code: String,
    /// Name.
    #[schema(example = "示例市样品有限公司")]
    pub name: String,
    /// Code of its kind, as that system names it.
    pub kind: String,
    /// Owner.
    pub owner: String,
    /// Owner's unified social credit code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credit_code: Option<String>,
    /// Code of the area it is registered in.
    pub area: String,
    /// Status now, by what was told: `not_in_force`, `valid`, `suspended`, `ended`, `expired`, `void`.
    #[schema(example = "valid")]
    pub status: String,
    /// Start of its validity.
    #[schema(value_type = String, format = DateTime)]
    pub valid_from: Timestamp,
    /// End of its validity.
    #[schema(value_type = String, format = DateTime)]
    pub valid_until: Timestamp,
    /// SM3 of the seal's data, hex.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub digest: String,
    /// Number of the last message about it.
    pub sequence: u64,
    /// When it was first told of.
    #[schema(value_type = String, format = DateTime)]
    pub first_at: Timestamp,
    /// When it was told of last.
    #[schema(value_type = String, format = DateTime)]
    pub last_at: Timestamp,
}

impl ForeignSealView {
    fn of(foreign: &ForeignSeal, now: Timestamp) -> Self {
        let seal = &foreign.seal;
        Self {
            code: seal.code.clone(),
            name: seal.name.clone(),
            kind: seal.kind.clone(),
            owner: seal.owner.clone(),
            credit_code: seal.credit_code.clone(),
            area: seal.area.clone(),
            status: PublicStatus::from(foreign.standing_at(now)).as_str().to_owned(),
            valid_from: seal.valid_from,
            valid_until: seal.valid_until,
            digest: seal.digest.clone(),
            sequence: foreign.sequence,
            first_at: foreign.first_at,
            last_at: foreign.last_at,
        }
    }
}

/// 对方告知的印章。 Seals another system has told of, by their codes.
#[utoipa::path(
    get, path = "/peers/{id}/seals", tag = "peers", operation_id = "peers.seals", summary = "对方告知的印章 · Seals it has told of",
    params(("id" = String, Path, description = "对接系统 · system"), PageQuery),
    responses((status = 200, description = "列表 · the list", body = Page<ForeignSealView>))
)]
pub async fn list(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<PeerId>,
    list: List<NoFilter>,
) -> Result<Page<ForeignSealView>, Stop> {
    let after = list.after::<1>()?.map(|[cursor]| cursor.to_owned());
    let now = app.now()?;
    let mut read = app.store.read().await?;
    let peer = read.get::<Peer>(id.as_str()).await?.value;
    caller.permit(Action::PeerRead, &place(&peer), now)?;
    let filter =
        ListFilter { cursor: after.as_deref(), limit: u32::from(list.limit()), ..ListFilter::default() };
    let page = read.foreign_seals(&peer.terms().code, &filter).await?;
    Ok(list.carry(page.items.iter().map(|one| ForeignSealView::of(&one.value, now)).collect(), page.next))
}
