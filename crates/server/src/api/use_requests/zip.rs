//! The ZIP that downloads are: entries stored as they are, so that each can be made while the one before is on its way.

/// 1980-01-01, the first day the layout knows: when things happened stands in what is packed.
const DATE: u16 = 0x21;

/// A ZIP in the making.
#[derive(Debug, Default)]
pub(super) struct Zip {
    directory: Vec<u8>,
    offset: u32,
    entries: u16,
}

impl Zip {
    /// An entry, whole.
    pub fn entry(&mut self, name: &str, content: &[u8]) -> Vec<u8> {
        let mut common = Vec::new();
        // Version 2.0, names in UTF-8, stored as they are.
        for word in [20u16, 0x0800, 0, 0, DATE] {
            common.extend(word.to_le_bytes());
        }
        let size = u32::try_from(content.len()).unwrap_or(u32::MAX);
        for word in [crc32fast::hash(content), size, size] {
            common.extend(word.to_le_bytes());
        }
        common.extend(u16::try_from(name.len()).unwrap_or(u16::MAX).to_le_bytes());
        common.extend(0u16.to_le_bytes());
        let mut piece = b"PK\x03\x04".to_vec();
        piece.extend(&common);
        piece.extend(name.as_bytes());
        piece.extend(content);
        self.directory.extend(b"PK\x01\x02\x14\x00");
        self.directory.extend(&common);
        self.directory.extend([0; 10]);
        self.directory.extend(self.offset.to_le_bytes());
        self.directory.extend(name.as_bytes());
        self.offset = self.offset.saturating_add(u32::try_from(piece.len()).unwrap_or(u32::MAX));
        self.entries = self.entries.saturating_add(1);
        piece
    }

    /// What stands behind the last entry.
    pub fn end(&mut self) -> Vec<u8> {
        let mut piece = std::mem::take(&mut self.directory);
        let length = u32::try_from(piece.len()).unwrap_or(u32::MAX);
        piece.extend(b"PK\x05\x06\0\0\0\0");
        piece.extend(self.entries.to_le_bytes());
        piece.extend(self.entries.to_le_bytes());
        piece.extend(length.to_le_bytes());
        piece.extend(self.offset.to_le_bytes());
        piece.extend(0u16.to_le_bytes());
        piece
    }
}
