//! A message about a seal, as systems of this profile send it to each other.

use crate::http::Problem;
use crate::proof::sorted;
use crate::status::{PublicStatus, timeline};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use yinxin_crypto::sm3;
use yinxin_registry::exchange::foreign::{ForeignSince, Told, ToldSeal};
use yinxin_registry::ids::ExchangeDeliveryId;
use yinxin_registry::lifecycle::seal::Seal;
use yinxin_registry::lifecycle::status::Standing;

/// Mark of the format.
pub const MESSAGE_FORMAT: &str = "yinxin-exchange-1";

/// Part of a timeline: this status from this moment on.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MessageSince {
    /// From when.
    #[schema(value_type = String, format = DateTime)]
    pub from: Timestamp,
    /// `not_in_force`, `valid`, `suspended`, `ended`, `expired` or `void`.
    #[schema(value_type = String, pattern = "^(not_in_force|valid|suspended|ended|expired|void)$", example = "valid")]
    pub status: Standing,
}

/// A seal as everybody may know it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MessageSeal {
    /// Code.
    #[schema(pattern = "^[!-~]{1,64}$", example = "6201000000018")]
    pub code: String,
    /// Name.
    #[schema(min_length = 1, max_length = 300, example = "示例有限公司合同专用章")]
    pub name: String,
    /// Code of its kind, as the sending system names it.
    #[schema(min_length = 1, max_length = 300, example = "business_contract")]
    pub kind: String,
    /// Owner.
    #[schema(min_length = 1, max_length = 300, example = "示例有限公司")]
    pub owner: String,
    /// Owner's unified social credit code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 300)]
    pub credit_code: Option<String>,
    /// Code of the area it is registered in.
    #[schema(min_length = 1, max_length = 300, example = "620100")]
    pub area: String,
    /// Start of its validity.
    #[schema(value_type = String, format = DateTime)]
    pub valid_from: Timestamp,
    /// End of its validity.
    #[schema(value_type = String, format = DateTime)]
    pub valid_until: Timestamp,
    /// Issuer of the signer's certificate.
    #[schema(min_length = 1, max_length = 300)]
    pub certificate_issuer: String,
    /// Serial number of the signer's certificate, hex.
    #[schema(min_length = 1, max_length = 300)]
    pub certificate_serial: String,
    /// SM3 of the seal's data, hex.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub digest: String,
    /// Every status it has had since it was handed over, in the order of time; empty before.
    #[schema(max_items = 500)]
    pub timeline: Vec<MessageSince>,
}

/// What a system tells of one of its seals: all of it each time.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SealMessage {
    /// `yinxin-exchange-1`.
    #[schema(pattern = "^yinxin-exchange-1$", example = "yinxin-exchange-1")]
    pub format: String,
    /// The sender's identifier of the message, the same however often it is sent.
    #[schema(value_type = String, pattern = "^xdl_[0-7][0-9a-hjkmnp-tv-z]{25}$", example = "xdl_01k0000000000000000000000a")]
    pub message: ExchangeDeliveryId,
    /// Number among the messages about this seal: a later one has a higher number.
    #[schema(minimum = 1, maximum = 9007199254740991u64)]
    pub sequence: u64,
    /// The step that brought it about.
    #[schema(min_length = 1, max_length = 64, example = "seal.suspended")]
    pub event: String,
    /// The seal as it is.
    pub seal: MessageSeal,
}

impl SealMessage {
    /// Of a seal of this registry; `None` of one that is not made.
    pub fn of(message: ExchangeDeliveryId, sequence: u64, event: &str, seal: &Seal) -> Option<Self> {
        let made = seal.made()?;
        let since = timeline(seal)
            .into_iter()
            .filter_map(|part| Some(MessageSince { from: part.from, status: standing(part.status)? }));
        Some(Self {
            format: MESSAGE_FORMAT.to_owned(),
            message,
            sequence,
            event: event.to_owned(),
            seal: MessageSeal {
                code: seal.code().to_owned(),
                name: seal.name().to_owned(),
                kind: seal.kind().as_str().to_owned(),
                owner: seal.unit_name().to_owned(),
                credit_code: seal.credit_code().map(str::to_owned),
                area: seal.area().to_string(),
                valid_from: made.valid_from,
                valid_until: made.valid_until,
                certificate_issuer: made.certificate_issuer.clone(),
                certificate_serial: made.certificate_serial.clone(),
                digest: made.digest.clone(),
                timeline: since.collect(),
            },
        })
    }

    /// The one form of it, members in order and without white space: what is sent, and what its digest is over.
    ///
    /// # Errors
    /// It has no JSON.
    pub fn canonical(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(&sorted(serde_json::to_value(self)?))
    }

    /// As the registry takes it in.
    ///
    /// # Errors
    /// `INTERNAL` when it has no JSON.
    pub fn told_by(self, system: &str) -> Result<Told, Problem> {
        let text = self.canonical().map_err(|_| Problem::new(crate::http::Code::Internal))?;
        let seal = self.seal;
        let timeline =
            seal.timeline.into_iter().map(|part| ForeignSince { from: part.from, status: part.status });
        Ok(Told {
            system: system.to_owned(),
            message: self.message,
            sequence: self.sequence,
            digest: digest(&text),
            seal: ToldSeal {
                timeline: timeline.collect(),
                code: seal.code,
                name: seal.name,
                kind: seal.kind,
                owner: seal.owner,
                credit_code: seal.credit_code,
                area: seal.area,
                valid_from: seal.valid_from,
                valid_until: seal.valid_until,
                certificate_issuer: seal.certificate_issuer,
                certificate_serial: seal.certificate_serial,
                digest: seal.digest,
            },
        })
    }
}

/// SM3 of a message, hex.
pub(crate) fn digest(canonical: &str) -> String {
    hex::encode(sm3(canonical.as_bytes()))
}

fn standing(status: PublicStatus) -> Option<Standing> {
    Some(match status {
        PublicStatus::NotInForce => Standing::NotInForce,
        PublicStatus::Valid => Standing::Valid,
        PublicStatus::Suspended => Standing::Suspended,
        PublicStatus::Ended => Standing::Ended,
        PublicStatus::Expired => Standing::Expired,
        PublicStatus::Void => Standing::Void,
        PublicStatus::Unknown => return None,
    })
}
