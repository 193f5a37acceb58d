//! The one encoding of a statement.

use yinxin_server::proof::{CanonicalError, ProofKind, from_canonical, to_canonical};

use crate::sample::statement;

#[test]
fn a_statement_has_sorted_keys_no_white_space_and_is_read_back() {
    let s = statement(ProofKind::FilingReceipt);
    let bytes = to_canonical(&s).unwrap();
    let text = std::str::from_utf8(&bytes).unwrap();
    assert!(text.starts_with("{\"application_digest\":\""), "{text}");
    assert!(text.contains("\"authority\":{\"code\":\"11990100MB0000001X\",\"name\":\"示例市政务服务局\"}"));
    assert!(text.contains("\"issued_at\":\"2026-11-01T00:00:00Z\""), "{text}");
    assert!(!text.contains("null") && !text.contains(": ") && !text.contains(", "));
    assert_eq!(from_canonical(&bytes).unwrap(), s);
}

#[test]
fn rejects_every_other_encoding_of_the_same_statement() {
    let text = String::from_utf8(to_canonical(&statement(ProofKind::MakingApproval)).unwrap()).unwrap();
    let other = [
        text.replace("\"area\":", "\"area\": "),
        format!("{text}\n"),
        text.replace("示例市政务服务局", "\\u793a例市政务服务局"),
        text.replace("\"years\":3", "\"years\":3.0"),
        text.replace("\"years\":3", "\"years\":3,\"years\":3"),
        text.replace("\"years\":3", "\"holder\":null,\"years\":3"),
        text.replace("T00:00:00Z", "T00:00:00+00:00"),
        text.replace("{\"application_digest\"", "{\"x\":1,\"application_digest\""),
    ];
    for bent in other {
        assert_ne!(bent, text);
        assert!(from_canonical(bent.as_bytes()).is_err(), "{bent}");
    }
    let foreign = text.replace("yinxin-proof-1", "yinxin-proof-2");
    assert_eq!(from_canonical(foreign.as_bytes()), Err(CanonicalError::Format));
    let spaced = text.replace("\"area\":", "\"area\": ");
    assert_eq!(from_canonical(spaced.as_bytes()), Err(CanonicalError::NotCanonical));
}

#[test]
fn rejects_statements_that_lack_what_their_kind_needs() {
    use ProofKind::{CancellationCertificate, FilingReceipt, MakingApproval, SuspensionNotice};
    let field = |kind, bend: fn(&mut yinxin_server::proof::Statement)| {
        let mut s = statement(kind);
        assert!(s.check().is_ok());
        bend(&mut s);
        s.check().unwrap_err().field
    };
    assert_eq!(field(MakingApproval, |s| s.valid_until = None), "valid_until");
    assert_eq!(field(MakingApproval, |s| s.application_digest = None), "application_digest");
    assert_eq!(field(MakingApproval, |s| s.seal.years = None), "seal.years");
    assert_eq!(field(FilingReceipt, |s| s.seal_digest = None), "seal_digest");
    assert_eq!(field(CancellationCertificate, |s| s.reason = None), "reason");
    assert_eq!(field(SuspensionNotice, |s| s.reason = Some(" ".into())), "reason");
    assert_eq!(field(MakingApproval, |s| s.number = "1\n2".into()), "number");
    assert_eq!(field(MakingApproval, |s| s.area = "990100".into()), "area");
    assert_eq!(field(MakingApproval, |s| s.imprint_digest = Some("AB".repeat(32))), "imprint_digest");
    assert_eq!(
        field(MakingApproval, |s| s.valid_until =
            s.issued_at.checked_sub(jiff::SignedDuration::from_secs(1)).ok()),
        "valid_until"
    );
}
