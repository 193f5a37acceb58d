//! Stores, keys and contents for the tests of documents.
#![allow(dead_code, reason = "each test file uses its part")]

use std::path::{Path, PathBuf};

use axum::body::Bytes;
use yinxin_server::config::{Config, DocumentsConfig, DocumentsKind, S3Config, SecretSource};
use yinxin_server::documents::{Digest, DocumentError, DocumentKeys, Documents};
use zeroize::Zeroizing;

/// Key number `number`, made of its own number.
pub fn key(number: u32) -> Zeroizing<[u8; 16]> {
    Zeroizing::new([u8::try_from(number).unwrap() ^ 0x5a; 16])
}

/// One key.
pub fn keys() -> DocumentKeys {
    DocumentKeys::new(1, key(1))
}

/// A store in a folder.
pub fn folder(path: &Path) -> Documents {
    folder_with(path, keys())
}

/// A store in a folder with these keys.
pub fn folder_with(path: &Path, keys: DocumentKeys) -> Documents {
    let config = DocumentsConfig {
        kind: DocumentsKind::Folder,
        folder: path.to_owned(),
        ..Config::default().documents
    };
    Documents::open(&config, keys).unwrap()
}

/// A store in a bucket of a test service; the secrets are files in `dir`.
pub fn bucket(
    dir: &Path,
    endpoint: &str,
    bucket: &str,
    prefix: Option<&str>,
) -> Result<Documents, DocumentError> {
    let secret = |name: &str| {
        let path = dir.join(name);
        std::fs::write(&path, format!("test-{name}\n")).unwrap();
        Some(SecretSource::File(path))
    };
    let config = DocumentsConfig {
        kind: DocumentsKind::S3,
        folder: PathBuf::new(),
        s3: S3Config {
            endpoint: Some(endpoint.to_owned()),
            bucket: Some(bucket.to_owned()),
            region: "us-east-1".to_owned(),
            prefix: prefix.map(str::to_owned),
            access_key: secret("access"),
            secret_key: secret("secret"),
        },
    };
    Documents::open(&config, keys())
}

/// Content of a length, never the same byte in long rows.
pub fn content(len: usize) -> Bytes {
    (0..len).map(|i| u8::try_from((i * 31 + i / 251) % 256).unwrap()).collect::<Vec<u8>>().into()
}

/// The file of a document in a folder.
pub fn file_of(root: &Path, digest: Digest) -> PathBuf {
    let name = digest.to_string();
    root.join("sm3").join(&name[..2]).join(&name[2..4]).join(name)
}
