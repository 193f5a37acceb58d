//! Signature values in the encodings met in the wild.

use yinxin_crypto::Sm2Signature;
use yinxin_formats::der::{Tag, write};

/// How a value is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueForm {
    /// SEQUENCE {r, s}, as the standard says.
    Der,
    /// r‖s (Tongzhi).
    Raw64,
    /// INTEGERs of 32 bytes without leading zero (Azt).
    Negative,
    /// INTEGERs with a needless leading zero.
    Padded,
    /// The last bit flipped: wrong.
    Flipped,
    /// The DER value and one byte more.
    Trailing,
    /// No value at all.
    Empty,
}

/// Turns a DER value into another form.
pub fn encode(der: &[u8], form: ValueForm) -> Vec<u8> {
    let parsed = || Sm2Signature::from_der(der).unwrap();
    let integers = |prefix: &[u8]| {
        let v = parsed();
        let number = |n: &[u8; 32]| write::tlv(Tag::INTEGER, &[prefix, n.as_slice()].concat());
        write::sequence(&[&number(&v.r), &number(&v.s)])
    };
    match form {
        ValueForm::Der => der.to_vec(),
        ValueForm::Raw64 => parsed().to_raw64().to_vec(),
        ValueForm::Negative => integers(&[]),
        ValueForm::Padded => integers(&[0, 0]),
        ValueForm::Flipped => {
            let mut v = parsed();
            v.s[31] ^= 1;
            v.to_der()
        }
        ValueForm::Trailing => [der, &[0]].concat(),
        ValueForm::Empty => Vec::new(),
    }
}
