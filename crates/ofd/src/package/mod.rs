//! The zip structure of an OFD package, read by our own code.
//!
//! A zip file tells the same thing twice, in local headers and in the central directory. Attacks live in the difference,
//! so it is judged here and not left to a general archive reader. Nothing is ever extracted to disk.

use std::collections::HashMap;
use std::io::{Read, Seek};

use yinxin_crypto::{DigestMemory, Sm3};

use crate::anomaly::{Anomaly, Findings, Severity};
use crate::error::OfdError;
use crate::limits::Limits;
use crate::path::resolve;

pub(crate) mod bytes;
mod content;
pub(crate) mod directory;
mod entry;
mod gaps;
mod listing;
mod local;
mod names;
pub(crate) mod packed;
pub(crate) mod source;
pub(crate) mod writer;

pub use entry::Entry;

use content::Inflater;
use directory::Layout;
use source::Source;

/// An opened OFD package (OFD 文件包, GB/T 33190-2016 clause 6).
///
/// Opening succeeds for any readable zip, however odd; what is odd stands in [`Package::anomalies`].
pub struct Package<R> {
    source: Source<R>,
    limits: Limits,
    layout: Layout,
    directory: Vec<u8>,
    entries: Vec<Entry>,
    index: HashMap<String, usize>,
    findings: Findings,
    inflater: Inflater,
    digests: Vec<Option<[u8; 32]>>,
    cache: Cache,
}

/// Parts up to this size are kept once inflated: a signature's parts are read to be parsed and again to be hashed.
const CACHED_PART: u64 = 64 * 1024;
/// All kept parts together.
const CACHED_TOTAL: usize = 1 << 20;

/// Small parts already inflated and checked, by entry number.
#[derive(Default)]
struct Cache {
    parts: HashMap<usize, Vec<u8>>,
    bytes: usize,
}

impl Cache {
    fn keep(&mut self, number: usize, content: &[u8]) {
        let bytes = self.bytes.saturating_add(content.len());
        if content.len() as u64 <= CACHED_PART && bytes <= CACHED_TOTAL && self.parts.len() < 1024 {
            self.parts.insert(number, content.to_vec());
            self.bytes = bytes;
        }
    }
}

impl<R> std::fmt::Debug for Package<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Package")
            .field("entries", &self.entries.len())
            .field("anomalies", &self.findings.list().len())
            .finish_non_exhaustive()
    }
}

/// A location resolved to a part of the package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located {
    /// The path, also where no such part exists.
    pub path: String,
    /// Whether the package has it.
    pub exists: bool,
    /// Found only by counting a bare location from the package root instead of the file's folder.
    pub bare: bool,
    /// Both ways lead to a part; the folder of the file was taken.
    pub ambiguous: bool,
}

impl<R: Read + Seek> Package<R> {
    /// Opens a package and checks its structure; no content is inflated yet.
    ///
    /// # Errors
    /// [`OfdError::NotAPackage`], [`OfdError::Truncated`], [`OfdError::Limit`], [`OfdError::Io`].
    pub fn open(reader: R, limits: &Limits) -> Result<Self, OfdError> {
        let mut source = Source::new(reader)?;
        let mut findings = Findings::default();
        let layout = directory::locate(&mut source, limits, &mut findings)?;
        let directory = listing::read_directory(&mut source, &layout)?;
        let (mut entries, index) = listing::read_entries(&directory, &layout, limits, &mut findings)?;
        let mut order: Vec<usize> = (0..entries.len()).collect();
        order.sort_by_key(|at| entries.get(*at).map(|entry| entry.header_offset));
        for at in &order {
            if let Some(entry) = entries.get_mut(*at) {
                local::check(&mut source, entry, layout.directory_at, &mut findings)?;
            }
        }
        let known = |path: &str| index.contains_key(path);
        gaps::check(&mut source, &entries, &order, &layout, &known, &mut findings)?;
        let digests = vec![None; entries.len()];
        Ok(Self {
            source,
            limits: limits.clone(),
            layout,
            directory,
            entries,
            index,
            findings,
            inflater: Inflater::default(),
            digests,
            cache: Cache::default(),
        })
    }

    /// Every entry of the central directory, in its order, folders included.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Every part that is a file and can be named, in the order of the directory.
    pub fn parts(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| !entry.directory && !entry.path.starts_with('\0'))
    }

    /// What is odd about the package, in order of discovery.
    pub fn anomalies(&self) -> &[Anomaly] {
        self.findings.list()
    }

    /// The first finding after which no signature over this package can be called sound.
    pub fn fatal(&self) -> Option<&Anomaly> {
        self.findings.list().iter().find(|finding| finding.severity == Severity::Fatal)
    }

    /// The limits the package was opened with.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Size of the file in bytes.
    pub fn file_size(&self) -> u64 {
        self.source.len()
    }

    /// Whether a part of this normalized path exists.
    pub fn contains(&self, path: &str) -> bool {
        self.index.contains_key(path)
    }

    /// The entry of a normalized path.
    pub fn entry(&self, path: &str) -> Option<&Entry> {
        self.index.get(path).and_then(|at| self.entries.get(*at))
    }

    /// Resolves `loc`, written in the part `base`, to a part; bare locations from the root are tried second.
    ///
    /// # Errors
    /// As [`resolve`].
    pub fn locate(&self, base: &str, loc: &str) -> Result<Located, OfdError> {
        locate(base, loc, &|path| self.contains(path))
    }

    /// The whole content of a part, CRC checked.
    ///
    /// # Errors
    /// [`OfdError::NoSuchPart`], [`OfdError::Limit`] above `max_part_size`, and what reading may meet.
    pub fn read(&mut self, path: &str) -> Result<Vec<u8>, OfdError> {
        let (number, entry) = find(&self.index, &self.entries, path)?;
        if let Some(content) = self.cache.parts.get(&number) {
            return Ok(content.clone());
        }
        if entry.size > self.limits.max_part_size {
            return Err(OfdError::Limit {
                what: "the size of one part read into memory",
                found: entry.size,
                limit: self.limits.max_part_size,
            });
        }
        // The declared size is only a wish until the data prove it.
        let wish = usize::try_from(entry.size.min(1 << 20)).unwrap_or(0);
        let mut content = Vec::with_capacity(wish);
        let sink = &mut |piece: &[u8]| content.extend_from_slice(piece);
        content::stream(&mut self.source, entry, &mut self.inflater, &self.limits, sink)?;
        self.cache.keep(number, &content);
        Ok(content)
    }

    /// Hands the content of a part of any size to `sink` piece by piece.
    ///
    /// The CRC is known only at the end: what was handed out counts only if this returns `Ok`.
    ///
    /// # Errors
    /// [`OfdError::NoSuchPart`] and what reading may meet.
    pub fn stream(&mut self, path: &str, sink: &mut dyn FnMut(&[u8])) -> Result<(), OfdError> {
        let (_, entry) = find(&self.index, &self.entries, path)?;
        content::stream(&mut self.source, entry, &mut self.inflater, &self.limits, sink)
    }

    /// SM3 of a part's content; computed once per part and opened package.
    ///
    /// # Errors
    /// As [`Package::stream`].
    pub fn sm3(&mut self, path: &str) -> Result<[u8; 32], OfdError> {
        self.sm3_with(path, &DigestMemory::default())
    }

    /// The same for a part that may have been met before, in another document.
    ///
    /// # Errors
    /// As [`Package::stream`].
    pub fn sm3_with(&mut self, path: &str, met: &DigestMemory) -> Result<[u8; 32], OfdError> {
        let (number, entry) = find(&self.index, &self.entries, path)?;
        if let Some(Some(digest)) = self.digests.get(number) {
            return Ok(*digest);
        }
        let digest = if entry.size <= CACHED_PART.min(self.limits.max_part_size) {
            met.sm3(b"", &self.read(path)?)
        } else {
            self.sm3_afresh(path)?
        };
        if let Some(slot) = self.digests.get_mut(number) {
            *slot = Some(digest);
        }
        Ok(digest)
    }

    /// SM3 of a part's content, read again even where it is already known.
    ///
    /// # Errors
    /// As [`Package::stream`].
    pub fn sm3_afresh(&mut self, path: &str) -> Result<[u8; 32], OfdError> {
        let mut state = Sm3::new();
        self.stream(path, &mut |piece| state.update(piece))?;
        Ok(state.finalize())
    }

    /// Gives the reader back.
    pub fn into_inner(self) -> R {
        self.source.into_inner()
    }

    pub(crate) fn source(&mut self) -> &mut Source<R> {
        &mut self.source
    }

    /// The directory record of an entry, as stored.
    pub(crate) fn directory_record(&self, entry: &Entry) -> &[u8] {
        let (start, len) = entry.record;
        self.directory.get(start..start.saturating_add(len)).unwrap_or(&[])
    }

    /// Where the directory starts in the file.
    pub fn directory_offset(&self) -> u64 {
        self.layout.directory_at
    }
}

fn find<'a>(
    index: &HashMap<String, usize>,
    entries: &'a [Entry],
    path: &str,
) -> Result<(usize, &'a Entry), OfdError> {
    let number = index.get(path).copied();
    number
        .and_then(|number| Some((number, entries.get(number)?)))
        .ok_or_else(|| OfdError::NoSuchPart { path: path.to_owned() })
}

/// [`Package::locate`] over any set of parts.
pub(crate) fn locate(base: &str, loc: &str, contains: &dyn Fn(&str) -> bool) -> Result<Located, OfdError> {
    let path = resolve(base, loc)?;
    let exists = contains(&path);
    if loc.trim().starts_with('/') {
        return Ok(Located { path, exists, bare: false, ambiguous: false });
    }
    // A bare location that also leaves the root from its own folder is refused above; from the root it may not either.
    let from_root = resolve("/", loc).ok().filter(|other| *other != path && contains(other));
    Ok(match (exists, from_root) {
        (true, other) => Located { path, exists, bare: false, ambiguous: other.is_some() },
        (false, Some(other)) => Located { path: other, exists: true, bare: true, ambiguous: false },
        (false, None) => Located { path, exists: false, bare: false, ambiguous: false },
    })
}
