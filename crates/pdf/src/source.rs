//! Reading by position.

use std::io::{Read, Seek, SeekFrom};

use crate::error::PdfError;

/// Bytes read at once where little is asked for.
const BLOCK: usize = 8 << 10;

/// Bytes by position, of a known length.
pub trait Bytes {
    /// Length in bytes.
    fn len(&self) -> u64;

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Up to `len` bytes from `at` on; fewer only where the bytes end.
    ///
    /// # Errors
    /// [`PdfError::Io`].
    fn read(&mut self, at: u64, len: usize) -> Result<Vec<u8>, PdfError>;
}

/// A reader with a window over what was read last: objects that stand together are read together.
#[derive(Debug)]
pub struct Source<R> {
    inner: R,
    len: u64,
    window: Vec<u8>,
    window_at: u64,
    left: u64,
}

/// Bytes that may be read per byte of the file, so that a small file cannot make its reader work for hours.
const READINGS: u64 = 64;
/// Bytes that may be read of any file.
const READ_FREELY: u64 = 256 << 20;

impl<R: Read + Seek> Source<R> {
    /// Finds out how long the input is.
    ///
    /// # Errors
    /// [`PdfError::Io`].
    pub fn new(mut inner: R) -> Result<Self, PdfError> {
        let len = inner.seek(SeekFrom::End(0)).map_err(|source| PdfError::Io { at: 0, source })?;
        let left = len.saturating_mul(READINGS).saturating_add(READ_FREELY);
        Ok(Self { inner, len, window: Vec::new(), window_at: 0, left })
    }

    /// Gives the reader back.
    pub fn into_inner(self) -> R {
        self.inner
    }

    fn fetch(&mut self, at: u64, len: usize) -> Result<Vec<u8>, PdfError> {
        let io = |source| PdfError::Io { at, source };
        self.inner.seek(SeekFrom::Start(at)).map_err(io)?;
        let mut out = Vec::new();
        self.inner.by_ref().take(len as u64).read_to_end(&mut out).map_err(io)?;
        Ok(out)
    }
}

impl<R: Read + Seek> Bytes for Source<R> {
    fn len(&self) -> u64 {
        self.len
    }

    fn read(&mut self, at: u64, len: usize) -> Result<Vec<u8>, PdfError> {
        let left = usize::try_from(self.len.saturating_sub(at)).unwrap_or(usize::MAX);
        let len = len.min(left);
        self.left = self.left.checked_sub(len as u64).ok_or(PdfError::Limit {
            at,
            what: "bytes read in all",
            limit: self.len.saturating_mul(READINGS).saturating_add(READ_FREELY),
        })?;
        if len > BLOCK {
            return self.fetch(at, len);
        }
        let inside = |window: &[u8], from: u64| {
            let start = usize::try_from(at.checked_sub(from)?).ok()?;
            window.get(start..start.checked_add(len)?).map(<[u8]>::to_vec)
        };
        if let Some(found) = inside(&self.window, self.window_at) {
            return Ok(found);
        }
        self.window = self.fetch(at, BLOCK.saturating_mul(2))?;
        self.window_at = at;
        // Shorter only where somebody shortened the file meanwhile.
        Ok(inside(&self.window, at).unwrap_or_default())
    }
}

impl Bytes for &[u8] {
    fn len(&self) -> u64 {
        <[u8]>::len(self) as u64
    }

    fn read(&mut self, at: u64, len: usize) -> Result<Vec<u8>, PdfError> {
        let start = usize::try_from(at).unwrap_or(usize::MAX).min(<[u8]>::len(self));
        let end = start.saturating_add(len).min(<[u8]>::len(self));
        Ok(self.get(start..end).unwrap_or_default().to_vec())
    }
}

/// Tells what lies in a range, piece by piece.
///
/// # Errors
/// Reading errors; [`PdfError::End`] where the range leaves the file.
pub(crate) fn pieces(
    bytes: &mut dyn Bytes,
    from: u64,
    to: u64,
    each: &mut dyn FnMut(u64, &[u8]),
) -> Result<(), PdfError> {
    const PIECE: usize = 256 << 10;
    let mut at = from;
    while at < to {
        let want = usize::try_from(to.saturating_sub(at)).unwrap_or(usize::MAX).min(PIECE);
        let piece = bytes.read(at, want)?;
        if piece.is_empty() {
            return Err(PdfError::End { at, what: "a range" });
        }
        each(at, &piece);
        at = at.saturating_add(piece.len() as u64);
    }
    Ok(())
}
