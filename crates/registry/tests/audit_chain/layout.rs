//! What is hashed, and that openssl hashes it alike.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::json;
use yinxin_registry::audit::{
    AppendError, AuditKeys, ChainHead, Entry, GENESIS, MAX_CONTENT, append, row_hash,
};

use super::samples::{KEY, chain, check, entry, export, hex};

#[test]
fn what_a_row_says_comes_back_as_it_was_written() {
    for (i, row) in chain(20).iter().enumerate() {
        let seq = i as u64 + 1;
        assert_eq!(row.entry().unwrap(), entry(seq));
        assert_eq!(row.columns, entry(seq).columns());
        assert_eq!((row.seq, row.hash), (seq, row_hash(seq, &row.prev, &row.content)));
    }
}

#[test]
fn oversized_entries_and_exhausted_numbers_are_refused() {
    let key = AuditKeys::new(&KEY);
    let mut large = entry(1);
    large.details = json!("x".repeat(MAX_CONTENT));
    assert_eq!(append(ChainHead::EMPTY, &large, &key).unwrap_err().code(), "AUDIT_ENTRY_TOO_LARGE");
    for seq in [u64::MAX, i64::MAX as u64] {
        assert_eq!(append(ChainHead { seq, hash: GENESIS }, &entry(1), &key), Err(AppendError::Exhausted));
    }
}

#[test]
fn fractions_in_details_become_text_so_that_they_read_the_same_everywhere() {
    let mut fraction = entry(1);
    fraction.details = json!({"score": 0.1, "list": [1e300], "count": u64::MAX});
    let row = append(ChainHead::EMPTY, &fraction, &AuditKeys::new(&KEY)).unwrap();
    let details = row.entry().unwrap().details;
    assert_eq!(details, json!({"score": "0.1", "list": ["1e+300"], "count": u64::MAX}));
    assert_eq!(export(&[row], &["app_1"]).verify(&check), Ok(()));
}

/// The content of an entry by the documented layout, written a second time.
fn documented_layout(seq: u64, entry: &Entry, details: &str) -> Vec<u8> {
    let text = |s: &str| [&u32::try_from(s.len()).unwrap().to_be_bytes()[..], s.as_bytes()].concat();
    let option = |s: &Option<String>| s.as_ref().map_or(vec![0], |s| [vec![1], text(s)].concat());
    [
        text("yinxin-audit-entry-v1"),
        seq.to_be_bytes().to_vec(),
        entry.at.as_microsecond().to_be_bytes().to_vec(),
        text("account"),
        text(&entry.actor.id),
        text(&entry.actor.name),
        text(&entry.actor.role),
        option(&entry.actor.address),
        text(&entry.action),
        text(&entry.subject),
        text(&entry.area_path),
        option(&entry.unit),
        text(entry.outcome.as_str()),
        option(&entry.reason),
        text(details),
        text(&entry.request_id),
    ]
    .concat()
}

#[test]
fn the_hashed_bytes_have_the_documented_layout() {
    let details = r#"{"a":{"b":"印","y":[1,-2,null]},"z":1}"#;
    for row in chain(10) {
        assert_eq!(row.content, documented_layout(row.seq, &entry(row.seq), details));
    }
}

/// Runs openssl, which has to be there: without it nothing independent checks the hashes.
fn openssl(args: &[&str], input: &[u8]) -> String {
    let mut child = Command::new("openssl")
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("openssl 3 is needed on PATH for this test: install it");
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "openssl {args:?} failed");
    let text = String::from_utf8(output.stdout).unwrap();
    text.split([' ', '=', '\n', '*']).rfind(|word| word.len() == 64).expect("a digest").to_owned()
}

#[test]
fn openssl_computes_the_same_hash_and_mac() {
    for row in chain(3) {
        let message =
            [b"yinxin-audit-v1".as_slice(), &row.seq.to_be_bytes(), &row.prev, &row.content].concat();
        assert_eq!(openssl(&["dgst", "-sm3"], &message), hex(&row.hash));
        let key = format!("hexkey:{}", hex(&KEY));
        assert_eq!(openssl(&["dgst", "-sm3", "-mac", "HMAC", "-macopt", &key], &row.hash), hex(&row.mac));
    }
}
