//! Reads any bytes as a seal of any version.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yinxin_formats::der::Limits;
use yinxin_formats::ses::{Seal, read_sm2_signature};

fuzz_target!(|data: &[u8]| {
    let _ = read_sm2_signature(data);
    let Ok(seal) = Seal::parse(data, &Limits::default()) else { return };
    let _ = (seal.signed_bytes(), seal.signed_bytes_alternatives());
});
