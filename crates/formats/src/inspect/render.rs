//! The tree as text.

use std::fmt::Write as _;

use super::tree::{NamedDeviation, Part, Tree, TreeNode};
use super::value::harmless;
use crate::ses::deviation_text;

/// Language of texts for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lang {
    /// Chinese.
    Zh,
    /// English.
    En,
}

/// Widest column of names; longer names push their line.
const MAX_COLUMN: usize = 56;

impl Tree {
    /// An indented text with offsets: one line per value, deviations below theirs.
    ///
    /// Columns: offset, bytes of header + content, name, type, content.
    pub fn to_text(&self, lang: Lang) -> String {
        let mut out = String::new();
        for part in &self.parts {
            part.write(&mut out, lang);
        }
        out
    }
}

impl Part {
    fn write(&self, out: &mut String, lang: Lang) {
        let (zh, en) = self.kind.names();
        let label = self.label.as_ref().map(|l| format!(" [{l}]")).unwrap_or_default();
        let title = match lang {
            Lang::Zh => format!("{zh}{label}，共 {} 字节", self.length),
            Lang::En => format!("{en}{label}, {} bytes", self.length),
        };
        line(out, &title);
        if let Some(p) = &self.problem {
            let word = if lang == Lang::Zh { "结构有误" } else { "broken structure" };
            line(out, &format!("!! {word}: {} @{}: {}", p.code, p.at, p.message));
        }
        let mut widest = 0;
        self.nodes.iter().for_each(|n| measure(n, 0, lang, &mut widest));
        let column = widest.min(MAX_COLUMN);
        self.nodes.iter().for_each(|n| write_node(out, n, 0, lang, column));
        self.deviations.iter().for_each(|d| write_deviation(out, d, 0, lang));
    }
}

fn line(out: &mut String, text: &str) {
    // Labels and details quote the input.
    out.push_str(harmless(text).trim_end());
    out.push('\n');
}

fn title(node: &TreeNode, depth: usize, lang: Lang) -> String {
    let name = match (&node.field, lang) {
        (None, _) => String::new(),
        (Some(f), Lang::En) => f.en.to_owned(),
        (Some(f), Lang::Zh) => format!("{} {}", f.zh, f.en),
    };
    format!("{}{}", "  ".repeat(depth), if name.is_empty() { "·" } else { &name })
}

fn measure(node: &TreeNode, depth: usize, lang: Lang, widest: &mut usize) {
    *widest = (*widest).max(width(&title(node, depth, lang)));
    node.children.iter().for_each(|c| measure(c, depth + 1, lang, widest));
}

fn write_node(out: &mut String, node: &TreeNode, depth: usize, lang: Lang, column: usize) {
    let name = title(node, depth, lang);
    let pad = " ".repeat(column.saturating_sub(width(&name)));
    let value = node.value.as_deref().unwrap_or_default();
    let (offset, header, length, tag) = (node.offset, node.header_length, node.length, &node.tag);
    line(out, &format!("{offset:>7} {header:>2}+{length:<6} {name}{pad}  {tag:<17} {value}"));
    node.deviations.iter().for_each(|d| write_deviation(out, d, depth, lang));
    node.children.iter().for_each(|c| write_node(out, c, depth + 1, lang, column));
}

fn write_deviation(out: &mut String, d: &NamedDeviation, depth: usize, lang: Lang) {
    let mut text = format!("{:>7} {:>9} {}! {}", d.at, "", "  ".repeat(depth), d.code);
    if let Some(meaning) = deviation_text(d.code, lang == Lang::Zh) {
        // Writing to a String cannot fail.
        let _ = write!(text, " {meaning}");
    }
    let _ = write!(text, " ({})", d.detail);
    line(out, &text);
}

/// Columns a text takes in a terminal: Chinese characters and full-width forms take two.
fn width(s: &str) -> usize {
    let wide = |c: char| matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}' | '\u{20000}'..='\u{3fffd}');
    s.chars().map(|c| if wide(c) { 2 } else { 1 }).sum()
}

#[cfg(test)]
mod tests {
    use super::width;

    #[test]
    fn counts_chinese_characters_twice() {
        assert_eq!((width("ab"), width("印章"), width("（a）")), (2, 4, 5));
    }
}
