//! Reads any bytes as a PKCS#12 file.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yinxin_crypto::keystore::read_pkcs12;

fuzz_target!(|data: &[u8]| {
    let _ = read_pkcs12(data, b"secret");
});
