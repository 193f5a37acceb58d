//! Requests and their documents as answers show them.

use crate::api::applications::StepView;
use crate::api::disposals::DisposedView;
use crate::api::flows::CourseView;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use yinxin_registry::lifecycle::State as _;
use yinxin_registry::usage::document::{Edge, ItemState, Pages, Placement, UseItem};
use yinxin_registry::usage::request::{Right, UseRequest};

/// Pages.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
pub enum PagesBody {
    /// Every page.
    All {},
    /// The last page.
    Last {},
    /// From one page to another, both included, from 1.
    Range {
        /// First.
        #[schema(minimum = 1)]
        first: u32,
        /// Last.
        #[schema(minimum = 1)]
        last: u32,
    },
}

/// An edge of the paper.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EdgeBody {
    /// Right.
    #[default]
    Right,
    /// Left.
    Left,
    /// Upper.
    Top,
    /// Lower.
    Bottom,
}

impl From<EdgeBody> for Edge {
    fn from(edge: EdgeBody) -> Self {
        match edge {
            EdgeBody::Right => Self::Right,
            EdgeBody::Left => Self::Left,
            EdgeBody::Top => Self::Top,
            EdgeBody::Bottom => Self::Bottom,
        }
    }
}

impl From<Edge> for EdgeBody {
    fn from(edge: Edge) -> Self {
        match edge {
            Edge::Right => Self::Right,
            Edge::Left => Self::Left,
            Edge::Top => Self::Top,
            Edge::Bottom => Self::Bottom,
        }
    }
}

/// Where the seal goes. Lengths are hundredths of a millimeter from the upper left corner of the page to the middle of the seal.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
pub enum PlacementBody {
    /// At a place.
    At {
        /// Pages.
        pages: PagesBody,
        /// To the right.
        #[schema(minimum = 0, maximum = 1000000, example = 15000)]
        x: i32,
        /// Down.
        #[schema(minimum = 0, maximum = 1000000, example = 24000)]
        y: i32,
    },
    /// Over a word of the document (关键字). Where it is not there when the document is sealed, that fails with `PLACEMENT_KEYWORD`; a
    /// document of which only digests are brought has none.
    Keyword {
        /// The word, 1 to 100 characters. Full and half width forms are one, and spaces do not count.
        #[schema(min_length = 1, max_length = 100, example = "甲方（盖章）")]
        word: String,
        /// Which hit, from 1 in the order of the pages; 0 for every hit.
        #[schema(minimum = 0, maximum = 4294967295u64, example = 1)]
        hit: u32,
    },
    /// Cut over an edge of the pages (骑缝): with `y` over the right or the left edge, with `x` over the upper or the lower one.
    CrossPage {
        /// Pages, at least two.
        pages: PagesBody,
        /// Over which edge; the right one where nothing is said.
        #[serde(default)]
        edge: EdgeBody,
        /// To the right, for the upper and the lower edge only.
        #[schema(minimum = 0, maximum = 1000000)]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        x: Option<i32>,
        /// Down, for the right and the left edge only.
        #[schema(minimum = 0, maximum = 1000000, example = 14850)]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        y: Option<i32>,
    },
}

impl From<PagesBody> for Pages {
    fn from(pages: PagesBody) -> Self {
        match pages {
            PagesBody::All {} => Self::All,
            PagesBody::Last {} => Self::Last,
            PagesBody::Range { first, last } => Self::Range { first, last },
        }
    }
}

impl From<&Pages> for PagesBody {
    fn from(pages: &Pages) -> Self {
        match pages {
            Pages::All => Self::All {},
            Pages::Last => Self::Last {},
            Pages::Range { first, last } => Self::Range { first: *first, last: *last },
        }
    }
}

impl From<PlacementBody> for Placement {
    fn from(place: PlacementBody) -> Self {
        match place {
            PlacementBody::At { pages, x, y } => Self::At { pages: pages.into(), x, y },
            PlacementBody::Keyword { word, hit } => Self::Keyword { word, hit },
            PlacementBody::CrossPage { pages, edge, x, y } => {
                Self::CrossPage { pages: pages.into(), edge: edge.into(), x, y }
            }
        }
    }
}

/// Places as answers show them.
pub fn places(places: &[Placement]) -> Vec<PlacementBody> {
    places
        .iter()
        .map(|place| match place {
            Placement::At { pages, x, y } => PlacementBody::At { pages: pages.into(), x: *x, y: *y },
            Placement::CrossPage { pages, edge, x, y } => {
                PlacementBody::CrossPage { pages: pages.into(), edge: (*edge).into(), x: *x, y: *y }
            }
            Placement::Keyword { word, hit } => PlacementBody::Keyword { word: word.clone(), hit: *hit },
        })
        .collect()
}

/// By which right the seal is used.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
pub enum RightBody {
    /// A right given by the custodian; people vote on the request.
    Grant {
        /// The right.
        #[schema(pattern = "^grnt_[0-7][0-9a-hjkmnp-tv-z]{25}$")]
        grant: String,
    },
    /// A standing authorization; people voted beforehand.
    Standing {
        /// The authorization.
        #[schema(pattern = "^stnd_[0-7][0-9a-hjkmnp-tv-z]{25}$")]
        standing: String,
        /// The template the documents are filled from.
        #[schema(min_length = 1, max_length = 128)]
        template: String,
    },
}

impl From<&Right> for RightBody {
    fn from(right: &Right) -> Self {
        match right {
            Right::Grant { grant } => Self::Grant { grant: grant.to_string() },
            Right::Standing { standing, template } => {
                Self::Standing { standing: standing.to_string(), template: template.clone() }
            }
        }
    }
}

/// What came of the documents: of one request as it is now, in a list as counted at the last end of sealing.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TallyView {
    /// Documents of the request.
    pub documents: u32,
    /// Sealed.
    pub signed: u32,
    /// Failed.
    pub failed: u32,
}

/// A request to use a seal.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UseRequestView {
    /// Key.
    #[schema(example = "use_01k0000000000000000000000a")]
    pub id: String,
    /// Number.
    pub number: String,
    /// Seal.
    pub seal: String,
    /// Unit.
    pub unit: String,
    /// `draft`, `pending`, `approved`, `signing`, `done`, `partial`, `refused`, `withdrawn` or `lapsed`.
    #[schema(example = "pending")]
    pub state: String,
    /// In Chinese.
    #[schema(example = "审批中")]
    pub state_zh: String,
    /// Account or client that asks.
    pub asked_by: String,
    /// Its name.
    pub asked_by_name: String,
    /// By which right.
    pub right: RightBody,
    /// Kind of document.
    #[schema(example = "合同")]
    pub document_kind: String,
    /// Why.
    pub reason: String,
    /// To whom the documents go.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recipient: Option<String>,
    /// SM3 over everything that is voted on, once it is handed in; votes name it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// SM3 over the lines of its documents.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub manifest: Option<String>,
    /// How it is voted on; none under a standing authorization.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approval: Option<CourseView>,
    /// SM3 of the record of approval, which every signature under it carries.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approval_record: Option<String>,
    /// Until when the approval is good.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub good_until: Option<Timestamp>,
    /// What came of the documents.
    pub tally: TallyView,
    /// When it was opened.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// Every step.
    pub history: Vec<StepView>,
    /// Version, as in the ETag.
    pub version: i64,
}

impl UseRequestView {
    /// Of a request.
    pub fn of(request: &UseRequest, version: i64) -> Self {
        let (asked, tally) = (request.asked(), request.tally());
        Self {
            id: request.id().to_string(),
            number: request.number().to_owned(),
            seal: request.seal().to_string(),
            unit: request.unit().to_string(),
            state: request.state().as_str().to_owned(),
            state_zh: request.state().zh().to_owned(),
            asked_by: request.asked_by().id.clone(),
            asked_by_name: request.asked_by().name.clone(),
            right: (&asked.right).into(),
            document_kind: asked.document_kind.clone(),
            reason: asked.reason.clone(),
            recipient: asked.recipient.clone(),
            digest: request.manifest().map(|_| request.content_digest()),
            manifest: request.manifest().map(|manifest| manifest.digest.clone()),
            approval: request.course().map(CourseView::from),
            approval_record: request.approval().map(str::to_owned),
            good_until: request.good_until(),
            tally: TallyView {
                documents: request.manifest().map_or(0, |manifest| manifest.documents),
                signed: tally.signed,
                failed: tally.failed,
            },
            created_at: request.created_at(),
            history: request.history().iter().map(StepView::from).collect(),
            version,
        }
    }
}

impl UseRequestView {
    /// Puts in how many documents are in each state now. What was taken out of the draft does not count.
    pub fn count(&mut self, counts: &[(ItemState, u32)]) {
        let of = |wanted| counts.iter().find(|(state, _)| *state == wanted).map_or(0, |(_, count)| *count);
        let all: u32 = counts.iter().map(|(_, count)| *count).sum();
        let documents = match (&self.manifest, self.state.as_str()) {
            (Some(_), _) => self.tally.documents,
            (None, "draft") => all.saturating_sub(of(ItemState::Dropped)),
            (None, _) => all,
        };
        self.tally = TallyView { documents, signed: of(ItemState::Signed), failed: of(ItemState::Failed) };
    }
}

/// What came of sealing a document.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SealedView {
    /// SM3 of the sealed document, hex.
    pub digest: String,
    /// Its bytes.
    pub size: u64,
    /// When it was sealed.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Code that stands for this document, for print-outs.
    pub verification_code: String,
}

/// A document of a request.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UseItemView {
    /// Key.
    #[schema(example = "item_01k0000000000000000000000a")]
    pub id: String,
    /// Place among the documents of the request, from 0.
    pub place: u32,
    /// File name.
    pub name: String,
    /// `ofd` or `pdf`; `ofd-signature` or `pdf-digest` where the document itself was not brought.
    pub format: &'static str,
    /// Path of the signature file in the document, where only that was brought.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signature_path: Option<String>,
    /// SM3 of the bytes, hex.
    pub digest: String,
    /// Bytes.
    pub size: u64,
    /// Where the seal goes.
    pub placements: Vec<PlacementBody>,
    /// Value the document is about, in fen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<u64>,
    /// SM3 of document and places: its line of the manifest.
    pub line: String,
    /// Whether its bytes came.
    pub has_content: bool,
    /// `waiting`, `signing`, `signed`, `failed` or `dropped`.
    #[schema(example = "signed")]
    pub state: String,
    /// In Chinese.
    #[schema(example = "已用印")]
    pub state_zh: String,
    /// How often it was tried.
    pub attempts: u32,
    /// What came of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sealed: Option<SealedView>,
    /// Code of what went wrong last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
    /// That its contents were disposed of; digests, code and places stay.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disposed: Option<DisposedView>,
}

impl From<&UseItem> for UseItemView {
    fn from(item: &UseItem) -> Self {
        let document = item.document();
        Self {
            id: item.id().to_string(),
            place: item.place(),
            name: document.name.clone(),
            format: document.format.as_str(),
            signature_path: document.signature_path.clone(),
            digest: document.digest.clone(),
            size: document.size,
            placements: places(&document.placements),
            value: document.value,
            line: document.line_digest(),
            has_content: item.has_content(),
            state: item.state().as_str().to_owned(),
            state_zh: item.state().zh().to_owned(),
            attempts: item.attempts(),
            sealed: item.sealed().map(|sealed| SealedView {
                digest: sealed.digest.clone(),
                size: sealed.size,
                at: sealed.at,
                verification_code: sealed.verification_code.clone(),
            }),
            fault: item.fault().map(str::to_owned),
            disposed: item.disposed().map(Into::into),
        }
    }
}
