//! The password of an encrypted document.

use std::path::PathBuf;

use clap::Args;

use crate::failure::Failure;
use crate::files;

/// Longest password, in bytes.
const MAX: usize = 4096;

/// Where the password stands; on the command line itself others could read it.
#[derive(Debug, Clone, Args, Default)]
pub struct DocumentPasswordArgs {
    /// 加密 PDF 的文件口令所在文件（使用者或所有者口令，取第一行）；不给则试空口令 / a file with the password of an encrypted PDF (a user's or the owner's, its first line); the empty one is tried if not given
    #[arg(long, value_name = "FILE")]
    pub document_password_file: Option<PathBuf>,
}

impl DocumentPasswordArgs {
    /// The password, where a file was named.
    pub fn read(&self) -> Result<Option<String>, Failure> {
        let Some(path) = &self.document_password_file else { return Ok(None) };
        let bad = |why: &str| Failure::new("PASSWORD_FILE", format!("{}: {why}", path.display()));
        let bytes = files::read(path)?;
        if bytes.len() > MAX {
            return Err(bad("> 4096 bytes"));
        }
        let text = String::from_utf8(bytes).map_err(|_| bad("不是 UTF-8 / not UTF-8"))?;
        Ok(Some(text.lines().next().unwrap_or_default().to_owned()))
    }
}
