//! Checks of a profile beyond its shape: ranges, duplicates, what has to be there. Procedures are checked apart.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::ops::RangeInclusive;

use jiff::civil::Weekday;

use super::check_procedures;
use super::fault::ProfileFault;
use super::kind::SealKind;
use super::rules::{ImprintSize, Rules, Shape, Step, SuspensionEffect, Text};
use super::seal_code;

/// Most entries of a list.
const MAX_LIST: usize = 500;

/// Most characters of a text.
const MAX_TEXT: usize = 500;

/// Largest imprint, mm.
const MAX_MM: u16 = 100;

type Checked = Result<(), ProfileFault>;

pub(super) fn check(rules: &Rules) -> Checked {
    identity(rules)?;
    basis(rules)?;
    deadlines(rules)?;
    calendar(rules)?;
    code_pattern(rules)?;
    suspension(rules)?;
    materials(rules)?;
    steps(rules)?;
    seals(rules)?;
    check_procedures::check(rules)
}

pub(super) fn fault(path: impl Display, what: impl Into<String>, how: impl Into<String>) -> ProfileFault {
    ProfileFault::new("PROFILE_VALUE", path.to_string(), what, how)
}

fn identity(rules: &Rules) -> Checked {
    let id_ok = !rules.id.is_empty()
        && rules.id.len() <= 40
        && rules.id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if !id_ok {
        return Err(fault(
            "id",
            "标识不合要求 / not an identifier",
            "用 1 至 40 个小写字母、数字或连字符 / use 1 to 40 small letters, digits or hyphens",
        ));
    }
    within("version", rules.version, 1..=1_000_000)?;
    text("name", &rules.name)?;
    if rules.applies_to.len() > 12 || !rules.applies_to.bytes().all(|b| b.is_ascii_digit()) {
        return Err(fault(
            "applies_to",
            "区划代码前缀不合要求 / not a prefix of area codes",
            "用 0 至 12 位数字，全国留空 / use 0 to 12 digits, none for the whole nation",
        ));
    }
    Ok(())
}

fn basis(rules: &Rules) -> Checked {
    filled("basis", rules.basis.len())?;
    for (i, basis) in rules.basis.iter().enumerate() {
        text(&format!("basis[{i}].document"), &basis.document)?;
        text(&format!("basis[{i}].about"), &basis.about)?;
        words(&format!("basis[{i}].clause"), &basis.clause)?;
    }
    Ok(())
}

fn deadlines(rules: &Rules) -> Checked {
    let d = &rules.deadlines;
    within("deadlines.review_working_days", d.review_working_days, 1..=60)?;
    within("deadlines.correction_working_days", d.correction_working_days, 1..=120)?;
    within("deadlines.refusal_notice_working_days", d.refusal_notice_working_days, 1..=30)?;
    within("deadlines.filing_hours", d.filing_hours, 1..=720)?;
    within("deadlines.claim_months", d.claim_months, 1..=24)?;
    within("deadlines.renewal_window_months", d.renewal_window_months, 1..=12)?;
    within("deadlines.retention_years", d.retention_years, 5..=100)?;
    let path = "deadlines.reminder_days";
    let falling = d.reminder_days.is_sorted_by(|a, b| a > b);
    if d.reminder_days.is_empty() || d.reminder_days.len() > 10 || !falling {
        return Err(fault(
            path,
            "提醒天数应为 1 至 10 个且从大到小 / there must be 1 to 10 reminders, falling",
            "例如 [90, 30, 7, 1] / for example [90, 30, 7, 1]",
        ));
    }
    for (i, days) in d.reminder_days.iter().enumerate() {
        within(&format!("{path}[{i}]"), *days, 1..=365)?;
    }
    within("validity.certificate_years", rules.validity.certificate_years, 1..=10)?;
    within("validity.seal_years", rules.validity.seal_years, 1..=10)
}

fn calendar(rules: &Rules) -> Checked {
    let calendar = &rules.calendar;
    unique("calendar.holidays", calendar.holidays.iter())?;
    unique("calendar.workdays", calendar.workdays.iter())?;
    for (i, day) in calendar.workdays.iter().enumerate() {
        let path = format!("calendar.workdays[{i}]");
        if !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
            return Err(fault(
                path,
                format!("{day} 本来就是工作日 / {day} is a working day anyway"),
                "只列调休上班的周六、周日 / list Saturdays and Sundays only",
            ));
        }
        if calendar.holidays.contains(day) {
            return Err(fault(
                path,
                format!("{day} 同时列为节假日 / {day} is listed as a day off too"),
                "从其中一处删去 / take it out of one list",
            ));
        }
    }
    Ok(())
}

fn code_pattern(rules: &Rules) -> Checked {
    let pattern = &rules.seal_code;
    let digits = pattern.lead.bytes().all(|b| b.is_ascii_digit());
    if !digits || pattern.area_digits > 12 || !(1..=12).contains(&pattern.serial_digits) {
        return Err(fault(
            "seal_code",
            "印章编码规则不合要求 / not a pattern of seal codes",
            "lead 仅数字，area_digits 0 至 12，serial_digits 1 至 12 / lead is digits, area_digits 0 to 12, serial_digits 1 to 12",
        ));
    }
    if !seal_code::DIGITS.contains(&pattern.len()) {
        return Err(fault(
            "seal_code",
            format!("印章编码共 {} 位 / seal codes would have {} digits", pattern.len(), pattern.len()),
            "应为 3 至 19 位 / they have 3 to 19",
        ));
    }
    Ok(())
}

fn suspension(rules: &Rules) -> Checked {
    let effects = &rules.suspension.effects;
    unique("suspension.effects", effects.iter())?;
    if effects.contains(&SuspensionEffect::BlockSigning) {
        return Ok(());
    }
    Err(fault(
        "suspension.effects",
        "停用必须停止签章 / a suspended seal may not sign",
        "加入 \"block_signing\" / add \"block_signing\"",
    ))
}

fn materials(rules: &Rules) -> Checked {
    filled("material", rules.materials.len())?;
    unique("material", rules.materials.iter().map(|material| &material.code))?;
    for (i, material) in rules.materials.iter().enumerate() {
        let path = format!("material[{i}]");
        let code = &material.code;
        if code.is_empty() || code.len() > 60 || !code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') {
            return Err(fault(
                format!("{path}.code"),
                "材料代码不合要求 / not a code",
                "用 1 至 60 个小写字母或下划线 / use 1 to 60 small letters or underscores",
            ));
        }
        text(&format!("{path}.name"), &material.name)?;
        text(&format!("{path}.issuer"), &material.issuer)?;
    }
    Ok(())
}

fn steps(rules: &Rules) -> Checked {
    unique("step", rules.steps.iter().map(|rule| rule.step))?;
    for (i, rule) in rules.steps.iter().enumerate() {
        text(&format!("step[{i}].name"), &rule.name)?;
        text(&format!("step[{i}].help"), &rule.help)?;
    }
    match Step::ALL.into_iter().find(|step| !rules.steps.iter().any(|rule| rule.step == *step)) {
        None => Ok(()),
        Some(step) => Err(fault(
            "step",
            format!("缺少步骤 {step:?} 的说明 / step {step:?} is not explained"),
            "每个步骤写一节 [[step]] / write one [[step]] for each",
        )),
    }
}

fn seals(rules: &Rules) -> Checked {
    unique("seal", rules.seals.iter().map(|rule| rule.kind))?;
    if !rules.seals.iter().any(|rule| rule.kind == SealKind::LegalName) {
        return Err(fault(
            "seal",
            "没有法定名称章 / the legal-name seal is missing",
            "加入 kind = \"legal_name\" / add kind = \"legal_name\"",
        ));
    }
    for (i, rule) in rules.seals.iter().enumerate() {
        filled(&format!("seal[{i}].imprint"), rule.imprints.len())?;
        for (j, size) in rule.imprints.iter().enumerate() {
            imprint(&format!("seal[{i}].imprint[{j}]"), size)?;
        }
    }
    Ok(())
}

fn imprint(path: &str, size: &ImprintSize) -> Checked {
    unique(&format!("{path}.applicants"), size.applicants.iter())?;
    for (name, [least, most]) in [("width_mm", size.width_mm), ("height_mm", size.height_mm)] {
        if least == 0 || least > most || most > MAX_MM {
            return Err(fault(
                format!("{path}.{name}"),
                "尺寸范围不成立 / not a range of sizes",
                format!("写为 [最小, 最大]，1 至 {MAX_MM} 毫米 / write [least, most], 1 to {MAX_MM} mm"),
            ));
        }
    }
    let equal = size.width_mm == size.height_mm;
    if matches!(size.shape, Shape::Circle | Shape::Square) && !equal {
        return Err(fault(
            format!("{path}.height_mm"),
            "圆形、方形印章的宽高应相等 / a circle or square is as wide as high",
            "写成与 width_mm 相同 / write the same as width_mm",
        ));
    }
    Ok(())
}

fn within(path: &str, value: u32, range: RangeInclusive<u32>) -> Checked {
    if range.contains(&value) {
        return Ok(());
    }
    let (least, most) = (range.start(), range.end());
    Err(fault(
        path,
        format!("{value} 超出范围 / {value} is out of range"),
        format!("取 {least} 至 {most} / choose {least} to {most}"),
    ))
}

fn text(path: &str, text: &Text) -> Checked {
    words(&format!("{path}.zh"), &text.zh)?;
    words(&format!("{path}.en"), &text.en)
}

fn words(path: &str, words: &str) -> Checked {
    let length = words.chars().count();
    if !words.trim().is_empty() && length <= MAX_TEXT && !words.chars().any(char::is_control) {
        return Ok(());
    }
    Err(fault(
        path,
        format!(
            "文字为空、过长（{length} 字）或含控制字符 / the text is empty, too long ({length} characters) or has control characters"
        ),
        format!("写 1 至 {MAX_TEXT} 字 / write 1 to {MAX_TEXT} characters"),
    ))
}

pub(super) fn filled(path: &str, length: usize) -> Checked {
    if (1..=MAX_LIST).contains(&length) {
        return Ok(());
    }
    Err(fault(
        path,
        format!("共 {length} 项 / it has {length} entries"),
        format!("应有 1 至 {MAX_LIST} 项 / there have to be 1 to {MAX_LIST}"),
    ))
}

/// No entry twice; long lists are refused here too, so that every list is bounded.
pub(super) fn unique<T: Ord + std::fmt::Debug>(path: &str, items: impl Iterator<Item = T>) -> Checked {
    let mut seen = BTreeSet::new();
    for (i, item) in items.enumerate() {
        if seen.contains(&item) {
            return Err(fault(
                format!("{path}[{i}]"),
                format!("{item:?} 重复 / {item:?} is there twice"),
                "删去一处 / take one out",
            ));
        }
        seen.insert(item);
        if i >= MAX_LIST {
            return Err(fault(
                path,
                "项目过多 / too many entries",
                format!("至多 {MAX_LIST} 项 / at most {MAX_LIST}"),
            ));
        }
    }
    Ok(())
}
