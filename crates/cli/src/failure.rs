//! Why a command could not run: a stable code and a sentence that says what, where and what to do.

use std::fmt::Display;

use yinxin_seal::report::Lang;

use crate::error_words;

/// Exit code when a command could not run.
pub const EXIT_COULD_NOT_RUN: u8 = 2;

/// A failed command.
#[derive(Debug)]
pub struct Failure {
    /// Stable, language-free code.
    pub code: &'static str,
    /// What went wrong, for people.
    pub detail: String,
}

impl Failure {
    /// A failure with a code.
    pub fn new(code: &'static str, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }

    /// The detail, in Chinese preceded by what the code says where the detail itself is English.
    pub fn detail_in(&self, lang: Lang) -> String {
        match error_words::chinese(self.code) {
            Some(zh) if lang == Lang::Zh => format!("{zh}：{}", self.detail),
            _ => self.detail.clone(),
        }
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} [{}]", self.detail, self.code)
    }
}

/// Result of a command: its exit code.
pub type Outcome = Result<u8, Failure>;

/// Turns errors of the libraries into failures.
macro_rules! failures {
    ($($t:ty),* $(,)?) => {$(
        impl From<$t> for Failure {
            fn from(e: $t) -> Self {
                Self { code: e.code(), detail: e.to_string() }
            }
        }
    )*};
}

failures!(
    yinxin_crypto::SignError,
    yinxin_crypto::keystore::KeystoreError,
    yinxin_formats::der::ParseError,
    yinxin_formats::x509::BuildError,
    yinxin_imprint::ImprintError,
    yinxin_ofd::OfdError,
    yinxin_pdf::PdfError,
    yinxin_render::RenderError,
    yinxin_seal::make::MakeError,
    yinxin_seal::sign::SignDocumentError,
);
