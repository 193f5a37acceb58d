//! Where a stream ends.

use crate::error::PdfError;
use crate::limits::Limits;
use crate::source::Bytes;
use crate::syntax::with_window;

/// What follows a stream's data.
pub(crate) struct Tail {
    /// Position after `endobj`.
    pub end: u64,
    /// Whether more than a line end stands between the data and `endstream`.
    pub loose: bool,
}

/// Reads `endstream endobj` behind a stream's data.
pub(crate) fn find(
    bytes: &mut dyn Bytes,
    data_end: u64,
    end: u64,
    limits: &Limits,
) -> Result<Tail, PdfError> {
    with_window(bytes, data_end, end, 64 << 10, limits, &mut |lexer| {
        let mut line = 0u64;
        while lexer.peek().is_some_and(|b| b == b'\r' || b == b'\n') {
            lexer.next();
            line = line.saturating_add(1);
        }
        let before = lexer.at();
        let what = "no `endstream` where the stream's length says it ends";
        if !lexer.keyword("endstream") {
            return Err(PdfError::Structure { at: data_end, what });
        }
        let loose = line > 2 || lexer.at().saturating_sub(before) != 9;
        if !lexer.keyword("endobj") {
            return Err(PdfError::Structure { at: lexer.at(), what: "no `endobj` after a stream" });
        }
        Ok(Tail { end: lexer.at(), loose })
    })
}
