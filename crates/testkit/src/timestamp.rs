//! Timestamp tokens, sound and otherwise.

use const_oid::ObjectIdentifier;
use jiff::Timestamp;
use yinxin_crypto::{SignatureAlgorithm, sm3};
use yinxin_formats::cms::{Family, SignedDataBuilder};
use yinxin_formats::oids;
use yinxin_formats::tsp::{Accuracy, MessageImprint, TstInfo};
use yinxin_formats::x509::Serial;

use crate::pki::Identity;

/// A token over `covered`.
pub fn token(tsa: &Identity, covered: &[u8], time: Timestamp) -> Vec<u8> {
    token_of(Family::Gbt35275, tsa, covered, time, true)
}

/// A token of either family, with the authority's certificate or without.
pub fn token_of(family: Family, tsa: &Identity, covered: &[u8], time: Timestamp, embed: bool) -> Vec<u8> {
    token_over(family, tsa, &sm3(covered), time, embed)
}

/// The same over a digest.
pub fn token_over(
    family: Family,
    tsa: &Identity,
    digest: &[u8; 32],
    time: Timestamp,
    embed: bool,
) -> Vec<u8> {
    let info = TstInfo {
        version: 1,
        policy: ObjectIdentifier::new_unwrap("1.2.3.4.1"),
        imprint: MessageImprint::sm3_digest(digest),
        serial: Serial::from_unsigned(&[&[1], &digest[..7]].concat()),
        gen_time: time,
        accuracy: Some(Accuracy { seconds: 1, ..Accuracy::default() }),
        ordering: false,
        nonce: None,
        tsa: None,
        extensions: Vec::new(),
    };
    let embedded: Vec<&[u8]> = if embed { vec![tsa.der()] } else { Vec::new() };
    let builder = SignedDataBuilder::attached(family, &info.to_der())
        .content_type(oids::TST_INFO)
        .signing_time(time)
        .signing_certificate();
    // Signed apart from the builder, which would refuse a key that is not the certificate's.
    let prepared = embedded
        .into_iter()
        .fold(builder, |b, der| b.certificate(der))
        .prepare(&tsa.cert, SignatureAlgorithm::Sm2Sm3)
        .unwrap();
    let value = tsa.sign(prepared.signed_bytes());
    prepared.assemble(&value)
}
