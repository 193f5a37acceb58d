//! Backups that somebody touched, and registries that somebody touched before.

use std::path::Path;
use std::process::Command;

use yinxin_testkit::process::Service;

use crate::at::{Shelf, copy, data, finding, said};
use crate::base::Base;
use crate::faketime::library;
use crate::source::{filler, sql, started};
use crate::town;

/// Bytes of a whole encrypted chunk.
const CHUNK: usize = 64 * 1024 + 16;

#[test]
fn a_touched_backup_is_refused_and_nothing_is_written() {
    let service = started();
    filler(&service, 400, 1000);
    let shelf = Shelf::new();
    shelf.take(&service, "full", None);
    assert!(service.start().stop().success());
    shelf.take(&service, "next", Some("full"));
    said(shelf.verify(&service, &["full", "next"]).arg("--password-file").arg(shelf.path("password"))).ok();

    let refuse = |code: &str, names: &[&str], what: &str| {
        let target = town::service(&Base::Sqlite);
        let said = said(&mut shelf.restore(&target, names));
        assert_eq!(said.refused(), code, "{what}");
        let left: Vec<_> = std::fs::read_dir(data(&target)).unwrap().collect();
        assert!(left.is_empty(), "{what}: {left:?}");
    };
    let touch = |what: &str, change: &dyn Fn(&Path)| {
        let folder = shelf.path(what);
        copy(&shelf.path("full"), &folder);
        change(&folder);
    };
    let alter = |path: &Path, at: usize| {
        let mut bytes = std::fs::read(path).unwrap();
        let at = at.min(bytes.len() - 1);
        bytes[at] ^= 1;
        std::fs::write(path, bytes).unwrap();
    };
    touch("byte", &|f| alter(&f.join("tables/account"), 100));
    refuse("BACKUP_DAMAGED", &["byte"], "a changed byte");
    touch("keys-byte", &|f| alter(&f.join("keys"), usize::MAX));
    refuse("BACKUP_DAMAGED", &["keys-byte"], "a changed byte of the keys");
    touch("missing", &|f| std::fs::remove_file(f.join("tables/audit")).unwrap());
    refuse("BACKUP_DAMAGED", &["missing"], "a missing file");
    touch("swapped", &|f| {
        let bytes = std::fs::read(f.join("tables/job")).unwrap();
        assert!(bytes.len() > 8 + 2 * CHUNK, "{}", bytes.len());
        let (head, rest) = bytes.split_at(8);
        let (one, rest) = rest.split_at(CHUNK);
        let (two, rest) = rest.split_at(CHUNK);
        std::fs::write(f.join("tables/job"), [head, two, one, rest].concat()).unwrap();
    });
    refuse("BACKUP_DAMAGED", &["swapped"], "chunks in another order");
    touch("cut", &|f| {
        let bytes = std::fs::read(f.join("tables/job")).unwrap();
        std::fs::write(f.join("tables/job"), &bytes[..8 + CHUNK]).unwrap();
    });
    refuse("BACKUP_DAMAGED", &["cut"], "a file cut off at a chunk");
    touch("manifest", &|f| {
        let text = std::fs::read_to_string(f.join("manifest.json")).unwrap();
        assert!(text.contains("\"master_key\":{"), "{text}");
        std::fs::write(f.join("manifest.json"), text.replacen("\"rows\":1", "\"rows\":2", 1)).unwrap();
    });
    refuse("BACKUP_SIGNATURE", &["manifest"], "a changed manifest");
    touch("spaced", &|f| {
        let text = std::fs::read_to_string(f.join("manifest.json")).unwrap();
        std::fs::write(f.join("manifest.json"), text + "\n").unwrap();
    });
    refuse("BACKUP_FORMAT", &["spaced"], "a manifest in another form");
    touch("signature", &|f| alter(&f.join("manifest.sig"), 30));
    refuse("BACKUP_SIGNATURE", &["signature"], "a changed signature");
    touch("unsigned", &|f| std::fs::remove_file(f.join("manifest.sig")).unwrap());
    refuse("BACKUP_NONE", &["unsigned"], "no signature");

    // Files of another backup.
    copy(&shelf.path("next"), &shelf.path("mixed"));
    std::fs::copy(shelf.path("full").join("tables/setting"), shelf.path("mixed").join("tables/setting"))
        .unwrap();
    refuse("BACKUP_DAMAGED", &["full", "mixed"], "a file of the earlier backup in the later one");
    copy(&shelf.path("full"), &shelf.path("older"));
    for name in ["manifest.json", "manifest.sig"] {
        std::fs::copy(shelf.path("next").join(name), shelf.path("older").join(name)).unwrap();
    }
    refuse("BACKUP_CHAIN", &["older"], "the later manifest over the earlier files");
    refuse("BACKUP_CHAIN", &["next"], "an incremental one alone");
    shelf.take(&service, "stranger", None);
    refuse("BACKUP_CHAIN", &["full", "next", "stranger"], "two heads");

    // A machine whose clock stands before the backup would write a past that is still to come.
    let target = town::service(&Base::Sqlite);
    let mut early = shelf.restore(&target, &["full"]);
    early.env("LD_PRELOAD", library()).env("FAKETIME", "-1d");
    assert_eq!(said(&mut early).refused(), "RESTORE_CLOCK");
    assert_eq!(std::fs::read_dir(data(&target)).unwrap().count(), 0);

    std::fs::write(shelf.path("password"), "another password").unwrap();
    refuse("BACKUP_PASSWORD", &["full"], "a wrong password");
}

#[test]
fn a_row_deleted_or_changed_before_the_backup_is_named_by_the_proof() {
    let service = started();
    // Past the product: the triggers go, as somebody with the file can have it.
    sql(&service, "DROP TRIGGER audit_no_delete; DELETE FROM audit WHERE seq = 2");
    sql(&service, "UPDATE account SET body = replace(body, 'security', 'Security') WHERE login = 'security'");
    let shelf = Shelf::new();
    shelf.take(&service, "full", None);
    let target = town::service(&Base::Sqlite);
    let said = said(&mut shelf.restore(&target, &["full"]));
    assert_eq!(said.code, Some(1), "{}", said.words);
    assert_eq!(said.json["holds"], false);
    let (holds, words) = finding(&said.json, "audit");
    assert!(!holds && words.contains("AUDIT_ROWS_DELETED") && words.contains("rows 2 to 2"), "{words}");
    let (holds, words) = finding(&said.json, "row_codes");
    assert!(!holds && words.contains("account acc"), "{words}");
    assert!(finding(&said.json, "documents").0);
    will_not_serve(&target, "restore-unfinished.json");
}

/// A service does not start there, and says why.
pub fn will_not_serve(service: &Service, words: &str) {
    let output = service.command().output().unwrap();
    let text =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(2), "{text}");
    assert!(text.contains(words), "{text}");
}

#[test]
fn only_an_empty_place_is_restored_into() {
    let service = started();
    let shelf = Shelf::new();
    shelf.take(&service, "full", None);
    assert_eq!(said(&mut shelf.restore(&service, &["full"])).refused(), "RESTORE_NOT_EMPTY");
    assert_eq!(said(&mut shelf.backup(&service, "full", None)).refused(), "BACKUP_EXISTS");
    // Nothing happened to it.
    assert!(service.start().stop().success());
    let target = town::service(&Base::Sqlite);
    std::fs::create_dir_all(data(&target).join("documents/sm3")).unwrap();
    std::fs::write(data(&target).join("documents/stray"), "x").unwrap();
    assert_eq!(said(&mut shelf.restore(&target, &["full"])).refused(), "RESTORE_NOT_EMPTY");
    // A backup of another registry is no beginning.
    let other = started();
    assert_eq!(said(&mut shelf.backup(&other, "other", Some("full"))).refused(), "BACKUP_OTHER_REGISTRY");
    assert!(!shelf.path("other").exists());
    std::fs::write(shelf.path("password"), "short").unwrap();
    assert_eq!(said(&mut shelf.backup(&other, "other", None)).refused(), "BACKUP_PASSWORD_SHORT");
}

#[test]
fn openssl_verifies_the_signature_of_the_manifest_and_the_audit_log_names_it() {
    let service = started();
    let shelf = Shelf::new();
    let taken = shelf.take(&service, "full", None);
    let folder = shelf.path("full");
    let openssl = |arguments: &[&str]| {
        let output = Command::new("openssl").args(arguments).current_dir(&folder).output().unwrap();
        (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let (ok, key) = openssl(&["x509", "-in", "signer.pem", "-pubkey", "-noout"]);
    assert!(ok);
    std::fs::write(shelf.path("key.pem"), key).unwrap();
    let key = shelf.path("key.pem").display().to_string();
    let verify =
        ["dgst", "-sm3", "-verify", &key, "-sigopt", "distid:1234567812345678", "-signature", "manifest.sig"];
    let (ok, words) = openssl(&[&verify[..], &["manifest.json"]].concat());
    assert!(ok && words.contains("Verified OK"), "{words}");
    assert!(!openssl(&[&verify[..], &["signer.pem"]].concat()).0);
    // OpenSSL finds the digests that the manifest states, too.
    let manifest: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder.join("manifest.json")).unwrap()).unwrap();
    let stated = manifest["tables"]["audit"]["parts"][0]["file"]["sm3"].as_str().unwrap().to_owned();
    assert!(openssl(&["dgst", "-sm3", "tables/audit"]).1.contains(&stated));
    assert!(openssl(&["dgst", "-sm3", "manifest.json"]).1.contains(taken["manifest"].as_str().unwrap()));
    let base = Base::Sqlite;
    let rows = base.lines(&service, "SELECT hex(content) FROM audit WHERE action = 'backup.take'");
    let digest = hex::encode_upper(taken["manifest"].as_str().unwrap());
    assert!(rows.len() == 1 && rows[0].contains(&digest), "{rows:?}");
    // Nothing of it lies there in clear.
    for file in ["tables/account", "tables/setting", "keys"] {
        let bytes = std::fs::read(folder.join(file)).unwrap();
        let has = |words: &[u8]| bytes.windows(words.len()).any(|part| part == words);
        assert!(!has(b"security") && !has(b"yinxin-master-key") && !has("示例市".as_bytes()), "{file}");
    }
}
