//! Opens the folder or bucket that documents are kept in.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::{BackoffConfig, ClientOptions, ObjectStore, RetryConfig};

use super::DocumentError;
use crate::config::{S3Config, SecretSource};

/// A folder, made if absent; every write is synced to disk before it counts as done.
pub(super) fn folder(path: &Path) -> Result<Arc<dyn ObjectStore>, DocumentError> {
    let fail = |error: String| DocumentError::Setup { reason: format!("{}: {error}", path.display()) };
    make_private(path).map_err(|error| fail(error.to_string()))?;
    let store = LocalFileSystem::new_with_prefix(path).map_err(|error| fail(error.to_string()))?;
    Ok(Arc::new(store.with_fsync(true)))
}

/// Makes a folder that only its owner may enter.
fn make_private(path: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// A bucket of an S3-compatible service. Nothing is sent yet.
pub(super) fn s3(config: &S3Config) -> Result<Arc<dyn ObjectStore>, DocumentError> {
    let setup = |reason: String| DocumentError::Setup { reason };
    let secret = |source: &Option<SecretSource>, key: &str| match source {
        Some(source) => source.read().map_err(|error| setup(error.to_string())),
        None => Err(setup(format!("documents.s3.{key} is not set"))),
    };
    let access = secret(&config.access_key, "access_key")?;
    let key = secret(&config.secret_key, "secret_key")?;
    let bucket = config.bucket.as_ref().ok_or_else(|| setup("documents.s3.bucket is not set".to_owned()))?;
    // The library would try for three minutes; a caller is better told to come back.
    let retry = RetryConfig {
        backoff: BackoffConfig {
            init_backoff: Duration::from_millis(100),
            max_backoff: Duration::from_secs(1),
            base: 2.0,
        },
        max_retries: 2,
        retry_timeout: Duration::from_secs(8),
    };
    let options = ClientOptions::new()
        .with_connect_timeout(Duration::from_secs(3))
        .with_timeout(Duration::from_secs(20))
        .with_allow_http(config.endpoint.as_deref().is_some_and(|endpoint| endpoint.starts_with("http://")));
    let mut builder = AmazonS3Builder::new()
        .with_bucket_name(bucket)
        .with_region(&config.region)
        .with_access_key_id(access.reveal())
        .with_secret_access_key(key.reveal())
        .with_client_options(options)
        .with_retry(retry);
    if let Some(endpoint) = &config.endpoint {
        builder = builder.with_endpoint(endpoint);
    }
    // The library's HTTP client takes the TLS of the process. Whoever was first is as good: there is only one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    // The builder's error may repeat its settings, and so the key.
    let store =
        builder.build().map_err(|_| setup(format!("bucket {bucket}: endpoint or region cannot be used")))?;
    Ok(Arc::new(store))
}
