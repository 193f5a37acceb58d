//! Runs one operation N times, to count instructions under callgrind:
//! `valgrind --tool=callgrind target/release/examples/measure verify 10`. The difference of two N divides out everything else.

#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a measuring program")]

#[path = "../benches/support/mod.rs"]
mod support;

fn main() {
    let mut args = std::env::args().skip(1);
    let (mode, count) =
        (args.next().unwrap_or_default(), args.next().and_then(|n| n.parse().ok()).unwrap_or(1_u32));
    if let Some(mode) = mode.strip_prefix("pdf-") {
        return pdf(mode, count);
    }
    let fixture = support::Fixture::new();
    for _ in 0..count {
        match mode.as_str() {
            "verify" => drop(std::hint::black_box(fixture.verify_once())),
            "verify-cryptography" => fixture.verify_cryptography(),
            "seal" => drop(std::hint::black_box(fixture.seal_once())),
            "seal-cryptography" => fixture.seal_cryptography(),
            _ => usage(),
        }
    }
}

/// The same on a PDF of 1 MB.
fn pdf(mode: &str, count: u32) {
    let fixture = support::pdf::PdfFixture::new();
    for _ in 0..count {
        match mode {
            "verify" => drop(std::hint::black_box(fixture.verify_once())),
            "verify-cryptography" => fixture.verify_cryptography(),
            "seal" => drop(std::hint::black_box(fixture.seal_once())),
            "seal-cryptography" => fixture.seal_cryptography(),
            _ => usage(),
        }
    }
}

fn usage() {
    eprintln!("measure [pdf-]verify|verify-cryptography|seal|seal-cryptography N");
    std::process::exit(2);
}
