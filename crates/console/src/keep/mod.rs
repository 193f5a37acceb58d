//! Documents that somebody looks at right now: kept for a quarter of an hour under a name nobody can guess, so that their pages can be
//! drawn when they are looked at. Everything is bounded; the oldest goes first. Nothing survives a restart.

mod arrive;
mod typed;

pub use arrive::{Arrivals, Arrived, Brought, beginning};
pub use typed::TypedForms;

use crate::api::shapes::{Edge, Verification};
use crate::frame::{Fault, once};
use axum::body::Bytes;
use std::collections::{BTreeMap, HashMap};
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};
use tempfile::{NamedTempFile, TempPath};

/// How long.
const TIME: Duration = Duration::from_secs(15 * 60);
/// How many.
const MOST: usize = 256;
/// How many bytes of documents.
const MOST_BYTES: u64 = 2 << 30;
/// Bytes of drawn pages kept with one document.
const MOST_PICTURES: usize = 24 << 20;
/// Files of ours in the folder begin so.
const PREFIX: &str = "console-";

/// A document whose pages can be drawn.
#[derive(Debug)]
pub struct Document {
    /// Where it lies; removed with this value.
    pub path: TempPath,
    /// Its bytes.
    pub size: u64,
    /// How many pages it has.
    pub pages: usize,
    pictures: Mutex<BTreeMap<usize, Bytes>>,
}

impl Document {
    /// A document that lies there.
    pub fn new(path: TempPath, size: u64, pages: usize) -> Self {
        Self { path, size, pages, pictures: Mutex::default() }
    }

    /// A page drawn before.
    pub fn picture(&self, page: usize) -> Option<Bytes> {
        locked(&self.pictures).get(&page).cloned()
    }

    /// Keeps a drawn page while there is room.
    pub fn add_picture(&self, page: usize, picture: &Bytes) {
        let mut pictures = locked(&self.pictures);
        let used: usize = pictures.values().map(Bytes::len).sum();
        if used.saturating_add(picture.len()) <= MOST_PICTURES {
            pictures.insert(page, picture.clone());
        }
    }
}

/// A seal that is about to be put on a document: its picture at its true size, and where.
#[derive(Debug, Clone)]
pub struct Stamp {
    /// PNG, JPEG or bitmap.
    pub picture: Arc<Vec<u8>>,
    /// Width and height in mm.
    pub size_mm: (f64, f64),
    /// First page, from 1.
    pub first: usize,
    /// Last page.
    pub last: usize,
    /// Where on these pages.
    pub place: StampPlace,
}

/// Where a seal stands on its pages; lengths in mm to its middle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum StampPlace {
    /// From the left and from the top.
    At(f64, f64),
    /// Cut over this edge, so far along it.
    Over(Edge, f64),
}

/// What is kept under one name.
#[derive(Debug)]
pub struct Kept {
    /// Name of the file as it came.
    pub name: String,
    /// What came of its verification.
    pub verification: Option<Verification>,
    /// The document, where it may be shown.
    pub document: Option<Document>,
    /// Seals to be shown on it.
    pub stamps: Vec<Stamp>,
    /// Whose it is; others do not get it even if they know its name. `None`: whoever knows the name.
    pub owner: Option<String>,
    /// What it is of, so that its owner finds it again without its name; empty: he does not.
    pub of: String,
}

struct Slot {
    until: Instant,
    kept: Arc<Kept>,
}

/// The place.
pub struct Keep {
    folder: PathBuf,
    ready: OnceLock<bool>,
    slots: Mutex<HashMap<String, Slot>>,
    /// Documents that are arriving.
    pub arrivals: Arrivals,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Keep {
    /// In this folder.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder, ready: OnceLock::new(), slots: Mutex::default(), arrivals: Arrivals::default() }
    }

    /// A new empty file. The first time the folder is made, and what a killed process left in it is removed.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn file(&self) -> Result<NamedTempFile, Fault> {
        let usable = *self.ready.get_or_init(|| self.prepare().is_ok());
        let made = || tempfile::Builder::new().prefix(PREFIX).tempfile_in(&self.folder);
        if !usable {
            return Err(Fault::Internal);
        }
        made().map_err(|error| {
            tracing::error!(%error, "a document cannot be kept");
            Fault::Internal
        })
    }

    /// Puts bytes into a file of their own; with their number.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub async fn lay(&self, bytes: Bytes) -> Result<(TempPath, u64), Fault> {
        let (mut file, path) = self.file()?.into_parts();
        let size = bytes.len() as u64;
        let written =
            tokio::task::spawn_blocking(move || file.write_all(&bytes).and_then(|()| file.flush())).await;
        match written {
            Ok(Ok(())) => Ok((path, size)),
            _ => Err(Fault::Internal),
        }
    }

    fn prepare(&self) -> std::io::Result<()> {
        std::fs::create_dir_all(&self.folder)?;
        for entry in std::fs::read_dir(&self.folder)?.flatten() {
            if entry.file_name().to_string_lossy().starts_with(PREFIX) {
                std::fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    /// Keeps something; gives its name.
    ///
    /// # Errors
    /// The system has no randomness.
    pub fn put(&self, kept: Kept) -> Result<String, Fault> {
        let name = once()?;
        let mut slots = locked(&self.slots);
        let now = Instant::now();
        slots.retain(|_, slot| slot.until > now);
        let new = kept.document.as_ref().map_or(0, |document| document.size);
        loop {
            let used: u64 =
                slots.values().filter_map(|slot| slot.kept.document.as_ref()).map(|d| d.size).sum();
            if slots.len() < MOST && used.saturating_add(new) <= MOST_BYTES {
                break;
            }
            let oldest = slots.iter().min_by_key(|(_, slot)| slot.until).map(|(name, _)| name.clone());
            match oldest {
                Some(oldest) => slots.remove(&oldest),
                None => break,
            };
        }
        slots.insert(name.clone(), Slot { until: now + TIME, kept: Arc::new(kept) });
        Ok(name)
    }

    /// What is kept under this name for this person.
    ///
    /// # Errors
    /// [`Fault::Gone`]: nothing, or nothing of his.
    pub fn get(&self, name: &str, who: Option<&str>) -> Result<Arc<Kept>, Fault> {
        let mut slots = locked(&self.slots);
        let now = Instant::now();
        slots.retain(|_, slot| slot.until > now);
        let kept = slots.get(name).map(|slot| Arc::clone(&slot.kept)).ok_or(Fault::Gone)?;
        match (&kept.owner, who) {
            (Some(owner), Some(who)) if owner == who => Ok(kept),
            (None, _) => Ok(kept),
            _ => Err(Fault::Gone),
        }
    }

    /// What this person looked at a moment ago, by what it is of: it stays for another while.
    pub fn again(&self, of: &str, who: &str) -> Option<(String, Arc<Kept>)> {
        let now = Instant::now();
        let mut slots = locked(&self.slots);
        let (name, slot) = slots.iter_mut().find(|(_, slot)| {
            slot.until > now && slot.kept.of == of && slot.kept.owner.as_deref() == Some(who)
        })?;
        slot.until = now + TIME;
        Some((name.clone(), Arc::clone(&slot.kept)))
    }

    /// Forgets it.
    pub fn forget(&self, name: &str) {
        locked(&self.slots).remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(owner: Option<&str>) -> Kept {
        Kept {
            name: String::new(),
            verification: None,
            document: None,
            stamps: Vec::new(),
            owner: owner.map(str::to_owned),
            of: String::new(),
        }
    }

    #[test]
    fn what_somebody_looked_at_is_found_again_by_him_alone() {
        let folder = tempfile::tempdir().unwrap();
        let keep = Keep::new(folder.path().to_owned());
        let name = keep.put(Kept { of: "item_a 00".to_owned(), ..kept(Some("acct_a")) }).unwrap();
        keep.put(kept(Some("acct_b"))).unwrap();
        assert_eq!(keep.again("item_a 00", "acct_a").unwrap().0, name);
        assert!(keep.again("item_a 00", "acct_b").is_none() && keep.again("item_a 01", "acct_a").is_none());
    }

    #[test]
    fn only_the_owner_gets_what_has_one() {
        let folder = tempfile::tempdir().unwrap();
        let keep = Keep::new(folder.path().to_owned());
        let (open, owned) = (keep.put(kept(None)).unwrap(), keep.put(kept(Some("acct_a"))).unwrap());
        assert!(keep.get(&open, None).is_ok());
        assert!(keep.get(&owned, Some("acct_a")).is_ok());
        assert!(matches!(keep.get(&owned, None), Err(Fault::Gone)));
        assert!(matches!(keep.get(&owned, Some("acct_b")), Err(Fault::Gone)));
        keep.forget(&open);
        assert!(matches!(keep.get(&open, None), Err(Fault::Gone)));
    }

    #[test]
    fn the_oldest_goes_when_there_is_no_more_room_and_files_go_with_it() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("console-left"), b"of a killed process").unwrap();
        let keep = Keep::new(folder.path().to_owned());
        let path = keep.file().unwrap().into_temp_path();
        assert!(!folder.path().join("console-left").exists());
        let (file, document) = (path.to_path_buf(), Document::new(path, 1, 1));
        let first = keep.put(Kept { document: Some(document), ..kept(None) }).unwrap();
        for _ in 1..MOST {
            keep.put(kept(None)).unwrap();
        }
        assert!(keep.get(&first, None).is_ok() && file.exists());
        keep.put(kept(None)).unwrap();
        assert!(keep.get(&first, None).is_err() && !file.exists());
    }
}
