//! What a command says: text for people on standard output, or one JSON value with `--json`.

#![allow(clippy::print_stdout, reason = "standard output is what this program is for")]

use std::io::Write;

use serde_json::{Value, json};
use yinxin_seal::report::Lang;

use crate::failure::Failure;

/// Where and how to speak.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    /// Language for people.
    pub lang: Lang,
    /// JSON instead of text.
    pub json: bool,
}

impl Output {
    /// An output.
    pub fn new(lang: Lang, json: bool) -> Self {
        Self { lang, json }
    }

    /// Chinese or English, as asked.
    pub fn pick<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    /// A line for people; silent with `--json`. A closed pipe is not an error.
    pub fn say(&self, text: impl AsRef<str>) {
        if !self.json {
            let _ = writeln!(std::io::stdout(), "{}", harmless(text.as_ref()));
        }
    }

    /// The JSON value of the command; silent without `--json`.
    pub fn value(&self, value: &Value) {
        if self.json {
            let _ = writeln!(std::io::stdout(), "{value}");
        }
    }

    /// Text for people or with `--json` the value, where somebody must get it: written and flushed.
    ///
    /// # Errors
    /// Standard output takes no more.
    pub fn must(&self, text: &str, value: &Value) -> std::io::Result<()> {
        let mut stdout = std::io::stdout().lock();
        match self.json {
            true => writeln!(stdout, "{value}")?,
            false => writeln!(stdout, "{}", harmless(text))?,
        }
        stdout.flush()
    }

    /// A note on standard error, in both modes.
    pub fn note(&self, text: impl AsRef<str>) {
        let _ = writeln!(std::io::stderr(), "{}", harmless(text.as_ref()));
    }

    /// A failure as one sentence with its code.
    pub fn sentence(&self, f: &Failure) -> String {
        format!("{}{} [{}]", self.pick("错误：", "error: "), f.detail_in(self.lang), f.code)
    }

    /// Why the command could not run.
    pub fn failure(&self, f: &Failure) {
        if self.json {
            let error = json!({ "error": { "code": f.code, "detail": f.detail_in(self.lang) } });
            let _ = writeln!(std::io::stdout(), "{error}");
        } else {
            self.note(self.sentence(f));
        }
    }
}

/// Names of seals and paths of parts come from hostile files: what would move the cursor, color the terminal or turn
/// the direction of writing is shown as a replacement character.
fn harmless(text: &str) -> String {
    let turns =
        |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let bad = |c: char| c.is_control() && c != '\n' && c != '\t' || turns(c);
    text.chars().map(|c| if bad(c) { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn text_from_files_cannot_steer_the_terminal() {
        assert_eq!(harmless("印章\n\tA"), "印章\n\tA");
        assert_eq!(harmless("\u{1b}[31m\r\u{202e}\u{9b}"), "\u{fffd}[31m\u{fffd}\u{fffd}\u{fffd}");
    }
}
