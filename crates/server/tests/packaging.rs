//! Units, users and container file hold together, and the system's own checkers accept them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "tests"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const UNITS: [&str; 3] = ["yinxin.service", "yinxin-maker.service", "yinxin-signer.service"];
/// Exposure in tenths, of a hundred, that `systemd-analyze security` may find at most.
const EXPOSURE: &str = "15";

fn packaging(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packaging").join(path)
}

fn text(path: &str) -> String {
    std::fs::read_to_string(packaging(path)).unwrap()
}

/// Runs a checker of systemd; `None`, loudly, where it is not installed.
fn checker(program: &str, arguments: &[&str]) -> Option<Output> {
    match Command::new(program).args(arguments).output() {
        Ok(output) => Some(output),
        Err(error) => {
            println!("{program} CANNOT RUN ({error}): THE UNITS WERE NOT CHECKED BY IT");
            None
        }
    }
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// The units with a program that exists, for checkers that look for it.
fn units_with_a_program() -> (tempfile::TempDir, Vec<PathBuf>) {
    let dir = tempfile::tempdir().unwrap();
    let paths = UNITS.iter().map(|unit| {
        let path = dir.path().join(unit);
        let text = text(&format!("systemd/{unit}")).replace("/usr/bin/yinxin", "/usr/bin/true");
        std::fs::write(&path, text).unwrap();
        path
    });
    let paths = paths.collect();
    (dir, paths)
}

#[test]
fn systemd_accepts_the_units_without_a_word() {
    let (_dir, paths) = units_with_a_program();
    for path in paths {
        let Some(output) = checker("systemd-analyze", &["verify", "--man=no", path.to_str().unwrap()]) else {
            return;
        };
        assert!(output.status.success() && said(&output).is_empty(), "{}", said(&output));
    }
}

#[test]
fn systemd_finds_a_unit_that_is_wrong() {
    let (dir, paths) = units_with_a_program();
    let wrong = dir.path().join("wrong.service");
    std::fs::write(
        &wrong,
        std::fs::read_to_string(&paths[0]).unwrap() + "\n[Service]\nProtectSytem=strict\n",
    )
    .unwrap();
    let Some(output) = checker("systemd-analyze", &["verify", "--man=no", wrong.to_str().unwrap()]) else {
        return;
    };
    assert!(said(&output).contains("ProtectSytem"), "the check above can fail: {}", said(&output));
}

#[test]
fn units_are_hardened_by_the_measure_of_systemd() {
    let (_dir, paths) = units_with_a_program();
    for path in paths {
        let path = path.to_str().unwrap();
        let arguments = ["security", "--offline=true", "--no-pager", "--threshold", EXPOSURE, path];
        let Some(output) = checker("systemd-analyze", &arguments) else { return };
        assert!(output.status.success(), "{}", said(&output));
    }
}

#[test]
fn every_user_and_folder_of_a_unit_is_made_by_the_package() {
    let (users, folders) = (text("systemd/yinxin.sysusers.conf"), text("systemd/yinxin.tmpfiles.conf"));
    for unit in UNITS {
        let unit = text(&format!("systemd/{unit}"));
        let value = |key: &str| {
            let line = unit.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('='));
            line.unwrap_or_else(|| panic!("{key}")).to_owned()
        };
        let user = value("User");
        assert!(users.lines().any(|line| line.split_whitespace().nth(1) == Some(&user)), "{user}");
        let made = |path: &str| folders.lines().any(|line| line.split_whitespace().nth(1) == Some(path));
        assert!(made(&format!("/var/lib/{}", value("StateDirectory"))));
        let config = value("ConditionPathExists");
        assert!(made(Path::new(&config).parent().unwrap().to_str().unwrap()));
        assert!(value("ExecStart").ends_with(&format!("--config {config}")));
    }
}

#[test]
fn stop_outlasts_the_grace_of_the_service() {
    let grace = yinxin_server::config::Config::default().limits.stop_grace_seconds;
    for unit in UNITS {
        let unit = text(&format!("systemd/{unit}"));
        let stop = unit.lines().find_map(|line| line.strip_prefix("TimeoutStopSec=")).unwrap();
        assert!(stop.parse::<u32>().unwrap() > grace);
    }
}

#[test]
fn container_runs_as_nobody_special_and_asks_the_doctor() {
    let text = text("container/Containerfile");
    let last_user = text.lines().rfind(|line| line.starts_with("USER ")).unwrap();
    assert_eq!(last_user, "USER 10001:10001");
    assert!(
        text.contains("CMD [\"/usr/bin/yinxin\", \"doctor\", \"--config\", \"/etc/yinxin/yinxin.toml\"]")
    );
    assert!(text.contains("ENTRYPOINT [\"/usr/bin/yinxin\"]"));
    for from in text.lines().filter(|line| line.starts_with("FROM ")) {
        let image = from.split_whitespace().nth(1).unwrap();
        let tag = image.rsplit_once(':').map(|(_, tag)| tag);
        assert!(tag.is_some_and(|tag| tag != "latest"), "{image}");
    }
    assert!(text.contains("--locked"));
}
