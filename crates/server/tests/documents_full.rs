//! A full disk, made for the purpose: a small file system in a mount namespace of its own.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "tests"
)]

mod documents_support;

use std::path::Path;
use std::process::Command;

use documents_support::{content, folder};
use yinxin_server::documents::{Digest, DocumentError};
use yinxin_testkit::folder::files;

const PLACE: &str = "YINXIN_TEST_SMALL_DISK";
/// Mounts a file system of one mebibyte at the first argument and runs the rest there.
const MOUNT: &str = "mount -t tmpfs -o size=1m tmpfs \"$1\" && shift && exec \"$@\"";

/// A command that runs `program` where `place` is a small file system.
fn on_small_disk(place: &Path, program: &Path) -> Command {
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user", "--mount", "sh", "-c", MOUNT, "sh"]).arg(place).arg(program);
    command
}

#[test]
fn full_disk_is_told_keeps_nothing_half_and_heals_by_itself() {
    let dir = tempfile::tempdir().unwrap();
    let possible =
        on_small_disk(dir.path(), Path::new("true")).output().is_ok_and(|done| done.status.success());
    if !possible {
        println!("NO MOUNT NAMESPACES HERE: THE FULL DISK WAS NOT TESTED");
        return;
    }
    let this = std::env::current_exe().unwrap();
    let done = on_small_disk(dir.path(), &this)
        .args(["--exact", "inside_the_small_disk", "--ignored", "--nocapture"])
        .env(PLACE, dir.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success(), "{said}{}", String::from_utf8_lossy(&done.stderr));
    assert!(said.contains("1 passed"), "{said}");
}

#[tokio::test]
#[ignore = "run by the test above, on a small file system"]
async fn inside_the_small_disk() {
    let root = std::env::var_os(PLACE).expect("run by the test above");
    let root = Path::new(&root);
    let store = folder(root);
    let small = store.put(content(1000), "text/plain").await.unwrap();
    let big = content(800 * 1024);
    let kept = store.put(big.clone(), "text/plain").await.unwrap();
    let before = files(root);

    let another = content(700 * 1024);
    for _ in 0..3 {
        let error = store.put(another.clone(), "text/plain").await.unwrap_err();
        assert!(matches!(error, DocumentError::Full { .. }), "{error:?}");
        assert_eq!(error.code(), "DOCUMENTS_FULL");
    }
    assert_eq!(files(root), before, "nothing half-written stays");
    assert!(!store.exists(Digest::of(&another)).await.unwrap());
    assert_eq!(store.get(small.digest).await.unwrap().as_slice(), content(1000), "reading goes on");

    // Not one page is left: the probe, too, must say so.
    let rest = std::fs::File::create(root.join("filler")).unwrap();
    let _ = std::io::copy(&mut std::io::repeat(0), &mut &rest);
    assert!(matches!(store.probe().await, Err(DocumentError::Full { .. })));
    std::fs::remove_file(root.join("filler")).unwrap();

    store.delete(kept.digest).await.unwrap();
    store.probe().await.unwrap();
    let kept = store.put(another.clone(), "text/plain").await.unwrap();
    assert_eq!(store.get(kept.digest).await.unwrap().as_slice(), another);
}
