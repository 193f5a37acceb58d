//! Walks any bytes as a tree of DER nodes: a tree or an error, within the limits.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yinxin_formats::der::{Ctx, Limits, Reader};

fn walk(mut reader: Reader<'_, '_>, ctx: &Ctx) {
    while !reader.is_empty() {
        let Ok(node) = reader.any("node") else { return };
        let _ = (node.small("integer"), node.oid("identifier"), node.time("time"), node.text("text"));
        let _ = node.string_bytes(ctx);
        if let Ok(inner) = node.reader(ctx) {
            walk(inner, ctx);
        }
    }
}

fuzz_target!(|data: &[u8]| {
    let ctx = Ctx::new(&Limits::default());
    if let Ok(reader) = Reader::new(data, &ctx) {
        walk(reader, &ctx);
    }
});
