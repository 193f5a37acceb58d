use std::io::{Read, Seek, SeekFrom};

use crate::error::OfdError;

/// Metadata reads come from one window, so that a small package costs one read call and a large one stays cheap.
pub(crate) const WINDOW: usize = 64 * 1024;

/// Random access to the package with one reusable window.
#[derive(Debug)]
pub(crate) struct Source<R> {
    inner: R,
    len: u64,
    window: Vec<u8>,
    window_at: u64,
}

impl<R: Read + Seek> Source<R> {
    pub(crate) fn new(mut inner: R) -> Result<Self, OfdError> {
        let len = inner.seek(SeekFrom::End(0)).map_err(|source| OfdError::Io { at: 0, source })?;
        Ok(Self { inner, len, window: Vec::new(), window_at: 0 })
    }

    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    /// Exactly `len` bytes (at most [`WINDOW`]) at `at`.
    pub(crate) fn slice(&mut self, at: u64, len: usize) -> Result<&[u8], OfdError> {
        let available = self.slice_up_to(at, len)?;
        let found = available.len();
        match available.get(..len) {
            Some(slice) => Ok(slice),
            None => Err(OfdError::Truncated {
                at: at.saturating_add(found as u64),
                detail: format!("{len} bytes wanted from byte {at}, the file ends before"),
            }),
        }
    }

    /// At most `len` bytes at `at`; fewer only where the file ends.
    pub(crate) fn slice_up_to(&mut self, at: u64, len: usize) -> Result<&[u8], OfdError> {
        let len = len.min(WINDOW);
        let wanted_end = at.saturating_add(len as u64).min(self.len);
        let window_end = self.window_at.saturating_add(self.window.len() as u64);
        if at < self.window_at || wanted_end > window_end {
            self.fill(at)?;
        }
        let start = usize::try_from(at.saturating_sub(self.window_at)).unwrap_or(usize::MAX);
        let end = start.saturating_add(len).min(self.window.len());
        Ok(self.window.get(start..end).unwrap_or(&[]))
    }

    fn fill(&mut self, at: u64) -> Result<(), OfdError> {
        let size = self.len.saturating_sub(at).min(WINDOW as u64);
        let size = usize::try_from(size).unwrap_or(0);
        self.window.resize(size, 0);
        self.window_at = at;
        if size == 0 {
            return Ok(());
        }
        let outcome =
            self.inner.seek(SeekFrom::Start(at)).and_then(|_| self.inner.read_exact(&mut self.window));
        if let Err(source) = outcome {
            self.window.clear();
            return Err(OfdError::Io { at, source });
        }
        Ok(())
    }

    pub(crate) fn into_inner(self) -> R {
        self.inner
    }
}
