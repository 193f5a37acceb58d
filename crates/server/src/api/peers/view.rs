//! Other systems as answers show them.

use crate::api::applications::StepView;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use yinxin_registry::exchange::list::PeerList;
use yinxin_registry::exchange::peer::Peer;
use yinxin_registry::lifecycle::State as _;

/// The trust list of a system that was taken up last.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PeerListView {
    /// Its number.
    #[schema(example = 7)]
    pub number: i64,
    /// When it was issued.
    #[schema(value_type = String, format = DateTime)]
    pub this_update: Timestamp,
    /// When it runs out.
    #[schema(value_type = String, format = DateTime)]
    pub next_update: Timestamp,
    /// SM3 of the statement, hex.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub digest: String,
    /// Whether seals are judged by it: it has not run out, and its system is confirmed.
    pub counts: bool,
    /// Account that brought it.
    pub by: String,
    /// When it was taken up.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Roots it brought that nobody confirmed, and that do not count; in the answer to the step only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unconfirmed_anchors: Option<usize>,
}

impl PeerListView {
    /// Of a list of a system that is relied on, or not.
    pub fn of(list: &PeerList, now: Timestamp, relied_on: bool) -> Self {
        Self {
            number: list.number,
            this_update: list.this_update,
            next_update: list.next_update,
            digest: list.digest.clone(),
            counts: relied_on && !list.is_over(now),
            by: list.by.id.clone(),
            at: list.at,
            unconfirmed_anchors: None,
        }
    }
}

/// How a system is told.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OutboundView {
    /// Where its interface stands.
    pub url: String,
    /// Path of the area whose seals are told.
    pub scope: String,
    /// Identifier of the client that the system registered for this one.
    pub client: String,
}

/// Another seal system.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PeerView {
    /// Key.
    #[schema(example = "peer_01k0000000000000000000000a")]
    pub id: String,
    /// Its code.
    #[schema(example = "SAMPLE-620000")]
    pub code: String,
    /// Name.
    #[schema(example = "示例省电子印章系统")]
    pub name: String,
    /// Path of the area it is in charge of.
    #[schema(example = "/100000/620000/")]
    pub area: String,
    /// Kind.
    #[schema(example = "province")]
    pub kind: String,
    /// In Chinese.
    #[schema(example = "省级系统")]
    pub kind_zh: String,
    /// `proposed`, `confirmed`, `suspended` or `ended`.
    #[schema(example = "confirmed")]
    pub state: String,
    /// In Chinese.
    #[schema(example = "已确认")]
    pub state_zh: String,
    /// Certificates it signs by, DER, base64.
    pub certificates: Vec<String>,
    /// Roots its seals lead to, DER, base64.
    pub anchors: Vec<String>,
    /// Where its status service answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_url: Option<String>,
    /// The client here under which its program tells of its seals.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// How it is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outbound: Option<OutboundView>,
    /// SM3 over all that was agreed on, hex: what is confirmed.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub digest: String,
    /// Account that proposed it.
    pub proposed_by: String,
    /// Account that confirmed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmed_by: Option<String>,
    /// When it was proposed.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// Every step.
    pub history: Vec<StepView>,
    /// Its trust list: where one system is read, and one was taken up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trust_list: Option<PeerListView>,
    /// Version, as in the ETag.
    pub version: i64,
}

impl PeerView {
    /// Of a system.
    pub fn of(peer: &Peer, version: i64) -> Self {
        let terms = peer.terms();
        Self {
            id: peer.id().to_string(),
            code: terms.code.clone(),
            name: terms.name.clone(),
            area: terms.area_path.to_string(),
            kind: terms.kind.as_str().to_owned(),
            kind_zh: terms.kind.zh().to_owned(),
            state: peer.state().as_str().to_owned(),
            state_zh: peer.state().zh().to_owned(),
            certificates: terms.certificates.clone(),
            anchors: terms.anchors.clone(),
            status_url: terms.status_url.clone(),
            client: terms.client.as_ref().map(ToString::to_string),
            outbound: terms.outbound.as_ref().map(|outbound| OutboundView {
                url: outbound.url.clone(),
                scope: outbound.scope.to_string(),
                client: outbound.client.clone(),
            }),
            digest: peer.digest().to_owned(),
            proposed_by: peer.proposed_by().id.clone(),
            confirmed_by: peer.confirmed_by().map(|by| by.id.clone()),
            created_at: peer.created_at(),
            history: peer.history().iter().map(StepView::from).collect(),
            trust_list: None,
            version,
        }
    }
}
