/// Bounds on what a document may cost before it is refused. All sizes are bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Objects named by all cross-reference sections together.
    pub max_objects: usize,
    /// Cross-reference sections of one document.
    pub max_sections: usize,
    /// One object without its stream.
    pub max_object_size: usize,
    /// One classic cross-reference table.
    pub max_table_size: usize,
    /// One cross-reference or object stream, inflated.
    pub max_decoded: usize,
    /// All object streams together, inflated.
    pub max_decoded_total: usize,
    /// Nesting of arrays and dictionaries.
    pub max_depth: usize,
    /// Values in one object.
    pub max_values: usize,
    /// Pages.
    pub max_pages: usize,
    /// Form fields.
    pub max_fields: usize,
    /// Signatures looked at.
    pub max_signatures: usize,
    /// Bytes of one signature value.
    pub max_signature_size: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_objects: 1_000_000,
            max_sections: 1024,
            max_object_size: 16 << 20,
            max_table_size: 32 << 20,
            max_decoded: 64 << 20,
            max_decoded_total: 512 << 20,
            max_depth: 64,
            max_values: 1_000_000,
            max_pages: 100_000,
            max_fields: 20_000,
            max_signatures: 200,
            max_signature_size: 8 << 20,
        }
    }
}
