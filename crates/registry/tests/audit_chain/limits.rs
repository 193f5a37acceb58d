//! Bounds: memory, numbers, lists.

use yinxin_registry::audit::{ChainHead, Fault, GENESIS, Part};

use super::samples::{chain, chain_from, faults, forged, renumber, report};

#[test]
fn the_wrong_key_is_one_fault_not_one_for_each_row() {
    let rows = chain_from(ChainHead::EMPTY, &[8; 32], 5000);
    let head = rows[4999].head();
    assert_eq!(faults(&rows, head), [Fault::MacWrong { from: 1, to: 5000 }]);
    assert_eq!(report(&rows, None, &[]).faults, [Fault::MacWrong { from: 1, to: 5000 }]);
}

#[test]
fn more_bad_rows_than_can_wait_are_still_named() {
    let mut rows = chain(6000);
    let head = rows[5999].head();
    for row in rows.iter_mut().take(5900).skip(100) {
        row.content.pop();
    }
    let found = report(&rows, Some(head), &[]);
    assert_eq!(found.faults.len(), 5800);
    for (i, fault) in found.faults.iter().enumerate() {
        assert_eq!(*fault, Fault::Changed { seq: i as u64 + 101, part: Part::Content });
    }
    assert_eq!(found.last_seq, 6000);
}

#[test]
fn more_inserted_rows_than_can_wait_do_not_hide_the_chain_behind_them() {
    let genuine = chain(20);
    let head = genuine[19].head();
    let mut rows = genuine[..10].to_vec();
    let mut prev = genuine[9].hash;
    for n in 0..5000 {
        let row = forged(11 + n, prev);
        prev = row.hash;
        rows.push(row);
    }
    rows.extend_from_slice(&genuine[10..]);
    renumber(&mut rows);
    let found = report(&rows, Some(head), &[]);
    assert_eq!(found.last_seq, 20, "{:?}", &found.faults[..3]);
    assert!(!found.faults.iter().any(|fault| matches!(fault, Fault::TailCut { .. } | Fault::Deleted { .. })));
    assert!(found.faults.contains(&Fault::Renumbered { from: 5011, to: 5020, belongs_from: 11 }));
    assert!(found.faults.iter().all(|fault| fault.at() > 10));
}

#[test]
fn the_list_of_faults_is_bounded() {
    let mut rows = chain(12_000);
    let head = rows[11_999].head();
    for row in &mut rows {
        row.columns.subject.clear();
    }
    let found = report(&rows, Some(head), &[]);
    assert_eq!((found.faults.len(), found.omitted), (10_000, 2_000));
}

#[test]
fn impossible_numbers_do_not_overflow() {
    let mut rows = chain(3);
    let head = rows[2].head();
    rows[1].seq = u64::MAX;
    rows[1].content.clear();
    for head in [Some(head), None, Some(ChainHead { seq: u64::MAX, hash: GENESIS })] {
        assert!(!report(&rows, head, &[]).is_sound());
        assert!(!report(&rows[1..2], head, &[]).is_sound());
    }
}
