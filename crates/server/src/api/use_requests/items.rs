//! Documents of a draft: what they are and where the seal goes. Their bytes follow.

use super::view::PlacementBody;
use super::{UseItemView, place, subject};
use crate::api::filter::check_state;
use crate::api::text::refuse;
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, IdempotencyKey, IfMatch, List, Page, PageQuery, Path, StoredResponse};
use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};
use yinxin_registry::ids::{UseItemId, UseRequestId};
use yinxin_registry::lifecycle::{Refused, State as _};
use yinxin_registry::permission::Action;
use yinxin_registry::usage::document::{Document, Format, ItemState, UseItem};
use yinxin_registry::usage::request::{MOST_DOCUMENTS, RequestState, UseRequest};

/// Documents of one call.
const MOST: usize = 500;

/// A document.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemBody {
    /// File name, 1 to 255 characters.
    #[schema(min_length = 1, max_length = 255, example = "采购合同.ofd")]
    pub name: String,
    /// What is brought: `ofd` or `pdf`, the document, whose content tells which of them it is; or `ofd-signature`, only the `Signature.xml` of an
    /// OFD, which holds the digest of every part; or `pdf-digest`, only the SM3 of the range of a PDF that its signature will cover, 64 hex
    /// digits in a file. The document itself stays where it is then, and what comes back is the SES_Signature that belongs into it.
    #[serde(default)]
    #[schema(default = "ofd")]
    pub format: FormatBody,
    /// Path of `Signature.xml` in the document, with `ofd-signature` only.
    #[serde(default)]
    #[schema(pattern = "^(/[!-.0-~]{1,60}){1,4}$", example = "/Doc_0/Signs/Sign_0/Signature.xml")]
    pub signature_path: Option<String>,
    /// SM3 of the bytes, hex.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub digest: String,
    /// Bytes.
    #[schema(minimum = 1, maximum = 9007199254740991u64)]
    pub size: u64,
    /// Where the seal goes, 1 to 100 places.
    #[schema(min_items = 1, max_items = 100)]
    pub placements: Vec<PlacementBody>,
    /// Value the document is about, in fen.
    #[serde(default)]
    #[schema(maximum = 9007199254740991u64)]
    pub value: Option<u64>,
}

/// What is brought of a document.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
pub enum FormatBody {
    /// The document, OFD.
    #[default]
    #[serde(rename = "ofd")]
    Ofd,
    /// The document, PDF.
    #[serde(rename = "pdf")]
    Pdf,
    /// Its `Signature.xml`.
    #[serde(rename = "ofd-signature")]
    OfdSignature,
    /// The SM3 of a PDF's signed range.
    #[serde(rename = "pdf-digest")]
    PdfDigest,
}

impl From<FormatBody> for Format {
    fn from(format: FormatBody) -> Self {
        match format {
            FormatBody::Ofd => Self::Ofd,
            FormatBody::Pdf => Self::Pdf,
            FormatBody::OfdSignature => Self::OfdSignature,
            FormatBody::PdfDigest => Self::PdfDigest,
        }
    }
}

/// Documents to be added.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddItems {
    /// 1 to 500; a request has 10,000 at most.
    #[schema(min_items = 1, max_items = 500)]
    pub items: Vec<ItemBody>,
}

/// Documents that were added.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AddedItems {
    /// In the order they were given.
    pub items: Vec<UseItemView>,
    /// Version of the request, as in the ETag.
    pub version: i64,
}

/// 添加用印文件。 Adds documents to a draft: whole (OFD or PDF), or by the digests of their parts.
#[utoipa::path(
    post, path = "/use-requests/{id}/items", tag = "use", operation_id = "use_requests.add_items", summary = "添加用印文件 · Add documents",
    params(("id" = String, Path, description = "用印申请 · request"), IdempotencyKey, IfMatch), request_body = AddItems,
    responses((status = 200, description = "文件 · the documents", body = AddedItems))
)]
pub async fn add(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<UseRequestId>,
    if_match: IfMatch,
    command: Command<AddItems>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    let found = work.tx.get::<UseRequest>(id.as_str()).await?;
    let by = work.permit(Action::UseAsk, &place(&found.value))?;
    if_match.check(found.version)?;
    only_a_draft_of(&found.value, &by.id)?;
    if !(1..=MOST).contains(&body.items.len()) {
        return Err(
            refuse("/items", "OUT_OF_RANGE", "一次应为 1 至 500 份", "1 to 500 documents at once").into()
        );
    }
    let first = work.tx.next_item_place(id.as_str()).await?;
    let count = u32::try_from(body.items.len()).unwrap_or(u32::MAX);
    if first.saturating_add(count) > MOST_DOCUMENTS {
        return Err(Refused::rule(
            "DOCUMENT_COUNT",
            "一次申请应有 1 至 10000 份文件",
            "a request has 1 to 10,000 documents",
        )
        .into());
    }
    let mut views = Vec::new();
    for (at, body) in (first..).zip(body.items) {
        let document = Document {
            name: body.name,
            format: body.format.into(),
            signature_path: body.signature_path,
            digest: body.digest,
            size: body.size,
            placements: body.placements.into_iter().map(Into::into).collect(),
            value: body.value,
        };
        let item = UseItem::open(UseItemId::new(work.now, &mut app.rng()), id.clone(), at, document)?;
        work.tx.insert(&item).await?;
        views.push(UseItemView::from(&item));
    }
    // The request moves on with its documents, so that it is not handed in without what is being added.
    let version = work.tx.save(&found.value, found.version).await?;
    let details =
        json!({ "documents": views.len(), "digests": views.iter().map(|v| &v.digest).collect::<Vec<_>>() });
    work.record(&by, "use.add_items", &subject(&found.value), None, details);
    let answer = StoredResponse::ok(&AddedItems { items: views, version })?;
    work.finish(answer.version(version)).await
}

/// Documents are added by who asks, as long as it is a draft.
pub(super) fn only_a_draft_of(request: &UseRequest, who: &str) -> Result<(), Refused> {
    if request.asked_by().id != who {
        return Err(Refused::rule("NOT_THE_ASKER", "只有申请人可以这样做", "only who asks does this"));
    }
    if request.state() != RequestState::Draft {
        return Err(Refused::State {
            state: request.state().as_str(),
            event: "add_items",
            allowed: yinxin_registry::usage::request::TABLE
                .iter()
                .filter(|rule| rule.from == request.state())
                .map(|rule| rule.event)
                .collect(),
        });
    }
    Ok(())
}

/// Filter of the list.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ItemFilter {
    /// Only this state: `failed`.
    #[param(pattern = "^(waiting|signing|signed|failed|dropped)$")]
    pub state: Option<String>,
}

/// 用印文件列表。 Lists the documents of a request, in their order.
#[utoipa::path(
    get, path = "/use-requests/{id}/items", tag = "use", operation_id = "use_requests.items", summary = "用印文件列表 · Documents of a request",
    params(("id" = String, Path, description = "用印申请 · request"), ItemFilter, PageQuery),
    responses((status = 200, description = "列表 · the list", body = Page<UseItemView>))
)]
pub async fn list(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<UseRequestId>,
    list: List<ItemFilter>,
) -> Result<Page<UseItemView>, Stop> {
    check_state::<ItemState>(list.filter.state.as_deref())?;
    let mut read = app.store.read().await?;
    let request = read.get::<UseRequest>(id.as_str()).await?.value;
    caller.permit(Action::UseRead, &place(&request), app.now()?)?;
    let state = list.filter.state.as_deref().and_then(ItemState::parse);
    let after = list.after::<1>()?.and_then(|[at]| at.parse().ok()).unwrap_or(-1);
    let limit = u32::from(list.limit()).saturating_add(1);
    let found = read.use_items(id.as_str(), state, after, limit).await?;
    let views = found.iter().map(|item| UseItemView::from(&item.value)).collect();
    Ok(list.page(views, |last: &UseItemView| vec![last.place.to_string()]))
}
