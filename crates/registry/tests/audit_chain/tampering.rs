//! Every way of tampering with rows is found and named.

use proptest::prelude::*;
use serde_json::json;
use yinxin_registry::audit::{AuditKeys, Fault, GENESIS, Part, Row, append};

use super::samples::{KEY, chain, entry, faults, forged, renumber};

#[test]
fn a_changed_entry_is_named() {
    for place in [0, 4, 9] {
        let mut rows = chain(10);
        let head = rows[9].head();
        let last = rows[place].content.len() - 1;
        rows[place].content[last] ^= 1;
        let seq = place as u64 + 1;
        assert_eq!(faults(&rows, head), [Fault::Changed { seq, part: Part::Content }]);
    }
}

#[test]
fn a_change_with_the_hash_computed_anew_is_named() {
    for place in [0, 4, 9] {
        let mut rows = chain(10);
        let head = rows[9].head();
        let seq = place as u64 + 1;
        rows[place] = forged(seq, rows[place].prev);
        assert_eq!(faults(&rows, head), [Fault::Changed { seq, part: Part::Content }]);
    }
}

#[test]
fn a_change_carried_through_to_the_end_without_the_key_names_the_rows() {
    let mut rows = chain(10);
    let head = rows[9].head();
    let mut prev = rows[3].hash;
    for (place, row) in rows.iter_mut().enumerate().skip(4) {
        *row = forged(place as u64 + 1, prev);
        prev = row.hash;
    }
    let found = faults(&rows, head);
    let named: Vec<u64> = found.iter().map(Fault::at).collect();
    assert_eq!(named, [5, 6, 7, 8, 9, 10], "{found:?}");
    // Even with the store's head moved along: nothing but the MAC is wrong then, and it is wrong from row 5 on.
    assert_eq!(faults(&rows, rows[9].head()), [Fault::MacWrong { from: 5, to: 10 }]);
}

#[test]
fn a_changed_hash_or_link_is_told_from_changed_content() {
    for place in [0, 4, 9] {
        let seq = place as u64 + 1;
        let mut rows = chain(10);
        let head = rows[9].head();
        rows[place].hash[0] ^= 1;
        assert_eq!(faults(&rows, head), [Fault::Changed { seq, part: Part::Hash }]);
        let mut rows = chain(10);
        rows[place].prev[31] ^= 1;
        assert_eq!(faults(&rows, head), [Fault::Changed { seq, part: Part::Link }]);
    }
}

#[test]
fn a_wrong_mac_on_intact_content_is_named_so() {
    for place in [0, 4, 9] {
        let mut rows = chain(10);
        let head = rows[9].head();
        rows[place].mac[5] ^= 0x80;
        let seq = place as u64 + 1;
        assert_eq!(faults(&rows, head), [Fault::MacWrong { from: seq, to: seq }]);
    }
}

#[test]
fn hash_and_mac_columns_changed_together_leave_the_content_true() {
    let mut rows = chain(10);
    let head = rows[9].head();
    rows[4].hash[0] ^= 1;
    rows[4].mac[0] ^= 1;
    assert_eq!(faults(&rows, head), [Fault::Changed { seq: 5, part: Part::Hash }]);
}

#[test]
fn columns_that_differ_from_the_content_are_named_one_by_one() {
    let mut rows = chain(10);
    let head = rows[9].head();
    rows[2].columns.actor = "acct_somebody_else".to_owned();
    rows[2].columns.at += 1;
    rows[6].columns.unit = Some("unit_y".to_owned());
    assert_eq!(
        faults(&rows, head),
        [
            Fault::ColumnsDiffer { seq: 3, columns: vec!["at", "actor"] },
            Fault::ColumnsDiffer { seq: 7, columns: vec!["unit"] },
        ]
    );
}

#[test]
fn every_column_is_compared() {
    let base = entry(30).columns();
    let mut changed = Vec::new();
    for place in 0..8 {
        let mut columns = base.clone();
        match place {
            0 => columns.at -= 1,
            1 => columns.actor.clear(),
            2 => columns.action.push('x'),
            3 => columns.subject.push('x'),
            4 => columns.area_path.push('x'),
            5 => columns.unit = None,
            6 => columns.outcome = "ok".to_owned(),
            _ => columns.request_id.push('x'),
        }
        changed.extend(base.differing(&columns));
    }
    assert_eq!(changed, ["at", "actor", "action", "subject", "area_path", "unit", "outcome", "request_id"]);
}

#[test]
fn deleted_rows_are_named_as_a_range() {
    let mut rows = chain(20);
    let head = rows[19].head();
    rows.drain(4..9);
    rows.remove(10);
    assert_eq!(faults(&rows, head), [Fault::Deleted { from: 5, to: 9 }, Fault::Deleted { from: 16, to: 16 }]);
}

#[test]
fn the_first_rows_deleted_are_named() {
    let mut rows = chain(10);
    let head = rows[9].head();
    rows.drain(..3);
    assert_eq!(faults(&rows, head), [Fault::Deleted { from: 1, to: 3 }]);
}

#[test]
fn a_deletion_that_closes_up_the_numbers_is_seen_through() {
    let mut rows = chain(10);
    let head = rows[9].head();
    rows.remove(4);
    renumber(&mut rows);
    assert_eq!(
        faults(&rows, head),
        [Fault::Deleted { from: 5, to: 5 }, Fault::Renumbered { from: 5, to: 9, belongs_from: 6 }]
    );
}

#[test]
fn an_inserted_row_that_moves_the_others_up_is_named() {
    for place in [0, 4, 9] {
        let mut rows = chain(10);
        let head = rows[9].head();
        let prev = rows.get(place.max(1) - 1).map_or(GENESIS, |row| row.hash);
        rows.insert(place, forged(place as u64 + 1, prev));
        renumber(&mut rows);
        let seq = place as u64 + 1;
        let found = faults(&rows, head);
        assert_eq!(found[0], Fault::Inserted { seq, copy_of: None }, "{found:?}");
        assert_eq!(found[1], Fault::Renumbered { from: seq + 1, to: 11, belongs_from: seq });
        assert_eq!(found.len(), 2, "{found:?}");
    }
}

#[test]
fn a_row_put_behind_the_end_is_inserted() {
    let mut rows = chain(10);
    let head = rows[9].head();
    rows.push(forged(11, rows[9].hash));
    assert_eq!(
        faults(&rows, head),
        [Fault::Inserted { seq: 11, copy_of: None }, Fault::HeadBehind { head: 10, last: 11 }]
    );
}

#[test]
fn a_genuine_row_copied_to_another_place_is_an_insertion() {
    let mut rows = chain(10);
    let head = rows[9].head();
    let copy = rows[2].clone();
    rows.insert(6, copy);
    renumber(&mut rows);
    assert_eq!(
        faults(&rows, head),
        [
            Fault::Inserted { seq: 7, copy_of: Some(3) },
            Fault::Renumbered { from: 8, to: 11, belongs_from: 7 },
        ]
    );
}

#[test]
fn two_rows_that_change_places_are_both_named() {
    for (a, b) in [(4, 5), (1, 8), (0, 9)] {
        let mut rows = chain(10);
        let head = rows[9].head();
        rows.swap(a, b);
        renumber(&mut rows);
        let (a, b) = (a as u64 + 1, b as u64 + 1);
        assert_eq!(
            faults(&rows, head),
            [Fault::Reordered { at: a, belongs_at: b }, Fault::Reordered { at: b, belongs_at: a }]
        );
    }
}

#[test]
fn a_row_moved_far_is_named_at_both_ends() {
    let mut rows = chain(200);
    let head = rows[199].head();
    let row = rows.remove(9);
    rows.insert(149, row);
    renumber(&mut rows);
    assert_eq!(
        faults(&rows, head),
        [
            Fault::Renumbered { from: 10, to: 149, belongs_from: 11 },
            Fault::Reordered { at: 150, belongs_at: 10 },
        ]
    );
}

#[test]
fn contents_exchanged_between_rows_are_changes_of_both() {
    let mut rows = chain(10);
    let head = rows[9].head();
    let content = rows[3].content.clone();
    rows[3].content = std::mem::replace(&mut rows[6].content, content);
    assert_eq!(
        faults(&rows, head),
        [Fault::Changed { seq: 4, part: Part::Content }, Fault::Changed { seq: 7, part: Part::Content }]
    );
}

#[test]
fn two_histories_joined_after_a_backup_was_put_back_are_seen() {
    let rows = chain(10);
    let key = AuditKeys::new(&KEY);
    // Row 6 of the other history; both were written by the registry itself.
    let other = append(rows[4].head(), &entry(99), &key).unwrap();
    let joined: Vec<Row> = rows[..5].iter().chain([&other]).chain(&rows[6..]).cloned().collect();
    assert_eq!(faults(&joined, rows[9].head()), [Fault::LinkBroken { seq: 7 }]);
}

#[test]
fn several_tamperings_at_once_are_all_named() {
    let mut rows = chain(50);
    let head = rows[49].head();
    let last = rows[11].content.len() - 2;
    rows[11].content[last] ^= 1; // row 12 changed
    rows[19].columns.action = "seal.void".to_owned(); // row 20
    rows[39].mac = [0; 32]; // row 40
    rows.drain(29..32); // rows 30 to 32
    assert_eq!(
        faults(&rows, head),
        [
            Fault::Changed { seq: 12, part: Part::Content },
            Fault::ColumnsDiffer { seq: 20, columns: vec!["action"] },
            Fault::Deleted { from: 30, to: 32 },
            Fault::MacWrong { from: 40, to: 40 },
        ]
    );
}

#[test]
fn a_changed_row_among_renumbered_ones_is_changed_and_not_inserted() {
    let mut rows = chain(20);
    let head = rows[19].head();
    rows[9] = forged(10, rows[9].prev);
    rows.insert(4, forged(5, rows[3].hash));
    renumber(&mut rows);
    assert_eq!(
        faults(&rows, head),
        [
            Fault::Inserted { seq: 5, copy_of: None },
            Fault::Renumbered { from: 6, to: 10, belongs_from: 5 },
            Fault::Changed { seq: 11, part: Part::Content },
            Fault::Renumbered { from: 12, to: 21, belongs_from: 11 },
        ]
    );
}

#[test]
fn neighbors_changed_and_deleted_together_are_told_apart() {
    let mut rows = chain(20);
    let head = rows[19].head();
    rows[4] = forged(5, rows[4].prev);
    rows[5].mac[0] ^= 1;
    rows.remove(6);
    assert_eq!(
        faults(&rows, head).iter().map(|fault| (fault.at(), fault.code())).collect::<Vec<_>>(),
        [(5, "AUDIT_ROW_CHANGED"), (6, "AUDIT_ROW_CHANGED"), (7, "AUDIT_ROWS_DELETED")],
        "without row 7 nothing proves row 6, so it counts as changed"
    );
}

#[test]
fn faults_have_codes_words_in_both_languages_and_json() {
    let fault = Fault::Deleted { from: 5, to: 9 };
    assert_eq!(fault.code(), "AUDIT_ROWS_DELETED");
    assert_eq!(fault.to_string(), "第 5 至 9 行被删除 / rows 5 to 9 were deleted");
    assert_eq!(serde_json::to_value(&fault).unwrap(), json!({"kind": "deleted", "from": 5, "to": 9}));
}

proptest! {
    /// Any single byte of any row changed: the row is named, and no other.
    #[test]
    fn one_changed_byte_names_its_row(count in 1u64..40, pick: u64, part in 0usize..4, place: usize, bit in 0u8..8) {
        let mut rows = chain(count);
        let head = rows.last().unwrap().head();
        let i = usize::try_from(pick % count).unwrap();
        let row = &mut rows[i];
        let bytes: &mut [u8] = match part {
            0 => &mut row.content,
            1 => &mut row.prev,
            2 => &mut row.hash,
            _ => &mut row.mac,
        };
        let place = place % bytes.len();
        bytes[place] ^= 1 << bit;
        let found = faults(&rows, head);
        prop_assert_eq!(found.iter().map(Fault::at).collect::<Vec<_>>(), vec![i as u64 + 1], "{:?}", found);
    }

    /// Any rows deleted: exactly they are named.
    #[test]
    fn deleted_rows_are_exactly_those_named(keep in prop::collection::vec(any::<bool>(), 1..60)) {
        let rows = chain(keep.len() as u64);
        let head = rows.last().unwrap().head();
        let left: Vec<Row> = rows.iter().zip(&keep).filter(|(_, keep)| **keep).map(|(row, _)| row.clone()).collect();
        let mut named = Vec::new();
        for fault in faults(&left, head) {
            match fault {
                Fault::Deleted { from, to } | Fault::TailCut { from, to } => named.extend(from..=to),
                other => prop_assert!(false, "{:?}", other),
            }
        }
        let gone: Vec<u64> = (1..).zip(&keep).filter(|(_, keep)| !**keep).map(|(seq, _)| seq).collect();
        prop_assert_eq!(named, gone);
    }

    /// Rows in any other order: every row that is not at its place is named, and none that is.
    #[test]
    fn shuffled_rows_are_named(order in Just((0usize..12).collect::<Vec<_>>()).prop_shuffle()) {
        let rows = chain(12);
        let mut shuffled: Vec<Row> = order.iter().map(|i| rows[*i].clone()).collect();
        renumber(&mut shuffled);
        let mut named = std::collections::BTreeSet::new();
        for fault in faults(&shuffled, rows[11].head()) {
            match fault {
                Fault::Reordered { at, .. } => { named.insert(at); }
                Fault::Renumbered { from, to, .. } => named.extend(from..=to),
                other => prop_assert!(false, "{:?} in {:?}", other, order),
            }
        }
        let moved: std::collections::BTreeSet<u64> =
            (0..12usize).filter(|i| order[*i] != *i).map(|i| i as u64 + 1).collect();
        prop_assert_eq!(named, moved);
    }

    /// Bytes of any kind in place of a content: never a panic, always the row named.
    #[test]
    fn any_bytes_as_content_are_a_changed_row(content in prop::collection::vec(any::<u8>(), 0..300)) {
        let mut rows = chain(3);
        let head = rows[2].head();
        rows[1].content = content;
        prop_assert_eq!(faults(&rows, head), vec![Fault::Changed { seq: 2, part: Part::Content }]);
    }
}
