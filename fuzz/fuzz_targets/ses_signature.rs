//! Reads any bytes as a seal signature of any version, and as what is signed.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yinxin_formats::der::Limits;
use yinxin_formats::ses::{SesSignature, ToSign};

fuzz_target!(|data: &[u8]| {
    let _ = ToSign::parse(data, &Limits::default());
    let Ok(signature) = SesSignature::parse(data, &Limits::default()) else { return };
    let _ = (signature.tbs_raw(), signature.signed_bytes_alternatives());
});
