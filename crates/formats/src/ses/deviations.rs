//! Every code a [`Deviation`](crate::der::Deviation) may carry: of seals and signatures, and of the certificates, lists,
//! messages and tokens around them.

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
    ("TIME_FORM", "时间的写法与标准规定不同", "a time is written in another form than the standard demands"),
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
    // Certificates, lists, messages and tokens.
    ("X509_VERSION", "证书版本号与其内容不符", "the certificate's version does not fit its members"),
    ("CRL_VERSION", "撤销列表版本号与其内容不符", "the list's version does not fit its members"),
    ("CMS_VERSION", "密码消息的版本号与其内容不符", "the version of SignerInfo does not fit its members"),
    ("SERIAL_ZERO", "证书序列号为零", "the serial number is zero"),
    ("SERIAL_NEGATIVE", "证书序列号为负数", "the serial number is negative"),
    ("SERIAL_TOO_LONG", "证书序列号超过 20 字节", "the serial number has more than 20 bytes"),
    ("EXPLICIT_DEFAULT", "写出了默认值（DER 要求省略）", "a default value is written out"),
    ("EXTENSIONS_EMPTY", "扩展列表存在但为空", "a list of extensions is present and empty"),
    ("NAME_NOT_TEXT", "名称中的属性值不是可读文字", "a value in a name is no readable text"),
    ("ALGORITHM_PARAMETERS", "内外两处签名算法的参数写法不同", "inner and outer algorithm parameters differ"),
    ("CSR_NO_ATTRIBUTES", "证书请求缺少属性项", "a certification request lacks its attributes"),
    ("CMS_ATTRIBUTE_REPEATED", "同一属性出现多次", "an attribute occurs twice"),
    ("CMS_ATTRS_NOT_SORTED", "已签名属性未按 DER 排序", "signed attributes are not sorted"),
    (
        "CMS_CONTENT_NOT_OCTETS",
        "被签名内容未包在 OCTET STRING 中",
        "the content stands outside an OCTET STRING",
    ),
    ("CMS_OTHER_CERTIFICATE", "包含非 X.509 形式的证书", "a certificate of another form than X.509"),
    ("CMS_OTHER_REVOCATION_INFO", "包含其他形式的撤销信息", "revocation data of another form"),
    (
        "TSP_RESPONSE_AS_TOKEN",
        "应放时间戳令牌处放了整个响应",
        "a whole response stands where a token belongs",
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

    /// Codes that stand right behind `deviate(` or `code: ` in a source text.
    fn named(source: &str) -> Vec<&str> {
        let behind = source.split("deviate(").chain(source.split("code: ")).map(str::trim_start);
        let quoted = behind.filter_map(|rest| rest.strip_prefix('"')?.split('"').next());
        quoted
            .filter(|w| {
                !w.is_empty() && w.bytes().all(|b| b.is_ascii_uppercase() || b"_0123456789".contains(&b))
            })
            .collect()
    }

    /// Codes handed on as an argument in the sources of seals.
    fn words(source: &str) -> Vec<&str> {
        let code = |w: &&str| {
            w.contains('_') && w.bytes().all(|b| b.is_ascii_uppercase() || b"_0123456789".contains(&b))
        };
        source.split('"').filter(code).filter(|w| w.len() > 6 && !w.starts_with("SES_")).collect()
    }

    #[test]
    fn lists_every_code_that_the_sources_name() {
        let mut folders = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
        let mut seen = 0;
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let source = std::fs::read_to_string(&path).unwrap();
                let of_seals = folder.ends_with("ses") && !path.ends_with("deviations.rs");
                for code in
                    named(&source).into_iter().chain(if of_seals { words(&source) } else { Vec::new() })
                {
                    assert!(
                        deviation_text(code, true).is_some(),
                        "{code} of {} is not listed",
                        path.display()
                    );
                    seen += 1;
                }
            }
        }
        assert!(seen > 100, "only {seen} codes found");
    }
}
