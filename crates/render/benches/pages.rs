//! Speed of pages: `cargo bench -p yinxin-render`.
#![allow(missing_docs, clippy::unwrap_used, reason = "a benchmark may fail loudly")]
use std::io::Cursor;

use criterion::{Criterion, criterion_group, criterion_main};
use yinxin_ofd::{Limits, Package, sample};
use yinxin_render::{FontSet, Options, Pages, RenderLimits};

fn pages(bytes: &[u8]) -> Pages<Cursor<Vec<u8>>> {
    let package = Package::open(Cursor::new(bytes.to_vec()), &Limits::default()).unwrap();
    Pages::open(package, Options::new(FontSet::builtin())).unwrap()
}

fn speed(c: &mut Criterion) {
    let line = "甲方委托乙方承担信息系统建设与运行维护工作，双方经协商一致订立本合同。";
    let one = sample::document(1, "示例合同", &[line; 24]);
    c.bench_function("text page, 150 dpi, with PNG", |b| {
        b.iter(|| {
            let page = pages(&one).page(0).unwrap();
            page.draw(150, &RenderLimits::default()).unwrap().to_png().unwrap()
        });
    });
    let limits = RenderLimits::default();
    c.bench_function("its parts: read", |b| b.iter(|| pages(&one).page(0).unwrap()));
    let page = pages(&one).page(0).unwrap();
    c.bench_function("its parts: draw", |b| b.iter(|| page.draw(150, &limits).unwrap()));
    let picture = page.draw(150, &limits).unwrap();
    c.bench_function("its parts: encode", |b| b.iter(|| picture.to_png().unwrap()));
    c.bench_function("text page, SVG", |b| b.iter(|| pages(&one).page(0).unwrap().to_svg()));
    let hundred = sample::document(100, "示例合同", &[line; 24]);
    c.bench_function("keyword in 100 pages", |b| {
        b.iter(|| {
            let mut pages = pages(&hundred);
            (0..100).map(|n| pages.page(n).unwrap().text().find("运行维护").len()).sum::<usize>()
        });
    });
}

criterion_group!(benches, speed);
criterion_main!(benches);
