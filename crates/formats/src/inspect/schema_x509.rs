//! Names of the members of certificates, requests, revocation lists and keys.

use super::schema::*;

/// Certificate, RFC 5280 §4.1, GB/T 20518.
pub(super) static CERTIFICATE: Field = field!(SEQ "Certificate" "数字证书" Shape::Fields(CERTIFICATE_FIELDS));
/// CertificationRequest, RFC 2986.
pub(super) static REQUEST: Field =
    field!(SEQ "CertificationRequest" "证书请求" Shape::Fields(REQUEST_FIELDS));
/// CertificateList, RFC 5280 §5.1.
pub(super) static CRL: Field = field!(SEQ "CertificateList" "证书撤销列表" Shape::Fields(CRL_FIELDS));
/// SubjectPublicKeyInfo.
pub(super) static PUBLIC_KEY: Field = field!(SEQ "SubjectPublicKeyInfo" "主体公钥信息" Shape::Fields(SPKI));
/// PrivateKeyInfo, RFC 5958.
pub(super) static PRIVATE_KEY: Field = field!(SEQ "PrivateKeyInfo" "私钥信息" Shape::Fields(PKCS8));
/// ECPrivateKey, RFC 5915.
pub(super) static EC_PRIVATE_KEY: Field = field!(SEQ "ECPrivateKey" "椭圆曲线私钥" Shape::Fields(SEC1));
/// RSAPrivateKey, RFC 8017: nothing of it is shown.
pub(super) static RSA_PRIVATE_KEY: Field = field!(SEQ "RSAPrivateKey" "RSA 私钥" Shape::Secret);

/// AlgorithmIdentifier.
pub(super) const ALGORITHM: &[Field] = fields! {
    OID "algorithm" "算法" Shape::Plain;
    ANY "parameters" "参数" Shape::Plain;
};

/// Name: RDNSequence.
pub(super) static RDN: Field =
    field!(SET "RelativeDistinguishedName" "相对甄别名" Shape::Each(&ATTRIBUTE_VALUE));
static ATTRIBUTE_VALUE: Field = field!(SEQ "AttributeTypeAndValue" "属性" Shape::Fields(ATTRIBUTE_FIELDS));
const ATTRIBUTE_FIELDS: &[Field] = fields! {
    OID "type" "属性类型" Shape::Plain;
    ANY "value" "属性值" Shape::Plain;
};

const SPKI: &[Field] = fields! {
    SEQ "algorithm" "公钥算法" Shape::Fields(ALGORITHM);
    BITS "subjectPublicKey" "公钥" Shape::Holds(&RSA_KEY);
};
static RSA_KEY: Field = field!(SEQ "RSAPublicKey" "RSA 公钥" Shape::Fields(RSA_FIELDS));
const RSA_FIELDS: &[Field] = fields! {
    INT "modulus" "模数" Shape::Plain;
    INT "publicExponent" "公钥指数" Shape::Plain;
};

static SIGNATURE_VALUE: Field = field!(SEQ "Sig-Value" "签名分量" Shape::Fields(SIGNATURE_PARTS));
const SIGNATURE_PARTS: &[Field] = fields! {
    INT "r" "r 分量" Shape::Plain;
    INT "s" "s 分量" Shape::Plain;
};

const VERSION: &[Field] = fields! { INT "version" "版本号" Shape::Plain; };
const VALIDITY: &[Field] = fields! {
    TIME "notBefore" "有效期起" Shape::Plain;
    TIME "notAfter" "有效期止" Shape::Plain;
};

/// Extension.
pub(super) static EXTENSION: Field = field!(SEQ "Extension" "扩展" Shape::Fields(EXTENSION_FIELDS));
const EXTENSION_FIELDS: &[Field] = fields! {
    OID "extnID" "扩展标识" Shape::Plain;
    BOOL "critical" "关键性" Shape::Plain;
    OCTETS "extnValue" "扩展值" Shape::ByOid;
};
/// `[n]` EXPLICIT Extensions.
pub(super) const EXTENSIONS: &[Field] = fields! { SEQ "Extensions" "扩展列表" Shape::Each(&EXTENSION); };

const TBS_CERTIFICATE: &[Field] = fields! {
    C0 "version" "版本号" Shape::Fields(VERSION);
    INT "serialNumber" "序列号" Shape::Plain;
    SEQ "signature" "签名算法" Shape::Fields(ALGORITHM);
    SEQ "issuer" "颁发者" Shape::Each(&RDN);
    SEQ "validity" "有效期" Shape::Fields(VALIDITY);
    SEQ "subject" "主体" Shape::Each(&RDN);
    SEQ "subjectPublicKeyInfo" "主体公钥信息" Shape::Fields(SPKI);
    C1_ANY "issuerUniqueID" "颁发者唯一标识" Shape::Plain;
    C2_ANY "subjectUniqueID" "主体唯一标识" Shape::Plain;
    C3 "extensions" "扩展" Shape::Fields(EXTENSIONS);
};
const CERTIFICATE_FIELDS: &[Field] = fields! {
    SEQ "tbsCertificate" "待签名证书" Shape::Fields(TBS_CERTIFICATE);
    SEQ "signatureAlgorithm" "签名算法" Shape::Fields(ALGORITHM);
    BITS "signatureValue" "签名值" Shape::Holds(&SIGNATURE_VALUE);
};

/// Attribute of CMS and PKCS#10: `{type, SET OF value}`.
pub(super) static ATTRIBUTE: Field = field!(SEQ "Attribute" "属性" Shape::Fields(ATTRIBUTE_SET));
const ATTRIBUTE_SET: &[Field] = fields! {
    OID "attrType" "属性类型" Shape::Plain;
    SET "attrValues" "属性值" Shape::ByOid;
};
const REQUEST_INFO: &[Field] = fields! {
    INT "version" "版本号" Shape::Plain;
    SEQ "subject" "主体" Shape::Each(&RDN);
    SEQ "subjectPKInfo" "主体公钥信息" Shape::Fields(SPKI);
    C0 "attributes" "属性" Shape::Each(&ATTRIBUTE);
};
const REQUEST_FIELDS: &[Field] = fields! {
    SEQ "certificationRequestInfo" "证书请求信息" Shape::Fields(REQUEST_INFO);
    SEQ "signatureAlgorithm" "签名算法" Shape::Fields(ALGORITHM);
    BITS "signature" "签名值" Shape::Holds(&SIGNATURE_VALUE);
};

static REVOKED: Field = field!(SEQ "revokedCertificate" "被撤销证书" Shape::Fields(REVOKED_FIELDS));
const REVOKED_FIELDS: &[Field] = fields! {
    INT "userCertificate" "证书序列号" Shape::Plain;
    TIME "revocationDate" "撤销时间" Shape::Plain;
    SEQ "crlEntryExtensions" "条目扩展" Shape::Each(&EXTENSION);
};
const TBS_CRL: &[Field] = fields! {
    INT "version" "版本号" Shape::Plain;
    SEQ "signature" "签名算法" Shape::Fields(ALGORITHM);
    SEQ "issuer" "颁发者" Shape::Each(&RDN);
    TIME "thisUpdate" "本次更新时间" Shape::Plain;
    TIME "nextUpdate" "下次更新时间" Shape::Plain;
    SEQ "revokedCertificates" "被撤销证书列表" Shape::Each(&REVOKED);
    C0 "crlExtensions" "列表扩展" Shape::Fields(EXTENSIONS);
};
const CRL_FIELDS: &[Field] = fields! {
    SEQ "tbsCertList" "待签名列表" Shape::Fields(TBS_CRL);
    SEQ "signatureAlgorithm" "签名算法" Shape::Fields(ALGORITHM);
    BITS "signatureValue" "签名值" Shape::Holds(&SIGNATURE_VALUE);
};

const PKCS8: &[Field] = fields! {
    INT "version" "版本号" Shape::Plain;
    SEQ "privateKeyAlgorithm" "私钥算法" Shape::Fields(ALGORITHM);
    OCTETS "privateKey" "私钥" Shape::Secret;
    C0_ANY "attributes" "属性" Shape::Plain;
    C1_ANY "publicKey" "公钥" Shape::Plain;
};
const SEC1: &[Field] = fields! {
    INT "version" "版本号" Shape::Plain;
    OCTETS "privateKey" "私钥" Shape::Secret;
    C0 "parameters" "曲线" Shape::Plain;
    C1 "publicKey" "公钥" Shape::Plain;
};
