//! Takes any bytes as a file of certificates.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yinxin_formats::der::Limits;
use yinxin_formats::pem::parse_pem_or_der;

fuzz_target!(|data: &[u8]| {
    let _ = parse_pem_or_der(data, &Limits::default());
});
