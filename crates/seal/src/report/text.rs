//! The report as text for people.

use std::fmt::Write;

use super::{Check, Lang, Outcome, Report, SealReport, SealSummary, Verdict, code_entry};

impl Report {
    /// The report as readable text. `all` lists every check, otherwise only what did not pass.
    pub fn to_text(&self, lang: Lang, all: bool) -> String {
        let mut out = String::new();
        let zh = lang == Lang::Zh;
        let _ = writeln!(
            out,
            "{}{}",
            if zh { "结论：" } else { "Verdict: " },
            verdict_sentence(self.verdict, lang)
        );
        let _ = writeln!(
            out,
            "{}{}  {}{}",
            if zh { "判断时刻：" } else { "Judged at: " },
            self.judged_at,
            if zh { "策略：" } else { "policy: " },
            self.policy
        );
        if self.checks.iter().any(|c| all || listed(c)) {
            let _ = writeln!(out, "\n{}", if zh { "文件整体" } else { "The document as a whole" });
            write_checks(&mut out, &self.checks, lang, all);
        }
        for (i, s) in self.signatures.iter().enumerate() {
            let _ = writeln!(
                out,
                "\n{} {} (ID {}) · {} · {}",
                if zh { "签名" } else { "Signature" },
                i + 1,
                s.id,
                s.format,
                verdict_word(s.verdict, lang)
            );
            if let Some(seal) = &s.seal {
                write_seal(&mut out, seal, lang);
            }
            if let Some(signer) = &s.signer {
                let _ = writeln!(out, "  {}{signer}", if zh { "签章人：" } else { "Signer: " });
            }
            if let Some(t) = &s.signing_time {
                let source = time_source(s.time_source, lang);
                let _ = writeln!(out, "  {}{t} ({source})", if zh { "签章时间：" } else { "Time: " });
            }
            for stamp in &s.stamps {
                let place = if zh { "位置：第" } else { "Place: page " };
                let unit = if zh { "页 " } else { " at " };
                let clip = stamp.clip.as_ref().map(|c| format!(" clip {c}")).unwrap_or_default();
                let _ = writeln!(out, "  {place}{}{unit}{} mm{clip}", stamp.page, stamp.boundary);
            }
            write_checks(&mut out, &s.checks, lang, all);
        }
        printable(&out)
    }
}

impl SealReport {
    /// The report as readable text.
    pub fn to_text(&self, lang: Lang, all: bool) -> String {
        let mut out = String::new();
        let zh = lang == Lang::Zh;
        let _ = writeln!(
            out,
            "{}{}",
            if zh { "印章结论：" } else { "Verdict on the seal: " },
            verdict_word(self.verdict, lang)
        );
        if let Some(seal) = &self.seal {
            write_seal(&mut out, seal, lang);
        }
        write_checks(&mut out, &self.checks, lang, all);
        printable(&out)
    }
}

/// Names come from strangers: control and direction characters could repaint a terminal.
fn printable(s: &str) -> String {
    let odd = |c: char| {
        c.is_control() && c != '\n'
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    s.chars().map(|c| if odd(c) { '\u{fffd}' } else { c }).collect()
}

fn write_seal(out: &mut String, s: &SealSummary, lang: Lang) {
    let _ = match lang {
        Lang::Zh => writeln!(
            out,
            "  印章：{}（编码 {}，{}，{}×{} mm {}）\n  有效期：{} 至 {}\n  制章人：{}",
            s.name,
            s.id,
            s.version,
            s.width_mm,
            s.height_mm,
            s.picture_type,
            s.valid_from,
            s.valid_to,
            s.maker
        ),
        Lang::En => writeln!(
            out,
            "  Seal: {} (code {}, {}, {}×{} mm {})\n  Valid: {} to {}\n  Seal maker: {}",
            s.name,
            s.id,
            s.version,
            s.width_mm,
            s.height_mm,
            s.picture_type,
            s.valid_from,
            s.valid_to,
            s.maker
        ),
    };
}

fn write_checks(out: &mut String, checks: &[Check], lang: Lang, all: bool) {
    for c in checks {
        if !all && !listed(c) {
            continue;
        }
        let title = code_entry(c.code).map_or("", |e| if lang == Lang::Zh { e.title_zh } else { e.title_en });
        let _ = writeln!(out, "  {} {} [{}] {}", mark(c.outcome, lang), title, c.code, c.detail.get(lang));
        for change in c.changes() {
            let _ = writeln!(out, "        · {}", change.text.get(lang));
        }
        if let Some(signed) = c.signed().filter(|_| listed(c)) {
            let _ = writeln!(out, "        → {}", signed.advice().get(lang));
        }
        if listed(c) {
            for (name, value) in &c.evidence {
                let _ = writeln!(out, "        {name}: {value}");
            }
        }
    }
}

/// Whether a check is worth telling where not everything is told.
fn listed(c: &Check) -> bool {
    !matches!(c.outcome, Outcome::Pass | Outcome::NotRun)
}

fn mark(o: Outcome, lang: Lang) -> &'static str {
    match (o, lang) {
        (Outcome::Pass, Lang::Zh) => "✓ 通过",
        (Outcome::Fail, Lang::Zh) => "✗ 不通过",
        (Outcome::Warn, Lang::Zh) => "! 提醒",
        (Outcome::Indeterminate, Lang::Zh) => "? 无法判定",
        (Outcome::NotRun, Lang::Zh) => "- 未检查",
        (Outcome::Pass, Lang::En) => "✓ pass",
        (Outcome::Fail, Lang::En) => "✗ fail",
        (Outcome::Warn, Lang::En) => "! warn",
        (Outcome::Indeterminate, Lang::En) => "? undecided",
        (Outcome::NotRun, Lang::En) => "- not run",
    }
}

/// Where a signing time comes from, for people.
pub(super) fn time_source(source: &str, lang: Lang) -> &'static str {
    match (source, lang) {
        ("timestamp", Lang::Zh) => "时间戳证明",
        ("timestamp", Lang::En) => "proven by a timestamp",
        (_, Lang::Zh) => "签章人自述，无时间戳证明",
        (_, Lang::En) => "claimed by the signer, no timestamp",
    }
}

/// One word for a verdict.
pub fn verdict_word(v: Verdict, lang: Lang) -> &'static str {
    match (v, lang) {
        (Verdict::Valid, Lang::Zh) => "有效",
        (Verdict::Invalid, Lang::Zh) => "无效",
        (Verdict::Indeterminate, Lang::Zh) => "无法判定",
        (Verdict::Unsigned, Lang::Zh) => "未签章",
        (v, Lang::En) => v.word(),
    }
}

/// One sentence for a verdict.
pub fn verdict_sentence(v: Verdict, lang: Lang) -> &'static str {
    match (v, lang) {
        (Verdict::Valid, Lang::Zh) => "有效——签章真实，签章后内容未被改动",
        (Verdict::Invalid, Lang::Zh) => "无效——不能信赖，原因见下",
        (Verdict::Indeterminate, Lang::Zh) => "无法判定——没有发现造假，但缺少下列依据，不能认定有效",
        (Verdict::Unsigned, Lang::Zh) => "未签章——文件中没有电子签章",
        (Verdict::Valid, Lang::En) => "valid: the seal is genuine and nothing changed after sealing",
        (Verdict::Invalid, Lang::En) => "invalid: do not rely on it; the reasons follow",
        (Verdict::Indeterminate, Lang::En) => {
            "indeterminate: no forgery found, but what is named below is missing to call it valid"
        }
        (Verdict::Unsigned, Lang::En) => "unsigned: the document carries no seal",
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn control_characters_of_names_never_reach_the_terminal() {
        assert_eq!(super::printable("a\u{1b}[2J\u{202e}b\n"), "a\u{fffd}[2J\u{fffd}b\n");
    }
}
