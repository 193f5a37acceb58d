//! Reads any bytes as a timestamp token, a request and a response.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yinxin_formats::der::Limits;
use yinxin_formats::tsp::{TimeStampReq, TimeStampResp, TimeStampToken};

fuzz_target!(|data: &[u8]| {
    let limits = Limits::default();
    let _ = (TimeStampReq::parse(data, &limits), TimeStampResp::parse(data, &limits));
    let Ok(token) = TimeStampToken::parse(data, &limits) else { return };
    let _ = (token.faults(), token.signer());
    if let Some(certificate) = token.embedded_signer(&limits) {
        let _ = (token.ess_binding(&certificate), token.verify(&certificate));
    }
});
