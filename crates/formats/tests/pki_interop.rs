//! GB/T 35275 signatures inside OFD documents of other software.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops where it fails"
)]
#![allow(clippy::print_stdout, reason = "absent data is announced")]

mod pki_support;

use pki_support::{codes, interop, limits, unzip};
use yinxin_formats::cms::{CmsError, Family, SignedData};
use yinxin_formats::x509::Certificate;

fn load(file: &str) -> Option<(SignedData, Vec<u8>, Certificate)> {
    let file = interop()?.join(file);
    let value = unzip(&file, "Doc_0/Signs/Sign_0/SignedValue.dat");
    let xml = unzip(&file, "Doc_0/Signs/Sign_0/Signature.xml");
    let signed = SignedData::parse(&value, &limits()).unwrap();
    let certificate = Certificate::parse(&signed.certificates[0], &limits()).unwrap();
    assert_eq!(signed.raw(), value);
    Some((signed, xml, certificate))
}

#[test]
fn attached_value_signs_the_sm3_of_the_signature_description() {
    let Some((signed, xml, certificate)) = load("clean/gbt-p1.ofd") else { return };
    assert_eq!((signed.family, codes(signed.deviations())), (Family::Gbt35275, vec![]));
    let digest = yinxin_crypto::sm3(&xml);
    assert_eq!(signed.econtent.as_deref(), Some(&digest[..]));
    assert_eq!(signed.signed_bytes(0, None), Some(&digest[..]));
    assert_eq!(signed.verify_signer(0, None, &certificate), Ok(()));
    assert_eq!(signed.verify_signer(0, Some(&digest), &certificate), Ok(()));
    assert_eq!(signed.verify_signer(0, Some(&xml), &certificate), Err(CmsError::ContentMismatch));
}

#[test]
fn detached_value_signs_attributes_with_the_digest_of_the_description() {
    let Some((signed, xml, certificate)) = load("repo-keys/gbtp9-p1.ofd") else { return };
    assert!(signed.econtent.is_none());
    assert!(signed.deviations().is_empty());
    let attrs = signed.signer_infos[0].signed_attrs.as_ref().unwrap();
    assert_eq!(attrs.message_digest().unwrap().as_deref(), Some(&yinxin_crypto::sm3(&xml)[..]));
    assert_eq!(signed.signed_bytes(0, None).unwrap()[0], 0x31);
    assert_eq!(signed.verify_signer(0, Some(&xml), &certificate), Ok(()));
    let digest = yinxin_crypto::sm3(&xml);
    assert_eq!(signed.verify_signer_with_digest(0, &digest, &certificate), Ok(()));
    assert_eq!(signed.verify_signer(0, None, &certificate), Err(CmsError::ContentMissing));
    assert_eq!(signed.verify_signer(0, Some(b"other"), &certificate), Err(CmsError::DigestMismatch));
}
