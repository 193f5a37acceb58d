//! What was found of an imprint, as checks of an application and as remarks on a made seal.

use super::look::{Against, Compared, Looked};
use crate::api::words::both;
use yinxin_imprint::{Comparison, Finding, Outcome, SAME_SCALE, SAME_SCORE, SAME_SPOT};
use yinxin_registry::lifecycle::checks::Check;
use yinxin_registry::lifecycle::seal::{ImprintCompared, ImprintFound};

/// Checks of an application. What the maker would refuse cannot be handed in; the rest is the reviewer's to judge.
pub fn checks(looked: &Looked) -> Vec<Check> {
    let mut list = Vec::new();
    list.push(match &looked.picture {
        Ok(_) => check("IMPRINT_PICTURE", true, true, "印模图像可用于制作", "the imprint can be made"),
        Err(fault) => {
            let (zh, en) = both(&fault.to_string());
            let (zh, en) = (format!("印模无法制作：{zh}"), format!("the imprint cannot be made: {en}"));
            check("IMPRINT_PICTURE", false, true, &zh, &format!("{en} [{}]", fault.code()))
        }
    });
    match &looked.rules {
        None => {}
        Some(Ok(checked)) => list.extend(checked.findings.iter().map(finding)),
        Some(Err(fault)) => {
            let zh = format!("无法按规则检查：{}", fault.zh());
            list.push(check("IMPRINT_CHECK", false, false, &zh, &fault.to_string()));
        }
    }
    if let Some(there) = looked.filed {
        let (zh, en) = match there {
            true => ("已提交备案印模的图像", "the picture of the filed imprint was handed in"),
            false => (
                "未提交备案印模的图像，无法比对",
                "the picture of the filed imprint was not handed in: nothing to compare with",
            ),
        };
        list.push(check("IMPRINT_FILED", there, false, zh, en));
    }
    list.extend(looked.compared.as_ref().map(compared));
    list
}

/// What is kept of it with a made seal.
pub fn found(looked: &Looked) -> ImprintFound {
    let compared = looked.compared.as_ref().and_then(|compared| {
        let found = compared.found.as_ref().ok()?;
        Some(ImprintCompared {
            filed: compared.against == Against::Filed,
            // 0 to 1.
            score: (found.score * 10_000.0).round() as u16,
            same: found.same,
        })
    });
    ImprintFound { remarks: remarks(looked).into_iter().map(str::to_owned).collect(), compared }
}

/// Codes of what should be looked at: rules that are not kept, a comparison that failed.
fn remarks(looked: &Looked) -> Vec<&'static str> {
    let mut codes = Vec::new();
    match &looked.rules {
        Some(Ok(checked)) => {
            let broken = checked.findings.iter().filter(|finding| finding.outcome != Outcome::Pass);
            codes.extend(broken.map(|finding| finding.code));
        }
        Some(Err(_)) => codes.push("IMPRINT_CHECK"),
        None => {}
    }
    if let Some(compared) = &looked.compared
        && !compared.found.as_ref().is_ok_and(|found| found.same)
    {
        codes.push(code(compared.against));
    }
    codes
}

fn code(against: Against) -> &'static str {
    match against {
        Against::Filed => "IMPRINT_COMPARE",
        Against::Drawing => "IMPRINT_DRAWING",
    }
}

fn finding(finding: &Finding) -> Check {
    let (zh, en) = finding.about();
    let (mark_zh, mark_en) = match finding.outcome {
        Outcome::Pass => ("", ""),
        Outcome::Warn => ("提醒：", "remark: "),
        Outcome::Fail => ("不符：", "not kept: "),
    };
    let (measured, allowed) = (&finding.measured, &finding.allowed);
    let (measured_zh, allowed_zh) = finding.values_zh();
    check(
        finding.code,
        finding.outcome == Outcome::Pass,
        false,
        &format!("{mark_zh}{zh}：实测 {measured_zh}，允许 {allowed_zh}"),
        &format!("{mark_en}{en}: measured {measured}, allowed {allowed}"),
    )
}

fn compared(compared: &Compared) -> Check {
    let (with_zh, with_en) = match compared.against {
        Against::Filed => ("备案印模", "the filed imprint"),
        Against::Drawing => ("按规则绘制的印模", "the imprint drawn by the rules"),
    };
    match &compared.found {
        Ok(found) => {
            let (zh, en) = figures(found);
            let (is_zh, is_en) =
                if found.same { ("一致", "the same as") } else { ("不一致", "not the same as") };
            check(
                code(compared.against),
                found.same,
                false,
                &format!("与{with_zh}{is_zh}：{zh}"),
                &format!("{is_en} {with_en}: {en}"),
            )
        }
        Err(fault) => {
            let (zh, en) = (
                format!("无法与{with_zh}比对：{}", fault.zh()),
                format!("no comparison with {with_en}: {fault}"),
            );
            check(code(compared.against), false, false, &zh, &en)
        }
    }
}

/// Every figure with its threshold, so that the reason can be seen.
fn figures(found: &Comparison) -> (String, String) {
    let Comparison { score, worst_spot, worst_at_mm: (x, y), turned_degrees, scale, .. } = found;
    (
        format!(
            "相似度 {score:.4}（≥ {SAME_SCORE}），差异最大处 {worst_spot:.4}（≤ {SAME_SPOT}，距左 {x} mm、距上 {y} mm），\
             大小之比 {scale:.4}（1 ± {SAME_SCALE}），转角 {turned_degrees:.2}°"
        ),
        format!(
            "score {score:.4} (≥ {SAME_SCORE}), worst spot {worst_spot:.4} (≤ {SAME_SPOT}, {x} mm from the left, {y} mm from the top), \
             scale {scale:.4} (1 ± {SAME_SCALE}), turned by {turned_degrees:.2}°"
        ),
    )
}

fn check(code: &str, passed: bool, blocking: bool, zh: &str, en: &str) -> Check {
    Check { code: code.to_owned(), passed, blocking, zh: zh.to_owned(), en: en.to_owned() }
}
