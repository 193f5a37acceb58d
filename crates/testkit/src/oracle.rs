//! Running other software: BouncyCastle in one JVM per batch, OpenSSL, Python. Absence fails loudly.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What every message on a missing oracle ends with.
pub const HOW: &str = "run `cargo xtask test`, which installs what the oracles need (OpenSSL, a JRE with libbcpkix-java, \
                       python3-jsonschema)";

/// A folder with other software beside it; removed at the end.
#[derive(Debug)]
pub struct Lab {
    folder: PathBuf,
}

impl Lab {
    /// An empty folder named after the test.
    pub fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("yinxin-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        Self { folder }
    }

    /// Path of a file.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Writes a file.
    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), bytes).unwrap();
    }

    /// Reads a file.
    pub fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap()
    }

    /// Runs a program in the folder; gives success and output.
    ///
    /// # Panics
    /// Where the program is absent.
    pub fn run(&self, program: &str, args: &[&str]) -> (bool, String) {
        let output = Command::new(program).args(args).current_dir(&self.folder).output();
        let output = output.unwrap_or_else(|e| panic!("{program} cannot be started ({e}): {HOW}"));
        let text = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&text).into_owned())
    }

    /// Runs OpenSSL, which must succeed.
    #[track_caller]
    pub fn openssl(&self, args: &[&str]) -> String {
        let (ok, text) = self.run("openssl", args);
        assert!(ok, "openssl {args:?} failed:\n{text}\n{HOW}");
        text
    }

    /// Runs a batch in the second oracle, one JVM for all of it; every line must succeed (`!` lines must be refused).
    /// Gives the answers in order.
    #[track_caller]
    pub fn bouncy_castle(&self, lines: &[String]) -> Vec<String> {
        let jars = ["bcprov", "bcpkix", "bcutil"].map(|j| format!("/usr/share/java/{j}.jar"));
        for jar in &jars {
            assert!(Path::new(jar).is_file(), "{jar} is absent: {HOW}");
        }
        let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("oracle/Oracle.java");
        let mut batch = String::new();
        for line in lines {
            let _ = writeln!(batch, "{line}");
        }
        self.write("batch.txt", &batch);
        let program = program.to_string_lossy().into_owned();
        let (ok, text) = self.run("java", &["-cp", &jars.join(":"), &program, "batch", "batch.txt"]);
        let answers: Vec<String> = text
            .lines()
            .filter(|l| l.starts_with("OK") || l.starts_with("FAIL"))
            .map(str::to_owned)
            .collect();
        let told: Vec<String> = lines.iter().zip(&answers).map(|(l, a)| format!("{l}\n    → {a}")).collect();
        assert!(
            ok && answers.len() == lines.len(),
            "the second oracle disagrees:\n{}\n{text}",
            told.join("\n")
        );
        answers
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
