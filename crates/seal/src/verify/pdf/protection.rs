//! What a signature covers, and what came after it.

use std::io::{Read, Seek};

use yinxin_pdf::{Change, Changes, Document, Level, Revision, Ruling, Shown, Signature};

use super::told::told;
use super::undecided;
use crate::report::{Check, Later, Outcome, Signed, Stamp, text};

/// The range on the bytes as received (ISO 32000-1 §12.8.1).
pub(super) fn byte_range(signature: &Signature, twice: bool) -> Check {
    let mut faults: Vec<(&'static str, String)> =
        signature.faults.iter().map(|f| (f.code, format!("@{}: {}", f.at, f.detail))).collect();
    if twice {
        faults.push(("SIGNATURE_SHARED", "two fields have the same signature as their value".to_owned()));
    }
    let Some((first, _)) = faults.first() else {
        let [(_, gap), (_, end)] = signature.ranges.unwrap_or_default();
        let t = text(
            "签名范围从文件第一个字节起，只空出签名值本身，到一个完整的版本为止",
            "the range begins at the first byte, leaves out nothing but the value, and ends with a revision",
        );
        return Check::new("BYTE_RANGE", Outcome::Pass, t).with("range", format!("0–{gap}, –{end}"));
    };
    let t = text(
        format!("签名范围不能成立：{}", fault_zh(first)),
        format!(
            "the range does not hold: {}",
            signature.faults.first().map_or("shared", |f| f.detail.as_str())
        ),
    );
    faults.into_iter().fold(Check::new("BYTE_RANGE", Outcome::Fail, t), |c, (code, d)| c.with(code, d))
}

fn fault_zh(code: &str) -> &str {
    match code {
        "BYTE_RANGE_MISSING" => "没有签名范围，什么也不保护",
        "BYTE_RANGE_MALFORMED" => "签名范围的写法不对",
        "BYTE_RANGE_GAPS" => "签名范围不是恰好空出一处",
        "BYTE_RANGE_START" => "签名范围不从文件开头开始",
        "BYTE_RANGE_OVERLAP" => "签名范围的两段重叠",
        "BYTE_RANGE_OUTSIDE" => "签名范围超出文件",
        "BYTE_RANGE_NOT_CONTENTS" => "空出的部分不恰好是签名值",
        "CONTENTS_MISSING" => "没有签名值",
        "CONTENTS_INDIRECT" => "签名值写在别处",
        "CONTENTS_NOT_HEX" | "CONTENTS_NOT_PLAIN" => "签名值不是纯十六进制",
        "SIGNATURE_VALUE_DIRECT" | "SIGNATURE_IN_STREAM" => "签名对象在文件中没有自己的位置",
        "SIGNATURE_KEY_TWICE" => "签名对象的键重复",
        "SIGNATURE_KEY_ESCAPED" => "签名对象的键用转义掩饰",
        "SIGNATURE_SHARED" => "两个签名域共用一个签名",
        "REVISION_UNREADABLE" => "签名覆盖的不是一个完整的文档",
        "REVISION_END" => "签名范围没有止于一个版本的结尾",
        "REVISION_BYPASSED" => "现在的文档绕过了被签的版本",
        "REVISION_WITHOUT_IT" => "被签的版本里没有这个签名",
        other => other,
    }
}

/// How much of the file the signature covers.
pub(super) fn coverage<R: Read + Seek>(document: &Document<R>, signature: &Signature) -> Check {
    let Some(end) = signature.end().filter(|_| signature.faults.is_empty()) else {
        let t = text("签名范围不能成立，未检查", "not checked: the range does not hold");
        return Check::new("COVERAGE", Outcome::NotRun, t);
    };
    let later = document.size().saturating_sub(end);
    if later == 0 {
        let t = text("整个文件都受这个签名保护", "the whole file is protected by this signature");
        return Check::new("COVERAGE", Outcome::Pass, t);
    }
    let t = text(
        format!("签名保护它所在的版本（前 {end} 字节）；其后追加的 {later} 字节另行检查"),
        format!(
            "its own revision is protected (the first {end} bytes); the {later} bytes after it are looked at apart"
        ),
    );
    Check::new("COVERAGE", Outcome::Pass, t).with("later bytes", later.to_string())
}

/// What later revisions changed, and whether a certification permits it.
pub(super) fn later<R: Read + Seek>(
    document: &mut Document<R>,
    signature: &Signature,
    after: &[Signature],
) -> Vec<Check> {
    if !signature.faults.is_empty() {
        let t = text("签名范围不能成立，未检查", "not checked: the range does not hold");
        return vec![Check::new("LATER_CHANGES", Outcome::NotRun, t)];
    }
    if signature.end() == Some(document.size()) {
        let t = text("签名之后没有追加任何内容", "nothing was added after the signature");
        let mut out = vec![Check::new("LATER_CHANGES", Outcome::Pass, t)];
        out.extend(certification(signature, &Changes::default()));
        return out;
    }
    match document.changes_since(signature) {
        Ok(Some(changes)) => {
            let mut check = listed(&changes, covering(document, signature, after));
            if let Ok(revisions) = document.revisions() {
                check.later = Some(Box::new(Later {
                    changes: told(&changes, &signature.rules, &revisions),
                    signed: signed(signature, &revisions),
                }));
            }
            let mut out = vec![check];
            out.extend(certification(signature, &changes));
            out
        }
        Ok(None) => {
            let t = text("无法得知签名之后改了什么", "what changed since cannot be told");
            vec![Check::new("LATER_CHANGES", Outcome::Indeterminate, t)]
        }
        Err(e) => {
            let t = text(
                format!("签名之后的改动无法完整读取：{e}"),
                format!("what changed since cannot be read in full: {e}"),
            );
            let outcome = undecided(&e);
            vec![Check::new("LATER_CHANGES", outcome, t).with("error", e.code())]
        }
    }
}

/// What the signer saw.
fn signed(signature: &Signature, revisions: &[Revision]) -> Option<Signed> {
    let at = revisions.iter().position(|r| Some(r.end) == signature.end())?;
    Some(Signed { revision: at.saturating_add(1), bytes: revisions.get(at)?.end })
}

/// Part of a page, or of an earlier picture, that the picture of a later signature may take without a word.
///
/// Of a page: the largest imprint in use, 60 mm, takes 6 % of A4, 12 % of A5 and 23 % of A6, the smallest paper that is sealed; 45 mm
/// on an invoice of 240 × 140 mm take 6 %. Of a picture: a personal seal of 20 mm that stands wholly on one of 40 mm takes just a
/// quarter of its box, as does a second round seal beside it whose rim reaches a quarter of the way in, by which a seventh of
/// the ink is touched. So what honest seals do stays at or below a quarter; who wants to hide an amount, a paragraph or another's
/// imprint needs more, or hides little. Boxes are compared and not ink: a picture may hide by what it leaves white.
const LARGE: f64 = 0.25;

/// Whether a picture takes too much of a page of this size, mm.
fn takes_page(s: &Shown, (width, height): (f64, f64)) -> bool {
    s.width * s.height > LARGE * width * height
}

/// Whether a picture takes too much of an earlier one.
fn takes_picture(s: &Shown, earlier: &Shown) -> bool {
    let side = |a: f64, b: f64, c: f64, d: f64| (a + b).min(c + d) - a.max(c);
    let w = side(earlier.x, earlier.width, s.x, s.width);
    let h = side(earlier.y, earlier.height, s.y, s.height);
    // Places are written with four digits: a quarter to the letter is a quarter.
    let most = LARGE * earlier.width * earlier.height * 1.001;
    earlier.page == s.page && w > 0.0 && h > 0.0 && w * h > most
}

/// Later signatures whose picture covers much of a page, or the picture of this one: genuine, and yet in the way.
fn covering<R: Read + Seek>(
    document: &mut Document<R>,
    signature: &Signature,
    after: &[Signature],
) -> Vec<String> {
    let (Ok(own), Ok(pages)) = (document.shown(signature), document.pages()) else { return Vec::new() };
    let mut out = Vec::new();
    for one in after {
        for s in document.shown(one).unwrap_or_default() {
            let large = takes_page(&s, pages.get(s.page).map_or((0.0, 0.0), yinxin_pdf::Page::size_mm));
            let over = own.iter().any(|o| takes_picture(&s, o));
            if large || over {
                let what = if over { "the picture of this signature" } else { "much of the page" };
                out.push(format!("{} on page {}: {what}", one.field, s.page.saturating_add(1)));
            }
        }
    }
    out
}

fn listed(changes: &Changes, covering: Vec<String>) -> Check {
    let (outcome, t) = if changes.harmful > 0 {
        let t = text(
            format!("签名之后有 {} 处改动不能认定为无害，签名人看到的可能不是现在的内容", changes.harmful),
            format!(
                "{} later changes are not known to be harmless: the signer may have seen something else",
                changes.harmful
            ),
        );
        (Outcome::Indeterminate, t)
    } else if !covering.is_empty() {
        let t = text(
            "后来的签名外观盖住了页面的大部分或本签章的图像，下面的内容可能看不到",
            "the picture of a later signature covers much of a page or this signature's own picture: what is below may not be seen",
        );
        (Outcome::Warn, t)
    } else if changes.permitted > 0 {
        let t = text(
            format!(
                "签名之后有 {} 处改动，是签名人事先允许的填表或批注；现在的页面与签名时不尽相同",
                changes.permitted
            ),
            format!(
                "{} later changes fill in fields or annotate, which the signer permitted beforehand: the pages are not quite as they were",
                changes.permitted
            ),
        );
        (Outcome::Warn, t)
    } else if changes.description() {
        let t = text(
            "签名之后追加了签名或验证资料，并重写了文档说明（元数据）；页面内容未变",
            "signatures or validation data were added later and the description (metadata) was rewritten; the pages are unchanged",
        );
        (Outcome::Warn, t)
    } else {
        let t = text(
            "签名之后只追加了其他签名或验证资料，内容未变",
            "only further signatures or validation data were added later; the content is unchanged",
        );
        (Outcome::Pass, t)
    };
    let mut check = Check::new("LATER_CHANGES", outcome, t);
    for c in covering.into_iter().take(20) {
        check = check.with("covers", c);
    }
    for c in changes.list.iter().take(100) {
        let name = match (c.harmless, c.ruling) {
            (true, _) => "harmless",
            (_, Some(Ruling::Permitted)) => "permitted",
            (_, Some(Ruling::Forbidden | Ruling::Locked)) => "forbidden",
            _ => "not harmless",
        };
        let word = format!("{:?} {:?}", c.kind, c.role).to_lowercase();
        check = check.with(name, format!("object {} {word} {}", c.number, c.detail).trim_end().to_owned());
    }
    check
}

/// What the certification and the locks of fields say about the changes.
fn certification(signature: &Signature, changes: &Changes) -> Option<Check> {
    let rules = &signature.rules;
    let level = rules.level.map(Level::number);
    if level.is_none() && rules.locks.is_empty() {
        return None;
    }
    let describe = |mut c: Check| {
        if let Some(level) = level {
            c = c.with("DocMDP", level.to_string());
        }
        if !rules.locks.is_empty() {
            c = c.with("FieldMDP", rules.locks.len().to_string());
        }
        Some(c)
    };
    let fail = |c: Option<&Change>, zh: &str, en: &str| {
        let check = Check::new("CERTIFICATION", Outcome::Fail, text(zh, en));
        describe(match c {
            Some(c) => check.with("change", format!("object {} {}", c.number, c.detail)),
            None => check,
        })
    };
    if let Some(c) = changes.broken(Ruling::Locked) {
        let (zh, en) = ("签名锁定的表单域在签名后被改动", "a field that the signature locks was changed");
        return fail(Some(c), zh, en);
    }
    if let Some(c) = changes.broken(Ruling::Forbidden) {
        let (zh, en) = ("认证签名不允许的改动", "a change that the certification forbids");
        return fail(Some(c), zh, en);
    }
    if rules.level == Some(Level::Nothing) && !changes.only_validation() {
        let (zh, en) = (
            "认证签名声明不允许任何改动，此后仍有改动",
            "the certification permits no change, and there were some",
        );
        return fail(None, zh, en);
    }
    if changes.harmful > 0 {
        let t = text(
            "认证签名允许的改动范围与实际改动未能对应",
            "whether the certification permits the changes could not be told",
        );
        return describe(Check::new("CERTIFICATION", Outcome::Indeterminate, t));
    }
    let t = text("改动在认证签名允许的范围内", "the changes are within what the certification permits");
    describe(Check::new("CERTIFICATION", Outcome::Pass, t))
}

/// Where it is shown.
pub(super) fn stamps<R: Read + Seek>(
    document: &mut Document<R>,
    signature: &Signature,
    pages: usize,
) -> (Vec<Stamp>, Check) {
    let shown: Vec<Shown> = match document.shown(signature) {
        Ok(s) => s,
        Err(e) => {
            let t = text(format!("签名外观无法读取：{e}"), format!("its appearance cannot be read: {e}"));
            return (Vec::new(), Check::new("STAMP", Outcome::Indeterminate, t).with("error", e.code()));
        }
    };
    if shown.is_empty() {
        let t = text("签名没有显示在页面上", "the signature is not shown on any page");
        return (Vec::new(), Check::new("STAMP", Outcome::NotRun, t).with("pages", pages.to_string()));
    }
    let stamps: Vec<Stamp> = shown
        .iter()
        .map(|s| Stamp {
            page: s.page.saturating_add(1),
            boundary: yinxin_ofd::Rect::new(s.x, s.y, s.width, s.height).to_string(),
            clip: None,
        })
        .collect();
    let t = text(
        format!("签名显示在 {} 处", stamps.len()),
        format!("the signature is shown at {} places", stamps.len()),
    );
    (stamps, Check::new("STAMP", Outcome::Pass, t))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(x: f64, y: f64, width: f64, height: f64) -> Shown {
        Shown { page: 0, x, y, width, height }
    }

    #[test]
    fn seals_as_they_are_used_take_nothing_away() {
        let (a4, a6, invoice) = ((210.0, 297.0), (105.0, 148.0), (240.0, 140.0));
        for (mm, paper) in [(60.0, a4), (60.0, a6), (45.0, invoice)] {
            assert!(!takes_page(&at(10.0, 10.0, mm, mm), paper), "{mm} mm on {paper:?}");
        }
        let own = at(100.0, 200.0, 40.0, 40.0);
        // A personal seal on it, a second seal beside it, one that touches a corner, one of an edge.
        let beside = [
            at(110.0, 210.0, 20.0, 20.0),
            at(130.0, 200.0, 40.0, 40.0),
            at(125.0, 225.0, 40.0, 40.0),
            at(135.0, 180.0, 10.0, 40.0),
        ];
        assert!(beside.iter().all(|s| !takes_picture(s, &own)));
    }

    #[test]
    fn what_hides_a_paragraph_or_another_imprint_is_named() {
        assert!(takes_page(&at(20.0, 60.0, 170.0, 100.0), (210.0, 297.0)));
        let own = at(100.0, 200.0, 40.0, 40.0);
        for s in [at(100.0, 200.0, 40.0, 40.0), at(120.0, 200.0, 40.0, 40.0), at(100.0, 212.0, 40.0, 14.0)] {
            assert!(takes_picture(&s, &own), "{s:?}");
        }
        assert!(!takes_picture(&Shown { page: 1, ..own }, &own));
    }
}
