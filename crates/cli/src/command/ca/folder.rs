//! The folder of the test CA: where things lie, and one user at a time.

use std::fs::File;
use std::path::{Path, PathBuf};

use yinxin_formats::pem;
use yinxin_formats::x509::Certificate;

use super::Level;
use super::authority::Authority;
use super::state::State;
use crate::failure::Failure;
use crate::keys::{self, PasswordArgs};
use crate::{files, trust};

/// The folder, held by this process alone until dropped.
#[derive(Debug)]
pub struct Folder {
    root: PathBuf,
    _lock: File,
}

impl Folder {
    /// Makes the folders of a new CA. One that exists must be empty.
    pub fn create(root: &Path) -> Result<Self, Failure> {
        let wrong = |e: std::io::Error| Failure::new("CA_FOLDER", format!("{}: {e}", root.display()));
        if root.exists() {
            let used = std::fs::read_dir(root).map_err(wrong)?.next().is_some();
            if used {
                let detail = format!(
                    "{}：目录不是空的，不覆盖 / the folder is not empty and is left alone",
                    root.display()
                );
                return Err(Failure::new("CA_FOLDER_NOT_EMPTY", detail));
            }
        }
        for part in ["private", "trust", "crl", "issued"] {
            std::fs::create_dir_all(root.join(part)).map_err(wrong)?;
        }
        owner_only(&root.join("private")).map_err(wrong)?;
        Self::lock(root)
    }

    /// Opens an existing one.
    pub fn open(root: &Path) -> Result<Self, Failure> {
        if root.join("ca.json").is_file() {
            return Self::lock(root);
        }
        let detail = format!(
            "{}：不是测试证书机构的目录，请先运行 yinxin ca init / not the folder of a test CA: run yinxin ca init first",
            root.display()
        );
        Err(Failure::new("CA_FOLDER_UNKNOWN", detail))
    }

    fn lock(root: &Path) -> Result<Self, Failure> {
        let path = root.join("private").join("lock");
        let wrong = |e: std::io::Error| Failure::new("CA_LOCK", format!("{}: {e}", path.display()));
        let lock = File::create(&path).map_err(wrong)?;
        lock.lock().map_err(wrong)?;
        Ok(Self { root: root.to_owned(), _lock: lock })
    }

    /// A path inside.
    pub fn path(&self, inside: impl AsRef<Path>) -> PathBuf {
        self.root.join(inside)
    }

    /// Certificate of an authority.
    pub fn certificate_path(&self, level: Level) -> PathBuf {
        self.path(format!("trust/{}.pem", level.word()))
    }

    /// Encrypted key of an authority.
    pub fn key_path(&self, level: Level) -> PathBuf {
        self.path(format!("private/{}.key", level.word()))
    }

    /// Current revocation list of an authority.
    pub fn crl_path(&self, level: Level) -> PathBuf {
        self.path(format!("crl/{}.crl", level.word()))
    }

    /// Reads what the CA remembers.
    pub fn state(&self) -> Result<State, Failure> {
        State::from_json(&files::read(&self.path("ca.json"))?)
    }

    /// Remembers.
    pub fn save(&self, state: &State) -> Result<(), Failure> {
        files::write(&self.path("ca.json"), &state.to_json()?)
    }

    /// Loads an authority with its key.
    pub fn authority(&self, level: Level, password: &PasswordArgs) -> Result<Authority, Failure> {
        let certificate = trust::certificate(&self.certificate_path(level))?;
        let key = keys::load(&self.key_path(level), password)?;
        Ok(Authority { certificate, key })
    }
}

/// PEM of a certificate.
pub fn to_pem(certificate: &Certificate) -> String {
    pem::encode("CERTIFICATE", certificate.raw())
}

#[cfg(unix)]
fn owner_only(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
fn owner_only(_: &Path) -> std::io::Result<()> {
    Ok(())
}
