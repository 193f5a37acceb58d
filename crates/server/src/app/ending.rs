//! Certificates of the authority and of makers that end soon: told in the log, in the overview, in a metric, before anything stops.

use super::App;
use crate::telemetry::metrics::certificate_days_left;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use std::sync::PoisonError;
use yinxin_formats::der::Limits;
use yinxin_formats::x509::Certificate;
use yinxin_registry::area::AreaPath;
use yinxin_registry::maker::Maker;
use yinxin_registry::role::Scope;
use yinxin_store::{ListFilter, StoreError};

/// How many days ahead they are looked for.
const HORIZON: i64 = 90;
/// From so many days on the log warns; before it only notes.
const URGENT: i64 = 30;

/// A certificate that ends soon, or has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndingCertificate {
    /// `authority` or `maker`.
    pub whose: &'static str,
    /// The maker; none for the authority.
    pub maker: Option<String>,
    /// Name of the maker or the authority.
    pub name: String,
    /// Where.
    pub area: AreaPath,
    /// Its last moment.
    pub until: Timestamp,
}

impl App {
    /// What was found last that stands in an area.
    pub fn ending_in(&self, area: &AreaPath) -> Vec<EndingCertificate> {
        let ending = self.ending.read().unwrap_or_else(PoisonError::into_inner);
        ending.iter().filter(|found| area.covers(&found.area)).cloned().collect()
    }
}

/// Whole days from now to a moment.
pub fn days_until(until: Timestamp, now: Timestamp) -> i64 {
    until.duration_since(now).as_secs().div_euclid(24 * 3600)
}

/// Looks at every certificate: sets the metrics, writes the log, keeps what ends within 90 days for the overview.
///
/// # Errors
/// Problems of the database.
pub async fn look(app: &App) -> Result<(), StoreError> {
    let Ok(now) = app.now() else { return Ok(()) };
    let own = app.authority.signing().certificate.not_after;
    certificate_days_left("authority", days_until(own, now));
    let area = AreaPath::parse(&app.authority.area).unwrap_or_else(|_| AreaPath::nation());
    let mut found = vec![EndingCertificate {
        whose: "authority",
        maker: None,
        name: app.authority.party.name.clone(),
        area,
        until: own,
    }];
    found.extend(makers(app).await?);
    if let Some(first) = found.iter().filter(|found| found.whose == "maker").map(|found| found.until).min() {
        certificate_days_left("maker", days_until(first, now));
    }
    found.retain(|found| days_until(found.until, now) < HORIZON);
    for EndingCertificate { whose, maker, name, until, .. } in &found {
        let days = days_until(*until, now);
        let maker = maker.as_deref().unwrap_or_default();
        if days < URGENT {
            tracing::warn!(whose, maker, name, %until, days, "a certificate ends soon: renew it");
        } else {
            tracing::info!(whose, maker, name, %until, days, "a certificate ends within 90 days");
        }
    }
    *app.ending.write().unwrap_or_else(PoisonError::into_inner) = found;
    Ok(())
}

/// Those of all makers that are at work.
async fn makers(app: &App) -> Result<Vec<EndingCertificate>, StoreError> {
    let mut access = app.store.read().await?;
    let (mut found, mut cursor) = (Vec::new(), None::<String>);
    loop {
        let filter = ListFilter {
            limit: 200,
            cursor: cursor.as_deref(),
            state: Some("active"),
            ..ListFilter::default()
        };
        let page = access.list::<Maker>(&Scope::All, &filter).await?;
        for maker in page.items {
            let maker = maker.value;
            let der = maker.certificate.as_ref().and_then(|text| STANDARD.decode(text).ok());
            let certificate = der.and_then(|der| Certificate::parse(&der, &Limits::default()).ok());
            found.extend(certificate.map(|certificate| EndingCertificate {
                whose: "maker",
                maker: Some(maker.id.to_string()),
                name: maker.name.clone(),
                area: maker.area_path.clone(),
                until: certificate.not_after,
            }));
        }
        match page.next {
            Some(next) => cursor = Some(next),
            None => return Ok(found),
        }
    }
}
