//! A zip writer that can be told to lie.

use std::io::Write;

use flate2::Compression;
use flate2::write::DeflateEncoder;

/// One entry. What is `None` is told truthfully.
#[derive(Debug, Clone, Default)]
pub struct Item {
    /// Name in the directory.
    pub name: Vec<u8>,
    /// Name in the local header.
    pub local_name: Option<Vec<u8>>,
    /// Uncompressed content.
    pub content: Vec<u8>,
    /// Compressed by deflate.
    pub deflate: bool,
    /// Method told in the local header.
    pub local_method: Option<u16>,
    /// CRC told in both places.
    pub crc: Option<u32>,
    /// CRC told in the local header.
    pub local_crc: Option<u32>,
    /// Size told in both places.
    pub size: Option<u32>,
    /// Size told in the local header.
    pub local_size: Option<u32>,
    /// Sizes follow the data (with signature).
    pub descriptor: bool,
    /// Left out of the directory.
    pub hidden: bool,
    /// Bytes before the local header.
    pub before: Vec<u8>,
    /// Position told in the directory.
    pub offset: Option<u32>,
    /// Unix mode in the upper half.
    pub external: u32,
}

/// A stored entry.
pub fn item(name: &str, content: &[u8]) -> Item {
    Item { name: name.as_bytes().to_vec(), content: content.to_vec(), ..Item::default() }
}

impl Item {
    /// Changes something.
    #[must_use]
    pub fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }
}

/// A package.
#[derive(Debug, Clone, Default)]
pub struct Zip {
    /// Bytes before the first header.
    pub prefix: Vec<u8>,
    /// The entries.
    pub items: Vec<Item>,
    /// Bytes between the last entry and the directory.
    pub before_directory: Vec<u8>,
    /// Number of entries told at the end.
    pub count: Option<u16>,
    /// Archive comment.
    pub comment: Vec<u8>,
    /// Bytes after the end.
    pub trailing: Vec<u8>,
}

fn put(out: &mut Vec<u8>, halves: &[u16], words: &[u32]) {
    halves.iter().for_each(|v| out.extend_from_slice(&v.to_le_bytes()));
    words.iter().for_each(|v| out.extend_from_slice(&v.to_le_bytes()));
}

/// Raw deflate.
pub fn deflate(content: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

impl Zip {
    /// A truthful package of these entries.
    pub fn of(items: Vec<Item>) -> Self {
        Self { items, ..Self::default() }
    }

    /// Changes something.
    #[must_use]
    pub fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    /// The first entry of this name.
    ///
    /// # Panics
    /// Where there is none.
    pub fn item(&mut self, name: &str) -> &mut Item {
        self.items.iter_mut().find(|i| i.name == name.as_bytes()).unwrap()
    }

    /// Changes the content of one entry.
    #[must_use]
    pub fn edit(mut self, name: &str, change: impl FnOnce(&mut Vec<u8>)) -> Self {
        change(&mut self.item(name).content);
        self
    }

    /// Takes one entry out.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.items.retain(|i| i.name != name.as_bytes());
        self
    }

    /// Adds an entry.
    #[must_use]
    pub fn and(mut self, item: Item) -> Self {
        self.items.push(item);
        self
    }

    /// The bytes. Offsets count from the first header, as tools that prepend something leave them.
    pub fn build(&self) -> Vec<u8> {
        let mut out = self.prefix.clone();
        let base = self.prefix.len();
        let mut directory = Vec::new();
        let mut count = 0;
        for one in &self.items {
            out.extend_from_slice(&one.before);
            let offset = one.offset.unwrap_or((out.len() - base) as u32);
            let data = if one.deflate { deflate(&one.content) } else { one.content.clone() };
            let crc = one.crc.unwrap_or_else(|| crc32fast::hash(&one.content));
            let size = one.size.unwrap_or(one.content.len() as u32);
            let method = if one.deflate { 8 } else { 0 };
            let flags = if one.descriptor { 8 } else { 0 } | if one.name.is_ascii() { 0 } else { 0x800 };
            let told = |v: u32| if one.descriptor { 0 } else { v };
            let local_name = one.local_name.as_ref().unwrap_or(&one.name);
            put(&mut out, &[0x4b50, 0x0403, 20, flags, one.local_method.unwrap_or(method), 0, 33], &[]);
            let sizes = [told(data.len() as u32), told(one.local_size.unwrap_or(size))];
            put(&mut out, &[], &[told(one.local_crc.unwrap_or(crc)), sizes[0], sizes[1]]);
            put(&mut out, &[local_name.len() as u16, 0], &[]);
            out.extend_from_slice(local_name);
            out.extend_from_slice(&data);
            if one.descriptor {
                put(&mut out, &[], &[0x0807_4b50, crc, data.len() as u32, size]);
            }
            if one.hidden {
                continue;
            }
            count += 1;
            let made_by = if one.external == 0 { 20 } else { 3 << 8 | 20 };
            put(
                &mut directory,
                &[0x4b50, 0x0201, made_by, 20, flags, method, 0, 33],
                &[crc, data.len() as u32, size],
            );
            put(&mut directory, &[one.name.len() as u16, 0, 0, 0, 0], &[one.external, offset]);
            directory.extend_from_slice(&one.name);
        }
        out.extend_from_slice(&self.before_directory);
        let at = (out.len() - base) as u32;
        let length = directory.len() as u32;
        out.extend(directory);
        let count = self.count.unwrap_or(count);
        put(&mut out, &[0x4b50, 0x0605, 0, 0, count, count], &[length, at]);
        put(&mut out, &[self.comment.len() as u16], &[]);
        out.extend_from_slice(&self.comment);
        out.extend_from_slice(&self.trailing);
        out
    }
}
