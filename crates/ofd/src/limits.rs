/// Bounds on what a package may cost before it is refused. All sizes are bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Entries in the central directory.
    pub max_entries: usize,
    /// Bytes of the central directory itself.
    pub max_directory_size: u64,
    /// Sum of the uncompressed sizes that the directory declares.
    pub max_total_size: u64,
    /// One part read into memory by [`crate::Package::read`]; streaming has no such bound.
    pub max_part_size: u64,
    /// Uncompressed bytes per compressed byte, judged once a part is above `ratio_floor`.
    pub max_ratio: u64,
    /// Below this many uncompressed bytes the ratio is not judged.
    pub ratio_floor: u64,
    /// Nodes of one XML part.
    pub max_xml_nodes: u32,
    /// Depth of element nesting in one XML part.
    pub max_xml_depth: usize,
    /// Attributes of one XML element.
    pub max_xml_attributes: usize,
    /// Namespace declarations in scope at any one point of an XML part.
    pub max_xml_namespaces: usize,
    /// Pages of one document.
    pub max_pages: usize,
    /// Parts followed while walking what a document names.
    pub max_parts: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_entries: 100_000,
            max_directory_size: 64 << 20,
            max_total_size: 4 << 30,
            max_part_size: 64 << 20,
            max_ratio: 1000,
            ratio_floor: 1 << 20,
            max_xml_nodes: 2_000_000,
            max_xml_depth: 256,
            max_xml_attributes: 256,
            max_xml_namespaces: 64,
            max_pages: 100_000,
            max_parts: 200_000,
        }
    }
}
