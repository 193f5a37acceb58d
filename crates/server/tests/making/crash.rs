//! Power cuts: after each step, and between each step and its writing down.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use yinxin_server::making::authority::TestAuthority;
use yinxin_server::making::keys::{KeyShelf, SealKeys};
use yinxin_server::making::log::{FileLog, WorkLog};
use yinxin_testkit::rng::SeededRng;

use crate::doubles::{Cut, FailingLog};
use crate::sample::{APPROVAL, AUTHORITY, Bench, SEAL, now, password, read};

/// Claim of the approval, then five steps.
const WRITINGS: usize = 6;

/// The same folders, opened by the next process.
fn reopened(bench: Bench) -> Bench {
    let Bench { folder, pki, office, ca, keys, log, facts, .. } = bench;
    drop((ca, keys, log));
    let mut rng = SeededRng::new("after the cut");
    let place = |name: &str| folder.path().join(name);
    let ca = TestAuthority::open(&place("ca"), "示例", &password(), now(), &mut rng).unwrap();
    let keys = KeyShelf::open(&place("keys"), &password(), &mut rng).unwrap();
    let log = FileLog::open(&place("log")).unwrap();
    Bench { ca: Arc::new(ca), keys: Arc::new(keys), log: Arc::new(log), folder, pki, office, facts, rng }
}

/// Makes with a cut, then goes on; gives how many keys, certificates there are.
fn cut_at(writing: usize, cut: Cut) -> (usize, usize) {
    let mut bench = Bench::new();
    let order = read(&bench.order());
    let mut workshop = bench.workshop();
    workshop.log = Arc::new(FailingLog::new(bench.log.clone(), writing, cut));
    let error = workshop.make(&order, &bench.facts, now(), &mut bench.rng).unwrap_err();
    assert_eq!(error.code(), "JOURNAL_IO", "{writing} {cut:?}");
    drop(workshop);
    let mut bench = reopened(bench);
    let made = bench.workshop().make(&order, &bench.facts, now(), &mut bench.rng).unwrap();
    let again = bench.workshop().make(&order, &bench.facts, now(), &mut bench.rng).unwrap();
    assert_eq!(made, again);
    let key = bench.keys.open(&bench.keys.list().unwrap()[0]).unwrap();
    assert_eq!(key.public_key(), &made.certificate.leaf.public_key().unwrap());
    assert_eq!(bench.log.claimed(AUTHORITY, APPROVAL).unwrap().as_deref(), Some(SEAL));
    (bench.keys.list().unwrap().len(), bench.ca.issued_count())
}

#[test]
fn a_cut_at_any_writing_leaves_one_key_and_one_certificate() {
    for writing in 1..=WRITINGS {
        for cut in [Cut::Before, Cut::After] {
            assert_eq!(cut_at(writing, cut), (1, 1), "writing {writing}, {cut:?}");
        }
    }
}

#[test]
fn there_are_as_many_writings_as_the_cuts_cover() {
    let mut bench = Bench::new();
    let order = read(&bench.order());
    let mut workshop = bench.workshop();
    let log = FailingLog::new(bench.log.clone(), 100, Cut::After);
    let left = log.left.clone();
    workshop.log = Arc::new(log);
    workshop.make(&order, &bench.facts, now(), &mut bench.rng).unwrap();
    assert_eq!(100 - left.load(Ordering::SeqCst), WRITINGS);
}

#[test]
fn cut_after_cut_still_leaves_one_of_each() {
    let mut bench = Bench::new();
    let order = read(&bench.order());
    // Every attempt gets at most one step further. The claim of the approval counts as long as nothing else is written.
    for attempt in 0..40 {
        let mut workshop = bench.workshop();
        let cut = if attempt % 3 == 0 { Cut::Before } else { Cut::After };
        workshop.log = Arc::new(FailingLog::new(bench.log.clone(), 1 + attempt % 2, cut));
        let outcome = workshop.make(&order, &bench.facts, now(), &mut bench.rng);
        drop(workshop);
        if let Ok(made) = outcome {
            assert!(attempt >= 5, "{attempt}");
            assert_eq!((bench.keys.list().unwrap().len(), bench.ca.issued_count()), (1, 1));
            assert_eq!(made.seal, SEAL);
            return;
        }
        bench = reopened(bench);
    }
    panic!("never finished");
}

#[test]
fn a_certificate_that_was_issued_but_never_arrived_is_given_again() {
    use crate::doubles::Scripted;
    use yinxin_server::making::authority::{AuthorityError, CertificateAuthority};
    let mut bench = Bench::new();
    let order = read(&bench.order());
    let mut workshop = bench.workshop();
    let ca = bench.ca.clone();
    workshop.authority = Arc::new(Scripted(Box::new(move |request| {
        ca.issue(request, now(), &mut SeededRng::new("lost")).unwrap();
        Err(AuthorityError::Unavailable("connection lost".into()))
    })));
    let lost = workshop.make(&order, &bench.facts, now(), &mut bench.rng).unwrap_err();
    assert_eq!(lost.code(), "AUTHORITY_UNAVAILABLE");
    bench.workshop().make(&order, &bench.facts, now(), &mut bench.rng).unwrap();
    assert_eq!((bench.keys.list().unwrap().len(), bench.ca.issued_count()), (1, 1));
}

#[test]
fn two_at_one_order_at_once_get_in_each_others_way_not_in_the_seals() {
    let bench = Arc::new(Bench::new());
    let order = Arc::new(read(&bench.order()));
    let tasks: Vec<_> = (0..4)
        .map(|n| {
            let (bench, order) = (bench.clone(), order.clone());
            std::thread::spawn(move || {
                let mut rng = SeededRng::new(&format!("task {n}"));
                loop {
                    match bench.workshop().make(&order, &bench.facts, now(), &mut rng) {
                        Ok(made) => return made,
                        Err(e) => assert_eq!(e.code(), "JOURNAL_BUSY"),
                    }
                }
            })
        })
        .collect();
    let made: Vec<_> = tasks.into_iter().map(|t| t.join().unwrap()).collect();
    assert!(made.windows(2).all(|w| w[0] == w[1]));
    assert_eq!((bench.keys.list().unwrap().len(), bench.ca.issued_count()), (1, 1));
}
