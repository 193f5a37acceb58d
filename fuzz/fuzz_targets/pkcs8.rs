//! Reads any bytes as a private-key file, without and with a password.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yinxin_crypto::keystore::read_private_key;

fuzz_target!(|data: &[u8]| {
    let _ = read_private_key(data, None);
    let _ = read_private_key(data, Some(b"secret"));
});
