//! Copies as answers show them: to those whose document it is, and to everybody.

use super::Traced;
use super::words::{NOTICE, file_is};
use crate::app::App;
use crate::landing;
use crate::verification::current_status;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use yinxin_registry::lifecycle::State as _;
use yinxin_registry::usage::copy::{CopyForm, RegisteredCopy};

/// How a copy came about.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
pub enum CopyFormBody {
    /// Printed on paper (打印).
    Print {},
    /// Converted to another format (格式转换).
    Conversion {
        /// The format, 1 to 32 characters.
        #[schema(min_length = 1, max_length = 32, example = "PDF")]
        format: String,
    },
}

impl From<CopyFormBody> for CopyForm {
    fn from(form: CopyFormBody) -> Self {
        match form {
            CopyFormBody::Print {} => Self::Print,
            CopyFormBody::Conversion { format } => Self::Conversion { format: format.trim().to_owned() },
        }
    }
}

impl From<&CopyForm> for CopyFormBody {
    fn from(form: &CopyForm) -> Self {
        match form {
            CopyForm::Print => Self::Print {},
            CopyForm::Conversion { format } => Self::Conversion { format: format.clone() },
        }
    }
}

/// That a copy was withdrawn.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WithdrawalView {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Account or client.
    pub by: String,
    /// Its name.
    pub by_name: String,
    /// Why.
    pub reason: String,
}

/// A registered copy of a sealed document.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CopyView {
    /// Key.
    #[schema(example = "copy_01k0000000000000000000000a")]
    pub id: String,
    /// Request whose document it is a copy of.
    pub request: String,
    /// That document.
    pub item: String,
    /// SM3 of the sealed document, hex.
    pub original: String,
    /// How it came about.
    pub form: CopyFormBody,
    /// How many.
    pub number: u32,
    /// What for.
    pub purpose: String,
    /// Code that stands for it, to be put on every one of them.
    #[schema(example = "ABCDEFGHJKLMNPQRSTUV")]
    pub code: String,
    /// Where that code leads; `GET /copies/by-code/{code}/qr` draws it.
    #[schema(example = "https://seal.example.gov.cn/v/ABCDEFGHJKLMNPQRSTUV")]
    pub link: String,
    /// `valid` or `withdrawn`.
    #[schema(example = "valid")]
    pub state: String,
    /// In Chinese.
    #[schema(example = "有效")]
    pub state_zh: String,
    /// Account or client that registered it.
    pub registered_by: String,
    /// Its name.
    pub registered_by_name: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub registered_at: Timestamp,
    /// That it was withdrawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<WithdrawalView>,
    /// Version, as in the ETag.
    pub version: i64,
}

impl CopyView {
    /// Of a copy.
    pub fn of(app: &App, copy: &RegisteredCopy, version: i64) -> Self {
        Self {
            id: copy.id().to_string(),
            request: copy.request().to_string(),
            item: copy.item().to_string(),
            original: copy.original().to_owned(),
            form: (&copy.facts().form).into(),
            number: copy.facts().number,
            purpose: copy.facts().purpose.clone(),
            code: copy.code().to_owned(),
            link: landing::address(app, copy.code()),
            state: copy.state().as_str().to_owned(),
            state_zh: copy.state().zh().to_owned(),
            registered_by: copy.by().id.clone(),
            registered_by_name: copy.by().name.clone(),
            registered_at: copy.at(),
            withdrawn: copy.withdrawn().map(|withdrawal| WithdrawalView {
                at: withdrawal.at,
                by: withdrawal.by.id.clone(),
                by_name: withdrawal.by.name.clone(),
                reason: withdrawal.reason.clone(),
            }),
            version,
        }
    }
}

/// The original, as everybody may know it who holds a copy.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OriginalView {
    /// SM3 of the sealed document, hex.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub digest: String,
    /// Its bytes.
    pub size: u64,
    /// When it was sealed.
    #[schema(value_type = String, format = DateTime)]
    pub sealed_at: Timestamp,
    /// Kind of document.
    #[schema(example = "合同")]
    pub document_kind: String,
    /// `ofd`.
    #[schema(example = "ofd")]
    pub format: String,
    /// When the registry disposed of its contents by the rules of keeping: the digest still tells whether a file is the original.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub disposed_at: Option<Timestamp>,
}

/// A seal on the original.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SealOnOriginal {
    /// Code.
    #[schema(example = "6101000000018")]
    pub code: String,
    /// Name.
    #[schema(example = "示例有限公司合同专用章")]
    pub name: String,
    /// Owner.
    pub owner: String,
    /// When it was put there.
    #[schema(value_type = String, format = DateTime)]
    pub sealed_at: Timestamp,
    /// Pages it stands on, from 1.
    #[schema(example = json!([1, 2]))]
    pub pages: Vec<u32>,
    /// Its status then.
    #[schema(example = "valid")]
    pub status_then: &'static str,
    /// Its status now.
    #[schema(example = "valid")]
    pub status_now: &'static str,
}

/// A registered copy, as everybody may know it who holds its code.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PublicCopy {
    /// How it came about.
    pub form: CopyFormBody,
    /// How many were registered under this code.
    pub number: u32,
    /// When it was registered.
    #[schema(value_type = String, format = DateTime)]
    pub registered_at: Timestamp,
    /// `valid`, or `withdrawn`: not to be relied on any more.
    #[schema(example = "valid", pattern = "^(valid|withdrawn)$")]
    pub state: &'static str,
    /// Since when it is withdrawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub withdrawn_at: Option<Timestamp>,
}

/// What a code on paper stands for.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CodeAnswer {
    /// The code as it was given out.
    #[schema(example = "ABCDEFGHJKLMNPQRSTUV")]
    pub code: String,
    /// `original`: the code of a sealed document; `copy`: the code of a registered copy of one.
    #[schema(example = "copy", pattern = "^(original|copy)$")]
    pub stands_for: &'static str,
    /// What has to be known about copies, in Chinese.
    pub notice: &'static str,
    /// The same in English.
    pub notice_en: &'static str,
    /// When this was known.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// The original.
    pub original: OriginalView,
    /// Seals on it, in the order in which they were put there.
    pub seals: Vec<SealOnOriginal>,
    /// The copy whose code it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copy: Option<PublicCopy>,
    /// Where `digest` was given, what the file with that digest is: `sealed`, the original; `before_sealing`, the document before it was
    /// sealed; `neither`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "sealed", pattern = "^(sealed|before_sealing|neither)$")]
    pub file: Option<&'static str>,
}

impl CodeAnswer {
    /// Of what was found, and of the file with a digest. Nothing of people, reasons, purposes or names of files.
    pub(super) fn of(traced: &Traced, digest: Option<&str>) -> Self {
        let (notice, notice_en) = NOTICE;
        let seals = traced.seals.iter().map(|on| SealOnOriginal {
            code: on.seal.code().to_owned(),
            name: on.seal.name().to_owned(),
            owner: on.seal.unit_name().to_owned(),
            sealed_at: on.at,
            pages: on.pages.clone(),
            status_then: current_status(&on.seal, on.at).as_str(),
            status_now: current_status(&on.seal, traced.now).as_str(),
        });
        Self {
            code: traced.code.clone(),
            stands_for: if traced.copy.is_some() { "copy" } else { "original" },
            notice,
            notice_en,
            at: traced.now,
            original: OriginalView {
                digest: traced.sealed.digest.clone(),
                size: traced.sealed.size,
                sealed_at: traced.sealed.at,
                document_kind: traced.document_kind.clone(),
                format: traced.format.as_str().to_owned(),
                disposed_at: traced.disposed_at,
            },
            seals: seals.collect(),
            copy: traced.copy.as_ref().map(|copy| PublicCopy {
                form: (&copy.facts().form).into(),
                number: copy.facts().number,
                registered_at: copy.at(),
                state: copy.state().as_str(),
                withdrawn_at: copy.withdrawn().map(|withdrawal| withdrawal.at),
            }),
            file: digest.map(|digest| file_is(traced, digest)),
        }
    }
}
