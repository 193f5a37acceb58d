//! Progress on large files, for people who watch a terminal.

use std::fs::File;
use std::io::{IsTerminal, Read, Result, Seek, SeekFrom};

use indicatif::{ProgressBar, ProgressStyle};

/// Smaller files are done before a bar could be read, in bytes.
const LARGE: u64 = 20 << 20;

/// A bar for work on `size` bytes; `None` where nobody would see it or need it.
pub fn bar(size: u64) -> Option<ProgressBar> {
    if size <= LARGE || !std::io::stderr().is_terminal() {
        return None;
    }
    let bar = ProgressBar::new(size);
    if let Ok(style) = ProgressStyle::with_template("{wide_bar} {bytes}/{total_bytes} {eta}") {
        bar.set_style(style);
    }
    Some(bar)
}

/// A file whose reading moves a bar.
#[derive(Debug)]
pub struct Watched {
    file: File,
    bar: Option<ProgressBar>,
}

impl Watched {
    /// Watches the file if it is large and somebody looks.
    pub fn new(file: File) -> Self {
        let size = file.metadata().map(|m| m.len()).unwrap_or(0);
        Self { file, bar: bar(size) }
    }
}

impl Read for Watched {
    fn read(&mut self, buf: &mut [u8]) -> Result<usize> {
        let n = self.file.read(buf)?;
        if let Some(bar) = &self.bar {
            bar.inc(n as u64);
        }
        Ok(n)
    }
}

impl Seek for Watched {
    fn seek(&mut self, pos: SeekFrom) -> Result<u64> {
        self.file.seek(pos)
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
