use thiserror::Error;

/// Why a package, or one part of it, could not be read.
#[derive(Debug, Error)]
pub enum OfdError {
    /// The bytes are no zip package at all.
    #[error("not an OFD package: {detail}; hand in a zip file that holds OFD.xml")]
    NotAPackage {
        /// What was looked for and not found.
        detail: String,
    },
    /// The package ends, or breaks off, before its directory is complete.
    #[error("package is truncated or damaged at byte {at}: {detail}; fetch the file again")]
    Truncated {
        /// Byte position in the package.
        at: u64,
        /// What was expected there.
        detail: String,
    },
    /// A bound of [`crate::Limits`] was reached.
    #[error("{what} is {found}, above the limit of {limit}; raise the limit only for a source you trust")]
    Limit {
        /// Which bound.
        what: &'static str,
        /// The value met.
        found: u64,
        /// The bound.
        limit: u64,
    },
    /// A part inflates beyond its declared size or the permitted ratio.
    #[error("{path} inflates suspiciously ({detail}); refused as a decompression bomb")]
    Bomb {
        /// The part.
        path: String,
        /// Figures.
        detail: String,
    },
    /// No entry of this path.
    #[error("the package has no part {path}")]
    NoSuchPart {
        /// The path asked for.
        path: String,
    },
    /// The entry is encrypted.
    #[error(
        "{path} is encrypted; OFD signatures cannot be judged on encrypted parts, decrypt the document first"
    )]
    Encrypted {
        /// The part.
        path: String,
    },
    /// The entry uses a compression method other than stored or deflate.
    #[error("{path} uses compression method {method}; only 0 (stored) and 8 (deflate) are read")]
    Method {
        /// The part.
        path: String,
        /// Method number of the zip format.
        method: u16,
    },
    /// The content does not match the CRC of the directory.
    #[error(
        "{path}: CRC is {found:08x}, the directory says {declared:08x}; the part is damaged or was replaced"
    )]
    Crc {
        /// The part.
        path: String,
        /// As in the central directory.
        declared: u32,
        /// As computed.
        found: u32,
    },
    /// The compressed data are damaged or disagree with the directory.
    #[error("{path} at byte {at}: {detail}")]
    Corrupt {
        /// The part.
        path: String,
        /// Byte position in the package.
        at: u64,
        /// What is wrong.
        detail: String,
    },
    /// A location leads out of the package.
    #[error("location {loc:?} leads outside the package and is not followed")]
    PathEscape {
        /// The location as written.
        loc: String,
    },
    /// A location is empty or holds control characters.
    #[error("location {loc:?} is no usable path")]
    BadPath {
        /// The location as written.
        loc: String,
    },
    /// An XML part cannot be parsed.
    #[error("{path}: {detail}")]
    Xml {
        /// The part.
        path: String,
        /// Parser's words, with line and column where known.
        detail: String,
    },
    /// An XML part has a document type declaration, which OFD never needs.
    #[error("{path} holds a DOCTYPE at byte {at}; OFD parts may not, and it is refused")]
    Dtd {
        /// The part.
        path: String,
        /// Byte position in the part.
        at: u64,
    },
    /// The XML is well formed but is not what the standard asks for.
    #[error("{path}: {detail}")]
    Structure {
        /// The part.
        path: String,
        /// What is missing or wrong.
        detail: String,
    },
    /// The reader handed in failed.
    #[error("reading the package failed at byte {at}: {source}")]
    Io {
        /// Byte position in the package.
        at: u64,
        /// The cause.
        source: std::io::Error,
    },
}

impl OfdError {
    /// Stable code, for machines and for the manual.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotAPackage { .. } => "PACKAGE_NOT_ZIP",
            Self::Truncated { .. } => "PACKAGE_TRUNCATED",
            Self::Limit { .. } => "PACKAGE_LIMIT",
            Self::Bomb { .. } => "PACKAGE_BOMB",
            Self::NoSuchPart { .. } => "PART_MISSING",
            Self::Encrypted { .. } => "PART_ENCRYPTED",
            Self::Method { .. } => "PART_METHOD",
            Self::Crc { .. } => "PACKAGE_CRC",
            Self::Corrupt { .. } => "PART_CORRUPT",
            Self::PathEscape { .. } => "PACKAGE_PATH_ESCAPE",
            Self::BadPath { .. } => "PATH_UNUSABLE",
            Self::Xml { .. } => "XML_MALFORMED",
            Self::Dtd { .. } => "XML_DTD",
            Self::Structure { .. } => "XML_STRUCTURE",
            Self::Io { .. } => "IO",
        }
    }
}
