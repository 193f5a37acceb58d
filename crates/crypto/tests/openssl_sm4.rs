//! What SM4-GCM writes is what OpenSSL's SM4 in counter mode writes, one block or many at once.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod openssl;

use openssl::Folder;
use yinxin_crypto::sm4::{KEY_LEN, NONCE_LEN, TAG_LEN, gcm_decrypt, gcm_encrypt};

#[test]
fn long_and_short_messages_are_as_openssl_writes_them() {
    let folder = Folder::new();
    // Sixty-four blocks are taken at once: a little less, exactly, a little more, many.
    let lengths = [0, 1, 16, 1008, 1023, 1024, 1025, 2048, 2063, 65_536, 200_001];
    for (round, len) in (0_u8..).zip(lengths) {
        let key: [u8; KEY_LEN] =
            std::array::from_fn(|at| round.wrapping_mul(97) ^ u8::try_from(at * 15).unwrap());
        let nonce: [u8; NONCE_LEN] = std::array::from_fn(|at| round ^ u8::try_from(at * 11).unwrap());
        let message: Vec<u8> = (0..=250_u8).cycle().skip(usize::from(round)).take(len).collect();
        let sealed = gcm_encrypt(&key, &nonce, b"associated", &message).unwrap();
        assert_eq!(*gcm_decrypt(&key, &nonce, b"associated", &sealed).unwrap(), message);
        folder.write("message", &message);
        // The counter of the first block of a message is 2 where the nonce has 12 bytes (NIST SP 800-38D clause 7.1).
        let (key, nonce) = (hex::encode(key), hex::encode(nonce));
        let theirs = folder.openssl(&format!("enc -sm4-ctr -K {key} -iv {nonce}00000002 -in message"));
        assert_eq!(sealed.len(), theirs.len() + TAG_LEN);
        assert!(sealed.starts_with(&theirs), "{len} bytes");
    }
}
