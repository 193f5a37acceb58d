//! What a registry must do with every document, done by a program without one: the document is read from a folder where it lies encrypted
//! and its digest is proved; what is sealed gets a digest, is encrypted and lies safely on the disk before anything more happens. Of a
//! document that is verified the digest and the report are noted, safely on the disk too.

use std::fs::File;
use std::io::Write as _;
use std::sync::Mutex;
use yinxin_server::config::Config;
use yinxin_server::documents::{Digest, DocumentKeys, Documents};

/// A folder of documents with one in it.
pub struct Kept {
    documents: Documents,
    digest: Digest,
    runtime: tokio::runtime::Runtime,
    notes: Mutex<File>,
    _folder: tempfile::TempDir,
}

impl Kept {
    pub fn new(document: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = Config::defaults_in(folder.path()).documents;
        let documents = Documents::open(&config, DocumentKeys::new(1, [7; 16].into())).unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
        let put = documents.put(document.to_vec().into(), "application/ofd");
        let digest = runtime.block_on(put).unwrap().digest;
        let notes = Mutex::new(File::create(folder.path().join("verifications")).unwrap());
        Self { documents, digest, runtime, notes, _folder: folder }
    }

    /// The document.
    pub fn read(&self) -> impl std::ops::Deref<Target = [u8]> + use<> {
        self.documents.local().unwrap().get_small(self.digest).unwrap()
    }

    /// Keeps a sealed one.
    pub fn keep(&self, sealed: Vec<u8>) {
        let digest = Digest::of(&sealed);
        match self.documents.local().unwrap().encrypt(digest, &sealed).unwrap() {
            Some(encrypted) => {
                self.runtime.block_on(self.documents.put_encrypted(encrypted, "application/ofd"))
            }
            None => self.runtime.block_on(self.documents.put_as(digest, sealed.into(), "application/ofd")),
        }
        .unwrap();
    }

    /// Notes the report on a document that was verified.
    pub fn note(&self, report: &serde_json::Value) {
        let mut line = report.to_string();
        line.push('\n');
        let mut notes = self.notes.lock().unwrap();
        notes.write_all(line.as_bytes()).unwrap();
        notes.sync_data().unwrap();
    }
}
