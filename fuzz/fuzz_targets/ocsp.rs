//! Reads any bytes as an OCSP response and as a request.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yinxin_formats::der::Limits;
use yinxin_formats::ocsp::{OcspRequest, OcspResponse};

fuzz_target!(|data: &[u8]| {
    let _ = OcspResponse::parse(data, &Limits::default());
    let _ = OcspRequest::parse(data, &Limits::default());
});
