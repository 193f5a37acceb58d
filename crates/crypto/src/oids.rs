//! Object identifiers used inside this crate.

use const_oid::ObjectIdentifier as Oid;

const fn oid(text: &str) -> Oid {
    Oid::new_unwrap(text)
}

pub(crate) const EC_PUBLIC_KEY: Oid = oid("1.2.840.10045.2.1");
pub(crate) const CURVE_SM2: Oid = oid("1.2.156.10197.1.301");
pub(crate) const CURVE_P256: Oid = oid("1.2.840.10045.3.1.7");
pub(crate) const CURVE_P384: Oid = oid("1.3.132.0.34");
pub(crate) const RSA_ENCRYPTION: Oid = oid("1.2.840.113549.1.1.1");

pub(crate) const SM2_WITH_SM3: Oid = oid("1.2.156.10197.1.501");
pub(crate) const ECDSA_SHA256: Oid = oid("1.2.840.10045.4.3.2");
pub(crate) const ECDSA_SHA384: Oid = oid("1.2.840.10045.4.3.3");
pub(crate) const RSA_SHA1: Oid = oid("1.2.840.113549.1.1.5");
pub(crate) const RSA_SHA256: Oid = oid("1.2.840.113549.1.1.11");
pub(crate) const RSA_SHA384: Oid = oid("1.2.840.113549.1.1.12");
pub(crate) const RSASSA_PSS: Oid = oid("1.2.840.113549.1.1.10");
pub(crate) const RSA_SHA512: Oid = oid("1.2.840.113549.1.1.13");

pub(crate) const SM3: Oid = oid("1.2.156.10197.1.401");
pub(crate) const SM3_WITHOUT_KEY: Oid = oid("1.2.156.10197.1.401.1");
pub(crate) const SHA1: Oid = oid("1.3.14.3.2.26");
pub(crate) const SHA256: Oid = oid("2.16.840.1.101.3.4.2.1");
pub(crate) const SHA384: Oid = oid("2.16.840.1.101.3.4.2.2");
pub(crate) const SHA512: Oid = oid("2.16.840.1.101.3.4.2.3");

pub(crate) const PBES2: Oid = oid("1.2.840.113549.1.5.13");
pub(crate) const PBKDF2: Oid = oid("1.2.840.113549.1.5.12");
pub(crate) const HMAC_SM3: Oid = oid("1.2.156.10197.1.401.2");
pub(crate) const HMAC_SHA1: Oid = oid("1.2.840.113549.2.7");
pub(crate) const HMAC_SHA256: Oid = oid("1.2.840.113549.2.9");
pub(crate) const HMAC_SHA384: Oid = oid("1.2.840.113549.2.10");
pub(crate) const HMAC_SHA512: Oid = oid("1.2.840.113549.2.11");
pub(crate) const SM4_CBC: Oid = oid("1.2.156.10197.1.104.2");
pub(crate) const AES128_CBC: Oid = oid("2.16.840.1.101.3.4.1.2");
pub(crate) const AES192_CBC: Oid = oid("2.16.840.1.101.3.4.1.22");
pub(crate) const AES256_CBC: Oid = oid("2.16.840.1.101.3.4.1.42");
pub(crate) const DES_EDE3_CBC: Oid = oid("1.2.840.113549.3.7");

pub(crate) const PKCS7_DATA: Oid = oid("1.2.840.113549.1.7.1");
pub(crate) const PKCS7_ENCRYPTED_DATA: Oid = oid("1.2.840.113549.1.7.6");
pub(crate) const PBE_SHA1_3DES: Oid = oid("1.2.840.113549.1.12.1.3");
pub(crate) const BAG_KEY: Oid = oid("1.2.840.113549.1.12.10.1.1");
pub(crate) const BAG_SHROUDED_KEY: Oid = oid("1.2.840.113549.1.12.10.1.2");
pub(crate) const BAG_CERT: Oid = oid("1.2.840.113549.1.12.10.1.3");
pub(crate) const BAG_SAFE_CONTENTS: Oid = oid("1.2.840.113549.1.12.10.1.6");
pub(crate) const CERT_TYPE_X509: Oid = oid("1.2.840.113549.1.9.22.1");
pub(crate) const FRIENDLY_NAME: Oid = oid("1.2.840.113549.1.9.20");
