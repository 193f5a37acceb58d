//! A chain over a change of its key: sound as it is, and every way of tampering with it is still found.

use yinxin_registry::audit::{
    AuditKeys, ChainHead, Fault, Part, Report, Row, SignedHead, Verifier, append, append_under,
};

use super::samples::{KEY, check, entry, renumber, signed_head};

const NEW: [u8; 32] = [8; 32];

/// Row 6 is the first under key 2.
fn keys() -> AuditKeys {
    AuditKeys::new(&KEY).with(2, &NEW, Some(6))
}

fn chain() -> Vec<Row> {
    let (before, mut head) = (AuditKeys::new(&KEY).with(2, &NEW, None), ChainHead::EMPTY);
    (1..=10)
        .map(|n| {
            let row = match n {
                6 => append_under(head, &entry(n), &before, 2).unwrap(),
                _ => append(head, &entry(n), &keys()).unwrap(),
            };
            head = row.head();
            row
        })
        .collect()
}

fn report(rows: &[Row], keys: &AuditKeys, heads: &[SignedHead]) -> Report {
    let mut verifier = Verifier::new(keys, heads, &check);
    rows.iter().for_each(|row| verifier.push(row));
    verifier.finish(Some(chain()[9].head()))
}

fn faults(rows: &[Row]) -> Vec<Fault> {
    report(rows, &keys(), &[]).faults
}

/// A row that the holder of the old key makes.
fn by_old_key(head: ChainHead, n: u64) -> Row {
    append(head, &entry(n), &AuditKeys::new(&KEY)).unwrap()
}

#[test]
fn a_chain_over_a_change_of_its_key_is_sound() {
    let rows = chain();
    assert_eq!(rows.iter().map(|row| row.key).collect::<Vec<_>>(), [1, 1, 1, 1, 1, 2, 2, 2, 2, 2]);
    let report = report(&rows, &keys(), &[signed_head(&rows[..5]), signed_head(&rows)]);
    assert!(report.is_sound(), "{:?}", report.faults);
    assert_eq!(report.heads_matched, 2);
}

#[test]
fn changed_deleted_inserted_and_reordered_rows_are_found_on_both_sides_of_the_turn() {
    for place in [2, 5, 7] {
        let seq = place as u64 + 1;
        let mut rows = chain();
        let last = rows[place].content.len() - 1;
        rows[place].content[last] ^= 1;
        assert_eq!(faults(&rows), [Fault::Changed { seq, part: Part::Content }]);
        let mut rows = chain();
        rows.remove(place);
        assert_eq!(faults(&rows), [Fault::Deleted { from: seq, to: seq }]);
        let mut rows = chain();
        let copy = rows[place].clone();
        rows.insert(place, copy);
        renumber(&mut rows);
        assert!(!faults(&rows).is_empty());
        let mut rows = chain();
        rows.swap(place, place + 1);
        renumber(&mut rows);
        let found = faults(&rows);
        assert!(found.iter().any(|fault| matches!(fault, Fault::Reordered { .. })), "{found:?}");
    }
    // The two rows at the turn itself.
    let mut rows = chain();
    rows.swap(4, 5);
    renumber(&mut rows);
    assert!(faults(&rows).iter().any(|fault| matches!(fault, Fault::Reordered { .. })));
}

#[test]
fn the_old_key_proves_no_row_behind_the_turn() {
    for place in [5, 7, 9] {
        let seq = place as u64 + 1;
        let mut rows = chain();
        rows[place] = by_old_key(rows[place - 1].head(), seq + 100);
        assert!(!faults(&rows).is_empty(), "row {seq} replaced");
        // Even with everything behind it written anew.
        let mut head = rows[place - 1].head();
        for row in rows.iter_mut().skip(place) {
            *row = by_old_key(head, row.seq + 100);
            head = row.head();
        }
        let known = keys();
        let mut verifier = Verifier::new(&known, &[], &check);
        rows.iter().for_each(|row| verifier.push(row));
        assert!(!verifier.finish(Some(head)).is_sound(), "rows {seq} to 10 written anew");
    }
}

#[test]
fn rows_before_the_turn_written_anew_with_the_old_key_differ_from_the_signed_head() {
    let mut rows = chain();
    let heads = [signed_head(&rows[..6])];
    let mut head = rows[2].head();
    for row in rows.iter_mut().skip(3).take(2) {
        *row = by_old_key(head, row.seq + 100);
        head = row.head();
    }
    let found = report(&rows, &keys(), &heads).faults;
    assert!(!found.is_empty());
}

#[test]
fn a_changed_key_number_is_named_and_a_turn_that_is_not_known_is_not_believed() {
    let mut rows = chain();
    rows[7].key = 1;
    assert_eq!(faults(&rows), [Fault::ColumnsDiffer { seq: 8, columns: vec!["key_number"] }]);
    let unknown = AuditKeys::new(&KEY).with(2, &NEW, None);
    assert!(!report(&chain(), &unknown, &[]).is_sound());
    let elsewhere = AuditKeys::new(&KEY).with(2, &NEW, Some(8));
    assert!(!report(&chain(), &elsewhere, &[]).is_sound());
    assert!(append_under(ChainHead::EMPTY, &entry(1), &AuditKeys::new(&KEY), 2).is_err());
}
