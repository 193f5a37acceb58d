//! SM2 elliptic curve cryptography (SM2 椭圆曲线公钥密码算法), GB/T 32918.

mod cipher;
mod public;
mod secret;
mod signature;

pub use cipher::{EncryptError, Sm2Ciphertext};
pub(crate) use cipher::{decrypt as cipher_decrypt, encrypt as cipher_encrypt};
pub use public::Sm2PublicKey;
pub(crate) use secret::Sm2Secret;
pub use signature::Sm2Signature;
pub(crate) use signature::left_pad;
