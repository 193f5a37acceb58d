//! Where HTML reports go.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::files;

/// The file, or the folder, that `--report` names.
#[derive(Debug)]
pub struct Target {
    path: PathBuf,
    folder: bool,
    inputs: Vec<PathBuf>,
    used: HashSet<PathBuf>,
}

impl Target {
    /// A target for the reports on these files. Several reports need a folder; no report replaces a file being verified.
    pub fn new(path: &Path, inputs: &[PathBuf]) -> Result<Self, Failure> {
        let folder = path.is_dir();
        if inputs.len() > 1 && !folder {
            let text = format!(
                "{}: 验证多个文件时 --report 须为已有的文件夹 / for several files --report must name an existing folder",
                path.display()
            );
            return Err(Failure::new("REPORT_NEEDS_FOLDER", text));
        }
        let inputs = inputs.iter().filter_map(|i| i.canonicalize().ok()).collect();
        Ok(Self { path: path.to_owned(), folder, inputs, used: HashSet::new() })
    }

    /// Writes the report on one input: the file named, or `NAME.html` in the folder, numbered where names repeat.
    pub fn write(&mut self, input: &Path, html: &str) -> Result<(), Failure> {
        let target = if self.folder { self.in_folder(input) } else { self.path.clone() };
        if target.canonicalize().is_ok_and(|t| self.inputs.contains(&t)) {
            let text = format!(
                "{}: 报告不能覆盖被验证的文件 / a report must not replace a file being verified",
                target.display()
            );
            return Err(Failure::new("REPORT_IS_INPUT", text));
        }
        files::write(&target, html.as_bytes())
    }

    fn in_folder(&mut self, input: &Path) -> PathBuf {
        let name = input.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut target = self.path.join(format!("{name}.html"));
        let mut number = 2u32;
        while !self.used.insert(target.clone()) {
            target = self.path.join(format!("{name}-{number}.html"));
            number = number.saturating_add(1);
        }
        target
    }
}
