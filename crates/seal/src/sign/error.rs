//! Why a document was not signed.

use yinxin_crypto::SignError;
use yinxin_formats::der::ParseError;
use yinxin_formats::ses::SesWriteError;
use yinxin_ofd::sign::SignError as OfdSignError;

use crate::report::Text;

/// Why a document was not signed. Nothing is written when one of these comes back.
#[derive(Debug, thiserror::Error)]
pub enum SignDocumentError {
    /// The document cannot be read or sealed as asked.
    #[error(transparent)]
    Document(#[from] OfdSignError),
    /// The PDF cannot be read or sealed as asked.
    #[error(transparent)]
    Pdf(#[from] yinxin_pdf::sign::SignError),
    /// Something was asked for that PDF does not have.
    #[error("PDF 没有“{0}”这一做法 / there is no \"{0}\" in a PDF")]
    NotInPdf(&'static str),
    /// Something was asked for that OFD does not have.
    #[error("OFD 没有“{0}”这一做法 / there is no \"{0}\" in an OFD")]
    NotInOfd(&'static str),
    /// The seal cannot be read.
    #[error("印章无法读取：{0} / the seal cannot be read: {0}")]
    Seal(ParseError),
    /// The seal is of a version that is read but no longer written.
    #[error(
        "第 1 版印章（GM/T 0031-2014）只能验证，不能再用于签章，请重新制作 / a version 1 seal can be verified but no longer used; have it made anew"
    )]
    SealVersion,
    /// The seal or the signer's certificate is not fit for use now.
    #[error("不能签章（{code}）：{} / refused ({code}): {}", .detail.zh, .detail.en)]
    Refused {
        /// Code of the check that failed.
        code: &'static str,
        /// Why.
        detail: Text,
    },
    /// The key does not belong to the certificate.
    #[error("私钥与签章人证书不匹配 / the key does not belong to the signer's certificate")]
    KeyMismatch,
    /// The key refused.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// The signature handed in does not fit.
    #[error(
        "签名值不正确：不是该证书的私钥对待签数据的签名 / the signature is not this certificate's over the data to sign"
    )]
    WrongSignature,
    /// The signature could not be written.
    #[error(transparent)]
    Write(#[from] SesWriteError),
    /// SignedData could not be written.
    #[error("签名数据无法写出：{0} / SignedData cannot be written: {0}")]
    Cms(String),
    /// The timestamp could not be had.
    #[error("取时间戳失败：{0} / no timestamp: {0}")]
    Timestamp(String),
    /// A prepared signature read back from a file is malformed.
    #[error("待签文件无法使用：{0} / the prepared signature cannot be used: {0}")]
    Prepared(String),
}

impl SignDocumentError {
    /// Stable, language-free code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Document(e) => e.code(),
            Self::Pdf(e) => e.code(),
            Self::NotInPdf(_) => "SIGN_NOT_IN_PDF",
            Self::NotInOfd(_) => "SIGN_NOT_IN_OFD",
            Self::Seal(e) => e.code(),
            Self::SealVersion => "SEAL_VERSION_READ_ONLY",
            Self::Refused { code, .. } => code,
            Self::KeyMismatch => "KEY_MISMATCH",
            Self::Sign(e) => e.code(),
            Self::WrongSignature => "WRONG_SIGNATURE",
            Self::Write(e) => e.code(),
            Self::Cms(_) => "CMS_WRITE",
            Self::Timestamp(_) => "TIMESTAMP_UNAVAILABLE",
            Self::Prepared(_) => "PREPARED_MALFORMED",
        }
    }
}
