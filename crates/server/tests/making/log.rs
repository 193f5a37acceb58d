//! The work log on disk.

use std::os::unix::fs::PermissionsExt;

use yinxin_server::making::log::{FileLog, LogError, Step, WorkLog};

use crate::sample::{SEAL, now};

fn log() -> (tempfile::TempDir, FileLog) {
    let folder = tempfile::tempdir().unwrap();
    let log = FileLog::open(&folder.path().join("log")).unwrap();
    (folder, log)
}

#[test]
fn an_approval_serves_one_seal_and_the_same_seal_again() {
    let (folder, log) = log();
    assert_eq!(log.claimed("a", "1").unwrap(), None);
    log.claim("a", "1", SEAL).unwrap();
    log.claim("a", "1", SEAL).unwrap();
    assert!(matches!(log.claim("a", "1", "seal_2"), Err(LogError::ApprovalUsed(by)) if by == SEAL));
    // Numbers are unique for their authority only, and the two parts cannot be shifted against each other.
    log.claim("b", "1", "seal_2").unwrap();
    log.claim("a1", "", "seal_3").unwrap();
    let again = FileLog::open(&folder.path().join("log")).unwrap();
    assert_eq!(again.claimed("a", "1").unwrap().as_deref(), Some(SEAL));
}

#[test]
fn many_at_once_agree_who_has_an_approval() {
    let (_folder, log) = log();
    let log = std::sync::Arc::new(log);
    let tasks: Vec<_> = (0..8)
        .map(|n| {
            let log = log.clone();
            std::thread::spawn(move || log.claim("a", "1", &format!("seal_{n}")).is_ok())
        })
        .collect();
    let won = tasks.into_iter().map(|t| t.join().unwrap()).filter(|ok| *ok).count();
    assert_eq!(won, 1);
}

#[test]
fn reading_does_not_need_the_lock_and_files_are_private() {
    let (folder, log) = log();
    assert!(log.read(SEAL).unwrap().is_empty());
    let mut order = log.open(SEAL).unwrap();
    order.append(Step::Refused { at: now(), code: "X".into() }).unwrap();
    assert_eq!(log.read(SEAL).unwrap().len(), 1);
    assert_eq!(log.open(SEAL).err().unwrap().code(), "JOURNAL_BUSY");
    let path = folder.path().join(format!("log/orders/{SEAL}.jsonl"));
    assert_eq!(std::fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn rejects_identifiers_that_could_leave_the_folder() {
    let (_folder, log) = log();
    for bad in ["", "..", "a/b", "A", "a.b", "长"] {
        assert!(matches!(log.open(bad), Err(LogError::Id)), "{bad}");
        assert!(matches!(log.claim("a", "1", bad), Err(LogError::Id)), "{bad}");
    }
}

#[test]
fn an_altered_log_stops_the_order() {
    let (folder, log) = log();
    let mut order = log.open(SEAL).unwrap();
    order.append(Step::Refused { at: now(), code: "X".into() }).unwrap();
    drop(order);
    let path = folder.path().join(format!("log/orders/{SEAL}.jsonl"));
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("\"X\"", "\"Y\"")).unwrap();
    assert_eq!(log.open(SEAL).err().unwrap().code(), "JOURNAL_DAMAGED");
    assert_eq!(log.read(SEAL).unwrap_err().code(), "JOURNAL_DAMAGED");
}
