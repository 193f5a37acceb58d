//! Sound chains, heads and signed heads.

use jiff::Timestamp;
use yinxin_registry::audit::{AuditKeys, ChainHead, Fault, Row, Verifier, append};

use super::samples::{KEY, chain, check, entry, faults, no_signature, report, signed_head};

#[test]
fn an_untouched_chain_is_sound() {
    let rows = chain(100);
    let heads = [signed_head(&rows[..10]), signed_head(&rows[..64]), signed_head(&rows)];
    let report = report(&rows, Some(rows[99].head()), &heads);
    assert!(report.is_sound(), "{:?}", report.faults);
    assert_eq!((report.rows, report.last_seq, report.last_hash), (100, 100, rows[99].hash));
    assert_eq!(report.heads_matched, 3);
}

#[test]
fn an_empty_chain_is_sound_and_an_emptied_one_is_not() {
    assert!(report(&[], Some(ChainHead::EMPTY), &[]).is_sound());
    assert!(report(&[], None, &[]).is_sound());
    let rows = chain(3);
    assert_eq!(faults(&[], rows[2].head()), [Fault::TailCut { from: 1, to: 3 }]);
    assert_eq!(report(&[], None, &[signed_head(&rows)]).faults, [Fault::TailCut { from: 1, to: 3 }]);
}

#[test]
fn a_cut_tail_is_named_from_the_head_or_from_a_signed_head() {
    let rows = chain(10);
    let cut = &rows[..7];
    assert_eq!(faults(cut, rows[9].head()), [Fault::TailCut { from: 8, to: 10 }]);
    // The store's head was set back too; the signed head knows better.
    let signed = [signed_head(&rows)];
    assert_eq!(report(cut, Some(rows[6].head()), &signed).faults, [Fault::TailCut { from: 8, to: 10 }]);
    assert_eq!(report(cut, None, &signed).faults, [Fault::TailCut { from: 8, to: 10 }]);
}

#[test]
fn a_head_set_back_or_altered_is_named() {
    let rows = chain(10);
    assert_eq!(faults(&rows, rows[7].head()), [Fault::HeadBehind { head: 8, last: 10 }]);
    let altered = ChainHead { seq: 10, hash: [1; 32] };
    assert_eq!(faults(&rows, altered), [Fault::HeadDiffers { seq: 10 }]);
}

#[test]
fn a_history_written_anew_with_the_key_differs_from_the_signed_head() {
    let rows = chain(30);
    let heads = [signed_head(&rows[..10]), signed_head(&rows[..20]), signed_head(&rows)];
    // Somebody who holds the MAC key leaves out row 15 and writes everything behind it again.
    let key = AuditKeys::new(&KEY);
    let mut anew = rows[..14].to_vec();
    for n in 16..=31 {
        let head = anew.last().unwrap().head();
        anew.push(append(head, &entry(n), &key).unwrap());
    }
    let report = report(&anew, Some(anew[29].head()), &heads);
    assert_eq!(report.faults, [Fault::Rewritten { from: 11, to: 20 }]);
    assert_eq!(report.heads_matched, 1);
}

#[test]
fn a_signed_head_whose_signature_fails_is_named_and_not_believed() {
    let rows = chain(10);
    let mut head = signed_head(&rows);
    head.signature[0] ^= 1;
    assert_eq!(
        report(&rows, Some(rows[9].head()), &[head.clone()]).faults,
        [Fault::HeadSignature { seq: 10, key_id: "audit-1".to_owned() }]
    );
    // A head for row 500 that nobody signed does not make a tail look cut.
    head.seq = 500;
    assert_eq!(report(&rows, None, &[head]).faults.len(), 1);
}

#[test]
fn every_field_of_a_signed_head_is_signed() {
    let good = signed_head(&chain(5));
    assert!(good.verify(&check));
    let mut heads = vec![good.clone(); 5];
    heads[0].seq += 1;
    heads[1].hash[0] ^= 1;
    heads[2].root[0] ^= 1;
    heads[3].at = Timestamp::from_microsecond(good.at.as_microsecond() + 1).unwrap();
    heads[4].key_id.push('x');
    assert!(heads.iter().all(|head| !head.verify(&check)));
    assert!(!good.verify(&no_signature));
}

#[test]
fn verification_may_go_on_from_a_verified_row() {
    let rows = chain(20);
    let key = AuditKeys::new(&KEY);
    let heads = [signed_head(&rows[..5]), signed_head(&rows[..15])];
    let run = |rows: &[Row], from: ChainHead, head| {
        let mut verifier = Verifier::new(&key, &heads, &check).after(from);
        rows.iter().for_each(|row| verifier.push(row));
        verifier.finish(Some(head))
    };
    let end = rows[19].head();
    let sound = run(&rows[10..], rows[9].head(), end);
    assert!(sound.is_sound(), "{:?}", sound.faults);
    assert_eq!(sound.heads_matched, 1);
    assert_eq!(run(&rows[11..], rows[9].head(), end).faults, [Fault::Deleted { from: 11, to: 11 }]);
    let other = ChainHead { seq: 10, hash: [3; 32] };
    assert_eq!(run(&rows[10..], other, end).faults, [Fault::LinkBroken { seq: 11 }]);
}
