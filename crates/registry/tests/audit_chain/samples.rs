//! Chains, keys and signatures to test with.

use jiff::Timestamp;
use serde_json::json;
use yinxin_crypto::hmac_sm3;
use yinxin_registry::audit::merkle::Frontier;
use yinxin_registry::audit::{
    ActorKind, ActorRef, AuditKeys, CaseExport, ChainHead, Digest, Entry, ExportBuilder, Fault, Head,
    Outcome, Report, Row, SignedHead, Verifier, append,
};

pub const KEY: [u8; 32] = [7; 32];

pub fn entry(n: u64) -> Entry {
    Entry {
        at: Timestamp::from_second(1_772_000_000 + i64::try_from(n).unwrap()).unwrap(),
        actor: ActorRef {
            kind: ActorKind::Account,
            id: "acct_00000000000000000000000001".to_owned(),
            name: "示例审核员".to_owned(),
            role: "issuing_reviewer".to_owned(),
            address: (n.is_multiple_of(2)).then(|| "192.0.2.7".to_owned()),
        },
        action: "application.submit".to_owned(),
        subject: format!("app_{}", n % 4),
        area_path: "/100000/610000/610100/".to_owned(),
        unit: (n.is_multiple_of(3)).then(|| "unit_x".to_owned()),
        outcome: if n.is_multiple_of(5) { Outcome::Refused } else { Outcome::Ok },
        reason: (n.is_multiple_of(5)).then(|| "材料不齐".to_owned()),
        details: json!({"z": 1, "a": {"y": [1, -2, null], "b": "印"}}),
        request_id: format!("req-{n}"),
    }
}

pub fn chain_from(head: ChainHead, key: &[u8; 32], count: u64) -> Vec<Row> {
    let key = AuditKeys::new(key);
    let mut head = head;
    (0..count)
        .map(|_| {
            let row = append(head, &entry(head.seq + 1), &key).unwrap();
            head = row.head();
            row
        })
        .collect()
}

pub fn chain(count: u64) -> Vec<Row> {
    chain_from(ChainHead::EMPTY, &KEY, count)
}

pub fn no_signature(_: &str, _: &[u8], _: &[u8]) -> bool {
    false
}

/// A stand-in for SM2: the signature is a keyed digest.
fn sign(key_id: &str, message: &[u8]) -> Vec<u8> {
    hmac_sm3(key_id.as_bytes(), message).to_vec()
}

pub fn check(key_id: &str, message: &[u8], signature: &[u8]) -> bool {
    sign(key_id, message) == signature
}

pub fn signed_head(rows: &[Row]) -> SignedHead {
    let mut tree = Frontier::new();
    for row in rows {
        tree.push(&row.hash);
    }
    let last = rows.last().unwrap();
    let head = Head {
        seq: last.seq,
        hash: last.hash,
        root: tree.root(),
        at: Timestamp::from_second(1_773_000_000).unwrap(),
        key_id: "audit-1".to_owned(),
    };
    let signature = sign("audit-1", &head.to_be_signed());
    head.signed(signature)
}

pub fn report(rows: &[Row], head: Option<ChainHead>, heads: &[SignedHead]) -> Report {
    let key = AuditKeys::new(&KEY);
    let mut verifier = Verifier::new(&key, heads, &check);
    for row in rows {
        verifier.push(row);
    }
    verifier.finish(head)
}

/// Faults of `rows` against the head of the chain as it was before tampering.
pub fn faults(rows: &[Row], true_head: ChainHead) -> Vec<Fault> {
    report(rows, Some(true_head), &[]).faults
}

pub fn renumber(rows: &mut [Row]) {
    for (i, row) in rows.iter_mut().enumerate() {
        row.seq = i as u64 + 1;
    }
}

/// What a writer to the database without the MAC key can do: entry, link and hash agree, the MAC does not.
pub fn forged(seq: u64, prev: Digest) -> Row {
    let before = ChainHead { seq: seq - 1, hash: prev };
    append(before, &entry(seq + 1000), &AuditKeys::new(&[9; 32])).unwrap()
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn export(rows: &[Row], subjects: &[&str]) -> CaseExport {
    let subjects = subjects.iter().map(|s| (*s).to_owned()).collect();
    let mut builder = ExportBuilder::new("case-1".to_owned(), subjects, signed_head(rows));
    for row in rows {
        builder.push(row).unwrap();
    }
    builder.finish(Timestamp::from_second(1_774_000_000).unwrap()).unwrap()
}
