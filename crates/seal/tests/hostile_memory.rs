//! A small file must not buy much memory. Alone in its binary, so that the peak is its own.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failure here fails the test"
)]

mod support;

use yinxin_seal::Verdict;
use yinxin_testkit::rng::SeededRng;
use yinxin_testkit::vectors::Scene;

fn peak_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|l| l.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
}

#[test]
fn many_records_of_one_large_value_do_not_add_up_in_memory() {
    let scene = Scene::new();
    let facts = support::facts(&scene.pki);
    let mut rng = SeededRng::new("large value");
    // Compresses well, though not so well as to be a bomb by its ratio.
    let mut large = vec![0u8; 30 << 20];
    large.iter_mut().step_by(2048).for_each(|b| *b = rand_core::Rng::next_u32(&mut rng) as u8);
    let mut document = scene.document();
    document.edit_list = Some(std::sync::Arc::new(|x| {
        let at = x.find("<ofd:Signature ID").unwrap();
        let end = x.find("</ofd:Signatures>").unwrap();
        format!("{}{}{}", &x[..at], x[at..end].repeat(20), &x[end..])
    }));
    let mut zip = document.zip();
    let value = zip.item("Doc_0/Signs/Sign_0/SignedValue.dat");
    (value.content, value.deflate) = (large, true);
    let bytes = zip.build();
    drop(zip);
    assert!(bytes.len() < 1 << 20, "{}", bytes.len());
    let before = peak_mb();
    let report = support::judge(&bytes, &facts);
    assert_eq!(report.verdict, Verdict::Invalid);
    let grown = peak_mb().saturating_sub(before);
    assert!(grown < 150, "a file of {} kB took {grown} MB", bytes.len() / 1024);
}
