//! Agents who may not apply (限制申请名单): forged materials and other breaches (Xi'an measures, articles 37 and 38).

use crate::area::AreaPath;
use crate::ids::BlockId;
use crate::lifecycle::By;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// An entry. It counts in its area and everything within.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlockedAgent {
    /// Key.
    pub id: BlockId,
    /// Where it counts.
    pub area_path: AreaPath,
    /// Blind index of the identity number.
    pub index: String,
    /// The number encrypted: only for a new index under a new key. Entries from before it was kept have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cipher: Option<String>,
    /// The person, masked: `张** 110***********1234`.
    pub person: String,
    /// Why.
    pub reason: String,
    /// Number of the decision.
    pub document: String,
    /// Since when.
    pub from: Timestamp,
    /// Until when; absent: until lifted.
    pub until: Option<Timestamp>,
    /// Who decided.
    pub by: By,
    /// When it was lifted, if it was.
    pub lifted_at: Option<Timestamp>,
}

impl BlockedAgent {
    /// Whether it keeps somebody from applying in `area` at `now`.
    pub fn counts(&self, area: &AreaPath, now: Timestamp) -> bool {
        let lifted = self.lifted_at.is_some_and(|at| at <= now);
        let over = self.until.is_some_and(|end| end <= now);
        self.from <= now && !lifted && !over && self.area_path.covers(area)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_within_its_area_and_its_time_until_lifted() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let city = AreaPath::parse("/100000/610000/610100/").unwrap();
        let district = AreaPath::parse("/100000/610000/610100/610113/").unwrap();
        let other = AreaPath::parse("/100000/610000/610200/").unwrap();
        let mut block = BlockedAgent {
            id: BlockId::parse("blk_00000000000000000000000001").unwrap(),
            area_path: city.clone(),
            index: "ab".to_owned(),
            cipher: None,
            person: "示** 110***********1234".to_owned(),
            reason: "材料虚假".to_owned(),
            document: "示例决〔2027〕3号".to_owned(),
            from: at(100),
            until: Some(at(200)),
            by: By::system(),
            lifted_at: None,
        };
        assert!(block.counts(&district, at(100)) && block.counts(&city, at(199)));
        assert!(!block.counts(&district, at(99)) && !block.counts(&district, at(200)));
        assert!(!block.counts(&other, at(150)));
        block.lifted_at = Some(at(150));
        assert!(!block.counts(&district, at(150)) && block.counts(&district, at(149)));
    }
}
