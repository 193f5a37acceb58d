//! Pictures of pages and seals, drawn beside the threads that answer, a few at a time.

mod draw;
mod fonts;
mod measure;
mod seal;
mod strip;

pub use draw::{Wanted, mark_of};
pub use fonts::add_system_fonts;
pub use measure::{Found, Sheets};
pub use seal::{InPdf, SealPicture, seal_size};
pub use strip::strip;

use crate::frame::Fault;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};
use std::time::Duration;
use tokio::sync::Semaphore;
use yinxin_render::{FontSet, OnPage};

/// Pages drawn at once.
const AT_ONCE: usize = 2;
/// Longest wait for a turn.
const PATIENCE: Duration = Duration::from_secs(20);

static FONTS: LazyLock<FontSet> = LazyLock::new(|| {
    let mut set = FontSet::new();
    add_system_fonts(&mut set);
    // The font is our own.
    let _ = set.add("builtin", yinxin_imprint::Font::builtin().data().to_vec());
    set
});

/// Draws pages.
#[derive(Debug)]
pub struct Painter {
    turns: Arc<Semaphore>,
}

impl Default for Painter {
    fn default() -> Self {
        Self { turns: Arc::new(Semaphore::new(AT_ONCE)) }
    }
}

impl Painter {
    /// How many pages a document has; `None` where it is none whose pages can be drawn.
    pub async fn count(&self, path: PathBuf) -> Option<usize> {
        self.work(move || draw::count(&path)).await.ok().flatten()
    }

    /// How many pages a document has, and the sizes of some of them; `first` from 1.
    pub async fn sheets(&self, path: PathBuf, first: usize, most: usize) -> Option<Sheets> {
        self.work(move || measure::sheets(&path, first, most)).await.ok().flatten()
    }

    /// Where a word stands; `None` where the document cannot be read.
    pub async fn find(&self, path: PathBuf, word: String) -> Option<Vec<Found>> {
        self.work(move || measure::find(&path, &word)).await.ok().flatten()
    }

    /// Where a word stands in a document: pages from 0 and middles in millimeters; the hit of that number, or every hit for 0. Empty where
    /// it is not there.
    ///
    /// # Errors
    /// [`Fault::Busy`].
    pub async fn hits(&self, path: PathBuf, word: String, hit: u32) -> Result<Vec<OnPage>, Fault> {
        self.work(move || draw::hits(&path, &word, hit)).await
    }

    /// What becomes of a seal's picture in a PDF, by the seal's data.
    ///
    /// # Errors
    /// [`Fault::Busy`].
    pub async fn in_pdf(&self, seal: Vec<u8>) -> Result<InPdf, Fault> {
        self.work(move || seal::in_pdf(&seal)).await
    }

    /// The picture of a seal as browsers show it, by the seal's data; `None` where it has none that can be shown.
    ///
    /// # Errors
    /// [`Fault::Busy`].
    pub async fn seal(&self, seal: Vec<u8>) -> Result<Option<SealPicture>, Fault> {
        self.work(move || seal::seal_picture(&seal)).await
    }

    /// A page as PNG.
    ///
    /// # Errors
    /// [`Fault::Busy`]; [`Fault::NotFound`] where there is no such page or it cannot be drawn.
    pub async fn page(&self, path: PathBuf, wanted: Wanted) -> Result<Vec<u8>, Fault> {
        self.work(move || draw::page(&path, &wanted)).await?.ok_or(Fault::NotFound)
    }

    /// Works where nobody else waits. The turn is given back when the work is done, whether or not anybody still waits for it.
    async fn work<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Fault> {
        let turn = tokio::time::timeout(PATIENCE, Arc::clone(&self.turns).acquire_owned()).await;
        let Ok(Ok(turn)) = turn else { return Err(Fault::Busy) };
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(turn);
            done
        });
        done.await.map_err(|error| {
            tracing::error!(%error, "a page could not be drawn");
            Fault::Internal
        })
    }
}
