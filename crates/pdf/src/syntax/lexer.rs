//! Tokens and direct objects.

use super::object::{Dict, Object, Ref, Str};
use crate::error::PdfError;
use crate::limits::Limits;

/// White space (ISO 32000-1 table 1).
pub(crate) fn is_white(b: u8) -> bool {
    matches!(b, 0 | 9 | 10 | 12 | 13 | 32)
}

fn is_delimiter(b: u8) -> bool {
    matches!(b, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

fn is_regular(b: u8) -> bool {
    !is_white(b) && !is_delimiter(b)
}

fn hex_digit(b: u8) -> Option<u8> {
    match b {
        b'0'..=b'9' => Some(b.wrapping_sub(b'0')),
        b'a'..=b'f' => Some(b.wrapping_sub(b'a').wrapping_add(10)),
        b'A'..=b'F' => Some(b.wrapping_sub(b'A').wrapping_add(10)),
        _ => None,
    }
}

/// Reads objects from a piece of the file.
pub(crate) struct Lexer<'a> {
    data: &'a [u8],
    pos: usize,
    base: u64,
    touched_end: bool,
    values_left: usize,
    max_depth: usize,
    max_values: usize,
}

impl<'a> Lexer<'a> {
    pub fn new(data: &'a [u8], base: u64, limits: &Limits) -> Self {
        Self {
            data,
            pos: 0,
            base,
            touched_end: false,
            values_left: limits.max_values,
            max_depth: limits.max_depth,
            max_values: limits.max_values,
        }
    }

    /// Position in the file.
    pub fn at(&self) -> u64 {
        self.base.saturating_add(self.pos as u64)
    }

    /// Position in the piece.
    pub fn offset(&self) -> usize {
        self.pos
    }

    /// Goes to a position in the piece.
    pub fn go_to(&mut self, pos: usize) {
        self.pos = pos.min(self.data.len());
    }

    /// Whether anything wanted to look beyond the end of the piece.
    pub fn touched_end(&self) -> bool {
        self.touched_end
    }

    fn syntax<T>(&self, what: &'static str) -> Result<T, PdfError> {
        Err(PdfError::Syntax { at: self.at(), what })
    }

    fn end<T>(&self, what: &'static str) -> Result<T, PdfError> {
        Err(PdfError::End { at: self.at(), what })
    }

    pub fn peek(&mut self) -> Option<u8> {
        let b = self.data.get(self.pos).copied();
        self.touched_end |= b.is_none();
        b
    }

    fn peek_second(&mut self) -> Option<u8> {
        let b = self.data.get(self.pos.saturating_add(1)).copied();
        self.touched_end |= b.is_none();
        b
    }

    pub fn next(&mut self) -> Option<u8> {
        let b = self.peek()?;
        self.pos = self.pos.saturating_add(1);
        Some(b)
    }

    /// Passes white space and comments.
    pub fn skip_white(&mut self) {
        while let Some(b) = self.peek() {
            if is_white(b) {
                self.pos = self.pos.saturating_add(1);
            } else if b == b'%' {
                while self.peek().is_some_and(|b| b != b'\r' && b != b'\n') {
                    self.pos = self.pos.saturating_add(1);
                }
            } else {
                return;
            }
        }
    }

    fn regular(&mut self) -> &'a [u8] {
        let start = self.pos;
        while self.peek().is_some_and(is_regular) {
            self.pos = self.pos.saturating_add(1);
        }
        self.data.get(start..self.pos).unwrap_or_default()
    }

    /// A keyword, if it stands here.
    pub fn keyword(&mut self, word: &str) -> bool {
        let start = self.pos;
        self.skip_white();
        if self.regular() == word.as_bytes() {
            return true;
        }
        self.pos = start;
        false
    }

    /// A whole number without sign.
    pub fn unsigned(&mut self, what: &'static str) -> Result<u64, PdfError> {
        self.skip_white();
        let at = self.at();
        let word = self.regular();
        if word.is_empty() && self.peek().is_none() {
            return self.end(what);
        }
        let digits = !word.is_empty() && word.iter().all(u8::is_ascii_digit);
        let number = digits.then(|| std::str::from_utf8(word).ok()?.parse().ok()).flatten();
        number.ok_or(PdfError::Syntax { at, what })
    }

    /// An object.
    pub fn object(&mut self) -> Result<Object, PdfError> {
        self.value(0)
    }

    fn value(&mut self, depth: usize) -> Result<Object, PdfError> {
        self.skip_white();
        if depth > self.max_depth {
            let limit = self.max_depth as u64;
            return Err(PdfError::Limit { at: self.at(), what: "depth of nesting", limit });
        }
        let Some(left) = self.values_left.checked_sub(1) else {
            let limit = self.max_values as u64;
            return Err(PdfError::Limit { at: self.at(), what: "number of values", limit });
        };
        self.values_left = left;
        let Some(first) = self.peek() else { return self.end("an object") };
        match first {
            b'/' => self.name().map(|(n, _)| Object::Name(n)),
            b'(' => self.literal().map(Object::Str),
            b'<' if self.peek_second() == Some(b'<') => self.dict(depth).map(Object::Dict),
            b'<' => self.hex().map(Object::Str),
            b'[' => self.array(depth),
            b'0'..=b'9' | b'+' | b'-' | b'.' => self.number(),
            _ => {
                let at = self.at();
                match self.regular() {
                    b"true" => Ok(Object::Bool(true)),
                    b"false" => Ok(Object::Bool(false)),
                    b"null" => Ok(Object::Null),
                    _ => Err(PdfError::Syntax { at, what: "no object begins like this" }),
                }
            }
        }
    }

    /// A number, or a reference where `G R` follows.
    fn number(&mut self) -> Result<Object, PdfError> {
        let at = self.at();
        let word = self.regular();
        let bad = PdfError::Syntax { at, what: "malformed number" };
        let digits = word.strip_prefix(b"-").or_else(|| word.strip_prefix(b"+")).unwrap_or(word);
        if digits.iter().all(u8::is_ascii_digit) && !digits.is_empty() {
            let text = std::str::from_utf8(word).unwrap_or_default();
            let n: i64 = text.parse().map_err(|_| bad)?;
            if digits.len() == word.len()
                && let Ok(number) = u32::try_from(n)
                && let Some(generation) = self.reference_tail()
            {
                return Ok(Object::Ref(Ref { number, generation }));
            }
            return Ok(Object::Int(n));
        }
        let dots = digits.iter().filter(|b| **b == b'.').count();
        let figures = digits.iter().filter(|b| b.is_ascii_digit()).count();
        if dots == 1 && figures > 0 && dots.saturating_add(figures) == digits.len() {
            return Ok(Object::Real(word.to_vec()));
        }
        Err(bad)
    }

    /// `G R` after a number; stays where it is if that does not follow.
    fn reference_tail(&mut self) -> Option<u16> {
        let start = self.pos;
        let found = (|| {
            if !self.peek().is_some_and(is_white) {
                return None;
            }
            self.skip_white();
            let word = self.regular();
            if word.is_empty() || word.len() > 5 || !word.iter().all(u8::is_ascii_digit) {
                return None;
            }
            let generation = std::str::from_utf8(word).ok()?.parse().ok()?;
            self.peek().filter(|b| is_white(*b))?;
            self.skip_white();
            (self.regular() == b"R").then_some(generation)
        })();
        if found.is_none() {
            self.pos = start;
        }
        found
    }

    /// A name with escapes resolved, and whether an escape hides a character that needs none.
    fn name(&mut self) -> Result<(Vec<u8>, bool), PdfError> {
        self.next();
        let mut out = Vec::new();
        let mut disguised = false;
        while let Some(b) = self.peek().filter(|b| is_regular(*b)) {
            self.pos = self.pos.saturating_add(1);
            if b != b'#' {
                out.push(b);
                continue;
            }
            let high = self.next().and_then(hex_digit);
            let low = self.next().and_then(hex_digit);
            let (Some(high), Some(low)) = (high, low) else {
                return self.syntax("malformed escape in a name");
            };
            let c = (high << 4) | low;
            if c == 0 {
                return self.syntax("a name holds a zero byte");
            }
            disguised |= c.is_ascii_alphanumeric();
            out.push(c);
        }
        Ok((out, disguised))
    }

    fn array(&mut self, depth: usize) -> Result<Object, PdfError> {
        self.next();
        let mut out = Vec::new();
        loop {
            self.skip_white();
            match self.peek() {
                None => return self.end("an array"),
                Some(b']') => {
                    self.next();
                    return Ok(Object::Array(out));
                }
                Some(_) => out.push(self.value(depth.saturating_add(1))?),
            }
        }
    }

    fn dict(&mut self, depth: usize) -> Result<Dict, PdfError> {
        self.pos = self.pos.saturating_add(2);
        let mut out = Dict::default();
        let mut known = std::collections::HashSet::new();
        loop {
            self.skip_white();
            match self.peek() {
                None => return self.end("a dictionary"),
                Some(b'>') => {
                    self.next();
                    match self.next() {
                        Some(b'>') => return Ok(out),
                        None => return self.end("a dictionary"),
                        Some(_) => return self.syntax("a dictionary ends with >>"),
                    }
                }
                Some(b'/') => {
                    let (key, disguised) = self.name()?;
                    let value = self.value(depth.saturating_add(1))?;
                    if disguised {
                        out.disguised = Some(key.clone());
                    }
                    if known.insert(key.clone()) {
                        out.entries.push((key, value));
                    } else {
                        out.repeated = Some(key);
                    }
                }
                Some(_) => return self.syntax("a key of a dictionary is a name"),
            }
        }
    }

    fn hex(&mut self) -> Result<Str, PdfError> {
        let start = self.at();
        self.next();
        let mut bytes = Vec::new();
        let mut half: Option<u8> = None;
        let mut plain = true;
        loop {
            match self.next() {
                None => return self.end("a string"),
                Some(b'>') => break,
                Some(b) if is_white(b) => plain = false,
                Some(b) => {
                    let Some(digit) = hex_digit(b) else {
                        return self.syntax("no hexadecimal digit");
                    };
                    half = match half {
                        None => Some(digit),
                        Some(high) => {
                            bytes.push((high << 4) | digit);
                            None
                        }
                    };
                }
            }
        }
        if let Some(high) = half {
            bytes.push(high << 4);
            plain = false;
        }
        Ok(Str { bytes, start, end: self.at(), hex: true, plain_hex: plain })
    }

    fn literal(&mut self) -> Result<Str, PdfError> {
        let start = self.at();
        self.next();
        let mut bytes = Vec::new();
        let mut open = 1usize;
        loop {
            let Some(b) = self.next() else { return self.end("a string") };
            match b {
                b'(' => open = open.saturating_add(1),
                b')' => {
                    open = open.saturating_sub(1);
                    if open == 0 {
                        break;
                    }
                }
                b'\r' => {
                    if self.peek() == Some(b'\n') {
                        self.next();
                    }
                    bytes.push(b'\n');
                    continue;
                }
                b'\\' => {
                    let Some(e) = self.next() else { return self.end("a string") };
                    self.escape(e, &mut bytes);
                    continue;
                }
                _ => {}
            }
            bytes.push(b);
        }
        Ok(Str { bytes, start, end: self.at(), hex: false, plain_hex: false })
    }

    fn escape(&mut self, e: u8, bytes: &mut Vec<u8>) {
        match e {
            b'n' => bytes.push(b'\n'),
            b'r' => bytes.push(b'\r'),
            b't' => bytes.push(b'\t'),
            b'b' => bytes.push(8),
            b'f' => bytes.push(12),
            b'\n' => {}
            b'\r' => {
                if self.peek() == Some(b'\n') {
                    self.next();
                }
            }
            b'0'..=b'7' => {
                let mut value = u32::from(e.wrapping_sub(b'0'));
                for _ in 0..2 {
                    match self.peek() {
                        Some(d @ b'0'..=b'7') => {
                            self.next();
                            value = (value << 3) | u32::from(d.wrapping_sub(b'0'));
                        }
                        _ => break,
                    }
                }
                bytes.push((value & 0xff) as u8);
            }
            other => bytes.push(other),
        }
    }
}
