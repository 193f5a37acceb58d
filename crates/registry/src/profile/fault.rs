//! What is wrong with a profile file: where, what, and how to put it right.

use std::fmt::{self, Display};

/// A fault in a profile file. `what` and `how` are Chinese first, English behind the slash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileFault {
    code: &'static str,
    /// Place in the file: `procedure[2].materials[0].code`.
    pub path: String,
    /// Line, from 1, where it is known.
    pub line: Option<usize>,
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub how: String,
}

impl ProfileFault {
    pub(super) fn new(
        code: &'static str,
        path: impl Into<String>,
        what: impl Into<String>,
        how: impl Into<String>,
    ) -> Self {
        Self { code, path: path.into(), line: None, what: what.into(), how: how.into() }
    }

    /// Stable, language-free code.
    pub fn code(&self) -> &'static str {
        self.code
    }
}

impl Display for ProfileFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)?;
        if let Some(line) = self.line {
            write!(f, " (第 {line} 行, line {line})")?;
        }
        write!(f, ": {}; {}", self.what, self.how)
    }
}

impl std::error::Error for ProfileFault {}
