//! `N G obj … endobj`.

use super::lexer::Lexer;
use super::object::{Dict, Object, Ref};
use crate::error::PdfError;
use crate::limits::Limits;
use crate::source::Bytes;

/// An indirect object as it stands in the file.
#[derive(Debug, Clone)]
pub(crate) struct Indirect {
    pub id: Ref,
    pub body: Body,
    /// Position of its number.
    pub start: u64,
    /// Position after `endobj`, or of the stream's first byte.
    pub end: u64,
}

#[derive(Debug, Clone)]
pub(crate) enum Body {
    Plain(Object),
    Stream(StreamBody),
}

#[derive(Debug, Clone)]
pub(crate) struct StreamBody {
    pub dict: Dict,
    /// Position of the first byte of the data.
    pub at: u64,
    /// Whether `stream` is followed by a carriage return alone, which the standard forbids.
    pub odd_start: bool,
}

impl Indirect {
    /// The object; a stream's dictionary stands for it.
    pub fn dict(&self) -> Option<&Dict> {
        match &self.body {
            Body::Plain(o) => o.dict(),
            Body::Stream(s) => Some(&s.dict),
        }
    }
}

const FIRST_WINDOW: usize = 1 << 10;

/// Parses from a position with as many bytes as it takes, up to `max`; nothing at or behind `end` is seen.
pub(crate) fn with_window<T>(
    bytes: &mut dyn Bytes,
    at: u64,
    end: u64,
    max: usize,
    limits: &Limits,
    parse: &mut dyn FnMut(&mut Lexer<'_>) -> Result<T, PdfError>,
) -> Result<T, PdfError> {
    let left = usize::try_from(end.saturating_sub(at)).unwrap_or(usize::MAX);
    let mut size = FIRST_WINDOW;
    loop {
        let window = bytes.read(at, size.min(left).min(max))?;
        let mut lexer = Lexer::new(&window, at, limits);
        let result = parse(&mut lexer);
        if !lexer.touched_end() || size >= left {
            return result;
        }
        if size >= max {
            return Err(PdfError::Limit { at, what: "size of an object", limit: max as u64 });
        }
        size = size.saturating_mul(4);
    }
}

/// Reads the indirect object at a position.
pub(crate) fn read_indirect(
    bytes: &mut dyn Bytes,
    at: u64,
    end: u64,
    limits: &Limits,
) -> Result<Indirect, PdfError> {
    with_window(bytes, at, end, limits.max_object_size, limits, &mut |lexer| {
        lexer.skip_white();
        let start = lexer.at();
        let number = lexer.unsigned("an object begins with its number")?;
        let generation = lexer.unsigned("an object's generation is a number")?;
        let bad = PdfError::Syntax { at: start, what: "object number or generation out of range" };
        let (Ok(number), Ok(generation)) = (u32::try_from(number), u16::try_from(generation)) else {
            return Err(bad);
        };
        let id = Ref { number, generation };
        if !lexer.keyword("obj") {
            return Err(PdfError::Syntax { at: lexer.at(), what: "no `obj` here" });
        }
        let object = lexer.object()?;
        if lexer.keyword("endobj") {
            return Ok(Indirect { id, body: Body::Plain(object), start, end: lexer.at() });
        }
        let Object::Dict(dict) = object else {
            return Err(PdfError::Syntax { at: lexer.at(), what: "an object ends with `endobj`" });
        };
        if !lexer.keyword("stream") {
            return Err(PdfError::Syntax { at: lexer.at(), what: "an object ends with `endobj`" });
        }
        let mut odd_start = false;
        match lexer.next() {
            Some(b'\n') => {}
            Some(b'\r') => {
                if lexer.peek() == Some(b'\n') {
                    lexer.next();
                } else {
                    odd_start = true;
                }
            }
            _ => return Err(PdfError::Syntax { at: lexer.at(), what: "`stream` is followed by a line end" }),
        }
        let at = lexer.at();
        Ok(Indirect { id, body: Body::Stream(StreamBody { dict, at, odd_start }), start, end: at })
    })
}
