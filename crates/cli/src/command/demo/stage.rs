//! The folder the story happens in, its calendar, and how it is told.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::command::ca::authority::days_from;
use crate::failure::Failure;
use crate::output::Output;
use crate::{files, time};

/// Says that the folder was made here and may be written over.
const MARKER: &str = ".yinxin-demo";

/// Folders of the story.
const FOLDERS: [&str; 11] = [
    "documents",
    "sealed",
    "tampered",
    "cases",
    "trust",
    "crl",
    "people",
    "reports",
    "pages",
    "papers",
    "papers/trust",
];

/// The moments of the story. It begins in the past, so that there is something to look back at.
#[derive(Debug, Clone, Copy)]
pub struct Calendar {
    /// Certificates are issued.
    pub issued: Timestamp,
    /// Seals are made.
    pub made: Timestamp,
    /// A seal of short life ends.
    pub expired: Timestamp,
    /// Documents are sealed.
    pub signed: Timestamp,
    /// A signer loses the key.
    pub revoked: Timestamp,
    /// Documents are verified.
    pub now: Timestamp,
}

/// Where the story happens.
#[derive(Debug)]
pub struct Stage {
    root: PathBuf,
    /// The moments.
    pub calendar: Calendar,
    /// Password of every key in the folder: a test password, written beside.
    pub password: String,
    /// How to speak.
    pub out: Output,
}

impl Stage {
    /// Takes a folder that is new, empty or made by an earlier run.
    pub fn open(root: &Path, out: Output) -> Result<Self, Failure> {
        let wrong = |e: std::io::Error| Failure::new("DEMO_FOLDER", format!("{}: {e}", root.display()));
        std::fs::create_dir_all(root).map_err(wrong)?;
        let ours = root.join(MARKER).is_file();
        if !ours && std::fs::read_dir(root).map_err(wrong)?.next().is_some() {
            let detail = format!(
                "{}：目录里有别的文件，不覆盖；请用 --out 指定新目录 / the folder holds other files and is left alone: \
                 name another one by --out",
                root.display()
            );
            return Err(Failure::new("DEMO_FOLDER_FOREIGN", detail));
        }
        for name in FOLDERS {
            std::fs::create_dir_all(root.join(name)).map_err(wrong)?;
        }
        // The CA is made anew each time; everything else is written over file by file.
        let ca = root.join("ca");
        if ours && ca.join("ca.json").is_file() {
            std::fs::remove_dir_all(&ca).map_err(wrong)?;
        }
        let now = time::now();
        let ago = |days: i64| days_from(now, -days);
        let calendar = Calendar {
            issued: ago(90)?,
            made: ago(60)?,
            expired: ago(40)?,
            signed: ago(30)?,
            revoked: ago(10)?,
            now,
        };
        let stage = Self { root: root.to_owned(), calendar, password: new_password()?, out };
        stage.write(MARKER, b"made by `yinxin demo`, which may write over this folder\n")?;
        Ok(stage)
    }

    /// A path inside the folder.
    pub fn path(&self, inside: &str) -> PathBuf {
        self.root.join(inside)
    }

    /// The same as the user would type it.
    pub fn show(&self, inside: &str) -> String {
        quoted(&self.path(inside).display().to_string())
    }

    /// Writes a file.
    pub fn write(&self, inside: &str, bytes: &[u8]) -> Result<(), Failure> {
        files::write(&self.path(inside), bytes)
    }

    /// Writes a file for the owner only.
    pub fn write_secret(&self, inside: &str, bytes: &[u8]) -> Result<(), Failure> {
        files::write_secret(&self.path(inside), bytes)
    }

    /// First words.
    pub fn opening(&self) {
        self.say("印信演示：一枚电子印章的一生", "Yinxin demo: the life of an electronic seal");
        self.say("============================", "============================================");
        self.say(
            "下面的每个文件都是刚刚真实生成的，每个结论都由验证程序当场得出。",
            "Every file below has just been made for real, and every verdict comes from the verifier here and now.",
        );
        self.say(
            "故事从 90 天前讲起，测试时间戳服务的钟也随故事拨动，好让过期和吊销有先后可言。",
            "The story begins 90 days ago and the test timestamp service keeps its time, so that expiry and revocation have a before and an after.",
        );
        self.say(
            "单位、人员和证书都是虚构的，仅供测试。“试一试”的命令都可以照抄运行。",
            "Units, people and certificates are made up and for tests only. The \"try\" commands run as they stand.",
        );
        let exe = std::env::current_exe().map_or_else(|_| "yinxin".to_owned(), |p| p.display().to_string());
        self.say(&format!("（yinxin 指 {exe}）"), &format!("(yinxin stands for {exe})"));
    }

    /// Heading of a step.
    pub fn step(&self, number: u32, zh: &str, en: &str) {
        self.out.say("");
        self.say(&format!("第 {number} 步  {zh}"), &format!("Step {number}  {en}"));
    }

    /// A sentence of the story.
    pub fn say(&self, zh: &str, en: &str) {
        self.out.say(self.out.pick(zh, en));
    }

    /// A sentence of a step, indented.
    pub fn tell(&self, zh: &str, en: &str) {
        self.out.say(format!("  {}", self.out.pick(zh, en)));
    }

    /// Names a file that was made.
    pub fn made(&self, inside: &str, zh: &str, en: &str) {
        self.out.say(format!("  → {}  {}", self.show(inside), self.out.pick(zh, en)));
    }

    /// An equivalent command.
    pub fn try_it(&self, command: &str) {
        self.out.say(format!("  {}  {command}", self.out.pick("试一试", "try")));
    }
}

/// The day of a moment, in UTC.
pub fn day(at: Timestamp) -> String {
    at.to_string().chars().take(10).collect()
}

/// As a shell takes it for one word.
fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "/._-+:@".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

/// A random password that can be typed.
fn new_password() -> Result<String, Failure> {
    let mut bytes = [0u8; 12];
    getrandom::fill(&mut bytes).map_err(|e| Failure::new("RANDOM", e.to_string()))?;
    Ok(format!("test-{}", hex::encode(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rejects_a_folder_with_files_of_others_and_takes_its_own_again() {
        let folder = tempfile::tempdir().unwrap();
        let out = Output::new(yinxin_seal::report::Lang::En, true);
        let ours = folder.path().join("a");
        Stage::open(&ours, out).unwrap();
        Stage::open(&ours, out).unwrap();
        assert_eq!(Stage::open(folder.path(), out).unwrap_err().code, "DEMO_FOLDER_FOREIGN");
    }

    #[test]
    fn paths_are_quoted_for_a_shell() {
        assert_eq!(quoted("yinxin-demo/ca"), "yinxin-demo/ca");
        assert_eq!(quoted("it's a"), r"'it'\''s a'");
    }
}
