/// Bounds on what one page may cost. What goes beyond is left out and noted, never drawn without end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderLimits {
    /// Graphic objects of one page, those of templates, composites, patterns and annotations included.
    pub max_objects: usize,
    /// Depth of blocks, composites and patterns inside one another.
    pub max_nesting: usize,
    /// Steps of all paths of one page, glyphs included.
    pub max_path_steps: usize,
    /// Characters of one page.
    pub max_characters: usize,
    /// Clip regions of one page.
    pub max_clips: usize,
    /// Pixels of the page's picture.
    pub max_pixels: u64,
    /// Pixels touched while drawing, those painted over included.
    pub max_work: u64,
    /// Pixels of one image inside the page.
    pub max_image_pixels: u64,
    /// Pixels of all images of a page together.
    pub max_page_image_pixels: u64,
    /// Bytes of all embedded fonts kept at a time.
    pub max_font_bytes: usize,
    /// Notes kept; more are counted.
    pub max_notes: usize,
    /// Elements of one XML part.
    pub max_xml_nodes: u32,
    /// Bytes of the content of a page of a PDF, its forms counted as often as they are drawn.
    pub max_content: u64,
    /// Bytes of all streams of a page of a PDF, unpacked.
    pub max_stream_bytes: usize,
}

impl Default for RenderLimits {
    fn default() -> Self {
        Self {
            max_objects: 200_000,
            max_nesting: 16,
            max_path_steps: 4_000_000,
            max_characters: 500_000,
            max_clips: 20_000,
            max_pixels: 100_000_000,
            max_work: 4_000_000_000,
            max_image_pixels: 64_000_000,
            max_page_image_pixels: 128_000_000,
            max_font_bytes: 256 << 20,
            max_notes: 200,
            max_xml_nodes: 1_000_000,
            max_content: 64 << 20,
            max_stream_bytes: 256 << 20,
        }
    }
}

impl RenderLimits {
    /// For documents of strangers on a machine that many share: some seconds and some hundred megabytes at most.
    pub fn for_strangers() -> Self {
        Self {
            max_objects: 60_000,
            max_path_steps: 2_000_000,
            max_characters: 100_000,
            max_clips: 5_000,
            max_pixels: 12_000_000,
            max_work: 800_000_000,
            max_image_pixels: 24_000_000,
            max_page_image_pixels: 48_000_000,
            max_font_bytes: 64 << 20,
            max_content: 16 << 20,
            max_stream_bytes: 96 << 20,
            ..Self::default()
        }
    }
}
