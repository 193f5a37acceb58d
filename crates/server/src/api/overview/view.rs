//! Figures as an answer shows them.

use crate::app::ending::EndingCertificate;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use yinxin_registry::lifecycle::State;
use yinxin_store::{Bounded, Figure};

/// How many are in a state.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StateCountView {
    /// State.
    #[schema(example = "submitted")]
    pub state: String,
    /// In Chinese.
    #[schema(example = "待审核")]
    pub zh: String,
    /// How many, exactly.
    pub count: u64,
}

/// A count that stops at a thousand.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BoundedCountView {
    /// How many, at most 100: counting stops there.
    #[schema(maximum = 100)]
    pub count: u32,
    /// Whether there are more than a hundred; shown as `100+`.
    pub more: bool,
}

impl From<Bounded> for BoundedCountView {
    fn from(bounded: Bounded) -> Self {
        Self { count: bounded.count, more: bounded.more }
    }
}

/// Figures of an area and what lies in it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OverviewView {
    /// Path of the area.
    #[schema(example = "/100000/610000/610100/")]
    pub scope: String,
    /// At which moment.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Applications in each state, every state named.
    pub applications: Vec<StateCountView>,
    /// Seals in each state, every state named.
    pub seals: Vec<StateCountView>,
    /// Units that exist.
    pub units: u64,
    /// Applications whose decision is overdue.
    pub overdue_reviews: BoundedCountView,
    /// Made seals whose filing is overdue.
    pub overdue_filings: BoundedCountView,
    /// Seals in force that end within 90 days.
    pub expiring: BoundedCountView,
    /// Uses of the last 30 days that something was strange about: `GET /uses?strange=true`.
    pub strange_uses: BoundedCountView,
    /// Lists of disposal of units that wait for a second person's decision.
    pub proposed_disposals: BoundedCountView,
    /// Orders to units whose day has passed without an answer: `GET /tickets?state=open`.
    pub overdue_tickets: BoundedCountView,
    /// Certificates of the authority and of makers that end within 90 days, as looked at every six hours.
    pub ending_certificates: Vec<EndingCertificateView>,
}

/// A certificate that ends soon, or has ended.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EndingCertificateView {
    /// `authority`, `maker`.
    #[schema(example = "maker")]
    pub whose: String,
    /// The maker; absent for the authority.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maker: Option<String>,
    /// Name.
    pub name: String,
    /// Its last moment.
    #[schema(value_type = String, format = DateTime)]
    pub until: Timestamp,
}

impl From<EndingCertificate> for EndingCertificateView {
    fn from(found: EndingCertificate) -> Self {
        Self { whose: found.whose.to_owned(), maker: found.maker, name: found.name, until: found.until }
    }
}

/// How many of `thing` are in a state.
pub fn count(figures: &[Figure], thing: &str, state: &str) -> u64 {
    figures.iter().find(|f| f.thing == thing && f.state == state).map_or(0, |f| f.count)
}

/// Every state of a machine with its figure.
pub fn by_state<S: State>(figures: &[Figure], thing: &str) -> Vec<StateCountView> {
    let states = S::ALL.iter().map(|state| StateCountView {
        state: state.as_str().to_owned(),
        zh: state.zh().to_owned(),
        count: count(figures, thing, state.as_str()),
    });
    states.collect()
}
