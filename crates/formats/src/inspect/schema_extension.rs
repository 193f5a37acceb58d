//! Names inside certificate extensions, RFC 5280 §4.2.

use super::schema::*;
use super::schema_x509::RDN;

/// The value of keyUsage.
pub(super) static KEY_USAGE: Field = field!(BITS "KeyUsage" "密钥用法" Shape::Bits(&[
    "digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment", "keyAgreement", "keyCertSign",
    "cRLSign", "encipherOnly", "decipherOnly",
]));
/// The value of basicConstraints.
pub(super) static BASIC_CONSTRAINTS: Field = field!(SEQ "BasicConstraints" "基本限制" Shape::Fields(BASIC));
const BASIC: &[Field] = fields! {
    BOOL "cA" "是否 CA" Shape::Plain;
    INT "pathLenConstraint" "路径长度限制" Shape::Plain;
};
/// The value of extKeyUsage.
pub(super) static EXTENDED_KEY_USAGE: Field =
    field!(SEQ "ExtKeyUsageSyntax" "扩展密钥用法" Shape::Each(&PURPOSE));
static PURPOSE: Field = field!(OID "KeyPurposeId" "用途" Shape::Plain);
/// The value of subjectKeyIdentifier.
pub(super) static SUBJECT_KEY_ID: Field = field!(OCTETS "SubjectKeyIdentifier" "主体密钥标识" Shape::Plain);
/// The value of authorityKeyIdentifier.
pub(super) static AUTHORITY_KEY_ID: Field =
    field!(SEQ "AuthorityKeyIdentifier" "颁发者密钥标识" Shape::Fields(AUTHORITY));
const AUTHORITY: &[Field] = fields! {
    C0_ANY "keyIdentifier" "密钥标识" Shape::Plain;
    C1_ANY "authorityCertIssuer" "颁发者证书的颁发者" Shape::Each(&GENERAL_NAME);
    C2_ANY "authorityCertSerialNumber" "颁发者证书序列号" Shape::Plain;
};
/// The value of subjectAltName and issuerAltName.
pub(super) static GENERAL_NAMES: Field = field!(SEQ "GeneralNames" "通用名列表" Shape::Each(&GENERAL_NAME));
/// GeneralName; a directoryName is EXPLICIT.
pub(super) static GENERAL_NAME: Field = field!(ANY "GeneralName" "通用名" Shape::Fields(DIRECTORY_NAME));
const DIRECTORY_NAME: &[Field] = fields! { SEQ "directoryName" "目录名" Shape::Each(&RDN); };
/// The value of cRLDistributionPoints.
pub(super) static DISTRIBUTION_POINTS: Field =
    field!(SEQ "CRLDistributionPoints" "CRL 分布点" Shape::Each(&DISTRIBUTION_POINT));
static DISTRIBUTION_POINT: Field = field!(SEQ "DistributionPoint" "分布点" Shape::Fields(POINT));
const POINT: &[Field] = fields! {
    C0 "distributionPoint" "分布点名称" Shape::Fields(POINT_NAME);
    C1_ANY "reasons" "撤销原因" Shape::Plain;
    C2 "cRLIssuer" "CRL 颁发者" Shape::Each(&GENERAL_NAME);
};
const POINT_NAME: &[Field] = fields! {
    C0 "fullName" "全名" Shape::Each(&GENERAL_NAME);
    C1 "nameRelativeToCRLIssuer" "相对名" Shape::Plain;
};
/// The value of issuingDistributionPoint.
pub(super) static ISSUING_POINT: Field =
    field!(SEQ "IssuingDistributionPoint" "发布分布点" Shape::Fields(ISSUING_FIELDS));
const ISSUING_FIELDS: &[Field] = fields! {
    C0 "distributionPoint" "分布点名称" Shape::Fields(POINT_NAME);
    C1_ANY "onlyContainsUserCerts" "仅含用户证书" Shape::Plain;
    C2_ANY "onlyContainsCACerts" "仅含 CA 证书" Shape::Plain;
    C3_ANY "onlySomeReasons" "仅含部分原因" Shape::Plain;
    C4_ANY "indirectCRL" "间接 CRL" Shape::Plain;
    C5_ANY "onlyContainsAttributeCerts" "仅含属性证书" Shape::Plain;
};
/// The value of authorityInfoAccess.
pub(super) static INFO_ACCESS: Field =
    field!(SEQ "AuthorityInfoAccessSyntax" "颁发者信息访问" Shape::Each(&ACCESS));
static ACCESS: Field = field!(SEQ "AccessDescription" "访问描述" Shape::Fields(ACCESS_FIELDS));
const ACCESS_FIELDS: &[Field] = fields! {
    OID "accessMethod" "访问方法" Shape::Plain;
    ANY "accessLocation" "访问位置" Shape::Plain;
};
/// The value of certificatePolicies.
pub(super) static POLICIES: Field = field!(SEQ "certificatePolicies" "证书策略" Shape::Each(&POLICY));
static POLICY: Field = field!(SEQ "PolicyInformation" "策略" Shape::Fields(POLICY_FIELDS));
const POLICY_FIELDS: &[Field] = fields! {
    OID "policyIdentifier" "策略标识" Shape::Plain;
    SEQ "policyQualifiers" "策略限定" Shape::Plain;
};
/// The value of cRLNumber.
pub(super) static CRL_NUMBER: Field = field!(INT "CRLNumber" "CRL 编号" Shape::Plain);
/// The value of reasonCode.
pub(super) static REASON: Field = field!(ENUM "CRLReason" "撤销原因" Shape::Plain);
/// The value of invalidityDate.
pub(super) static INVALIDITY: Field = field!(TIME "InvalidityDate" "失效时间" Shape::Plain);
