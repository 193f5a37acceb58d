use serde::Serialize;

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The user should see it.
    Warning,
    /// Two readers may see two documents: no signature over it can be called sound.
    Fatal,
}

/// Something a document does that a plain one does not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Stable code.
    pub code: &'static str,
    /// Byte position in the file.
    pub at: u64,
    /// What was found.
    pub detail: String,
    /// How much it weighs.
    pub severity: Severity,
}

/// More findings of one weight than this are counted, not kept.
const KEPT: usize = 128;

/// Collects findings with a bound, so that a hostile file cannot buy memory with them.
#[derive(Debug, Default, Clone)]
pub(crate) struct Findings {
    list: Vec<Finding>,
    warnings: usize,
    fatal: usize,
}

impl Findings {
    pub(crate) fn warn(&mut self, code: &'static str, at: u64, detail: impl Into<String>) {
        self.push(Severity::Warning, code, at, detail.into());
    }

    pub(crate) fn fatal(&mut self, code: &'static str, at: u64, detail: impl Into<String>) {
        self.push(Severity::Fatal, code, at, detail.into());
    }

    fn push(&mut self, severity: Severity, code: &'static str, at: u64, detail: String) {
        let count = match severity {
            Severity::Warning => &mut self.warnings,
            Severity::Fatal => &mut self.fatal,
        };
        *count = count.saturating_add(1);
        let finding = Finding { code, at, detail, severity };
        if *count <= KEPT && !self.list.contains(&finding) {
            self.list.push(finding);
        }
    }

    pub(crate) fn extend(&mut self, other: Self) {
        for f in other.list {
            self.push(f.severity, f.code, f.at, f.detail);
        }
    }

    pub(crate) fn into_list(self) -> Vec<Finding> {
        self.list
    }
}

/// Every code of a [`Finding`], with what it means in Chinese and in English.
pub const FINDING_CODES: &[(&str, &str, &str)] = &[
    (
        "PDF_XREF_MISMATCH",
        "交叉引用与实际对象不一致",
        "the cross-reference leads to another object, or to none",
    ),
    ("PDF_XREF_DUPLICATE", "交叉引用为同一对象给出两个位置", "a section gives two places for one object"),
    ("PDF_XREF_FORM", "交叉引用的写法不规范", "the cross-reference is not written as it should be"),
    ("PDF_HYBRID_DISAGREE", "交叉引用表与交叉引用流不一致", "table and stream of a section disagree"),
    ("PDF_OBJSTM_MISMATCH", "交叉引用与对象流不一致", "the cross-reference and an object stream disagree"),
    ("PDF_OVERLAP", "对象互相重叠", "objects or sections begin inside one another"),
    ("PDF_DUPLICATE_KEY", "字典中同一键出现两次", "a dictionary names a key twice"),
    ("PDF_STREAM_START", "流的开头写法不规范", "a stream does not begin as it should"),
    ("PDF_STREAM_LENGTH", "流的长度与实际不符", "a stream ends elsewhere than it says"),
    ("PDF_STRAY_STARTXREF", "存在不被采用的交叉引用入口", "a startxref whose section no reader follows"),
    ("PDF_HIDDEN_OBJECT", "存在交叉引用之外的隐藏对象", "an object that no section names"),
    ("PDF_GAP", "存在不属于任何对象的字节", "bytes that belong to no object"),
    ("PDF_SECOND_HEADER", "存在第二个文件头", "a second header: a file within the file"),
    ("PDF_NAME_ESCAPE", "键名用转义掩饰", "a key is written with needless escapes"),
    (
        "PDF_PERMS_MISMATCH",
        "加密字典所写的权限与其密文副本不一致，可能被改动",
        "the permissions in the encryption dictionary are not those of their encrypted copy: they may have been altered",
    ),
];
