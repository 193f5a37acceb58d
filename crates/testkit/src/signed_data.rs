//! SignedData for signatures without a seal, sound and otherwise.

use jiff::Timestamp;
use yinxin_formats::cms::{Attribute, Family, SignedDataBuilder};
use yinxin_formats::der::write;
use yinxin_formats::oids;

use crate::pki::Identity;

/// A sound SignedData over `content` with signed attributes.
pub fn signed(family: Family, signer: &Identity, content: &[u8], time: Timestamp, attached: bool) -> Vec<u8> {
    let b = if attached {
        SignedDataBuilder::attached(family, content)
    } else {
        SignedDataBuilder::detached(family, content)
    };
    b.certificate(signer.der())
        .signing_time(time)
        .signing_certificate()
        .sign(&signer.cert, &*signer.key)
        .unwrap()
}

/// The same with a timestamp over the signature value, made by `stamp`.
pub fn stamped(
    signer: &Identity,
    content: &[u8],
    time: Timestamp,
    stamp: impl Fn(&[u8]) -> Vec<u8>,
) -> Vec<u8> {
    let builder = || {
        SignedDataBuilder::detached(Family::Gbt35275, content)
            .certificate(signer.der())
            .signing_time(time)
            .signing_certificate()
    };
    let alg = yinxin_crypto::SignatureAlgorithm::Sm2Sm3;
    let value = signer.sign(builder().prepare(&signer.cert, alg).unwrap().signed_bytes());
    let token = Attribute::new(oids::ATTR_TIMESTAMP_TOKEN, stamp(&value));
    builder().unsigned_attribute(token).prepare(&signer.cert, alg).unwrap().assemble(&value)
}

/// Without signed attributes.
pub fn bare(signer: &Identity, content: &[u8], attached: bool) -> Vec<u8> {
    let b = if attached {
        SignedDataBuilder::attached(Family::Gbt35275, content)
    } else {
        SignedDataBuilder::detached(Family::Gbt35275, content)
    };
    b.certificate(signer.der()).without_attributes().sign(&signer.cert, &*signer.key).unwrap()
}

/// A structure with a certificate and no signer at all, written by hand.
pub fn no_signers(signer: &Identity, content: &[u8]) -> Vec<u8> {
    let digest = write::sequence(&[&write::oid(&oids::SM3)]);
    let inner = write::sequence(&[&write::oid(&oids::GB_DATA), &write::explicit(0, &write::octets(content))]);
    let data = write::sequence(&[
        &write::small(1),
        &write::set_of(vec![digest]),
        &inner,
        &write::explicit(0, signer.der()),
        &write::set_of(Vec::new()),
    ]);
    write::sequence(&[&write::oid(&oids::GB_SIGNED_DATA), &write::explicit(0, &data)])
}
