//! Library errors in Chinese: one sentence for each code, said before the English detail.

/// The Chinese sentence of a code, for the codes whose own text is English.
pub fn chinese(code: &str) -> Option<&'static str> {
    WORDS.iter().find(|(c, _)| *c == code).map(|(_, zh)| *zh)
}

const WORDS: &[(&str, &str)] = &[
    // The command itself.
    ("FILE_READ", "文件无法读取"),
    ("FILE_WRITE", "文件无法写入"),
    ("FILE_TOO_LARGE", "文件过大"),
    ("FILE_IS_FOLDER", "这是文件夹，不是文件"),
    ("TRUST_READ", "信任目录或证书无法读取"),
    ("DEMO_REGISTRY", "登记系统的应答与所讲的不符"),
    // Key files.
    ("KEYSTORE_MALFORMED", "密钥文件格式错误"),
    ("KEYSTORE_PEM", "PEM 文件损坏"),
    ("KEYSTORE_TOO_LARGE", "文件超过 1 MiB，不是密钥文件"),
    ("KEYSTORE_PASSWORD_NEEDED", "密钥文件已加密，请给出口令"),
    ("KEYSTORE_WRONG_PASSWORD", "口令错误，或密钥文件损坏"),
    ("KEYSTORE_BAD_PASSWORD", "口令不可用"),
    ("KEYSTORE_UNSUPPORTED", "密钥文件的加密方式不受支持，请先转换"),
    ("KEYSTORE_TOO_MANY_ITERATIONS", "密钥文件要求的口令运算次数过多，可能是恶意文件"),
    ("KEYSTORE_BAD_ITERATIONS", "口令运算次数应在 1000 到 5000000 之间"),
    ("KEYSTORE_NO_PRIVATE_KEY", "文件中没有可用的私钥（需要 SM2 或 P-256）"),
    // Signing keys.
    ("SIGN_REFUSED", "密钥持有方拒绝签名"),
    ("SIGN_AUTHORIZATION_REQUIRED", "密钥需要先授权解锁"),
    ("SIGN_UNAVAILABLE", "无法连接密钥持有方"),
    ("SIGN_UNSUPPORTED", "该密钥不支持这种签名方式"),
    ("SIGN_DIGEST_LENGTH", "摘要长度与算法不符"),
    ("SIGN_SELF_CHECK_FAILED", "签出的值未通过自检，已丢弃；请检查密码设备"),
    // Structures.
    ("DER_TRUNCATED", "数据不完整"),
    ("DER_UNEXPECTED_TAG", "数据结构与标准不符"),
    ("DER_MISSING", "缺少必需的数据"),
    ("DER_TRAILING", "结构之后有多余数据"),
    ("DER_LENGTH", "长度编码错误"),
    ("DER_VALUE", "数据取值错误"),
    ("DER_LIMIT", "数据超出限制"),
    ("VERSION_UNKNOWN", "版本未知，请升级软件或询问制作方"),
    ("BUILD_INVALID", "证书或列表的内容不合规，不能写出"),
    ("BUILD_INPUT", "给出的数据无法读取"),
    ("SES_VERSION_NOT_WRITTEN", "该版本只读不写，请用第 4 或第 5 版"),
    ("SES_VERSION_DIFFERS", "签章版本必须与印章版本一致"),
    ("SES_TEXT", "文字不符合印章格式"),
    ("SES_CERT_LIST", "证书列表不可用"),
    ("SES_TIME", "时间不合理或不能表示"),
    ("SES_PICTURE", "印章图像不可用"),
    ("SES_EXTENSION", "扩展数据不可用"),
    ("SES_DATA_HASH", "摘要长度应为 32 字节"),
    ("SES_PART", "已编码的部件不可用"),
    ("SES_TIMESTAMP_IN_V4_SEAL", "第 4 版印章不能带时间戳，请制作第 5 版"),
    ("SES_UNREADABLE", "已编码的部件无法读取"),
    ("SES_DEVIATES", "已编码的部件偏离标准"),
    // Packages.
    ("PACKAGE_NOT_ZIP", "不是 OFD 文件"),
    ("PACKAGE_TRUNCATED", "文件包不完整或已损坏，请重新获取"),
    ("PACKAGE_LIMIT", "文件包超出限制"),
    ("PACKAGE_BOMB", "压缩比异常，按压缩炸弹拒绝"),
    ("PACKAGE_CRC", "部件校验不符，已损坏或被替换"),
    ("PACKAGE_PATH_ESCAPE", "路径逃出文件包"),
    ("PART_MISSING", "文件包中缺少部件"),
    ("PART_ENCRYPTED", "部件已加密，请先解密文件"),
    ("PART_METHOD", "压缩方法不受支持"),
    ("PART_CORRUPT", "部件数据损坏"),
    ("PATH_UNUSABLE", "路径不可用"),
    ("XML_MALFORMED", "XML 格式错误"),
    ("XML_DTD", "OFD 的 XML 不得含 DOCTYPE"),
    ("XML_STRUCTURE", "XML 结构不符合 OFD"),
    ("IO", "读取文件出错"),
    // Sealing.
    ("SIGN_PACKAGE_UNSOUND", "文件包结构有问题，不能签章，请先另存修复"),
    ("SIGN_NO_SUCH_DOCUMENT", "文件包中没有这个文档"),
    ("SIGN_NO_SUCH_PAGE", "没有这一页"),
    ("SIGN_OUTSIDE_PAGE", "印章位置落在页面之外"),
    ("SIGN_BAD_SIZE", "印章尺寸不合理"),
    ("SIGN_CROSS_PAGE_TOO_FEW", "骑缝章至少需要两页"),
    ("SIGN_CROSS_PAGE_TOO_MANY", "骑缝章跨页过多，每页分到的太窄"),
    ("SIGN_STAMP_WITHOUT_SEAL", "不用印章的签名不能放在页面上"),
    ("SIGN_WOULD_BREAK_SIGNATURE", "已有签名保护了整个文档，不能再追加签章"),
    ("SIGN_EXISTING_UNREADABLE", "已有签名无法读取，再签章可能破坏它"),
    ("SIGN_LIST_MISSING", "签名列表缺失：签名曾被删除，不能再签章"),
    ("SIGN_NO_SUCH_RELATIVE", "没有该 ID 的签名"),
    ("SIGN_PATH_NOT_ASCII", "签名路径含非 ASCII 字符"),
    ("SIGN_BAD_TEXT", "文字含控制字符"),
    ("SIGN_EDIT", "文档的写法不能安全地追加签章"),
    ("SIGN_DOCUMENT_CHANGED", "文档在准备签章之后被改动，请重新准备"),
    ("SIGN_EMPTY_VALUE", "签名值为空"),
    ("SIGN_WRITE", "写出签章文件失败"),
    // Imprints.
    ("IMPRINT_TEXT_EMPTY", "印章文字为空"),
    ("IMPRINT_TEXT_TOO_LONG", "印章文字过长"),
    ("IMPRINT_TEXT_TOO_SHORT", "印章文字过短"),
    ("IMPRINT_INVISIBLE_CHARACTER", "印章文字含不可见字符"),
    ("IMPRINT_MISSING_CHARACTERS", "字体缺字，请用 --font 指定其他字体"),
    ("IMPRINT_TEXT_DOES_NOT_FIT", "文字放不下，请缩短文字或增大印章"),
    ("IMPRINT_SIZE_OUT_OF_RANGE", "尺寸超出此类印章的范围"),
    ("IMPRINT_BORDER_OUT_OF_RANGE", "边框宽度超出范围"),
    ("IMPRINT_OPTION_NOT_FOR_KIND", "此类印章没有该选项"),
    ("IMPRINT_DPI_OUT_OF_RANGE", "分辨率超出范围"),
    ("IMPRINT_BAD_FONT", "字体不可用"),
    ("IMPRINT_BAD_COLOR", "颜色应写作 #RRGGBB"),
    ("IMPRINT_UNKNOWN_WORD", "选项取值未知"),
    ("IMPRINT_ENCODING", "图像编码失败"),
    ("IMPRINT_CENTER_NOT_ALLOWED", "规则不允许这种中央图形"),
    ("IMPRINT_OPTION_MISSING", "缺少此类印章必需的内容"),
    ("IMPRINT_NO_RULE", "规则中没有此类印章"),
    ("IMPRINT_BAD_EMBLEM", "徽记不可用，须为单色填充的 SVG 图形"),
    ("IMPRINT_PICTURE_FORMAT", "图像应为 PNG、JPEG、BMP 或 SVG"),
    ("IMPRINT_PICTURE_TOO_LARGE", "图像过大"),
    ("IMPRINT_PICTURE_BROKEN", "图像损坏或不完整"),
    ("IMPRINT_NOTHING_FOUND", "图像中没有找到印模"),
    ("IMPRINT_SIZE_UNKNOWN", "图像没有写明分辨率，请给出实际尺寸（--size）"),
    ("IMPRINT_TOO_MANY_COLORS", "图像颜色过杂，无法分辨印迹，请在白纸上盖印后重新扫描"),
    ("IMPRINT_CUT_RIM", "边框被裁切或残缺，请重新盖印或扫描"),
    ("IMPRINT_RATIO_DIFFERS", "长宽比例不符，请平放后扫描，勿斜拍"),
    ("IMPRINT_SIZE_DIFFERS", "实际尺寸与要求不符"),
    ("IMPRINT_DPI_TOO_LOW", "分辨率过低，请用更高的分辨率扫描"),
];

#[cfg(test)]
mod tests {
    use super::WORDS;

    #[test]
    fn every_code_has_one_sentence() {
        for (i, (code, zh)) in WORDS.iter().enumerate() {
            assert!(!zh.is_empty(), "{code}");
            assert!(WORDS.iter().skip(i + 1).all(|(c, _)| c != code), "{code} twice");
        }
    }
}
