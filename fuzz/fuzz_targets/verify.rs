//! Verifies any bytes as a document and as a seal: always a report.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::io::Cursor;
use yinxin_seal::{TrustFacts, VerifyOptions, verify, verify_seal};

fuzz_target!(|data: &[u8]| {
    let options = VerifyOptions::at(jiff::Timestamp::UNIX_EPOCH);
    let facts = TrustFacts::default();
    let _ = verify(Cursor::new(data), &facts, &options);
    let _ = verify_seal(data, &facts, &options);
});
