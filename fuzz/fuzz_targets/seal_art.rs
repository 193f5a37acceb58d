//! Makes of any bytes, as the picture of a seal, what a PDF shows.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yinxin_formats::ses::SealPicture;
use yinxin_render::{RenderLimits, seal_art};

/// Small bounds: what is looked for is panics, not patience.
fn limits() -> RenderLimits {
    RenderLimits {
        max_objects: 2_000,
        max_path_steps: 50_000,
        max_work: 50_000_000,
        max_image_pixels: 1_000_000,
        ..RenderLimits::default()
    }
}

fuzz_target!(|data: &[u8]| {
    for kind in ["SVG", "OFD"] {
        let picture = SealPicture { kind: kind.into(), data: data.to_vec(), width_mm: 20, height_mm: 20 };
        let _ = seal_art(&picture, &limits());
    }
    let svg = [b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 20 20'>", data, b"</svg>"].concat();
    let _ = seal_art(&SealPicture { kind: "SVG".into(), data: svg, width_mm: 20, height_mm: 20 }, &limits());
});
