//! License, areas and entrusting of a maker, as a request carries them.

use crate::api::text::check_line;
use crate::api::times;
use crate::app::{Stop, Work};
use crate::http::Faults;
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::ToSchema;
use yinxin_registry::area::{Area, AreaPath};
use yinxin_registry::maker::{Entrusted, License, Maker, MakerFault};

/// License of the public security organ to make seals.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LicenseBody {
    /// Its number.
    #[schema(min_length = 1, max_length = 100, example = "示例公特〔2026〕1号")]
    pub number: String,
    /// The organ that gave it.
    #[schema(min_length = 1, max_length = 100, example = "示例市公安局")]
    pub issuer: String,
    /// From when.
    #[schema(value_type = String, format = DateTime)]
    pub from: Timestamp,
    /// Until when.
    #[schema(value_type = String, format = DateTime)]
    pub until: Timestamp,
}

impl LicenseBody {
    /// Notes what is wrong with it.
    pub fn check(&self, now: Timestamp, faults: &mut Faults) {
        check_line("/number", &self.number, 1..=100, faults);
        check_line("/issuer", &self.issuer, 1..=100, faults);
        times::check("/from", self.from, now, faults);
        times::check("/until", self.until, now, faults);
        if self.until <= self.from {
            faults.push("/until", "TIME_ORDER", "应晚于开始时间", "it has to be after the beginning");
        }
    }
}

impl From<LicenseBody> for License {
    fn from(body: LicenseBody) -> Self {
        Self {
            number: body.number.trim().to_owned(),
            issuer: body.issuer.trim().to_owned(),
            from: body.from,
            until: body.until,
        }
    }
}

/// Who entrusts a maker and answers for it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EntrustedBody {
    /// Unit that entrusts.
    #[schema(min_length = 2, max_length = 100, example = "示例市行政审批局")]
    pub by: String,
    /// Number of the agreement.
    #[schema(min_length = 1, max_length = 100, example = "示例委〔2026〕1号")]
    pub document: String,
    /// Until when.
    #[schema(value_type = String, format = DateTime)]
    pub until: Timestamp,
}

impl EntrustedBody {
    /// Notes what is wrong with it.
    pub fn check(&self, now: Timestamp, faults: &mut Faults) {
        check_line("/by", &self.by, 2..=100, faults);
        check_line("/document", &self.document, 1..=100, faults);
        times::check("/until", self.until, now, faults);
    }
}

impl From<EntrustedBody> for Entrusted {
    fn from(body: EntrustedBody) -> Self {
        Self { by: body.by.trim().to_owned(), document: body.document.trim().to_owned(), until: body.until }
    }
}

/// Notes areas that do not exist or lie outside the area of the authority that registers the maker.
///
/// # Errors
/// Problems of the database.
pub async fn check_jurisdictions(
    work: &mut Work,
    within: &AreaPath,
    areas: &[AreaPath],
    faults: &mut Faults,
) -> Result<(), Stop> {
    if !(1..=200).contains(&areas.len()) {
        faults.push("/jurisdictions", "COUNT", "应为 1 至 200 个区划", "1 to 200 areas");
        return Ok(());
    }
    for (place, path) in areas.iter().enumerate() {
        let pointer = format!("/jurisdictions/{place}");
        if !within.covers(path) {
            let (zh, en) = ("不在登记机关的管辖范围内", "outside the area of the authority that registers");
            faults.push(&pointer, "OUTSIDE", zh, en);
            continue;
        }
        let known = work.tx.load::<Area>(path.code()).await?;
        if known.is_none_or(|known| known.value.path != *path) {
            faults.push(&pointer, "UNKNOWN", "没有这个区划", "there is no such area");
        }
    }
    Ok(())
}

/// Notes what the domain finds wrong with the whole.
pub fn check_record(maker: &Maker, faults: &mut Faults) {
    if let Err(MakerFault::Record(part)) = maker.check() {
        let pointer = format!("/{}", part.replace('.', "/"));
        faults.push(&pointer, "RECORD", "登记信息不完整", "the record is incomplete");
    }
}
