use thiserror::Error;

/// Why a PDF, or one object of it, could not be read.
#[derive(Debug, Error)]
pub enum PdfError {
    /// The file does not begin with a PDF header.
    #[error("not a PDF: no %PDF- header at the first byte")]
    NotAPdf,
    /// A token or object is not written as ISO 32000 says.
    #[error("byte {at}: {what}")]
    Syntax {
        /// Byte position in the file.
        at: u64,
        /// What is wrong.
        what: &'static str,
    },
    /// The bytes end inside an object.
    #[error("byte {at}: the file ends inside {what}")]
    End {
        /// Byte position in the file.
        at: u64,
        /// What was being read.
        what: &'static str,
    },
    /// The parts are readable but do not fit together.
    #[error("byte {at}: {what}")]
    Structure {
        /// Byte position in the file.
        at: u64,
        /// What does not fit.
        what: &'static str,
    },
    /// An object is not where the cross-reference says.
    #[error("object {number}: {what} (byte {at})")]
    Object {
        /// Object number.
        number: u32,
        /// Byte position in the file.
        at: u64,
        /// What is wrong.
        what: &'static str,
    },
    /// A bound of [`crate::Limits`] was reached.
    #[error("{what} at byte {at} is above the limit of {limit}")]
    Limit {
        /// Byte position in the file.
        at: u64,
        /// Which bound.
        what: &'static str,
        /// The bound.
        limit: u64,
    },
    /// A stream filter or feature that is not read here.
    #[error("byte {at}: {what} is not supported")]
    Unsupported {
        /// Byte position in the file.
        at: u64,
        /// What.
        what: &'static str,
    },
    /// The document is encrypted, and its password is missing or wrong.
    #[error("the document is encrypted and needs its password")]
    Encrypted,
    /// The document is encrypted in a way that is not read here.
    #[error("the document is encrypted in a way that is not supported: {what}")]
    Encryption {
        /// Which.
        what: &'static str,
    },
    /// The reader handed in failed.
    #[error("reading failed at byte {at}: {source}")]
    Io {
        /// Byte position in the file.
        at: u64,
        /// The cause.
        source: std::io::Error,
    },
}

impl PdfError {
    /// Stable code, for machines and for the manual.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotAPdf => "PDF_HEADER",
            Self::Syntax { .. } => "PDF_SYNTAX",
            Self::End { .. } => "PDF_TRUNCATED",
            Self::Structure { .. } => "PDF_STRUCTURE",
            Self::Object { .. } => "PDF_OBJECT",
            Self::Limit { .. } => "PDF_LIMIT",
            Self::Unsupported { .. } => "PDF_UNSUPPORTED",
            Self::Encryption { .. } => "PDF_ENCRYPTION",
            Self::Encrypted => "PDF_ENCRYPTED",
            Self::Io { .. } => "IO",
        }
    }
}
