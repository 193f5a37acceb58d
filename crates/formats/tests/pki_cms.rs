//! SignedData of both families: every shape, every reason to refuse.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops where it fails"
)]
#![allow(clippy::print_stdout, reason = "absent data is announced")]

mod pki_support;

use pki_support::{codes, leaf, limits, now, root, sm2};
use yinxin_crypto::{SignatureAlgorithm, SigningKey, SoftwareKey};
use yinxin_formats::cms::{Attribute, CmsError, Family, SignedData, SignedDataBuilder};
use yinxin_formats::der::{Tag, write};
use yinxin_formats::oids;
use yinxin_formats::x509::{BuildError, Certificate};

const FAMILIES: [Family; 2] = [Family::Gbt35275, Family::Rfc5652];
const CONTENT: &[u8] = b"content of the document";

fn signer() -> (Certificate, SoftwareKey) {
    let key = sm2(2);
    (leaf("签章人甲", 2, &key, &sm2(1)), key)
}

fn parse(der: &[u8]) -> SignedData {
    SignedData::parse(der, &limits()).unwrap()
}

#[test]
fn round_trips_every_shape_without_deviation() {
    let (cert, key) = signer();
    for family in FAMILIES {
        for attached in [true, false] {
            for attributes in [true, false] {
                let new = if attached { SignedDataBuilder::attached } else { SignedDataBuilder::detached };
                let mut b = new(family, CONTENT).certificate(cert.raw());
                b = if attributes {
                    b.signing_time(now()).signing_certificate()
                } else {
                    b.without_attributes()
                };
                let signed = parse(&b.sign(&cert, &key).unwrap());
                assert!(signed.deviations().is_empty(), "{:?}", signed.deviations());
                assert_eq!((signed.family, signed.content_type, signed.version), (family, family.data(), 1));
                assert_eq!(signed.econtent.as_deref(), attached.then_some(CONTENT));
                assert_eq!(signed.certificates, [cert.raw()]);
                assert_eq!(signed.verify_signer(0, Some(CONTENT), &cert), Ok(()));
                let detached = signed.verify_signer(0, None, &cert);
                assert_eq!(detached, if attached { Ok(()) } else { Err(CmsError::ContentMissing) });
                let by_digest = signed.verify_signer_with_digest(0, &yinxin_crypto::sm3(CONTENT), &cert);
                assert_eq!(by_digest, if attributes { Ok(()) } else { Err(CmsError::ContentMissing) });
                if let Some(attrs) = &signed.signer_infos[0].signed_attrs {
                    assert_eq!(attrs.signing_time().unwrap(), Some(now()));
                    let bound = attrs.signing_certificate().unwrap().unwrap();
                    assert_eq!((bound[0].hash_algorithm, bound[0].matches(&cert)), (oids::SM3, Some(true)));
                    assert_eq!(bound[0].matches(&root(&sm2(1))), Some(false));
                }
            }
        }
    }
}

#[test]
fn writes_the_signature_algorithm_each_family_expects() {
    let (cert, key) = signer();
    let of = |family| parse(&SignedDataBuilder::attached(family, CONTENT).sign(&cert, &key).unwrap());
    assert_eq!(of(Family::Gbt35275).signer_infos[0].signature_algorithm, oids::SM2_SIGN);
    assert_eq!(of(Family::Rfc5652).signer_infos[0].signature_algorithm, oids::SM2_WITH_SM3);
}

#[test]
fn signing_elsewhere_gives_the_same_structure() {
    let (cert, key) = signer();
    let digest = yinxin_crypto::sm3(CONTENT);
    let b = SignedDataBuilder::detached_digest(Family::Gbt35275, &digest).signing_time(now());
    let prepared = b.prepare(&cert, SignatureAlgorithm::Sm2Sm3).unwrap();
    let signature = key.sign(prepared.signed_bytes()).unwrap();
    let signed = parse(&prepared.clone().assemble(&signature));
    assert_eq!(signed.signed_bytes(0, None), Some(prepared.signed_bytes()));
    assert_eq!(signed.verify_signer(0, Some(CONTENT), &cert), Ok(()));
}

#[test]
fn rejects_each_kind_of_damage_with_its_own_reason() {
    let (cert, key) = signer();
    let der = SignedDataBuilder::detached(Family::Gbt35275, CONTENT).sign(&cert, &key).unwrap();
    let signed = parse(&der);
    assert_eq!(signed.verify_signer(0, Some(b"other"), &cert), Err(CmsError::DigestMismatch));
    assert_eq!(signed.verify_signer(1, Some(CONTENT), &cert), Err(CmsError::NoSuchSigner(1)));
    assert_eq!(signed.verify_signer(0, Some(CONTENT), &root(&sm2(1))), Err(CmsError::WrongCertificate));
    // Same names and serial, another key.
    let substitute = leaf("签章人甲", 2, &sm2(9), &sm2(1));
    assert_eq!(signed.verify_signer(0, Some(CONTENT), &substitute), Err(CmsError::SignatureWrong));
    // Content declared as another type than the signed attribute says.
    let type_of = |bytes: &[u8], nth: usize| {
        let oid = write::oid(&oids::GB_DATA);
        bytes.windows(oid.len()).enumerate().filter(|(_, w)| *w == oid).nth(nth).unwrap().0 + oid.len() - 1
    };
    let mut bad = der.clone();
    bad[type_of(&der, 0)] = 9;
    assert_eq!(parse(&bad).verify_signer(0, Some(CONTENT), &cert), Err(CmsError::ContentTypeMismatch));
    // The attribute changed: the digest still fits, the signature does not.
    let mut bad = der.clone();
    bad[type_of(&der, 0)] = 9;
    bad[type_of(&der, 1)] = 9;
    assert_eq!(parse(&bad).verify_signer(0, Some(CONTENT), &cert), Err(CmsError::SignatureWrong));
    // A digest algorithm that does not belong to the signature algorithm.
    let mut bad = der;
    let sm3 = write::oid(&oids::SM3);
    let at = bad.windows(sm3.len()).rposition(|w| w == sm3).unwrap() + sm3.len() - 1;
    bad[at] = 0x12;
    let e = parse(&bad).verify_signer(0, Some(CONTENT), &cert).unwrap_err();
    assert_eq!(e.code(), "CMS_ALGORITHM_UNSUPPORTED");
}

/// The structure of a GB/T 35275 value with a SignerInfo of the test's making.
fn hand_made(content: &[u8], signer_infos: &[u8]) -> Vec<u8> {
    let sm3 = write::sequence(&[&write::oid(&oids::SM3)]);
    let signed = write::sequence(&[
        &write::small(1),
        &write::set_of(vec![sm3]),
        &write::sequence(&[&write::oid(&oids::GB_DATA), &write::explicit(0, content)]),
        &write::tlv(Tag::SET, signer_infos),
    ]);
    write::sequence(&[&write::oid(&oids::GB_SIGNED_DATA), &write::explicit(0, &signed)])
}

fn signer_info(
    cert: &Certificate,
    attrs: &[u8],
    algorithm: const_oid::ObjectIdentifier,
    value: &[u8],
) -> Vec<u8> {
    write::sequence(&[
        &write::small(1),
        &write::sequence(&[cert.issuer.raw(), &cert.serial.to_der()]),
        &write::sequence(&[&write::oid(&oids::SM3_NO_KEY), &write::null()]),
        attrs,
        &write::sequence(&[&write::oid(&algorithm), &write::null()]),
        &write::octets(value),
    ])
}

#[test]
fn takes_every_name_of_sm2_with_sm3_met_in_the_field() {
    let (cert, key) = signer();
    let value = key.sign(CONTENT).unwrap();
    for oid in [oids::SM2, oids::SM2_SIGN, oids::SM2_WITH_SM3, oids::EC_PUBLIC_KEY] {
        let info = signer_info(&cert, &[], oid, &value);
        let signed = parse(&hand_made(&write::octets(CONTENT), &info));
        assert_eq!(signed.verify_signer(0, None, &cert), Ok(()), "{oid}");
    }
}

#[test]
fn takes_sm2_values_of_64_bytes_and_names_them() {
    let (cert, key) = signer();
    let value = yinxin_crypto::Sm2Signature::from_der(&key.sign(CONTENT).unwrap()).unwrap().to_raw64();
    let info = signer_info(&cert, &[], oids::SM2_SIGN, &value);
    let signed = parse(&hand_made(&write::octets(CONTENT), &info));
    assert_eq!(codes(signed.deviations()), ["SIGNATURE_RAW64"]);
    assert_eq!(signed.verify_signer(0, None, &cert), Ok(()));
    assert_eq!(signed.verify_signer(0, Some(CONTENT), &cert), Ok(()));
}

#[test]
fn takes_attributes_out_of_order_signed_either_way_and_names_them() {
    let (cert, key) = signer();
    let digest = Attribute::new(oids::ATTR_MESSAGE_DIGEST, write::octets(&yinxin_crypto::sm3(CONTENT)));
    let kind = Attribute::new(oids::ATTR_CONTENT_TYPE, write::oid(&oids::GB_DATA));
    // messageDigest is longer, so DER puts it second.
    let parts = [digest.to_der(), kind.to_der()];
    let received = write::tlv(Tag::SET, &parts.concat());
    let sorted = write::set_of(parts.to_vec());
    assert_ne!(received, sorted);
    for covered in [&received, &sorted] {
        let attrs = write::tlv(Tag::context(0), &parts.concat());
        let info = signer_info(&cert, &attrs, oids::SM2_SIGN, &key.sign(covered).unwrap());
        let signed = parse(&hand_made(&write::octets(CONTENT), &info));
        assert_eq!(codes(signed.deviations()), ["CMS_ATTRS_NOT_SORTED"]);
        assert_eq!(signed.signed_bytes(0, None), Some(&received[..]));
        let attrs = signed.signer_infos[0].signed_attrs.as_ref().unwrap();
        assert_eq!(attrs.sorted_alternative(), Some(&sorted[..]));
        assert_eq!(signed.verify_signer(0, None, &cert), Ok(()));
    }
}

#[test]
fn rejects_repeated_or_missing_attributes() {
    let (cert, key) = signer();
    let digest =
        Attribute::new(oids::ATTR_MESSAGE_DIGEST, write::octets(&yinxin_crypto::sm3(CONTENT))).to_der();
    let kind = Attribute::new(oids::ATTR_CONTENT_TYPE, write::oid(&oids::GB_DATA)).to_der();
    let verify = |parts: &[&[u8]]| {
        let set = write::tlv(Tag::SET, &parts.concat());
        let attrs = write::tlv(Tag::context(0), &parts.concat());
        let info = signer_info(&cert, &attrs, oids::SM2_SIGN, &key.sign(&set).unwrap());
        parse(&hand_made(&write::octets(CONTENT), &info)).verify_signer(0, None, &cert)
    };
    assert_eq!(verify(&[&kind, &digest]), Ok(()));
    assert_eq!(verify(&[&kind]), Err(CmsError::AttributeMissing("messageDigest")));
    assert_eq!(verify(&[&digest]), Err(CmsError::AttributeMissing("contentType")));
    assert_eq!(verify(&[&kind, &digest, &digest]).unwrap_err().code(), "CMS_ATTRIBUTES_MALFORMED");
    let two = Attribute {
        values: vec![write::octets(&yinxin_crypto::sm3(CONTENT)), write::octets(b"x")],
        ..Attribute::new(oids::ATTR_MESSAGE_DIGEST, vec![])
    };
    assert_eq!(verify(&[&kind, &two.to_der()]).unwrap_err().code(), "CMS_ATTRIBUTES_MALFORMED");
}

#[test]
fn an_empty_list_of_signers_is_represented_and_nobody_signed() {
    let (cert, _) = signer();
    let signed = parse(&hand_made(&write::octets(CONTENT), &[]));
    assert!(signed.signer_infos.is_empty());
    assert_eq!(signed.signed_bytes(0, None), None);
    assert_eq!(signed.verify_signer(0, None, &cert), Err(CmsError::NoSuchSigner(0)));
}

#[test]
fn reads_split_content_and_content_that_is_no_octet_string() {
    let (cert, key) = signer();
    let info = signer_info(&cert, &[], oids::SM2_SIGN, &key.sign(CONTENT).unwrap());
    let split = write::tlv(Tag(0x24), &[write::octets(&CONTENT[..5]), write::octets(&CONTENT[5..])].concat());
    let signed = parse(&hand_made(&split, &info));
    assert_eq!(codes(signed.deviations()), ["BER_CONSTRUCTED_STRING"]);
    assert_eq!(signed.verify_signer(0, None, &cert), Ok(()));
    let other = parse(&hand_made(&write::tlv(Tag::SEQUENCE, CONTENT), &info));
    assert_eq!(codes(other.deviations()), ["CMS_CONTENT_NOT_OCTETS"]);
    assert_eq!(other.verify_signer(0, None, &cert), Ok(()));
}

#[test]
fn rejects_trailing_bytes_and_other_content_types() {
    let (cert, key) = signer();
    let mut der = SignedDataBuilder::attached(Family::Gbt35275, CONTENT).sign(&cert, &key).unwrap();
    let length = der.len();
    der.push(0);
    let e = SignedData::parse(&der, &limits()).unwrap_err();
    assert_eq!((e.code(), e.at), ("DER_TRAILING", length));
    let enveloped = write::sequence(&[&write::oid(&oids::DATA), &write::explicit(0, &write::octets(b""))]);
    assert_eq!(SignedData::parse(&enveloped, &limits()).unwrap_err().at, 2);
}

#[test]
fn the_writer_refuses_what_the_standard_forbids() {
    let (cert, key) = signer();
    let new = || SignedDataBuilder::attached(Family::Rfc5652, CONTENT);
    let invalid = |r: Result<Vec<u8>, BuildError>| assert_eq!(r.unwrap_err().code(), "BUILD_INVALID");
    invalid(new().content_type(oids::TST_INFO).without_attributes().sign(&cert, &key));
    invalid(new().signing_time(now()).without_attributes().sign(&cert, &key));
    invalid(new().signing_time(now()).signing_time(now()).sign(&cert, &key));
    invalid(new().sign(&cert, &sm2(7)));
    invalid(SignedDataBuilder::detached_digest(Family::Rfc5652, &[0; 20]).sign(&cert, &key));
    let digest = SignedDataBuilder::detached_digest(Family::Rfc5652, &[0; 32]);
    invalid(digest.without_attributes().sign(&cert, &key));
}

#[test]
fn finds_the_signer_by_key_identifier_too() {
    use yinxin_formats::cms::SignerId;
    let (cert, _) = signer();
    let id = cert.subject_key_id().unwrap().unwrap();
    assert!(SignerId::SubjectKeyId(id).matches(&cert));
    assert!(!SignerId::SubjectKeyId(vec![1]).matches(&cert));
    let without = pki_support::builder("x", "y", 1, &sm2(1)).sign(&sm2(1)).unwrap();
    let without = Certificate::parse(&without, &limits()).unwrap();
    assert!(!SignerId::SubjectKeyId(vec![]).matches(&without));
}

#[test]
fn rejects_a_signature_over_attributes_in_the_frame_of_content() {
    let (cert, key) = signer();
    let prepared = SignedDataBuilder::attached(Family::Gbt35275, CONTENT)
        .prepare(&cert, SignatureAlgorithm::Sm2Sm3)
        .unwrap();
    let value = key.sign(prepared.signed_bytes()).unwrap();
    let info = signer_info(&cert, &[], oids::SM2_SIGN, &value);
    let signed = parse(&hand_made(&write::octets(prepared.signed_bytes()), &info));
    assert_eq!(signed.verify_signer(0, None, &cert), Err(CmsError::AttributesAsContent));
}

#[test]
fn rejects_content_of_another_type_without_attributes() {
    let (cert, key) = signer();
    let info = signer_info(&cert, &[], oids::SM2_SIGN, &key.sign(CONTENT).unwrap());
    let mut signed = parse(&hand_made(&write::octets(CONTENT), &info));
    signed.content_type = oids::TST_INFO;
    assert_eq!(signed.verify_signer(0, None, &cert), Err(CmsError::AttributeMissing("contentType")));
}
