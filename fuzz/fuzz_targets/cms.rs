//! Reads any bytes as SignedData of either family and asks what each signature covers.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yinxin_formats::cms::SignedData;
use yinxin_formats::der::Limits;

fuzz_target!(|data: &[u8]| {
    let Ok(signed) = SignedData::parse(data, &Limits::default()) else { return };
    for i in 0..signed.signer_infos.len() {
        let _ = (signed.signed_bytes(i, None), signed.signed_bytes(i, Some(data)));
    }
});
