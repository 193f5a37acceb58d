//! Runs the system's OpenSSL 3, the second opinion of these tests.
#![allow(dead_code)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The user identifier, which OpenSSL leaves empty unless told.
pub const ID: &str = "distid:1234567812345678";

/// A folder for one test, removed when dropped.
pub struct Folder(tempfile::TempDir);

impl Folder {
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn write(&self, name: &str, content: &[u8]) -> PathBuf {
        std::fs::write(self.path(name), content).expect("write into the temporary folder");
        self.path(name)
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub fn dir(&self) -> &Path {
        self.0.path()
    }

    /// Runs `openssl` with space-separated arguments inside the folder, whatever its exit.
    pub fn try_openssl(&self, arguments: &str) -> Output {
        Command::new("openssl")
            .args(arguments.split_whitespace())
            .current_dir(self.dir())
            .output()
            .unwrap_or_else(|error| {
                panic!(
                    "these tests compare with OpenSSL 3 and cannot run `openssl`: {error}. \
                     Install it: apt-get install openssl"
                )
            })
    }

    /// Runs `openssl`, which must succeed; gives its standard output.
    pub fn openssl(&self, arguments: &str) -> Vec<u8> {
        let output = self.try_openssl(arguments);
        assert!(
            output.status.success(),
            "openssl {arguments} failed: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        output.stdout
    }
}

/// The system's random source.
pub fn rng() -> impl yinxin_crypto::rand_core::CryptoRng {
    yinxin_crypto::rand_core::UnwrapErr(getrandom::SysRng)
}
