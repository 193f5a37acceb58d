use thiserror::Error;
use yinxin_ofd::OfdError;
use yinxin_pdf::PdfError;

/// Why there is no picture or text at all.
#[derive(Debug, Error)]
pub enum RenderError {
    /// The package or a part that everything hangs on could not be read.
    #[error(transparent)]
    Ofd(#[from] OfdError),
    /// The PDF could not be read.
    #[error(transparent)]
    Pdf(#[from] PdfError),
    /// The file is a PDF and a zip package at once: two readers would show two documents.
    #[error("the file is a PDF and a zip package at once and is not shown")]
    Both,
    /// The package holds fewer documents.
    #[error("the package has {count} document(s); number {asked} does not exist")]
    NoSuchDocument {
        /// As asked, from 1.
        asked: usize,
        /// How many there are.
        count: usize,
    },
    /// The document holds fewer pages.
    #[error("the document has {count} page(s); page {asked} does not exist")]
    NoSuchPage {
        /// As asked, from 1.
        asked: usize,
        /// How many there are.
        count: usize,
    },
    /// The page's box is missing, empty or beyond reason.
    #[error("{path}: the page's box is {found}; a page is between 1 and 20000 mm wide and high")]
    PageBox {
        /// The page's part.
        path: String,
        /// The box as read.
        found: String,
    },
    /// The resolution is out of range.
    #[error("{dpi} dpi is out of range; ask for {min} to {max}")]
    DpiOutOfRange {
        /// As asked.
        dpi: u32,
        /// Smallest.
        min: u32,
        /// Largest.
        max: u32,
    },
    /// The picture would have too many pixels.
    #[error("{width} × {height} pixels are more than the limit of {limit}; ask for a lower resolution")]
    TooManyPixels {
        /// Width in pixels.
        width: u64,
        /// Height in pixels.
        height: u64,
        /// The limit.
        limit: u64,
    },
    /// A font handed in is no font.
    #[error("{name} is no usable font: {detail}")]
    BadFont {
        /// Its name as handed in.
        name: String,
        /// The cause.
        detail: String,
    },
    /// The picture could not be encoded.
    #[error("the picture could not be encoded: {detail}")]
    Encoding {
        /// The cause.
        detail: String,
    },
}

impl RenderError {
    /// Stable code, for machines and for the manual.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Ofd(error) => error.code(),
            Self::Pdf(error) => error.code(),
            Self::Both => "PDF_AND_ZIP",
            Self::NoSuchDocument { .. } => "RENDER_NO_SUCH_DOCUMENT",
            Self::NoSuchPage { .. } => "RENDER_NO_SUCH_PAGE",
            Self::PageBox { .. } => "RENDER_PAGE_BOX",
            Self::DpiOutOfRange { .. } => "RENDER_DPI_OUT_OF_RANGE",
            Self::TooManyPixels { .. } => "RENDER_TOO_MANY_PIXELS",
            Self::BadFont { .. } => "RENDER_BAD_FONT",
            Self::Encoding { .. } => "RENDER_ENCODING",
        }
    }
}
