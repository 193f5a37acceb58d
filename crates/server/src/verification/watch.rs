//! A verification cannot be stopped from outside. So what it reads stops coming when its time is over, or when nobody waits for it.

use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How long a verification may go on.
#[derive(Debug)]
pub(super) struct Watch {
    end: Instant,
    left: AtomicBool,
    stopped: AtomicBool,
}

impl Watch {
    pub(super) fn new(time: Duration) -> Arc<Self> {
        let end = Instant::now() + time;
        Arc::new(Self { end, left: AtomicBool::new(false), stopped: AtomicBool::new(false) })
    }

    /// When the time is over.
    pub(super) fn end(&self) -> Instant {
        self.end
    }

    /// Whether something was not read: then what came of it says nothing.
    pub(super) fn stopped(&self) -> bool {
        self.stopped.load(Ordering::Acquire)
    }

    fn over(&self) -> bool {
        self.left.load(Ordering::Acquire) || Instant::now() >= self.end
    }
}

/// Whoever waits for a verification; dropped when the client goes away.
#[derive(Debug)]
pub(super) struct Waiting(pub(super) Arc<Watch>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.left.store(true, Ordering::Release);
    }
}

/// A document that can be read as long as the watch goes on.
#[derive(Debug)]
pub(super) struct Watched<'a, R> {
    document: R,
    watch: &'a Watch,
}

impl<'a, R> Watched<'a, R> {
    pub(super) fn new(document: R, watch: &'a Watch) -> Self {
        Self { document, watch }
    }

    fn check(&self) -> io::Result<()> {
        if self.watch.over() {
            self.watch.stopped.store(true, Ordering::Release);
            return Err(io::ErrorKind::TimedOut.into());
        }
        Ok(())
    }
}

impl<R: Read> Read for Watched<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.check()?;
        self.document.read(buffer)
    }
}

impl<R: Seek> Seek for Watched<'_, R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.check()?;
        self.document.seek(to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_read_when_the_time_is_over_or_nobody_waits() {
        let file = tempfile::tempfile().unwrap();
        let mut buffer = [0; 4];
        let long = Watch::new(Duration::from_secs(60));
        let waiting = Waiting(Arc::clone(&long));
        assert_eq!(Watched::new(&file, &long).read(&mut buffer).unwrap(), 0);
        assert!(!long.stopped());
        drop(waiting);
        assert!(Watched::new(&file, &long).read(&mut buffer).is_err());
        assert!(long.stopped());
        let short = Watch::new(Duration::ZERO);
        assert!(!short.stopped());
        assert!(Watched::new(&file, &short).seek(SeekFrom::Start(0)).is_err());
        assert!(short.stopped());
    }
}
