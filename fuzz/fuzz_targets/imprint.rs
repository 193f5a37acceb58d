//! Reads any bytes as a picture of an imprint, as an emblem, as rules of an area.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yinxin_imprint::{Bitmap, Emblem, ImportSpec, Kind, Rank, Rules, check, import};

fuzz_target!(|data: &[u8]| {
    if let Ok(text) = std::str::from_utf8(data) {
        let _ = Emblem::from_svg(text);
        let _ = Rules::national().with_area(text);
    }
    // Large pictures are decoded in bounded time, but too slowly for a fuzzer.
    let Ok(bitmap) = Bitmap::decode(data) else { return };
    let (width, height) = bitmap.size_px();
    if u64::from(width) * u64::from(height) > 250_000 {
        return;
    }
    let kind = if data.len() % 2 == 0 { Kind::Official } else { Kind::Personal };
    let _ = check(&bitmap, Some((20.0, 20.0)), kind, Rank::Unit, Rules::national());
    let spec = ImportSpec { dpi: 72, ..ImportSpec::new(kind) };
    let _ = import(data, &spec, Rules::national());
});
