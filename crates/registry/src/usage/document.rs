//! A document of a request (用印文件) and where on its pages the seal goes.

use crate::ids::{TokenId, UseItemId, UseRequestId};
use crate::lifecycle::{Refused, Rule, next, states};
use crate::retention::outcome::Disposed;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

states! {
    /// Where a document of a request stands.
    ItemState {
        /// Waits for its turn.
        Waiting = "waiting", "待用印";
        /// A token is out for it.
        Signing = "signing", "用印中";
        /// Sealed.
        Signed = "signed", "已用印";
        /// Could not be sealed.
        Failed = "failed", "用印失败";
        /// Never sealed: the request ended before.
        Dropped = "dropped", "未用印";
    }
}

use ItemState as I;

/// The table.
pub const TABLE: &[Rule<ItemState>] = &[
    Rule { from: I::Waiting, event: "begin", to: I::Signing },
    Rule { from: I::Waiting, event: "drop", to: I::Dropped },
    Rule { from: I::Signing, event: "sign", to: I::Signed },
    Rule { from: I::Signing, event: "fail", to: I::Failed },
    Rule { from: I::Signing, event: "recover", to: I::Waiting },
    Rule { from: I::Failed, event: "retry", to: I::Waiting },
    Rule { from: I::Failed, event: "drop", to: I::Dropped },
];

/// Events of the table.
pub const EVENTS: &[&str] = &["begin", "sign", "fail", "recover", "retry", "drop"];

/// Pages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
pub enum Pages {
    /// Every page.
    All,
    /// The last page.
    Last,
    /// From one page to another, both included, from 1.
    Range {
        /// First.
        first: u32,
        /// Last.
        last: u32,
    },
}

/// An edge of the paper over which a seal is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Edge {
    /// Right: the usual one, where bound pages open.
    #[default]
    Right,
    /// Left.
    Left,
    /// Upper.
    Top,
    /// Lower.
    Bottom,
}

impl Edge {
    /// Whether it runs from left to right: the seal's place along it is then told from the left, else from the top.
    pub fn lies_flat(self) -> bool {
        matches!(self, Self::Top | Self::Bottom)
    }

    /// Left out where it is the usual one, so that places from before there were others keep their digests.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde asks")]
    fn is_usual(&self) -> bool {
        *self == Self::default()
    }
}

/// Where the seal goes. Lengths are hundredths of a millimeter from the upper left corner of the page to the middle of the seal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
pub enum Placement {
    /// At a place.
    At {
        /// Pages.
        pages: Pages,
        /// To the right.
        x: i32,
        /// Down.
        y: i32,
    },
    /// Over a word.
    Keyword {
        /// The word.
        word: String,
        /// Which hit, from 1; 0 for every hit.
        hit: u32,
    },
    /// Cut over the edges of the pages (骑缝).
    CrossPage {
        /// Pages.
        pages: Pages,
        /// Over which edge.
        #[serde(default, skip_serializing_if = "Edge::is_usual")]
        edge: Edge,
        /// To the right, along the upper and the lower edge; nothing along the others.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        x: Option<i32>,
        /// Down, along the left and the right edge; nothing along the others.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        y: Option<i32>,
    },
}

impl Placement {
    /// Over the right edges of these pages, so far down.
    pub fn over_right_edge(pages: Pages, y: i32) -> Self {
        Self::CrossPage { pages, edge: Edge::Right, x: None, y: Some(y) }
    }

    /// How many pages it tells by their numbers; more than any document has where it tells them otherwise.
    fn numbered_pages(&self) -> u64 {
        match self {
            Self::At { pages: Pages::Range { first, last }, .. }
            | Self::CrossPage { pages: Pages::Range { first, last }, .. } => {
                u64::from(last.saturating_sub(*first)).saturating_add(1)
            }
            _ => u64::from(u32::MAX),
        }
    }
}

/// What is brought of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Format {
    /// The document, OFD.
    #[serde(rename = "ofd")]
    Ofd,
    /// The document, PDF.
    #[serde(rename = "pdf")]
    Pdf,
    /// Its `Signature.xml` (签名描述文件), which holds the digest of every part of an OFD: the document stays where it is.
    #[serde(rename = "ofd-signature")]
    OfdSignature,
    /// The SM3 of its signed range (签名范围), PDF: 64 hex digits in a file of their own; the document stays where it is.
    #[serde(rename = "pdf-digest")]
    PdfDigest,
}

impl Format {
    /// Whether the document itself is brought.
    pub fn whole(self) -> bool {
        matches!(self, Self::Ofd | Self::Pdf)
    }

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ofd => "ofd",
            Self::Pdf => "pdf",
            Self::OfdSignature => "ofd-signature",
            Self::PdfDigest => "pdf-digest",
        }
    }
}

/// Pages of a document of which only digests are brought, at most.
pub const MOST_NUMBERED_PAGES: u32 = 10_000;

/// A document as it was handed in; what approvers see and vote on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// File name as given.
    pub name: String,
    /// What is brought of it.
    pub format: Format,
    /// Path of `Signature.xml` in the document, where only that is brought.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature_path: Option<String>,
    /// SM3 of what is brought, hex.
    pub digest: String,
    /// Bytes.
    pub size: u64,
    /// Where the seal goes.
    pub placements: Vec<Placement>,
    /// Value the document is about, in fen, where it has one.
    pub value: Option<u64>,
}

/// Checks places for a seal as far as no document is needed for it.
///
/// # Errors
/// `PLACEMENT`.
pub fn check_placements(placements: &[Placement]) -> Result<(), Refused> {
    let sound = |pages: &Pages| match pages {
        Pages::Range { first, last } => *first >= 1 && first <= last,
        Pages::All | Pages::Last => true,
    };
    // No page of a document is larger than ten meters.
    let on_paper = |side: i32| (0..=1_000_000).contains(&side);
    let fine = |placement: &Placement| match placement {
        Placement::At { pages, x, y } => sound(pages) && on_paper(*x) && on_paper(*y),
        Placement::Keyword { word, .. } => (1..=100).contains(&word.chars().count()),
        Placement::CrossPage { pages, edge, x, y } => {
            let (along, other) = if edge.lies_flat() { (x, y) } else { (y, x) };
            sound(pages) && along.is_some_and(on_paper) && other.is_none()
        }
    };
    if (1..=100).contains(&placements.len()) && placements.iter().all(fine) {
        return Ok(());
    }
    Err(Refused::rule(
        "PLACEMENT",
        "用印位置应有 1 至 100 处，且在页面之内",
        "there are 1 to 100 places for the seal, on the page",
    ))
}

impl Document {
    /// Checks what a person can get wrong.
    ///
    /// # Errors
    /// `DOCUMENT_NAME`, `DOCUMENT_DIGEST`, `SIGNATURE_PATH`, `PLACEMENT`, `PLACEMENT_PAGES`.
    pub fn check(&self) -> Result<(), Refused> {
        if !(1..=255).contains(&self.name.chars().count()) || self.name.chars().any(char::is_control) {
            return Err(Refused::rule(
                "DOCUMENT_NAME",
                "文件名应为 1 至 255 字",
                "a file name has 1 to 255 characters",
            ));
        }
        if self.digest.len() != 64 || !self.digest.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(Refused::rule(
                "DOCUMENT_DIGEST",
                "文件摘要应为 64 位十六进制",
                "a digest is 64 hex digits",
            ));
        }
        check_placements(&self.placements)?;
        self.check_signature_file()
    }

    /// What only a document that stays where it is has.
    fn check_signature_file(&self) -> Result<(), Refused> {
        let path = self.signature_path.as_deref();
        let usable = |path: &str| {
            path.len() <= 255
                && path.starts_with('/')
                && path.bytes().all(|b| b.is_ascii_graphic())
                && path.split('/').skip(1).all(|part| !matches!(part, "" | "." | ".."))
        };
        let right = match self.format {
            Format::Ofd | Format::Pdf | Format::PdfDigest => path.is_none(),
            Format::OfdSignature => path.is_some_and(usable),
        };
        if !right {
            return Err(Refused::rule(
                "SIGNATURE_PATH",
                "只报签名文件的 OFD 应写明签名文件在文档中的路径，其他则不写",
                "an OFD of which only the signature file is brought names its path, and nothing else does",
            ));
        }
        // Its text is not here either.
        let over_words = self.placements.iter().any(|place| matches!(place, Placement::Keyword { .. }));
        if !self.format.whole() && over_words {
            return Err(Refused::rule(
                "PLACEMENT",
                "只报摘要的文件不能按关键字定位",
                "a document of which only digests are brought has no places over words",
            ));
        }
        let numbered: u64 = self.placements.iter().map(Placement::numbered_pages).sum();
        if !self.format.whole() && numbered > u64::from(MOST_NUMBERED_PAGES) {
            return Err(Refused::rule(
                "PLACEMENT_PAGES",
                "只报摘要的文件应逐一写明用印页码，合计不超过 10000 页",
                "a document of which only digests are brought tells its pages by their numbers, 10,000 at most",
            ));
        }
        Ok(())
    }

    /// SM3 of the document and its places, hex: a line of the manifest that approvers vote on.
    pub fn line_digest(&self) -> String {
        hex::encode(yinxin_crypto::sm3(&serde_json::to_vec(self).unwrap_or_default()))
    }
}

/// SM3 over the lines of a manifest in their order, hex.
pub fn manifest_digest<'a>(lines: impl IntoIterator<Item = &'a str>) -> String {
    let mut all = String::new();
    for line in lines {
        all.push_str(line);
        all.push('\n');
    }
    hex::encode(yinxin_crypto::sm3(all.as_bytes()))
}

/// What came of sealing a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sealed {
    /// SM3 of the sealed document, hex.
    pub digest: String,
    /// Its bytes.
    pub size: u64,
    /// When it was sealed.
    pub at: Timestamp,
    /// Code with which a print-out leads to the original.
    pub verification_code: String,
}

/// A document on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UseItem {
    id: UseItemId,
    request: UseRequestId,
    place: u32,
    document: Document,
    kept: bool,
    token: Option<TokenId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    begun_at: Option<Timestamp>,
    attempts: u32,
    sealed: Option<Sealed>,
    fault: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    disposed: Option<Disposed>,
    state: ItemState,
}

/// What happens to a document.
#[derive(Debug, Clone)]
pub enum ItemEvent {
    /// A token is given out for it.
    Begin {
        /// The token.
        token: TokenId,
        /// When: the time of the signature, where it is made elsewhere.
        at: Timestamp,
    },
    /// Sealed.
    Sign {
        /// The token that was used.
        token: TokenId,
        /// What came of it.
        sealed: Sealed,
    },
    /// Not sealed, and not by itself the next time.
    Fail {
        /// The token.
        token: TokenId,
        /// Stable code.
        fault: String,
    },
    /// The token is void and was not used: who worked on it is gone.
    Recover,
    /// Once more.
    Retry,
    /// Never.
    Drop,
}

impl UseItem {
    /// A document of a request; `place` counts from 0.
    ///
    /// # Errors
    /// Those of [`Document::check`].
    pub fn open(
        id: UseItemId,
        request: UseRequestId,
        place: u32,
        document: Document,
    ) -> Result<Self, Refused> {
        document.check()?;
        Ok(Self {
            id,
            request,
            place,
            document,
            kept: false,
            token: None,
            begun_at: None,
            attempts: 0,
            sealed: None,
            fault: None,
            disposed: None,
            state: I::Waiting,
        })
    }

    /// Its bytes came and are kept. What they are, they tell themselves.
    #[must_use]
    pub fn with_content(mut self, format: Format) -> Self {
        self.kept = true;
        self.document.format = format;
        self
    }

    /// The seal goes somewhere else, while the document still waits.
    ///
    /// # Errors
    /// By the table, for a document that waits no more; those of [`Document::check`].
    pub fn placed(mut self, placements: Vec<Placement>) -> Result<Self, Refused> {
        next(TABLE, self.state, "begin")?;
        self.document.placements = placements;
        self.document.check()?;
        Ok(self)
    }

    /// Takes a step.
    ///
    /// # Errors
    /// [`Refused`]: by the table, or `TOKEN_DIFFERS` when the outcome belongs to another token.
    pub fn apply(mut self, event: ItemEvent) -> Result<Self, Refused> {
        let name = match &event {
            ItemEvent::Begin { .. } => "begin",
            ItemEvent::Sign { .. } => "sign",
            ItemEvent::Fail { .. } => "fail",
            ItemEvent::Recover => "recover",
            ItemEvent::Retry => "retry",
            ItemEvent::Drop => "drop",
        };
        let to = next(TABLE, self.state, name)?;
        match event {
            ItemEvent::Begin { token, at } => {
                self.token = Some(token);
                self.begun_at = Some(at);
                self.attempts += 1;
                self.fault = None;
            }
            ItemEvent::Sign { token, sealed } => {
                self.only(&token)?;
                self.sealed = Some(sealed);
            }
            ItemEvent::Fail { token, fault } => {
                self.only(&token)?;
                self.fault = Some(fault);
            }
            ItemEvent::Recover | ItemEvent::Retry => self.token = None,
            ItemEvent::Drop => {}
        }
        self.state = to;
        Ok(self)
    }

    /// Its contents were disposed of; digests, code and places stay.
    ///
    /// # Errors
    /// `DISPOSED` when they were before.
    pub fn dispose(mut self, disposed: Disposed) -> Result<Self, Refused> {
        if self.disposed.is_some() {
            return Err(Refused::rule("DISPOSED", "文件内容已销毁", "the contents were disposed of"));
        }
        self.disposed = Some(disposed);
        Ok(self)
    }

    /// SM3 of which contents belong to it, hex: its line in a list of disposal.
    pub fn content_digest(&self) -> String {
        let original = self.kept.then_some(&self.document.digest);
        let contents = (&self.id, original, self.sealed.as_ref().map(|sealed| &sealed.digest));
        hex::encode(yinxin_crypto::sm3(&serde_json::to_vec(&contents).unwrap_or_default()))
    }

    fn only(&self, token: &TokenId) -> Result<(), Refused> {
        if self.token.as_ref() == Some(token) {
            return Ok(());
        }
        Err(Refused::rule("TOKEN_DIFFERS", "用印令牌与该文件不符", "the token is not this document's"))
    }

    /// Key.
    pub fn id(&self) -> &UseItemId {
        &self.id
    }
    /// Request.
    pub fn request(&self) -> &UseRequestId {
        &self.request
    }
    /// Place among the documents of the request, from 0.
    pub fn place(&self) -> u32 {
        self.place
    }
    /// Document.
    pub fn document(&self) -> &Document {
        &self.document
    }
    /// Whether its bytes are kept here.
    pub fn has_content(&self) -> bool {
        self.kept
    }
    /// Token given out last.
    pub fn token(&self) -> Option<&TokenId> {
        self.token.as_ref()
    }
    /// When that token was given out.
    pub fn begun_at(&self) -> Option<Timestamp> {
        self.begun_at
    }
    /// Tokens given out.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }
    /// What came of it.
    pub fn sealed(&self) -> Option<&Sealed> {
        self.sealed.as_ref()
    }
    /// Why it failed last.
    pub fn fault(&self) -> Option<&str> {
        self.fault.as_deref()
    }
    /// That its contents were disposed of.
    pub fn disposed(&self) -> Option<&Disposed> {
        self.disposed.as_ref()
    }
    /// Where it stands.
    pub fn state(&self) -> ItemState {
        self.state
    }
}
