//! The registered state of a seal at signing time (NM-26).

use jiff::Timestamp;

use crate::report::{Check, Outcome, text};
use crate::trust::{SealState, TrustFacts};

/// One check: what the status records handed in say of a seal at a moment, and by whose word where it is another's.
pub(super) fn check(seal_id: &str, moment: Option<Timestamp>, proven: bool, facts: &TrustFacts) -> Check {
    let check = said(seal_id, moment, proven, facts);
    let source = facts.status_sources.iter().find(|(id, _)| id == seal_id).map(|(_, source)| source);
    match source {
        Some(source) if check.outcome != Outcome::NotRun => {
            let t = text(
                format!("{}（据{}）", check.detail.zh, source.zh),
                format!("{} (by {})", check.detail.en, source.en),
            );
            Check { detail: t, ..check }
        }
        _ => check,
    }
}

fn said(seal_id: &str, moment: Option<Timestamp>, proven: bool, facts: &TrustFacts) -> Check {
    let records: Vec<_> = facts.statuses.iter().filter(|s| s.seal_id == seal_id).collect();
    let (Some(moment), false) = (moment, records.is_empty()) else {
        if let Some((_, until)) = facts.stale_statuses.iter().find(|(id, _)| id == seal_id) {
            let t = text(
                format!("所提供的印章登记状态已于 {until} 过期，未采用"),
                format!("the status record given ran out on {until} and was not used"),
            );
            return Check::new("STATUS_STALE", Outcome::Warn, t);
        }
        let t = text("未提供印章登记状态，未检查", "no status record of the seal was given: not checked");
        return Check::new("STATUS_UNKNOWN", Outcome::NotRun, t);
    };
    let bad = |state| {
        records
            .iter()
            .find(move |r| r.state == state && r.from <= moment && r.until.is_none_or(|u| moment < u))
    };
    for (state, code, zh, en) in [
        (SealState::Cancelled, "STATUS_CANCELLED_THEN", "注销", "cancelled"),
        (SealState::Suspended, "STATUS_SUSPENDED_THEN", "停用", "suspended"),
        (SealState::NotInForce, "STATUS_NOT_IN_FORCE_THEN", "未启用", "not in force"),
    ] {
        if let Some(r) = bad(state) {
            let t = if state == SealState::NotInForce {
                text(
                    format!("签章时间 {moment} 时印章尚未启用"),
                    format!("at the signing time {moment} the seal was not yet in force"),
                )
            } else {
                text(
                    format!("印章自 {} 起{zh}，签章时间 {moment} 在其后", r.from),
                    format!("the seal was {en} from {}, before the signing time {moment}", r.from),
                )
            };
            return Check::new(code, Outcome::Fail, t);
        }
        if state == SealState::NotInForce {
            continue;
        }
        let later = records.iter().find(|r| r.state == state && r.from > moment);
        if let (Some(r), false) = (later, proven) {
            let t = text(
                format!("印章自 {} 起{zh}；签章时间早于此但未经时间戳证明", r.from),
                format!(
                    "the seal was {en} from {}; the earlier signing time is not proven by a timestamp",
                    r.from
                ),
            );
            return Check::new(code, Outcome::Indeterminate, t);
        }
    }
    let t = text(format!("登记状态：{moment} 时有效"), format!("registered as active at {moment}"));
    Check::new("STATUS_CANCELLED_THEN", Outcome::Pass, t)
}
