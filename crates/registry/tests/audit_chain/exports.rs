//! Case exports.

use jiff::Timestamp;
use yinxin_registry::audit::{CaseExport, ExportBuilder, ExportFault, Outcome};

use super::samples::{chain, check, export, forged, hex, signed_head};

#[test]
fn a_case_export_holds_the_rows_of_the_case_and_verifies_after_json() {
    let export = export(&chain(50), &["app_1", "app_2"]);
    let numbers: Vec<u64> = export.rows.iter().map(|row| row.seq).collect();
    assert_eq!(numbers, (1..=50).filter(|n| n % 4 == 1 || n % 4 == 2).collect::<Vec<_>>());
    let json = serde_json::to_string_pretty(&export).unwrap();
    let read: CaseExport = serde_json::from_str(&json).unwrap();
    assert_eq!(read, export);
    assert_eq!(read.verify(&check), Ok(()));
}

#[test]
fn a_case_export_gives_no_other_row_away() {
    let rows = chain(50);
    let json = serde_json::to_string(&export(&rows, &["app_1"])).unwrap();
    assert!(json.contains("\"req-5\"") && json.contains(&hex(&rows[4].content)));
    for other in [2, 3, 4, 6] {
        assert!(!json.contains(&format!("\"req-{other}\"")));
        assert!(!json.contains(&hex(&rows[other - 1].content)));
        assert!(!json.contains(&hex(&rows[other - 1].mac)));
    }
}

#[test]
fn a_case_export_tampered_with_is_refused_with_the_row_named() {
    type Tamper = fn(&mut CaseExport);
    let cases: [(&str, Tamper); 12] = [
        ("EXPORT_HEAD_SIGNATURE", |e| e.head.root[0] ^= 1),
        ("EXPORT_HEAD_SIGNATURE", |e| e.head.signature.clear()),
        ("EXPORT_ROW_HASH", |e| e.rows[2].content[30] ^= 1),
        ("EXPORT_ROW_HASH", |e| e.rows[2].hash[0] ^= 1),
        ("EXPORT_ROW_HASH", |e| e.rows[2].prev[0] ^= 1),
        ("EXPORT_ROW_ENTRY", |e| e.rows[2].entry.outcome = Outcome::Denied),
        ("EXPORT_ROW_PROOF", |e| e.rows[2].proof.path[0][0] ^= 1),
        ("EXPORT_ROW_PROOF", |e| e.rows[2].proof = e.rows[1].proof.clone()),
        ("EXPORT_ROW_PROOF", |e| e.rows[2].proof.tree_size += 1),
        ("EXPORT_ROW_ORDER", |e| e.rows.swap(1, 2)),
        ("EXPORT_ROW_ORDER", |e| e.rows[2] = e.rows[1].clone()),
        ("EXPORT_ROW_SUBJECT", |e| e.subjects = vec!["app_9".to_owned()]),
    ];
    let good = export(&chain(50), &["app_1"]);
    for (i, (code, tamper)) in cases.into_iter().enumerate() {
        let mut bad = good.clone();
        tamper(&mut bad);
        assert_eq!(bad.verify(&check).map_err(|fault| fault.code()), Err(code), "case {i}");
    }
}

#[test]
fn a_row_made_up_for_an_export_has_no_proof() {
    let rows = chain(50);
    let mut export = export(&rows, &["app_1"]);
    let fake = forged(5, rows[3].hash);
    let row = &mut export.rows[1];
    row.hash = fake.hash;
    row.entry = fake.entry().unwrap();
    row.content = fake.content;
    assert_eq!(export.verify(&check), Err(ExportFault::Proof { seq: 5 }));
}

#[test]
fn an_export_is_not_made_from_a_broken_chain() {
    let rows = chain(20);
    let head = signed_head(&rows);
    let begin = || ExportBuilder::new("case-1".to_owned(), vec!["app_1".to_owned()], head.clone());
    let mut builder = begin();
    builder.push(&rows[0]).unwrap();
    assert_eq!(builder.push(&rows[2]), Err(ExportFault::Chain { seq: 3 }));
    let mut changed = rows[1].clone();
    changed.content.pop();
    assert_eq!(builder.push(&changed), Err(ExportFault::Chain { seq: 2 }));
    assert_eq!(builder.finish(Timestamp::UNIX_EPOCH), Err(ExportFault::Head));
    let mut builder = begin();
    let longer = chain(21);
    for row in &longer[..20] {
        builder.push(row).unwrap();
    }
    assert_eq!(builder.push(&longer[20]), Err(ExportFault::Chain { seq: 21 }));
}
