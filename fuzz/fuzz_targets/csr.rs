//! Reads any bytes as a certification request.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yinxin_formats::csr::Csr;
use yinxin_formats::der::Limits;

fuzz_target!(|data: &[u8]| {
    let _ = Csr::parse(data, &Limits::default());
});
