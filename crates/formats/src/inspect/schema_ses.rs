//! Names of the members of seals and signatures, all versions in one table each.

use super::schema::*;
use super::schema_cms::CONTENT_INFO;
use super::schema_x509::CERTIFICATE;

/// SESeal.
pub(super) static SEAL: Field = field!(SEQ "SESeal" "电子印章" Shape::Fields(SEAL_FIELDS));
/// SES_Signature.
pub(super) static SIGNATURE: Field = field!(SEQ "SES_Signature" "电子签章" Shape::Fields(SIGNATURE_FIELDS));

const HEADER: &[Field] = fields! {
    TEXT "ID" "标识" Shape::Plain;
    INT "version" "版本号" Shape::Plain;
    TEXT "Vid" "厂商标识" Shape::Plain;
};

const DIGEST: &[Field] = fields! {
    ANY "type" "杂凑算法" Shape::Plain;
    OCTETS "value" "证书杂凑值" Shape::Plain;
};

const LISTED: &[Field] = fields! {
    OCTETS "cert" "签章者证书" Shape::Holds(&CERTIFICATE);
    SEQ "CertDigestObj" "签章者证书杂凑" Shape::Fields(DIGEST);
};

const PROPERTY: &[Field] = fields! {
    INT "type" "印章类型" Shape::Plain;
    TEXT "name" "印章名称" Shape::Plain;
    INT "certListType" "证书列表类型" Shape::Plain;
    SEQ "certList" "签章者证书列表" Shape::EachOf(LISTED);
    TIME_OR_TEXT "createDate" "制作日期" Shape::Plain;
    TIME_OR_TEXT "validStart" "有效起始日期" Shape::Plain;
    TIME_OR_TEXT "validEnd" "有效终止日期" Shape::Plain;
};

const PICTURE: &[Field] = fields! {
    TEXT "type" "图像类型" Shape::Plain;
    OCTETS "data" "图像数据" Shape::Plain;
    INT "width" "显示宽度（毫米）" Shape::Plain;
    INT "height" "显示高度（毫米）" Shape::Plain;
};

static EXT_LIST: Field = field!(SEQ "ExtensionDatas" "自定义数据列表" Shape::Each(&EXT));
static EXT: Field = field!(SEQ "ExtData" "扩展数据项" Shape::Fields(EXT_FIELDS));
const EXT_FIELDS: &[Field] = fields! {
    OID "extnID" "扩展标识" Shape::Plain;
    BOOL "critical" "关键性" Shape::Plain;
    OCTETS "extnValue" "扩展值" Shape::Plain;
};

const INFO: &[Field] = fields! {
    SEQ "header" "头信息" Shape::Fields(HEADER);
    TEXT "esID" "印章标识" Shape::Plain;
    SEQ "property" "印章属性" Shape::Fields(PROPERTY);
    SEQ "picture" "印章图像" Shape::Fields(PICTURE);
    SEQ "extDatas" "自定义数据" Shape::Each(&EXT);
    C0 "extDatas" "自定义数据" Shape::ListOrItems(&EXT_LIST, &EXT);
};

/// v1 only: what v4 and v5 write as members of SESeal itself.
const SIGN_INFO: &[Field] = fields! {
    OCTETS "cert" "制章者证书" Shape::Holds(&CERTIFICATE);
    OID "signatureAlgorithm" "签名算法" Shape::Plain;
    BITS_OR_OCTETS "signData" "制章者签名值" Shape::Holds(&SM2_VALUE);
};

const SEAL_FIELDS: &[Field] = fields! {
    SEQ "eSealInfo" "印章信息" Shape::Fields(INFO);
    SEQ "signInfo" "制章者签名信息" Shape::Fields(SIGN_INFO);
    OCTETS "cert" "制章者证书" Shape::Holds(&CERTIFICATE);
    OID "signAlgID" "签名算法标识" Shape::Plain;
    BITS_OR_OCTETS "signedValue" "制章者签名值" Shape::Holds(&SM2_VALUE);
    C0_ANY "timeStamp" "时间戳" Shape::Fields(TIMESTAMP);
};

const TIMESTAMP: &[Field] = fields! {
    BITS_OR_OCTETS "token" "时间戳令牌" Shape::Holds(&CONTENT_INFO);
};

const TBS: &[Field] = fields! {
    INT "version" "版本号" Shape::Plain;
    SEQ "eseal" "电子印章" Shape::Fields(SEAL_FIELDS);
    TIME_OR_BITS "timeInfo" "签章时间" Shape::Holds(&CONTENT_INFO);
    BITS_OR_OCTETS "dataHash" "原文杂凑值" Shape::Plain;
    TEXT "propertyInfo" "原文属性" Shape::Plain;
    OCTETS "cert" "签章者证书" Shape::Holds(&CERTIFICATE);
    OID "signatureAlgorithm" "签名算法" Shape::Plain;
    SEQ "extDatas" "自定义数据" Shape::Each(&EXT);
    C0 "extDatas" "自定义数据" Shape::ListOrItems(&EXT_LIST, &EXT);
};

const SIGNATURE_FIELDS: &[Field] = fields! {
    SEQ "toSign" "待签名数据" Shape::Fields(TBS);
    OCTETS "cert" "签章者证书" Shape::Holds(&CERTIFICATE);
    OID "signatureAlgID" "签名算法标识" Shape::Plain;
    BITS_OR_OCTETS "signature" "签名值" Shape::Holds(&SM2_VALUE);
    C0_ANY "timeStamp" "时间戳" Shape::Fields(TIMESTAMP);
};

/// SM2Signature, GB/T 35276.
pub(super) static SM2_VALUE: Field = field!(SEQ "SM2Signature" "SM2 签名" Shape::Fields(SM2_FIELDS));
const SM2_FIELDS: &[Field] = fields! {
    INT "r" "r 分量" Shape::Plain;
    INT "s" "s 分量" Shape::Plain;
};
