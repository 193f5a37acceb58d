use thiserror::Error;

use crate::error::OfdError;
use crate::package::writer::Failure;

/// Why a document cannot be signed as asked.
#[derive(Debug, Error)]
pub enum SignError {
    /// The package or one of its parts cannot be read.
    #[error(transparent)]
    Package(#[from] OfdError),
    /// The package is such that two readers may see two documents.
    #[error(
        "the package is unsound ({code}: {detail}); repair it, for instance by saving it anew, before signing"
    )]
    Unsound {
        /// Code of the finding.
        code: &'static str,
        /// What was found.
        detail: String,
    },
    /// No document of this number.
    #[error("the package holds {count} document(s); there is no number {asked} (counted from 0)")]
    NoSuchBody {
        /// Asked for, from 0.
        asked: usize,
        /// Documents present.
        count: usize,
    },
    /// No page of this number.
    #[error("the document has {count} page(s); there is no page {} to place the seal on", asked.saturating_add(1))]
    NoSuchPage {
        /// Asked for, from 0.
        asked: usize,
        /// Pages present.
        count: usize,
    },
    /// The picture would be wholly outside the page.
    #[error("the seal at {placed} mm would lie outside page {} of {width} × {height} mm", page.saturating_add(1))]
    OutsidePage {
        /// Page, from 0.
        page: usize,
        /// Box asked for: x, y, width, height.
        placed: String,
        /// Page width in mm.
        width: f64,
        /// Page height in mm.
        height: f64,
    },
    /// Width or height of the picture is no positive length.
    #[error("{width} × {height} mm is no size for a seal's picture")]
    BadSize {
        /// In mm.
        width: f64,
        /// In mm.
        height: f64,
    },
    /// A cross-page seal needs two pages.
    #[error("a cross-page seal needs at least two pages, {count} selected")]
    CrossPageTooFew {
        /// Pages selected.
        count: usize,
    },
    /// A cross-page seal over so many pages that its slices cannot be seen.
    #[error("a cross-page seal over {count} pages leaves {slice:.3} mm on each; select at most {most} pages")]
    CrossPageTooMany {
        /// Pages selected.
        count: usize,
        /// Millimetres on each page.
        slice: f64,
        /// The most pages that leave enough.
        most: usize,
    },
    /// A signature without seal has no picture to place.
    #[error(
        "a signature without a seal (type Sign) cannot be placed on a page; leave the placement out or give a seal"
    )]
    StampWithoutSeal,
    /// An earlier signature protects a part that a further signature must change.
    #[error(
        "signature {signature} protects {path}, which a further signature must change: it was made to be the last one"
    )]
    WouldBreak {
        /// ID, or path, of the earlier signature.
        signature: String,
        /// The part.
        path: String,
    },
    /// An earlier signature cannot be read, so what it protects is unknown.
    #[error("earlier signature {signature} cannot be read ({detail}); a further signature could break it")]
    ExistingSignature {
        /// ID, or path, of the earlier signature.
        signature: String,
        /// Why.
        detail: String,
    },
    /// `OFD.xml` names a signature list that is not there.
    #[error(
        "OFD.xml names the signature list {path}, which is missing: signatures were removed from this document"
    )]
    ListMissing {
        /// Its path.
        path: String,
    },
    /// The signature this one should build on does not exist.
    #[error("there is no signature {id:?} to build on")]
    NoSuchRelative {
        /// The ID asked for.
        id: String,
    },
    /// The property information of a seal signature is ASCII, the path is not.
    #[error(
        "the signature would stand at {path}, which is not ASCII as the seal signature's property information must be"
    )]
    PathNotAscii {
        /// The path.
        path: String,
    },
    /// Text for the signature part holds characters XML cannot carry.
    #[error("{what} holds control characters")]
    BadText {
        /// Which text.
        what: &'static str,
    },
    /// An edit of ours did not have the effect intended.
    #[error("{path} is written in a way that this program cannot extend safely: {detail}")]
    Edit {
        /// The part.
        path: String,
        /// What went wrong.
        detail: String,
    },
    /// The package handed to embedding is not the one prepared.
    #[error("{path} is not as it was when the signature was prepared ({detail}); prepare again")]
    Changed {
        /// The part.
        path: String,
        /// How it differs.
        detail: String,
    },
    /// The signature value is empty.
    #[error("the signature value is empty")]
    EmptyValue,
    /// The output could not be written.
    #[error("writing the signed package failed: {0}")]
    Write(#[source] std::io::Error),
}

impl SignError {
    /// Stable code, for machines and for the manual.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Package(error) => error.code(),
            Self::Unsound { .. } => "SIGN_PACKAGE_UNSOUND",
            Self::NoSuchBody { .. } => "SIGN_NO_SUCH_DOCUMENT",
            Self::NoSuchPage { .. } => "SIGN_NO_SUCH_PAGE",
            Self::OutsidePage { .. } => "SIGN_OUTSIDE_PAGE",
            Self::BadSize { .. } => "SIGN_BAD_SIZE",
            Self::CrossPageTooFew { .. } => "SIGN_CROSS_PAGE_TOO_FEW",
            Self::CrossPageTooMany { .. } => "SIGN_CROSS_PAGE_TOO_MANY",
            Self::StampWithoutSeal => "SIGN_STAMP_WITHOUT_SEAL",
            Self::WouldBreak { .. } => "SIGN_WOULD_BREAK_SIGNATURE",
            Self::ExistingSignature { .. } => "SIGN_EXISTING_UNREADABLE",
            Self::ListMissing { .. } => "SIGN_LIST_MISSING",
            Self::NoSuchRelative { .. } => "SIGN_NO_SUCH_RELATIVE",
            Self::PathNotAscii { .. } => "SIGN_PATH_NOT_ASCII",
            Self::BadText { .. } => "SIGN_BAD_TEXT",
            Self::Edit { .. } => "SIGN_EDIT",
            Self::Changed { .. } => "SIGN_DOCUMENT_CHANGED",
            Self::EmptyValue => "SIGN_EMPTY_VALUE",
            Self::Write(_) => "SIGN_WRITE",
        }
    }
}

impl From<Failure> for SignError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Read(error) => Self::Package(error),
            Failure::Write(error) => Self::Write(error),
        }
    }
}
