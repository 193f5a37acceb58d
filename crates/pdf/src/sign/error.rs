use thiserror::Error;

use crate::error::PdfError;

/// Why a document was not prepared or signed.
#[derive(Debug, Error)]
pub enum SignError {
    /// The document cannot be read.
    #[error("PDF 无法读取：{0} / the PDF cannot be read: {0}")]
    Pdf(#[source] PdfError),
    /// The password of an encrypted document is missing or wrong.
    #[error("PDF 已加密，需要正确的文件口令 / the PDF is encrypted and needs its password")]
    Encrypted,
    /// The document is encrypted in a way that is not read.
    #[error(
        "PDF 的加密方式不受支持（{0}），请先解密再签章 / the PDF is encrypted in a way that is not supported ({0}); decrypt it before sealing"
    )]
    Encryption(&'static str),
    /// Its owner does not permit fields to be added.
    #[error(
        "PDF 的所有者不允许添加签名域，请给出所有者口令 / the owner of the PDF does not permit adding fields; give the owner's password"
    )]
    Restricted,
    /// Two readers may see two documents.
    #[error(
        "PDF 结构有歧义（{code}），不能签章：{detail} / the PDF is ambiguous ({code}) and is not sealed: {detail}"
    )]
    Unsound {
        /// Code of the finding.
        code: &'static str,
        /// What was found.
        detail: String,
    },
    /// A certification forbids further signatures.
    #[error(
        "文档的认证签名不允许再作任何改动，不能追加签章 / the document is certified and permits no change: no seal can be added"
    )]
    Certified,
    /// Only the first signature can certify.
    #[error(
        "文档已有签名，只有第一个签名才能作认证签名 / the document is signed already: only the first signature can certify it"
    )]
    NotTheFirst,
    /// The form is drawn by XFA, which shows something else than the pages.
    #[error(
        "文档是 XFA 表单，页面由表单程序画出，不能签章 / the document is an XFA form and cannot be sealed"
    )]
    Xfa,
    /// A page that is not there.
    #[error("没有第 {asked} 页，文档共 {count} 页 / there is no page {asked}, the document has {count}")]
    NoSuchPage {
        /// Asked for, from 1.
        asked: usize,
        /// Pages.
        count: usize,
    },
    /// A place that cannot be used.
    #[error("第 {page} 页的盖章位置无法使用 / the place on page {page} cannot be used")]
    BadPlace {
        /// Page, from 1.
        page: usize,
    },
    /// A page whose annotations are not a list.
    #[error("第 {page} 页的批注表无法使用 / the annotations of page {page} are no list")]
    Annotations {
        /// Page, from 1.
        page: usize,
    },
    /// No empty signature field has this name.
    #[error(
        "没有名为“{name}”的空签名域；空签名域有：{empty} / there is no empty signature field \"{name}\"; empty ones: {empty}"
    )]
    NoSuchField {
        /// Asked for.
        name: String,
        /// Names of the empty ones.
        empty: String,
    },
    /// The field holds a signature already.
    #[error("签名域“{name}”已经签过 / the signature field \"{name}\" is signed already")]
    FieldSigned {
        /// Its name.
        name: String,
    },
    /// The field must not change, by its own flag or by the lock of an earlier signature.
    #[error(
        "签名域“{name}”已被锁定，不能签章 / the signature field \"{name}\" is locked and cannot be signed"
    )]
    FieldLocked {
        /// Its name.
        name: String,
    },
    /// A place, or a document timestamp, for what has a place and a purpose of its own.
    #[error(
        "签名域自有位置，不能另外指定盖章位置，也不能放文档时间戳 / a signature field has a place of its own: none can be given, nor can a document timestamp stand in it"
    )]
    FieldPlace,
    /// The picture does not fit into the field.
    #[error(
        "印章图像 {picture} mm 放不进签名域的 {field} mm；可指定较小的宽度和高度 / the picture of {picture} mm does not fit into the field of {field} mm; a smaller width and height can be given"
    )]
    FieldSize {
        /// Width and height of the field, mm.
        field: String,
        /// Width and height of the picture, mm.
        picture: String,
    },
    /// What the field's author asks of a signature cannot be met.
    #[error(
        "签名域对签名的要求无法满足：/{entry}（{wanted}） / the field asks for what cannot be met: /{entry} ({wanted})"
    )]
    Seed {
        /// Entry of the seed values.
        entry: &'static str,
        /// What it asks for.
        wanted: String,
    },
    /// A picture of a type that is not laid into a PDF.
    #[error(
        "印章图像不是 {kind} 等可识别的类型，不能放入 PDF / the picture is of no type that is known (the seal says {kind}) and cannot be laid into a PDF"
    )]
    PictureType {
        /// Type as the seal says.
        kind: String,
    },
    /// A picture that cannot be decoded.
    #[error("印章图像无法解码：{0} / the picture of the seal cannot be decoded: {0}")]
    Picture(String),
    /// No more object numbers, or a file too large for a classic table.
    #[error("文件太大，不能追加签章 / the file is too large for another revision")]
    TooLarge,
    /// The document is not the one prepared.
    #[error("文件不是准备签章时的那一个 / the file is not the one that was prepared")]
    Changed,
    /// The value is empty or does not fit the place reserved.
    #[error(
        "签名值有 {size} 字节，预留 {reserved} 字节 / the value has {size} bytes, {reserved} are reserved"
    )]
    ValueSize {
        /// Bytes of the value.
        size: usize,
        /// Bytes reserved.
        reserved: usize,
    },
    /// The sealed document cannot be written.
    #[error("写出失败：{0} / writing failed: {0}")]
    Write(#[from] std::io::Error),
    /// What was prepared does not hang together.
    #[error("待签文件无法使用 / the prepared signature cannot be used")]
    Malformed,
}

impl From<PdfError> for SignError {
    fn from(e: PdfError) -> Self {
        match e {
            PdfError::Encrypted => Self::Encrypted,
            PdfError::Encryption { what } => Self::Encryption(what),
            e => Self::Pdf(e),
        }
    }
}

impl SignError {
    /// Stable, language-free code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Pdf(e) => e.code(),
            Self::Encrypted => "PDF_ENCRYPTED",
            Self::Encryption(_) => "PDF_ENCRYPTION",
            Self::Restricted => "PDF_RESTRICTED",
            Self::Unsound { code, .. } => code,
            Self::Certified => "SIGN_CERTIFIED",
            Self::NotTheFirst => "SIGN_NOT_THE_FIRST",
            Self::Xfa => "SIGN_XFA",
            Self::NoSuchPage { .. } => "SIGN_NO_SUCH_PAGE",
            Self::BadPlace { .. } => "SIGN_PLACE",
            Self::Annotations { .. } => "SIGN_ANNOTATIONS",
            Self::NoSuchField { .. } => "SIGN_NO_SUCH_FIELD",
            Self::FieldSigned { .. } => "SIGN_FIELD_SIGNED",
            Self::FieldLocked { .. } => "SIGN_FIELD_LOCKED",
            Self::FieldPlace => "SIGN_FIELD_PLACE",
            Self::FieldSize { .. } => "SIGN_FIELD_SIZE",
            Self::Seed { .. } => "SIGN_FIELD_SEED",
            Self::PictureType { .. } => "SIGN_PICTURE_TYPE",
            Self::Picture(_) => "SIGN_PICTURE",
            Self::TooLarge => "SIGN_TOO_LARGE",
            Self::Changed => "SIGN_CHANGED",
            Self::ValueSize { .. } => "SIGN_VALUE_SIZE",
            Self::Write(_) => "IO",
            Self::Malformed => "PREPARED_MALFORMED",
        }
    }
}
