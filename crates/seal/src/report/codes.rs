//! Every check code: the clause it stands on, what it means to a lay reader and what to do.
//!
//! `docs/check-codes.md` is generated from this table.

/// One code explained.
#[derive(Debug, Clone, Copy)]
pub struct CodeEntry {
    /// The code, language-free and stable.
    pub code: &'static str,
    /// Source clause.
    pub clause: &'static str,
    /// Short title, Chinese.
    pub title_zh: &'static str,
    /// Short title, English.
    pub title_en: &'static str,
    /// What it means, Chinese.
    pub meaning_zh: &'static str,
    /// What to do when it does not pass, Chinese.
    pub action_zh: &'static str,
    /// What it means, English.
    pub meaning_en: &'static str,
    /// What to do when it does not pass, English.
    pub action_en: &'static str,
}

/// The entry of a code.
pub fn code_entry(code: &str) -> Option<&'static CodeEntry> {
    CODES.iter().find(|e| e.code == code)
}

const SEAL: &str = "GB/T 38540-2020 6.3";
const SIGN: &str = "GB/T 38540-2020 7.3";
const SEAL5: &str = "GM/T 0031-2025 (seal verification)";
const OFD: &str = "GB/T 33190-2016 18";
const PDF: &str = "ISO 32000-1 12.8";
const CERT: &str = "GB/T 20518; RFC 5280 6.1";

macro_rules! codes {
    ($($code:literal $clause:expr; $tz:literal / $te:literal; $mz:literal / $me:literal; $az:literal / $ae:literal)*) => {
        /// All codes in the order in which a report lists them.
        pub const CODES: &[CodeEntry] = &[$(CodeEntry {
            code: $code, clause: $clause, title_zh: $tz, title_en: $te,
            meaning_zh: $mz, meaning_en: $me, action_zh: $az, action_en: $ae,
        }),*];
    };
}

codes! {
    "CONTAINER" "GB/T 33190-2016 7.2";
        "文件包结构" / "Package structure";
        "文件包本身能否被唯一地读懂。若同一路径有两份内容、目录与实际数据不一致或有隐藏条目，不同软件会看到不同内容。"
        / "Whether the package can be read in one way only. Two contents under one path, a directory that disagrees with the data or hidden entries make different software show different documents.";
        "不要使用该文件，请向签发单位索取原件。" / "Do not use the file; ask the issuing body for the original."
    "DOCUMENT_STRUCTURE" "GB/T 33190-2016 7.4";
        "文档结构" / "Document structure";
        "文档入口及其引用的部件是否齐全、可读。" / "Whether the document's entry file and the parts it names are present and readable.";
        "请向发送方索取完整文件。" / "Ask the sender for a complete file."
    "UNSUPPORTED_FORMAT" "GB/T 33190-2016 7.1";
        "文件格式不支持" / "Unsupported file format";
        "文件不是本软件这一版本能判断的格式。" / "The file is of a format that this version cannot judge.";
        "确认文件类型；如为其他格式，请用相应软件验证。" / "Check what kind of file it is; verify other formats with other software."
    "SIGNATURE_LIST" "GB/T 33190-2016 18.1";
        "签名列表" / "List of signatures";
        "文档声明了签名列表，列表应存在、可读且每条记录指向存在的签名文件。" / "The document names a list of signatures; it must exist, be readable, and each record must lead to a signature file.";
        "签名记录可能被删除。请索取原件。" / "Signature records may have been removed. Ask for the original."
    "HIDDEN_SIGNATURE" "GB/T 33190-2016 18.1";
        "列表之外的签名部件" / "Signature parts outside the list";
        "文件包里有签名部件，但签名列表没有登记：可能有一个签名被摘除。" / "The package holds signature parts that the list does not name: a signature may have been taken out.";
        "询问签发单位原件有几个签章。" / "Ask the issuer how many seals the original has."
    "FORMAT" SIGN;
        "数据格式" / "Data format";
        "签章数据是否按标准编码、可完整解析。" / "Whether the signature data is encoded as the standard says and can be read completely.";
        "数据损坏或伪造，请索取原件。" / "The data is damaged or forged; ask for the original."
    "DIALECT" SIGN;
        "与标准的偏差" / "Deviation from the standard";
        "数据能读懂，但写法与标准不同，偏差逐条列出。多为厂商习惯，不等于伪造。" / "The data is readable but written differently from the standard; each deviation is named. Mostly a vendor's habit, not a forgery.";
        "一般无需处理；可请制作方改用标准写法。" / "Usually nothing; the vendor may be asked to follow the standard."
    "SIGNATURE_TYPE" OFD;
        "签名类型一致" / "Signature type agrees";
        "签名列表声明的类型（Seal 签章 / Sign 签名）应与签名值的内容一致。" / "The type in the list (Seal / Sign) must agree with what the signature value holds.";
        "记录被改动，请索取原件。" / "The record was changed; ask for the original."
    "CRITICAL_EXTENSION" "GB/T 38540-2020 6.1, 7.1; RFC 5280 4.2";
        "关键扩展" / "Critical extension";
        "数据含有标为“关键”而本软件不理解的扩展。按规定不理解就不能认可。" / "The data carries an extension marked critical that is not understood here. What is critical and not understood cannot be accepted.";
        "请使用签发单位提供的验证软件，或询问该扩展的含义。" / "Use the issuer's own verifier or ask what the extension means."
    "TRUST_LIST" "NM-27; XA-22; XA-23";
        "他系统的信任列表" / "Another system's trust list";
        "制章人不在自有信任范围内，但列于一个已确认的对接系统所签发的信任列表；印章按该列表认可。列表过期、对接暂停或者编码属于另一枚印章时不予认可。" / "The maker is not within one's own trust, but stands on the signed trust list of another system that was recognized; the seal is judged by it. A list that ran out, a system that is suspended, or a code that belongs to another seal vouches for nothing.";
        "无法判定：导入对接系统的新列表，或者向该系统核实后再验。" / "Undecided: take up the system's newer list, or ask that system, and verify again."
    "SEAL_SIGNATURE" SEAL;
        "制章人签名" / "Seal maker's signature";
        "印章数据上制章人的签名是否正确：印章的图像、名称、所有者、期限自制作后未被改动。" / "Whether the seal maker's signature on the seal is right: picture, name, owner and dates are unchanged since it was made.";
        "印章是伪造或被改动的，请勿信赖并报告制章单位。" / "The seal is forged or altered; do not rely on it and tell the maker."
    "SEAL_MAKER_CHAIN" SEAL;
        "制章人证书链" / "Seal maker's certificate chain";
        "制章人的证书能否逐级追溯到您信任的根证书。" / "Whether the maker's certificate leads step by step to a root you trust.";
        "不通过：印章不可信。无法判定：取得制章机构的根证书后加入信任目录再验。" / "Fail: do not trust the seal. Undecided: obtain the maker's root certificate, add it to the trust folder and verify again."
    "SEAL_MAKER_EXPIRED_THEN" SEAL;
        "制章人证书有效期" / "Maker's certificate in date";
        "应当时（第4版为签章时，第5版为制章时）制章人证书在有效期内。" / "The maker's certificate was in date at the time that counts (signing for version 4, making for version 5).";
        "联系制章单位重新制作印章。" / "Have the maker make the seal anew."
    "SEAL_MAKER_REVOKED_THEN" SEAL;
        "制章人证书未被吊销" / "Maker's certificate not revoked";
        "应当时制章人证书未被吊销。" / "The maker's certificate was not revoked at the time that counts.";
        "请勿信赖该印章，联系制章单位。" / "Do not rely on the seal; contact the maker."
    "SEAL_MAKER_KEY_USAGE" SEAL;
        "制章人证书用途" / "Maker's key usage";
        "制章人证书允许用于签名。" / "The maker's certificate is allowed to sign.";
        "联系制章单位。" / "Contact the maker."
    "SEAL_CREATE_DATE" SEAL5;
        "制章日期合理" / "Day of making plausible";
        "印章的制作日期不在未来，且不晚于签章。" / "The day of making is not in the future nor after the signing.";
        "印章数据可疑，联系制章单位。" / "The seal is suspect; contact the maker."
    "SEAL_NOT_YET_VALID" SEAL;
        "印章已生效" / "Seal in force";
        "签章时印章已经生效。" / "The seal was already in force when used.";
        "签章无效，请对方用有效印章重新签章。" / "Ask for a new seal made with a seal in force."
    "SEAL_EXPIRED_THEN" SEAL;
        "印章未过期" / "Seal not expired";
        "签章时印章尚未过期。签章后才过期不影响效力。" / "The seal had not expired when used. Expiry afterwards does not matter.";
        "签章无效，请对方用有效印章重新签章。" / "Ask for a new seal made with a seal in force."
    "SEAL_OUTLIVES_CERTIFICATE" "NM-14 XA-14";
        "印章期限与证书一致" / "Seal ends with its certificate";
        "印章有效期不应晚于所有者证书的有效期。" / "A seal should not be valid for longer than its owner's certificate.";
        "仅为提醒；制章单位应更正。" / "A notice; the maker should correct it."
    "SEAL_TIMESTAMP" SEAL5;
        "印章时间戳" / "Timestamp on the seal";
        "印章上的时间戳真实且与印章相符，制作日期不晚于它。" / "The timestamp on the seal is genuine and belongs to it, and the day of making is not later.";
        "印章不可信，联系制章单位。" / "Do not trust the seal; contact the maker."
    "SIGNATURE_VALUE" SIGN;
        "签名值" / "Signature value";
        "用签章人证书的公钥验证签名值。正确表示签章数据由该证书的私钥持有者产生且未被改动。" / "The signature value checked with the signer's public key. Right means that the holder of that key made it and nothing in it changed.";
        "签章是伪造或损坏的，请勿信赖。" / "The signature is forged or damaged; do not rely on it."
    "SIGNER_NOT_LISTED" SIGN;
        "签章人有权用章" / "Signer entitled to the seal";
        "签章人证书在印章的证书列表之中，即此人有权使用此印章。" / "The signer's certificate is in the seal's list, so the signer may use this seal.";
        "他人盗用印章图样；若为证书更新所致，应重新制作印章。" / "Someone used another's seal; if the certificate was renewed, the seal must be made anew."
    "SIGNER_CHAIN" CERT;
        "签章人证书链" / "Signer's certificate chain";
        "签章人的证书能否逐级追溯到您信任的根证书。" / "Whether the signer's certificate leads step by step to a root you trust.";
        "不通过：签章不可信。无法判定：取得发证机构的根证书后加入信任目录再验。" / "Fail: do not trust it. Undecided: obtain the root of the issuing CA, add it to the trust folder and verify again."
    "SIGNER_EXPIRED_THEN" CERT;
        "签章人证书有效期" / "Signer's certificate in date";
        "签章时签章人证书在有效期内。" / "The signer's certificate was in date when signing.";
        "签章无效，请对方用有效证书重新签章。" / "Ask for a new signature with a certificate in date."
    "SIGNER_REVOKED_THEN" CERT;
        "签章人证书未被吊销" / "Signer's certificate not revoked";
        "签章时签章人证书未被吊销。吊销发生在经证明的签章时间之后不影响效力。" / "The signer's certificate was not revoked when signing. Revocation after a proven signing time does not matter.";
        "签章无效，联系签章单位。" / "Contact the signing unit."
    "SIGNER_KEY_USAGE" CERT;
        "签章人证书用途" / "Signer's key usage";
        "签章人证书允许用于签名（不是加密证书）。" / "The signer's certificate is for signing, not for encryption.";
        "请对方用签名证书重新签章。" / "Ask for a signature with the signing certificate."
    "UNTRUSTED" CERT;
        "没有信任依据" / "No trust anchor";
        "证书链到不了您给出的任何信任根。数据计算正确，但无从知道是谁。" / "The chain leads to none of the roots you gave. The arithmetic is right, but nobody vouches for who it was.";
        "向发证机构核实并取得其根证书，用 --trust 指定后再验。" / "Obtain the issuer's root certificate through a channel you trust and name it by --trust."
    "NO_REVOCATION_DATA" CERT;
        "缺少吊销信息" / "No revocation data";
        "没有可用的证书吊销列表或在线状态，不能排除证书已被吊销。" / "No usable CRL or OCSP answer: it cannot be ruled out that a certificate was revoked.";
        "用 --crl 或 --ocsp 提供发证机构的吊销信息后再验。" / "Provide the CA's CRL or OCSP answer by --crl or --ocsp and verify again."
    "TIME_ORDER" SIGN;
        "时间先后" / "Order of times";
        "签章时间不在未来，并与印章期限、证书期限、时间戳的先后合理。" / "The signing time is not in the future and stands in a sensible order to seal, certificate and timestamp.";
        "时间被伪造或设备时钟有误，请核实签章时间。" / "The time is false or a clock was wrong; find out when it was signed."
    "TIME_UNPROVEN" SIGN;
        "签章时间未经证明" / "Signing time not proven";
        "签章时间只是签章人自述，而证书其后已过期，时间戳本可证明签章在先。" / "The signing time is the signer's own word, and the certificate has expired since; a timestamp would have proven the order.";
        "如有争议，另行取证签章时间。" / "If disputed, seek other proof of the signing time."
    "DOCUMENT_MODIFIED" SIGN;
        "文档未被改动" / "Document unchanged";
        "受保护的每个部件的摘要与签章时一致；不一致的部件逐个列出。" / "The digest of every protected part equals the one signed; parts that differ are named.";
        "文件在签章后被改动，请勿信赖，索取原件。" / "The document was changed after sealing. Do not rely on it; ask for the original."
    "CHECK_METHOD" OFD;
        "摘要算法" / "Digest method";
        "保护文档所用的摘要算法可用且安全（SM3）。" / "The digest that protects the document is known and sound (SM3).";
        "请对方用国密算法重新签章。" / "Ask for a new signature with SM3."
    "SEAL_FILE_MISMATCH" OFD;
        "印章文件一致" / "Seal file agrees";
        "文件包中的 Seal.esl 与签章数据内的印章逐字节相同；在 PDF 中，页面上的图像就是印章内的图像。" / "Seal.esl in the package equals the seal inside the signature, byte for byte; in a PDF, the picture on the page is the one in the seal.";
        "显示的印章被替换，请勿信赖。" / "The displayed seal was replaced; do not rely on it."
    "STAMP" OFD;
        "印章外观位置" / "Place of the seal";
        "签章声明的显示位置可读且指向存在的页面。" / "The declared places of the seal can be read and lead to existing pages.";
        "核对印章是否显示在应在的位置。" / "Check that the seal shows where it should."
    "COVERAGE" OFD;
        "保护范围" / "Coverage";
        "哪些部件没有被签名保护，以及显示的内容是否依赖它们。未受保护的显示内容任何人都可改动。" / "Which parts no signature protects and whether anything shown depends on them. Unprotected content can be changed by anyone.";
        "只信赖受保护的内容；对显示内容不受保护的文件请索取重新签章的版本。" / "Rely only on what is protected; ask for a new signature where shown content is not."
    "BYTE_RANGE" PDF;
        "签名范围" / "Byte range";
        "PDF 的签名范围应从文件第一个字节起，只空出签名值本身，并止于一个完整的版本。范围有缺口、错位或签名值被移动，就可能有内容不受保护。" / "The range of a PDF signature must begin at the first byte, leave out nothing but the value itself, and end with a whole revision. Where it has gaps or was shifted, content may stand outside its protection.";
        "签名被移花接木，请勿信赖，索取原件。" / "The signature was transplanted or wrapped; do not rely on it and ask for the original."
    "LATER_CHANGES" PDF;
        "签名后的改动" / "Changes after signing";
        "PDF 允许在签名之后追加内容。追加的改动逐项说明：在哪一页、改了什么、是否允许；只有新的签名、验证资料和文档说明算作无害，其他改动可能让人看到与签名时不同的内容。" / "Content may be appended to a PDF after it was signed. Each change is told: on which page, of what kind, allowed or not. Only further signatures, validation data and the description count as harmless: anything else may show something the signer did not see.";
        "无法判定：请签章单位提供签名时的版本，或重新签章。" / "Undecided: ask the signer for the version that was signed, or for a new signature."
    "CERTIFICATION" PDF;
        "认证签名的限制" / "Limits of the certification";
        "认证签名可以声明此后允许哪些改动（DocMDP）。超出的改动使文档不再是被认证的文档。" / "A certification may state which changes are permitted afterwards (DocMDP). A document changed beyond that is not the one certified.";
        "文档在认证后被改动，请勿信赖，索取原件。" / "The document was changed after it was certified; ask for the original."
    "TIMESTAMP" "GB/T 20520; RFC 3161";
        "签章时间戳" / "Timestamp on the signature";
        "时间戳真实、与签名值相符，且时间戳机构可信。" / "The timestamp is genuine, belongs to this signature value, and its authority is trusted.";
        "时间戳不可信，签章时间不能由它证明。" / "The timestamp proves nothing; ask for a new signature."
    "LONG_TERM" "ETSI EN 319 142-1; ISO 32000-2 12.8.4.3";
        "长期验证" / "Long-term verification";
        "文档自身附带的资料够不够在多年以后验证签名：T 有时间戳，LT 附带全部证书和吊销信息，LTA 另有文档时间戳保护它们。没有不影响现在的结论。" / "Whether what the document itself carries suffices to verify the signature in later years: T a timestamp, LT all certificates and revocation data, LTA a document timestamp over them. Without it nothing changes today.";
        "需要长期保存时，用 yinxin extend 补充验证资料和文档时间戳。" / "To keep the document for years, add validation data and a document timestamp with yinxin extend."
    "WEAK_ALGORITHM" "GB/T 39786 (use of commercial cryptography)";
        "算法强度" / "Strength of algorithms";
        "使用了已不安全的算法或过短的密钥。" / "An algorithm or key length that is no longer safe.";
        "请对方用 SM2/SM3 重新签章。" / "Ask for a new signature with SM2/SM3."
    "STATUS_SUSPENDED_THEN" "NM-26; TJ";
        "印章当时未停用" / "Seal not suspended then";
        "签章时印章未处于停用状态。" / "The seal was not suspended when used.";
        "签章无效，联系印章所有者或管理部门。" / "Contact the owner or the authority."
    "STATUS_CANCELLED_THEN" "NM-26; TJ";
        "印章当时未注销" / "Seal not cancelled then";
        "签章时印章未被注销、作废或挂失。" / "The seal was not cancelled, voided or reported lost when used.";
        "签章无效，联系印章所有者或管理部门。" / "Contact the owner or the authority."
    "STATUS_NOT_IN_FORCE_THEN" "NM-26; TJ";
        "印章当时已启用" / "Seal in force then";
        "签章时印章已交付启用。" / "The seal was in its owner's hands when used.";
        "签章时间可能不实，请向签发单位核实。" / "The signing time may be untrue; ask the issuing body."
    "STATUS_STALE" "NM-26; TJ";
        "登记状态数据已过期" / "Status data out of date";
        "提供了印章登记状态，但在判断时刻之前已过有效期，没有采用。" / "A status record was given, but it ran out before the moment to judge at; it was not used.";
        "重新取得状态应答或状态列表后再验证。" / "Fetch the status answer or list again and verify anew."
    "STATUS_UNKNOWN" "NM-26; TJ";
        "印章登记状态" / "Registered status of the seal";
        "没有取得印章在签章时的登记状态（有效、停用、注销）。" / "The registered status of the seal at signing time is not known here.";
        "需要时向制章机构的状态服务查询。" / "Ask the maker's status service where it matters."
}
