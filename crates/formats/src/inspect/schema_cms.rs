//! Names of the members of SignedData, timestamps and OCSP responses.

use super::schema::*;
use super::schema_extension::GENERAL_NAMES;
use super::schema_x509::{ALGORITHM, ATTRIBUTE, CERTIFICATE, CRL, EXTENSION, EXTENSIONS, RDN};

/// ContentInfo, RFC 5652 §3 and GB/T 35275 §6.
pub(super) static CONTENT_INFO: Field = field!(SEQ "ContentInfo" "内容信息" Shape::Fields(CONTENT));
/// The content of encapContentInfo has the same form.
const CONTENT: &[Field] = fields! {
    OID "contentType" "内容类型" Shape::Plain;
    C0 "content" "内容" Shape::ByOid;
};

/// SignedData, RFC 5652 §5.1 and GB/T 35275 §8.
pub(super) static SIGNED_DATA: Field = field!(SEQ "SignedData" "签名数据" Shape::Fields(SIGNED));
static DIGEST_ALGORITHM: Field = field!(SEQ "DigestAlgorithmIdentifier" "杂凑算法" Shape::Fields(ALGORITHM));
static SIGNER: Field = field!(SEQ "SignerInfo" "签名者信息" Shape::Fields(SIGNER_FIELDS));
const SIGNED: &[Field] = fields! {
    INT "version" "版本号" Shape::Plain;
    SET "digestAlgorithms" "杂凑算法集" Shape::Each(&DIGEST_ALGORITHM);
    SEQ "encapContentInfo" "被签名内容" Shape::Fields(CONTENT);
    C0 "certificates" "证书" Shape::Each(&CERTIFICATE);
    C1 "crls" "撤销列表" Shape::Each(&CRL);
    SET "signerInfos" "签名者信息集" Shape::Each(&SIGNER);
};
const ISSUER_SERIAL: &[Field] = fields! {
    SEQ "issuer" "颁发者" Shape::Each(&RDN);
    INT "serialNumber" "序列号" Shape::Plain;
};
const SIGNER_FIELDS: &[Field] = fields! {
    INT "version" "版本号" Shape::Plain;
    SEQ "issuerAndSerialNumber" "颁发者与序列号" Shape::Fields(ISSUER_SERIAL);
    SUBJECT_KEY "subjectKeyIdentifier" "主体密钥标识" Shape::Plain;
    SEQ "digestAlgorithm" "杂凑算法" Shape::Fields(ALGORITHM);
    C0 "signedAttrs" "已签名属性" Shape::Each(&ATTRIBUTE);
    SEQ "signatureAlgorithm" "签名算法" Shape::Fields(ALGORITHM);
    OCTETS "signature" "签名值" Shape::Holds(&SIGNATURE_VALUE);
    C1 "unsignedAttrs" "未签名属性" Shape::Each(&ATTRIBUTE);
};
const SUBJECT_KEY: &[u8] = &[0x80];
static SIGNATURE_VALUE: Field = field!(SEQ "Sig-Value" "签名分量" Shape::Fields(SIGNATURE_PARTS));
const SIGNATURE_PARTS: &[Field] = fields! {
    INT "r" "r 分量" Shape::Plain;
    INT "s" "s 分量" Shape::Plain;
};

/// messageDigest attribute.
pub(super) static MESSAGE_DIGEST: Field = field!(OCTETS "MessageDigest" "消息杂凑值" Shape::Plain);
/// signingTime attribute.
pub(super) static SIGNING_TIME: Field = field!(TIME "SigningTime" "签名时间" Shape::Plain);
/// contentType attribute.
pub(super) static CONTENT_TYPE: Field = field!(OID "ContentType" "内容类型" Shape::Plain);
/// signing-certificate attributes, RFC 2634 and RFC 5035.
pub(super) static SIGNING_CERTIFICATE: Field =
    field!(SEQ "SigningCertificate" "签名证书" Shape::Fields(SIGNING));
static CERT_ID: Field = field!(SEQ "ESSCertID" "证书标识" Shape::Fields(CERT_ID_FIELDS));
const SIGNING: &[Field] = fields! {
    SEQ "certs" "证书标识列表" Shape::Each(&CERT_ID);
    SEQ "policies" "策略" Shape::Plain;
};
const CERT_ID_FIELDS: &[Field] = fields! {
    SEQ "hashAlgorithm" "杂凑算法" Shape::Fields(ALGORITHM);
    OCTETS "certHash" "证书杂凑值" Shape::Plain;
    SEQ "issuerSerial" "颁发者与序列号" Shape::Fields(GENERAL_SERIAL);
};
const GENERAL_SERIAL: &[Field] = fields! {
    SEQ "issuer" "颁发者" Shape::Each(&GENERAL_NAMES);
    INT "serialNumber" "序列号" Shape::Plain;
};

/// TSTInfo, RFC 3161 §2.4.2 and GB/T 20520.
pub(super) static TST_INFO: Field = field!(SEQ "TSTInfo" "时间戳信息" Shape::Fields(TST));
const IMPRINT: &[Field] = fields! {
    SEQ "hashAlgorithm" "杂凑算法" Shape::Fields(ALGORITHM);
    OCTETS "hashedMessage" "消息杂凑值" Shape::Plain;
};
const ACCURACY: &[Field] = fields! {
    INT "seconds" "秒" Shape::Plain;
    C0_ANY "millis" "毫秒" Shape::Plain;
    C1_ANY "micros" "微秒" Shape::Plain;
};
const TST: &[Field] = fields! {
    INT "version" "版本号" Shape::Plain;
    OID "policy" "策略" Shape::Plain;
    SEQ "messageImprint" "消息印记" Shape::Fields(IMPRINT);
    INT "serialNumber" "序列号" Shape::Plain;
    TIME "genTime" "时间戳时间" Shape::Plain;
    SEQ "accuracy" "精度" Shape::Fields(ACCURACY);
    BOOL "ordering" "是否排序" Shape::Plain;
    INT "nonce" "随机数" Shape::Plain;
    C0 "tsa" "时间戳机构" Shape::Plain;
    C1 "extensions" "扩展" Shape::Each(&EXTENSION);
};

/// TimeStampResp.
pub(super) static TIMESTAMP_RESPONSE: Field =
    field!(SEQ "TimeStampResp" "时间戳响应" Shape::Fields(RESPONSE));
const STATUS: &[Field] = fields! {
    INT "status" "状态" Shape::Plain;
    SEQ "statusString" "状态说明" Shape::Plain;
    BITS "failInfo" "失败信息" Shape::Plain;
};
const RESPONSE: &[Field] = fields! {
    SEQ "status" "状态信息" Shape::Fields(STATUS);
    SEQ "timeStampToken" "时间戳令牌" Shape::Fields(CONTENT);
};

/// TimeStampReq.
pub(super) static TIMESTAMP_REQUEST: Field = field!(SEQ "TimeStampReq" "时间戳请求" Shape::Fields(REQUEST));
const REQUEST: &[Field] = fields! {
    INT "version" "版本号" Shape::Plain;
    SEQ "messageImprint" "消息印记" Shape::Fields(IMPRINT);
    OID "reqPolicy" "策略" Shape::Plain;
    INT "nonce" "随机数" Shape::Plain;
    BOOL "certReq" "是否要求证书" Shape::Plain;
    C0 "extensions" "扩展" Shape::Each(&EXTENSION);
};

/// OCSPResponse, RFC 6960 §4.2.1.
pub(super) static OCSP_RESPONSE: Field = field!(SEQ "OCSPResponse" "证书状态响应" Shape::Fields(OCSP));
const OCSP: &[Field] = fields! {
    ENUM "responseStatus" "响应状态" Shape::Plain;
    C0 "responseBytes" "响应内容" Shape::Fields(OCSP_BYTES);
};
const OCSP_BYTES: &[Field] = fields! { SEQ "ResponseBytes" "响应内容" Shape::Fields(OCSP_CONTENT); };
const OCSP_CONTENT: &[Field] = fields! {
    OID "responseType" "响应类型" Shape::Plain;
    OCTETS "response" "响应" Shape::Holds(&BASIC_OCSP);
};
/// BasicOCSPResponse.
pub(super) static BASIC_OCSP: Field = field!(SEQ "BasicOCSPResponse" "基本证书状态响应" Shape::Fields(BASIC));
const BASIC: &[Field] = fields! {
    SEQ "tbsResponseData" "待签名响应" Shape::Fields(RESPONSE_DATA);
    SEQ "signatureAlgorithm" "签名算法" Shape::Fields(ALGORITHM);
    BITS "signature" "签名值" Shape::Holds(&SIGNATURE_VALUE);
    C0 "certs" "证书" Shape::Fields(CERTS);
};
const CERTS: &[Field] = fields! { SEQ "certs" "证书列表" Shape::Each(&CERTIFICATE); };
const BY_NAME: &[Field] = fields! { SEQ "Name" "名称" Shape::Each(&RDN); };
const RESPONSE_DATA: &[Field] = fields! {
    C0 "version" "版本号" Shape::Plain;
    C1 "responderID byName" "响应者名称" Shape::Fields(BY_NAME);
    C2 "responderID byKey" "响应者密钥" Shape::Plain;
    TIME "producedAt" "产生时间" Shape::Plain;
    SEQ "responses" "响应列表" Shape::Each(&SINGLE);
    C1 "responseExtensions" "响应扩展" Shape::Fields(EXTENSIONS);
};
static SINGLE: Field = field!(SEQ "SingleResponse" "单个响应" Shape::Fields(SINGLE_FIELDS));
const CERT_STATUS: &[u8] = &[0x80, 0xa0, 0xa1, 0x82, 0xa2];
const OCSP_CERT: &[Field] = fields! {
    SEQ "hashAlgorithm" "杂凑算法" Shape::Fields(ALGORITHM);
    OCTETS "issuerNameHash" "颁发者名称杂凑" Shape::Plain;
    OCTETS "issuerKeyHash" "颁发者公钥杂凑" Shape::Plain;
    INT "serialNumber" "序列号" Shape::Plain;
};
const SINGLE_FIELDS: &[Field] = fields! {
    SEQ "certID" "证书标识" Shape::Fields(OCSP_CERT);
    CERT_STATUS "certStatus" "证书状态" Shape::Plain;
    TIME "thisUpdate" "本次更新时间" Shape::Plain;
    C0 "nextUpdate" "下次更新时间" Shape::Plain;
    C1 "singleExtensions" "扩展" Shape::Fields(EXTENSIONS);
};
