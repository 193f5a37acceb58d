//! The commands, as an operator gives them.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use yinxin_testkit::process::Service;

/// The password of the tests' backups.
pub const PASSWORD: &str = "示例口令 for backups";

/// What a command said.
#[derive(Debug)]
pub struct Said {
    pub code: Option<i32>,
    pub json: Value,
    pub words: String,
}

impl Said {
    fn of(output: &Output) -> Self {
        let text = String::from_utf8_lossy(&output.stdout);
        let words = format!("{text}{}", String::from_utf8_lossy(&output.stderr));
        let line = text.lines().last().unwrap_or_default();
        Self { code: output.status.code(), json: serde_json::from_str(line).unwrap_or_default(), words }
    }

    #[track_caller]
    pub fn ok(self) -> Value {
        assert_eq!(self.code, Some(0), "{}", self.words);
        self.json
    }

    /// The code of the refusal.
    #[track_caller]
    pub fn refused(self) -> String {
        assert_eq!(self.code, Some(2), "{}", self.words);
        self.json["error"]["code"].as_str().unwrap().to_owned()
    }
}

/// A folder for backups that goes with the test, and the file of their password.
#[derive(Debug)]
pub struct Shelf {
    pub folder: tempfile::TempDir,
}

impl Shelf {
    pub fn new() -> Self {
        let shelf = Self { folder: tempfile::tempdir().unwrap() };
        std::fs::write(shelf.path("password"), PASSWORD).unwrap();
        shelf
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The command that takes a backup of this name.
    pub fn backup(&self, service: &Service, name: &str, since: Option<&str>) -> Command {
        let mut command = service.command_of(&["--json", "backup", "--out"]);
        command.arg(self.path(name)).arg("--password-file").arg(self.path("password"));
        if let Some(since) = since {
            command.arg("--since").arg(self.path(since));
        }
        command
    }

    /// Takes a backup.
    #[track_caller]
    pub fn take(&self, service: &Service, name: &str, since: Option<&str>) -> Value {
        said(&mut self.backup(service, name, since)).ok()
    }

    /// The command that restores into the place of a service.
    pub fn restore(&self, service: &Service, names: &[&str]) -> Command {
        let mut command = service.command_of(&["--json", "restore", "--from"]);
        command.args(names.iter().map(|name| self.path(name)));
        command.arg("--into").arg(data(service)).arg("--password-file").arg(self.path("password"));
        command
    }

    /// Restores, and looks at the proof.
    #[track_caller]
    pub fn restored(&self, service: &Service, names: &[&str]) -> Value {
        let json = said(&mut self.restore(service, names)).ok();
        assert_eq!(json["holds"], true);
        let parts: Vec<&str> = json["proof"]["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|f| f["part"].as_str().unwrap())
            .collect();
        let all = ["signature", "files", "rows", "audit", "row_codes", "keys", "documents", "verification"];
        assert_eq!(parts, all);
        json
    }

    /// `yinxin backup verify`.
    pub fn verify(&self, service: &Service, names: &[&str]) -> Command {
        let mut command = service.command_of(&["--json", "backup", "verify"]);
        command.args(names.iter().map(|name| self.path(name)));
        command
    }
}

pub fn said(command: &mut Command) -> Said {
    Said::of(&command.output().unwrap())
}

/// The data folder of a service.
pub fn data(service: &Service) -> PathBuf {
    service.folder().join("data")
}

/// The words of a finding of a proof, and whether it holds.
pub fn finding(json: &Value, part: &str) -> (bool, String) {
    let findings = json["proof"]["findings"].as_array().unwrap();
    let found = findings.iter().find(|finding| finding["part"] == part).unwrap();
    (found["holds"].as_bool().unwrap(), found["en"].as_str().unwrap().to_owned())
}

/// A copy of a folder.
pub fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let goal = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &goal),
            false => drop(std::fs::copy(entry.path(), goal).unwrap()),
        }
    }
}
