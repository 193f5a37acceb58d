//! Limits of a parse, what may go wrong, and what was odd but readable.

use std::cell::{Cell, RefCell};

/// Bounds of one parse. Everything beyond them is refused with [`ParseErrorKind::Limit`].
#[derive(Debug, Clone)]
pub struct Limits {
    /// Largest input, in bytes.
    pub max_bytes: usize,
    /// Deepest nesting of constructed values.
    pub max_depth: usize,
    /// Most values read in one parse.
    pub max_items: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_bytes: 16 << 20, max_depth: 32, max_items: 100_000 }
    }
}

/// Why a structure could not be read, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what} at byte {at}: {kind}")]
pub struct ParseError {
    /// What went wrong.
    pub kind: ParseErrorKind,
    /// Byte position in the input that was handed in.
    pub at: usize,
    /// The part being read, in the standard's terms.
    pub what: &'static str,
}

impl ParseError {
    /// An error at a byte position.
    pub fn new(kind: ParseErrorKind, at: usize, what: &'static str) -> Self {
        Self { kind, at, what }
    }

    /// Stable, language-free code.
    pub fn code(&self) -> &'static str {
        match self.kind {
            ParseErrorKind::Truncated => "DER_TRUNCATED",
            ParseErrorKind::UnexpectedTag { .. } => "DER_UNEXPECTED_TAG",
            ParseErrorKind::Missing => "DER_MISSING",
            ParseErrorKind::Trailing => "DER_TRAILING",
            ParseErrorKind::Length => "DER_LENGTH",
            ParseErrorKind::Value(_) => "DER_VALUE",
            ParseErrorKind::Limit(_) => "DER_LIMIT",
            ParseErrorKind::UnknownVersion(_) => "VERSION_UNKNOWN",
        }
    }
}

/// The kinds of [`ParseError`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseErrorKind {
    /// The input ends inside a value.
    #[error("the data ends inside this value")]
    Truncated,
    /// Another tag stands where one was expected.
    #[error("tag {found:#04x} stands where {expected} was expected")]
    UnexpectedTag {
        /// Description of the expected tag.
        expected: &'static str,
        /// First identifier byte found.
        found: u8,
    },
    /// A required value is absent.
    #[error("a required value is missing")]
    Missing,
    /// Bytes follow the last value of a structure.
    #[error("unexpected bytes follow the last value")]
    Trailing,
    /// The length bytes make no sense.
    #[error("the length is malformed")]
    Length,
    /// The content of a value is not allowed.
    #[error("{0}")]
    Value(&'static str),
    /// A limit of [`Limits`] was reached.
    #[error("limit reached: {0}")]
    Limit(&'static str),
    /// The structure names a version that is not known here.
    #[error("version {0} is not known; update the software or ask who made the file")]
    UnknownVersion(u64),
}

/// Something that strict encoding forbids or a standard does not say, but that was readable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deviation {
    /// Stable code such as `BER_LENGTH` or `SIGNATURE_RAW64`.
    pub code: &'static str,
    /// Byte position.
    pub at: usize,
    /// What was seen.
    pub detail: String,
}

/// State of one parse: its limits, a count of values read, and the deviations met.
#[derive(Debug)]
pub struct Ctx {
    pub(super) limits: Limits,
    items: Cell<usize>,
    deviations: RefCell<Vec<Deviation>>,
}

/// More deviations than this say nothing new.
const MAX_DEVIATIONS: usize = 64;

impl Ctx {
    /// A fresh state.
    pub fn new(limits: &Limits) -> Self {
        Self { limits: limits.clone(), items: Cell::new(0), deviations: RefCell::default() }
    }

    /// Notes a deviation (each code and position once).
    pub fn deviate(&self, code: &'static str, at: usize, detail: impl Into<String>) {
        let mut list = self.deviations.borrow_mut();
        if list.len() < MAX_DEVIATIONS && !list.iter().any(|d| d.code == code && d.at == at) {
            list.push(Deviation { code, at, detail: detail.into() });
        }
    }

    /// The deviations met, in order of discovery.
    pub fn into_deviations(self) -> Vec<Deviation> {
        self.deviations.into_inner()
    }

    pub(super) fn count_item(&self, at: usize) -> Result<(), ParseError> {
        let n = self.items.get() + 1;
        self.items.set(n);
        if n > self.limits.max_items {
            return Err(ParseError::new(ParseErrorKind::Limit("number of values"), at, "structure"));
        }
        Ok(())
    }
}
