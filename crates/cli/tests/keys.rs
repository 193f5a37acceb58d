//! `yinxin keys rewrap`: a new master key, broken off wherever it may be.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests fail by panicking")]

mod support;

use std::path::{Path, PathBuf};
use support::run;
use yinxin_server::app::clock::System;
use yinxin_server::config::Config;
use yinxin_server::security::master_file;
use yinxin_server::security::master_key::KeyWrapper as _;
use yinxin_server::start::prepare;

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// A registry after its first start.
fn registry(folder: &Path) {
    runtime().block_on(async {
        let config = Config::defaults_in(folder);
        let prepared = prepare(config, Box::new(System)).await.unwrap_or_else(|e| panic!("{e}"));
        prepared.app.store.close().await;
    });
}

struct Files {
    folder: String,
    key: PathBuf,
    new: PathBuf,
}

impl Files {
    fn of(folder: &Path) -> Self {
        let key = folder.join("keys/master.key");
        Self { folder: folder.to_str().unwrap().to_owned(), new: folder.join("keys/master.key.new"), key }
    }

    fn id(&self) -> String {
        master_file::load(&self.key).unwrap().id()
    }

    fn is_sound(&self) {
        let chain = run(&["audit", "verify", "--data-dir", &self.folder, "--json"]).ok();
        assert_eq!(chain.json()["sound"], true);
        let doctor = run(&["doctor", "--data-dir", &self.folder]).ok();
        assert!(doctor.out.contains("key ring"), "{}", doctor.out);
    }
}

#[test]
fn a_new_master_key_takes_the_place_of_the_old_one_which_opens_nothing_any_more() {
    let dir = tempfile::tempdir().unwrap();
    registry(dir.path());
    let files = Files::of(dir.path());
    let before = files.id();
    let done = run(&["keys", "rewrap", "--data-dir", &files.folder, "--json"]).ok().json();
    assert_eq!(done["keys"], 6);
    assert_eq!(done["master"], files.id());
    assert_ne!(files.id(), before);
    assert!(!files.new.exists());
    files.is_sound();
    let doctor = run(&["doctor", "--data-dir", &files.folder]).ok();
    let former = done["former"].as_str().unwrap();
    assert!(doctor.out.contains(former), "{}", doctor.out);
    // With the old file there is no way in.
    let new = std::fs::read(&files.key).unwrap();
    std::fs::rename(former, &files.key).unwrap();
    let refused = run(&["audit", "verify", "--data-dir", &files.folder]);
    assert!(refused.code != 0 && refused.err.contains("KEYRING_WRONG_MASTER"), "{}", refused.err);
    assert_eq!(run(&["doctor", "--data-dir", &files.folder]).code, 1);
    std::fs::write(&files.key, new).unwrap();
    files.is_sound();
}

#[test]
fn a_change_broken_off_anywhere_is_told_and_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    registry(dir.path());
    let files = Files::of(dir.path());
    let rewrap = || run(&["keys", "rewrap", "--data-dir", &files.folder, "--json"]).ok().json();
    let told = || {
        let doctor = run(&["doctor", "--data-dir", &files.folder]);
        assert!(doctor.code == 1 && doctor.out.contains("yinxin keys rewrap"), "{}", doctor.out);
    };
    // The new key was made, and nothing more.
    let mut rng = getrandom::rand_core::UnwrapErr(getrandom::SysRng);
    let new = master_file::create(&files.new, &mut rng).unwrap();
    told();
    assert_eq!(rewrap()["master"], new.id());
    files.is_sound();
    // The database was changed and the file was not.
    let old = std::fs::read(&files.key).unwrap();
    let former = rewrap()["former"].as_str().unwrap().to_owned();
    std::fs::rename(&files.key, &files.new).unwrap();
    std::fs::rename(&former, &files.key).unwrap();
    assert_eq!(std::fs::read(&files.key).unwrap(), old);
    told();
    let done = rewrap();
    assert_eq!(done["keys"], 0, "every key was under it already");
    assert_eq!(done["former"], former.as_str());
    files.is_sound();
}
