//! Lists of disposal as answers show them.

use crate::api::applications::StepView;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use yinxin_registry::lifecycle::State as _;
use yinxin_registry::retention::disposal::{Disposal, Disposed};
use yinxin_registry::usage::document::UseItem;

/// The documents of one request on a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DisposalLineView {
    /// Request.
    pub request: String,
    /// Its number.
    pub number: String,
    /// How many documents.
    pub documents: u32,
    /// SM3 over the lines of its documents in their order, hex.
    pub digest: String,
}

/// What is gone so far.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DisposalCountView {
    /// Requests of which nothing is left.
    pub requests: u32,
    /// Documents.
    pub documents: u32,
    /// Contents deleted: a sealed document has two, as it was brought and as it was sealed.
    pub deleted: u32,
    /// Contents left, because another thing of the registry refers to the same bytes.
    pub shared: u32,
}

/// A list of disposal.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DisposalView {
    /// Key.
    #[schema(example = "dsp_01k0000000000000000000000a")]
    pub id: String,
    /// Unit.
    pub unit: String,
    /// What was to be kept no longer than until then.
    #[schema(value_type = String, format = DateTime)]
    pub cutoff: Timestamp,
    /// Why.
    pub reason: String,
    /// `proposed`, `approved`, `disposing`, `done`, `refused` or `withdrawn`.
    #[schema(example = "proposed")]
    pub state: String,
    /// In Chinese.
    #[schema(example = "待批准")]
    pub state_zh: String,
    /// How many documents.
    pub documents: u32,
    /// SM3 over its lines, hex: what is decided on.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub digest: String,
    /// Requests whose documents go.
    pub lines: Vec<DisposalLineView>,
    /// What is gone so far. While the list is being carried out, what is missing is on its way, or held.
    pub count: DisposalCountView,
    /// Account that proposed it.
    pub proposed_by: String,
    /// Its name.
    pub proposed_by_name: String,
    /// Account that decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<String>,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_by_name: Option<String>,
    /// When it was proposed.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// Every step.
    pub history: Vec<StepView>,
    /// Version, as in the ETag.
    pub version: i64,
}

impl DisposalView {
    /// Of a list.
    pub fn of(disposal: &Disposal, version: i64) -> Self {
        let lines = disposal.lines().iter().map(|line| DisposalLineView {
            request: line.request.to_string(),
            number: line.number.clone(),
            documents: line.documents,
            digest: line.digest.clone(),
        });
        let count = disposal.count();
        Self {
            id: disposal.id().to_string(),
            unit: disposal.unit().to_string(),
            cutoff: disposal.cutoff(),
            reason: disposal.reason().to_owned(),
            state: disposal.state().as_str().to_owned(),
            state_zh: disposal.state().zh().to_owned(),
            documents: disposal.documents(),
            digest: disposal.digest().to_owned(),
            lines: lines.collect(),
            count: DisposalCountView {
                requests: count.requests,
                documents: count.documents,
                deleted: count.deleted,
                shared: count.shared,
            },
            proposed_by: disposal.proposed_by().id.clone(),
            proposed_by_name: disposal.proposed_by().name.clone(),
            decided_by: disposal.decided_by().map(|by| by.id.clone()),
            decided_by_name: disposal.decided_by().map(|by| by.name.clone()),
            created_at: disposal.created_at(),
            history: disposal.history().iter().map(StepView::from).collect(),
            version,
        }
    }
}

/// That the contents of a document were disposed of, and what came of each.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DisposedView {
    /// List of disposal.
    pub disposal: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// The document as it was brought: `deleted`, or `shared`, left because another thing refers to the same bytes. Absent where its bytes
    /// never came.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(pattern = "^(deleted|shared)$")]
    pub original: Option<&'static str>,
    /// The same of the sealed document; absent where it never was sealed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(pattern = "^(deleted|shared)$")]
    pub sealed: Option<&'static str>,
}

impl From<&Disposed> for DisposedView {
    fn from(disposed: &Disposed) -> Self {
        Self {
            disposal: disposed.disposal.to_string(),
            at: disposed.at,
            original: disposed.original.map(|fate| fate.as_str()),
            sealed: disposed.sealed.map(|fate| fate.as_str()),
        }
    }
}

/// A document on a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DisposalDocumentView {
    /// Request.
    pub request: String,
    /// Document.
    pub item: String,
    /// Place among the documents of the request, from 0.
    pub place: u32,
    /// File name.
    pub name: String,
    /// SM3 of the document as it was named, hex.
    pub digest: String,
    /// Whether its bytes came.
    pub has_content: bool,
    /// SM3 of the sealed document, hex.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sealed_digest: Option<String>,
    /// SM3 of which contents belong to it, hex: its part in the digest of its request's line.
    pub line: String,
    /// What came of it, once it was disposed of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disposed: Option<DisposedView>,
}

impl From<&UseItem> for DisposalDocumentView {
    fn from(item: &UseItem) -> Self {
        Self {
            request: item.request().to_string(),
            item: item.id().to_string(),
            place: item.place(),
            name: item.document().name.clone(),
            digest: item.document().digest.clone(),
            has_content: item.has_content(),
            sealed_digest: item.sealed().map(|sealed| sealed.digest.clone()),
            line: item.content_digest(),
            disposed: item.disposed().map(Into::into),
        }
    }
}
