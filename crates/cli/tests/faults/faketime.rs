//! Debian's libfaketime stands for the machine's clock.

use std::fs;
use std::path::{Path, PathBuf};

use yinxin_testkit::process::Service;

/// The library that a process is to load before others.
pub fn library() -> PathBuf {
    let mut found =
        fs::read_dir("/usr/lib").unwrap().flatten().map(|e| e.path().join("faketime/libfaketime.so.1"));
    found.find(|path| path.is_file()).expect("libfaketime: run `cargo xtask packages`, which installs it")
}

/// Sets a clock `offset` beside the machine's, as in `-600` seconds.
pub fn set(clock: &Path, offset: &str) {
    let staged = clock.with_extension("next");
    fs::write(&staged, offset).unwrap();
    fs::rename(&staged, clock).unwrap();
}

/// A service under that clock.
pub fn under(clock: &Path, service: Service) -> Service {
    service
        .environment("LD_PRELOAD", &library().to_string_lossy())
        .environment("FAKETIME_TIMESTAMP_FILE", &clock.to_string_lossy())
        .environment("FAKETIME_NO_CACHE", "1")
        .environment("FAKETIME_DONT_FAKE_MONOTONIC", "1")
        .environment("DONT_FAKE_MONOTONIC", "1")
}
