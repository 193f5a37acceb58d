//! Opens any bytes as an OFD, reads every part and follows every reference.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::io::Cursor;
use yinxin_ofd::{Document, Limits, Package, references};

fuzz_target!(|data: &[u8]| {
    let Ok(mut package) = Package::open(Cursor::new(data), &Limits::default()) else { return };
    let paths: Vec<String> = package.parts().map(|entry| entry.path.clone()).collect();
    for path in &paths {
        let _ = package.sm3(path);
    }
    if let Ok(document) = Document::load(&mut package) {
        let _ = references(&mut package, &document);
    }
});
