//! What another system's signed trust list lends: its roots, for seals of the makers it lists and for nothing else.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use yinxin_crypto::sm3;
use yinxin_formats::ses::Seal;

use super::TrustFacts;
use crate::report::{Check, Outcome, Text, text};

/// Clocks may differ by this much.
const SKEW: SignedDuration = SignedDuration::from_mins(10);

/// The trust list of another seal system (他系统信任列表). Its signature was verified by whoever hands it in.
#[derive(Clone, Debug)]
pub struct ListedTrust {
    /// Name of the system.
    pub name: String,
    /// Its code.
    pub code: String,
    /// Number of the list.
    pub number: i64,
    /// When the list runs out: nothing is judged by it from then on.
    pub until: Timestamp,
    /// The system was suspended by who verifies.
    pub suspended: bool,
    /// Its roots, intermediates and revocation lists.
    pub facts: TrustFacts,
    /// Its makers.
    pub makers: Vec<ListedMaker>,
}

/// A certificate of a maker on a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedMaker {
    /// SM3 of the certificate's DER.
    pub digest: [u8; 32],
    /// When another took its place; seals made later are not its own.
    pub until: Option<Timestamp>,
}

impl ListedTrust {
    /// The list by which a seal is to be judged whose maker no root of one's own vouches for, and what the report says of that.
    pub(crate) fn choose(
        seal: &Seal,
        facts: &TrustFacts,
        now: Timestamp,
    ) -> (Option<Arc<Self>>, Option<Check>) {
        let digest = sm3(&seal.maker_cert);
        let names = |list: &&Arc<Self>| list.makers.iter().any(|maker| maker.digest == digest);
        let naming = || facts.listed.iter().filter(names);
        let Some(first) = naming().next() else { return (None, None) };
        if facts.reserved.contains(&seal.es_id) {
            let t = text(
                format!("该印章编码属于另一枚已登记的印章，不得由“{}”的信任列表认可", first.name),
                format!(
                    "the code belongs to another seal that is registered: no list of \"{}\" vouches for it",
                    first.name
                ),
            );
            return (None, Some(first.check(Outcome::Indeterminate, t)));
        }
        match naming().find(|list| list.objection(seal, &digest, now).is_none()) {
            Some(list) => {
                let t = text(
                    format!("制章人由“{}”的信任列表（第 {} 号）认可", list.name, list.number),
                    format!("the maker is recognized by trust list {} of \"{}\"", list.number, list.name),
                );
                (Some(Arc::clone(list)), Some(list.check(Outcome::Pass, t)))
            }
            None => {
                let why = first.objection(seal, &digest, now);
                (None, why.map(|t| first.check(Outcome::Indeterminate, t)))
            }
        }
    }

    /// Why nothing is judged by it.
    fn objection(&self, seal: &Seal, digest: &[u8; 32], now: Timestamp) -> Option<Text> {
        let Self { name, number, until, .. } = self;
        if self.suspended {
            return Some(text(
                format!("“{name}”已被暂停对接，其信任列表不予采用"),
                format!("\"{name}\" is suspended here: its trust list is not used"),
            ));
        }
        if now >= *until {
            return Some(text(
                format!("“{name}”的信任列表（第 {number} 号）已于 {until} 过期"),
                format!("trust list {number} of \"{name}\" ran out on {until}"),
            ));
        }
        let made = seal.property.create_date;
        let in_time = |maker: &&ListedMaker| {
            maker.digest == *digest
                && maker.until.is_none_or(|until| made <= until.saturating_add(SKEW).unwrap_or(until))
        };
        if !self.makers.iter().any(|maker| in_time(&maker)) {
            return Some(text(
                format!("印章制作于 {made}，按“{name}”的信任列表，制章人此前已更换证书"),
                format!(
                    "by the trust list of \"{name}\" the maker had another certificate when the seal was made, {made}"
                ),
            ));
        }
        None
    }

    fn check(&self, outcome: Outcome, detail: Text) -> Check {
        Check::new("TRUST_LIST", outcome, detail)
            .with("system", self.code.clone())
            .with("list", self.number.to_string())
            .with("until", self.until.to_string())
    }
}
