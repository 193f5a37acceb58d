//! What drawing, checking, comparing and importing an imprint cost: `cargo bench -p yinxin-imprint`.
#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark of fixed input")]

use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use yinxin_imprint::{
    Bitmap, Font, ImportSpec, ImprintSpec, Kind, Rank, Rules, check, compare, draw, import,
};

fn imprint(c: &mut Criterion) {
    let font = Font::builtin();
    let spec = ImprintSpec::official("示例市示例科技有限公司").with_size_mm(42.0).with_code("1101050012345");
    let long = ImprintSpec::official("示".repeat(40)).with_size_mm(42.0).with_purpose("示例专用章");
    let oval = ImprintSpec::invoice("示例市示例科技有限公司", "91110105MA01234567");
    let drawing = draw(&spec, &font).unwrap();
    let png = drawing.to_png(600).unwrap();
    c.bench_function("round seal, SVG", |b| b.iter(|| draw(black_box(&spec), &font).unwrap().to_svg()));
    c.bench_function("round seal of 40 characters and purpose, SVG", |b| {
        b.iter(|| draw(black_box(&long), &font).unwrap().to_svg());
    });
    c.bench_function("oval seal, SVG", |b| b.iter(|| draw(black_box(&oval), &font).unwrap().to_svg()));
    c.bench_function("round seal, PNG of 600 dpi", |b| {
        b.iter(|| draw(black_box(&spec), &font).unwrap().to_png(600).unwrap());
    });
    c.bench_function("round seal, OFD page", |b| {
        b.iter(|| draw(black_box(&spec), &font).unwrap().to_ofd_page())
    });
    let bitmap = Bitmap::decode(&png).unwrap();
    let mut slow = c.benchmark_group("600 dpi");
    slow.sample_size(10);
    slow.bench_function("decode", |b| b.iter(|| Bitmap::decode(black_box(&png)).unwrap()));
    slow.bench_function("check", |b| {
        b.iter(|| check(black_box(&bitmap), None, Kind::Official, Rank::Unit, Rules::national()).unwrap());
    });
    slow.bench_function("compare", |b| {
        b.iter(|| compare(black_box(&bitmap), black_box(&bitmap), None, None).unwrap());
    });
    slow.bench_function("import", |b| {
        b.iter(|| import(black_box(&png), &ImportSpec::new(Kind::Official), Rules::national()).unwrap());
    });
    slow.finish();
}

criterion_group!(benches, imprint);
criterion_main!(benches);
