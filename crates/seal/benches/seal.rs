//! Sealing and verifying a one-page OFD beside the bare cryptography of each: read the ratio, not the time.

#[path = "support/mod.rs"]
mod support;

use criterion::{Criterion, criterion_group, criterion_main};

fn measure(c: &mut Criterion) {
    let fixture = support::Fixture::new();
    c.bench_function("verify/cryptography", |b| b.iter(|| fixture.verify_cryptography()));
    c.bench_function("verify/whole", |b| b.iter(|| fixture.verify_once()));
    c.bench_function("seal/cryptography", |b| b.iter(|| fixture.seal_cryptography()));
    c.bench_function("seal/whole", |b| b.iter(|| fixture.seal_once()));
}

criterion_group!(benches, measure);
criterion_main!(benches);
