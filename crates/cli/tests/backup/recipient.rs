//! Backups that only the holder of a private key can read, and master keys kept apart.

use std::path::Path;
use std::process::Command;

use crate::at::{Shelf, data, said};
use crate::base::Base;
use crate::source::started;
use crate::town;

/// An SM2 key pair made by OpenSSL.
fn key_pair(shelf: &Shelf, name: &str) {
    let run = |arguments: &[&str]| {
        let output =
            Command::new("openssl").args(arguments).current_dir(shelf.folder.path()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    let (key, public) = (format!("{name}.key"), format!("{name}.pem"));
    run(&["genpkey", "-algorithm", "SM2", "-out", &key]);
    run(&["pkey", "-in", &key, "-pubout", "-out", &public]);
}

#[test]
fn a_backup_for_a_recipient_opens_with_his_key_only() {
    let service = started();
    let shelf = Shelf::new();
    key_pair(&shelf, "keeper");
    key_pair(&shelf, "stranger");
    let take = |name: &str, since: Option<&str>| {
        let mut command = service.command_of(&["--json", "backup", "--out"]);
        command.arg(shelf.path(name)).arg("--to").arg(shelf.path("keeper.pem"));
        if let Some(since) = since {
            command.arg("--since").arg(shelf.path(since));
        }
        said(&mut command).ok()
    };
    take("full", None);
    // The machine that takes them cannot read them, and takes incremental ones all the same.
    take("next", Some("full"));
    let restore = |key: &Path| {
        let target = town::service(&Base::Sqlite);
        let mut command = target.command_of(&["--json", "restore", "--from"]);
        command.arg(shelf.path("full")).arg(shelf.path("next"));
        command.arg("--into").arg(data(&target)).arg("--key").arg(key);
        let said = said(&mut command);
        (target, said)
    };
    assert_eq!(restore(&shelf.path("stranger.key")).1.refused(), "BACKUP_KEY");
    let target = town::service(&Base::Sqlite);
    assert_eq!(said(&mut shelf.restore(&target, &["full", "next"])).refused(), "BACKUP_KEY");
    let (target, said) = restore(&shelf.path("keeper.key"));
    said.ok();
    assert!(target.start().stop().success());
}

#[test]
fn a_master_key_kept_apart_is_needed_and_must_be_the_right_one() {
    let service = started();
    let shelf = Shelf::new();
    let taken = said(shelf.backup(&service, "full", None).arg("--without-keys")).ok();
    assert_eq!(taken["master_key"], false);
    let key = Path::new("keys/master.key");
    let target = town::service(&Base::Sqlite);
    assert_eq!(said(&mut shelf.restore(&target, &["full"])).refused(), "MASTER_KEY_FILE_MISSING");
    let put = |from: &Path| {
        std::fs::create_dir_all(data(&target).join("keys")).unwrap();
        std::fs::copy(from, data(&target).join(key)).unwrap();
    };
    let other = started();
    put(&data(&other).join(key));
    assert_eq!(said(&mut shelf.restore(&target, &["full"])).refused(), "RESTORE_MASTER_KEY");
    put(&data(&service).join(key));
    shelf.restored(&target, &["full"]);
    assert!(target.start().stop().success());
}

#[test]
fn a_signature_of_somebody_else_is_refused_where_the_signer_is_known() {
    let (service, other) = (started(), started());
    let shelf = Shelf::new();
    shelf.take(&service, "full", None);
    shelf.take(&other, "other", None);
    let target = town::service(&Base::Sqlite);
    let signer = |of: &str| shelf.path(of).join("signer.pem");
    let one = |of: &str| {
        // The first certificate only: the rest of the file are its issuers.
        let text = std::fs::read_to_string(signer(of)).unwrap();
        let end = text.find("-----END CERTIFICATE-----").unwrap() + "-----END CERTIFICATE-----".len();
        std::fs::write(shelf.path("signer-of.pem"), format!("{}\n", &text[..end])).unwrap();
        shelf.path("signer-of.pem")
    };
    let refused = said(shelf.restore(&target, &["full"]).arg("--signer").arg(one("other"))).refused();
    assert_eq!(refused, "BACKUP_SIGNER");
    said(shelf.restore(&target, &["full"]).arg("--signer").arg(one("full"))).ok();
}
