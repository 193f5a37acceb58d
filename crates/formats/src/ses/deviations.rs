//! Every code a [`Deviation`](crate::der::Deviation) of a seal or signature may carry.

/// Code, and what it means in Chinese and in English.
pub const DEVIATION_CODES: &[(&str, &str, &str)] = &[
    // Encoding rules.
    ("BER_LENGTH", "长度未用最短形式编码（DER 要求最短）", "a length is not in its shortest form"),
    ("BER_INDEFINITE_LENGTH", "使用了不定长编码（DER 不允许）", "an indefinite length is used"),
    ("BER_CONSTRUCTED_STRING", "字符串被拆分为多段编码（DER 不允许）", "a string is split into parts"),
    ("BER_BOOLEAN", "布尔真值未写作 FF", "TRUE is not written as FF"),
    ("BER_INTEGER", "整数有多余的前导零字节（DER 不允许）", "an INTEGER has needless leading zero bytes"),
    ("TRAILING_BYTES", "结构之后还有多余字节", "bytes follow the structure"),
    // Versions.
    ("HEADER_ID", "头信息标识不是 ES", "the header ID is not ES"),
    ("V1_LAYOUT_HEADER_2", "采用第一版结构而版本号为 2", "layout of v1 with version number 2"),
    ("V1_LAYOUT_HEADER_3", "采用第一版结构而版本号为 3", "layout of v1 with version number 3"),
    ("HEADER_VERSION_MISMATCH", "版本号与结构不符", "the version number does not fit the layout"),
    ("SEAL_VERSION_DIFFERS", "签章与其中印章的版本不同", "signature and seal are of different versions"),
    // Text.
    ("STRING_TYPE", "字符串类型与标准规定不同", "another string type than the standard names"),
    ("STRING_ENCODING", "字符串内容与其类型的编码不符", "the bytes of a string do not fit its type"),
    ("NAME_EMPTY", "印章名称为空", "the seal has no name"),
    ("PROPERTY_INFO_JSON", "原文属性信息写成了 JSON", "propertyInfo holds JSON"),
    // Certificates.
    ("CERT_NOT_WRAPPED", "证书未包在 OCTET STRING 中", "a certificate stands outside an OCTET STRING"),
    ("CERT_LIST_EMPTY", "签章者证书列表为空", "the certificate list is empty"),
    ("CERT_LIST_TYPE_IN_V1", "第一版印章中出现证书列表类型", "certListType in a v1 seal"),
    ("CERT_LIST_TYPE_OMITTED", "缺少证书列表类型", "certListType is missing"),
    ("CERT_LIST_TYPE_MISMATCH", "证书列表类型与内容不符", "certListType does not fit the list"),
    // Times.
    ("TIME_UTC_IN_V4", "第四、五版结构中使用了 UTCTime", "UTCTime in a v4 or v5 structure"),
    ("TIME_GENERALIZED_IN_V1", "第一版结构中使用了 GeneralizedTime", "GeneralizedTime in a v1 structure"),
    ("TIME_AS_STRING", "时间写成了字符串类型", "a time is written as a character string"),
    ("TIME_FORM", "时间未写成以秒结尾并带 Z 的形式", "a time is not written to the second with Z"),
    ("TIME_LOCAL_TEXT", "时间未注明时区，按东八区理解", "a time names no zone; +08:00 is assumed"),
    (
        "TIME_BIT_STRING_IN_V4",
        "第四、五版签章的时间写成了 BIT STRING",
        "timeInfo of v4 or v5 is a BIT STRING",
    ),
    ("TIME_NOT_BIT_STRING", "第一版签章的时间不是 BIT STRING", "timeInfo of v1 is no BIT STRING"),
    ("TIME_UNREADABLE", "签章时间无法读出", "timeInfo holds no readable time"),
    ("VALIDITY_REVERSED", "有效期止早于有效期起", "validEnd lies before validStart"),
    // Picture.
    ("PICTURE_TYPE_UNKNOWN", "印章图像类型未知", "the picture type is not known"),
    ("PICTURE_TYPE_CASE", "印章图像类型写成小写", "the picture type is in lower case"),
    ("PICTURE_TYPE_OFD", "印章图像是一份完整的 OFD 文件", "the picture is a whole OFD document"),
    ("PICTURE_TYPE_MISMATCH", "印章图像内容与所写类型不符", "the picture is not of the type it names"),
    ("PICTURE_SIZE_ZERO", "印章图像宽或高为零", "the picture's width or height is zero"),
    // Extensions.
    ("EXT_TAGGED", "印章扩展数据带有 [0] 标记", "extDatas of a seal carries a tag [0]"),
    ("EXT_UNTAGGED", "签章扩展数据缺少 [0] 标记", "extDatas of a signature lacks its tag [0]"),
    ("EXT_IMPLICIT", "扩展数据的 [0] 标记为隐式", "the tag [0] of extDatas is IMPLICIT"),
    (
        "EXT_CRITICAL_FALSE_WRITTEN",
        "写出了默认值 FALSE（DER 要求省略）",
        "critical FALSE is written out though DEFAULT",
    ),
    ("EXT_DUPLICATE", "同一扩展出现多次", "an extension stands twice"),
    // Signature values.
    (
        "ALGORITHM_IDENTIFIER",
        "签名算法处写成了 AlgorithmIdentifier",
        "an AlgorithmIdentifier stands for the OID",
    ),
    (
        "SIGNATURE_RAW64",
        "签名值为 64 字节的 r‖s，而非 DER 结构",
        "the signature value is raw r‖s of 64 bytes",
    ),
    (
        "SIGNATURE_NEGATIVE_INTEGER",
        "签名值中的整数缺少前导零，成为负数",
        "an INTEGER of the signature reads as negative",
    ),
    (
        "SIGNATURE_PADDED_INTEGER",
        "签名值中的整数有多余的前导零",
        "an INTEGER of the signature has needless zeros",
    ),
    ("SIGNATURE_OCTET_STRING", "签名值写成了 OCTET STRING", "the signature value is an OCTET STRING"),
    ("SIGNATURE_MALFORMED", "签名值不是 SM2 签名", "the signature value is no SM2 signature"),
    // Digests.
    ("DATA_HASH_OCTET_STRING", "原文杂凑值写成了 OCTET STRING", "dataHash is an OCTET STRING"),
    ("DATA_HASH_LENGTH", "原文杂凑值长度不是 32 字节", "dataHash is not 32 bytes long"),
    // Timestamps.
    ("TIMESTAMP_IMPLICIT", "时间戳的 [0] 标记为隐式", "the tag [0] of timeStamp is IMPLICIT"),
    ("TIMESTAMP_UNTAGGED", "时间戳缺少 [0] 标记", "timeStamp lacks its tag [0]"),
    (
        "TIMESTAMP_NOT_BIT_STRING",
        "时间戳未包在 BIT STRING 中",
        "the timestamp token stands outside a BIT STRING",
    ),
    // Arithmetic: found by verifying, not by reading.
    (
        "SEAL_SIGNED_V1_STYLE",
        "第四、五版印章按第一版的范围签名",
        "a v4 or v5 seal is signed over the range of v1",
    ),
    ("SEAL_SIGNED_INFO_ONLY", "第一版印章仅对印章信息签名", "a v1 seal is signed over its info alone"),
    ("SIGNED_DATA_HASH", "签名值是对原文杂凑值本身所作", "the signature is made over dataHash itself"),
    ("DATA_HASH_WITH_Z", "原文杂凑值混入了签名者标识 Z", "Z is mixed into dataHash"),
    ("CERT_DIGEST_WITH_Z", "证书杂凑值混入了签名者标识 Z", "Z is mixed into a certificate digest"),
];

/// Meaning of a code in Chinese (`zh`) or English; `None` for a code that is not listed.
pub fn deviation_text(code: &str, zh: bool) -> Option<&'static str> {
    DEVIATION_CODES.iter().find(|d| d.0 == code).map(|d| if zh { d.1 } else { d.2 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_each_code_once_with_both_languages() {
        for (i, (code, zh, en)) in DEVIATION_CODES.iter().enumerate() {
            assert!(!zh.is_empty() && !en.is_empty(), "{code}");
            assert!(DEVIATION_CODES.iter().skip(i + 1).all(|d| d.0 != *code), "{code} twice");
        }
    }

    #[test]
    fn lists_every_code_that_the_sources_name() {
        let sources = [
            include_str!("../der/reader.rs"),
            include_str!("certs.rs"),
            include_str!("extension.rs"),
            include_str!("picture.rs"),
            include_str!("seal.rs"),
            include_str!("signature.rs"),
            include_str!("sm2_value.rs"),
            include_str!("text.rs"),
            include_str!("time.rs"),
            include_str!("time_info.rs"),
            include_str!("value.rs"),
        ];
        for source in sources {
            for part in source.split('"') {
                // DER_… are codes of errors, not of deviations.
                let word = part.len() > 6 && part.contains('_') && !part.starts_with("DER_");
                if word && part.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_') {
                    assert!(deviation_text(part, true).is_some(), "{part} is not listed");
                }
            }
        }
    }
}
