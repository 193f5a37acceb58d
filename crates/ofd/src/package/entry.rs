/// One entry of the package, as the central directory lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Normalized path with a leading slash, e.g. `/Doc_0/Document.xml`.
    pub path: String,
    /// Name bytes as stored.
    pub raw_name: Vec<u8>,
    /// Uncompressed size in bytes.
    pub size: u64,
    /// Compressed size in bytes.
    pub compressed_size: u64,
    /// Method number of the zip format: 0 stored, 8 deflate.
    pub method: u16,
    /// General purpose flags of the central directory.
    pub flags: u16,
    /// CRC-32 of the content.
    pub crc: u32,
    /// Byte position of the local header in the file.
    pub header_offset: u64,
    /// Byte position of the data; 0 where the local header is unreadable.
    pub data_offset: u64,
    /// Byte position after the data and its descriptor.
    pub end_offset: u64,
    /// Whether the name ends with a slash.
    pub directory: bool,
    /// Why the entry cannot be read at all, where that is so.
    pub(crate) broken: Option<&'static str>,
    /// Where the record stands inside the central directory: start and length.
    pub(crate) record: (usize, usize),
}

impl Entry {
    /// Whether the entry is encrypted in any way the format knows.
    pub fn encrypted(&self) -> bool {
        // Bit 0: encrypted; bit 6: strong encryption; bit 13: header values masked.
        self.flags & 0x2041 != 0
    }

    /// Whether sizes and CRC follow the data instead of standing in the local header.
    pub fn has_descriptor(&self) -> bool {
        self.flags & 0x0008 != 0
    }
}
