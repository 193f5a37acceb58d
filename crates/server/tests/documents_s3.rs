//! The document store in a bucket: against a service of our own that misbehaves, and against a real test double.
//!
//! Tests named `s3_…` need the address of an S3-compatible test service in `YINXIN_TEST_S3` and say so loudly without it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "tests"
)]

mod documents_support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::http::{Method, StatusCode};
use documents_support::{bucket, content};
use futures_util::TryStreamExt;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::{ObjectStoreExt, PutPayload};
use yinxin_server::documents::{Digest, DocumentError};

/// A service that answers everything with one status and body, except that it knows of no object when merely asked.
struct Misbehaving {
    endpoint: String,
    requests: Arc<AtomicUsize>,
}

async fn misbehaving(status: StatusCode, body: &'static str) -> Misbehaving {
    let requests = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&requests);
    let app = Router::new().fallback(move |method: Method| {
        counter.fetch_add(1, Ordering::SeqCst);
        async move { if method == Method::HEAD { (StatusCode::NOT_FOUND, "") } else { (status, body) } }
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    Misbehaving { endpoint, requests }
}

#[tokio::test]
async fn service_that_cannot_be_reached_is_unavailable_within_seconds() {
    let dir = tempfile::tempdir().unwrap();
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for scheme in ["http", "https"] {
        let store = bucket(dir.path(), &format!("{scheme}://{closed}"), "documents", None).unwrap();
        let start = Instant::now();
        let error = store.put(content(10), "text/plain").await.unwrap_err();
        assert!(matches!(error, DocumentError::Unavailable { .. }), "{error:?}");
        assert!(start.elapsed() < Duration::from_secs(15), "{:?}", start.elapsed());
    }
}

#[tokio::test]
async fn full_service_is_full_and_a_failing_one_is_unavailable() {
    let dir = tempfile::tempdir().unwrap();
    let cases = [
        (StatusCode::INSUFFICIENT_STORAGE, "", "DOCUMENTS_FULL"),
        (
            StatusCode::BAD_REQUEST,
            "<Error><Code>XMinioStorageFull</Code><Message>Storage backend has reached its minimum free drive threshold.</Message></Error>",
            "DOCUMENTS_FULL",
        ),
        (StatusCode::SERVICE_UNAVAILABLE, "", "DOCUMENTS_UNAVAILABLE"),
        (StatusCode::FORBIDDEN, "<Error><Code>AccessDenied</Code></Error>", "DOCUMENTS_UNAVAILABLE"),
        (StatusCode::NOT_FOUND, "<Error><Code>NoSuchBucket</Code></Error>", "DOCUMENTS_UNAVAILABLE"),
    ];
    for (status, body, code) in cases {
        let service = misbehaving(status, body).await;
        let store = bucket(dir.path(), &service.endpoint, "documents", None).unwrap();
        let error = store.put(content(10), "text/plain").await.unwrap_err();
        assert_eq!(error.code(), code, "{status} {body}: {error}");
        let error = store.get(Digest::of(b"x")).await.unwrap_err();
        assert_ne!(error.code(), "DOCUMENT_NOT_FOUND", "{status}: an absent store is not an absent document");
        assert!(service.requests.load(Ordering::SeqCst) > 0);
    }
}

#[tokio::test]
async fn what_a_service_repeats_of_our_credentials_is_not_told() {
    let dir = tempfile::tempdir().unwrap();
    let body =
        "<Error><Code>SignatureDoesNotMatch</Code><AWSAccessKeyId>test-access</AWSAccessKeyId></Error>";
    let service = misbehaving(StatusCode::FORBIDDEN, body).await;
    let store = bucket(dir.path(), &service.endpoint, "documents", None).unwrap();
    let error = store.put(content(10), "text/plain").await.unwrap_err();
    let shown = format!("{error} {error:?} {store:?}");
    assert!(!shown.contains("test-access") && !shown.contains("test-secret"), "{shown}");
}

#[test]
fn bucket_without_its_secrets_is_refused_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let mut config = yinxin_server::config::Config::default().documents;
    config.kind = yinxin_server::config::DocumentsKind::S3;
    config.s3.bucket = Some("documents".to_owned());
    config.s3.access_key = Some(yinxin_server::config::SecretSource::File(dir.path().join("none")));
    let error = yinxin_server::documents::Documents::open(&config, documents_support::keys()).unwrap_err();
    assert_eq!(error.code(), "DOCUMENTS_SETUP");
    assert!(error.to_string().contains("none"), "{error}");
}

/// Address of the test service, and a new bucket there; `None`, loudly, without one.
fn test_service(test: &str) -> Option<(String, String)> {
    let Some(endpoint) = std::env::var("YINXIN_TEST_S3").ok().filter(|value| !value.is_empty()) else {
        println!("S3 TEST SERVICE ABSENT, {test} PROVED NOTHING (set YINXIN_TEST_S3=http://127.0.0.1:PORT)");
        return None;
    };
    let endpoint = endpoint.trim_end_matches('/').to_owned();
    let name = format!("yinxin-{}-{}", test.replace('_', "-"), std::process::id());
    ureq::put(format!("{endpoint}/{name}")).send_empty().expect("the test service makes a bucket");
    Some((endpoint, name))
}

/// The bucket without us in front.
fn raw_store(endpoint: &str, name: &str) -> AmazonS3 {
    let builder = AmazonS3Builder::new().with_endpoint(endpoint).with_bucket_name(name).with_allow_http(true);
    builder.with_access_key_id("test-access").with_secret_access_key("test-secret").build().unwrap()
}

#[tokio::test]
async fn s3_content_comes_back_whole_and_encrypted() {
    let Some((endpoint, name)) = test_service("whole") else { return };
    let dir = tempfile::tempdir().unwrap();
    for prefix in [None, Some("registry/documents")] {
        let store = bucket(dir.path(), &endpoint, &name, prefix).unwrap();
        let mut digests = Vec::new();
        for len in [0, 1, 65_536, 300_001] {
            let kept = store.put(content(len), "application/pdf").await.unwrap();
            assert_eq!(store.get(kept.digest).await.unwrap().as_slice(), content(len));
            let (size, pieces) = store.get_stream(kept.digest).await.unwrap();
            let pieces: Vec<_> = pieces.try_collect().await.unwrap();
            assert_eq!((size, pieces.concat().as_slice()), (len as u64, content(len).as_ref()));
            assert_eq!(store.put(content(len), "application/pdf").await.unwrap(), kept);
            digests.push(kept.digest);
        }
        let mut listed: Vec<Digest> = store.list().map_ok(|one| one.digest).try_collect().await.unwrap();
        listed.sort();
        digests.sort();
        assert_eq!(listed, digests);
        let text = digests[3].to_string();
        let key = format!(
            "{}sm3/{}/{}/{text}",
            prefix.map(|p| format!("{p}/")).unwrap_or_default(),
            &text[..2],
            &text[2..4]
        );
        let raw = raw_store(&endpoint, &name).get(&key.into()).await.unwrap().bytes().await.unwrap();
        assert!(raw.starts_with(b"YXDOC"));
    }
}

#[tokio::test]
async fn s3_absent_removed_and_damaged_documents_are_told_apart() {
    let Some((endpoint, name)) = test_service("apart") else { return };
    let dir = tempfile::tempdir().unwrap();
    let store = bucket(dir.path(), &endpoint, &name, None).unwrap();
    assert!(store.is_new().await.unwrap());
    store.probe().await.unwrap();
    assert!(!store.is_new().await.unwrap());
    let nowhere = Digest::of(b"never put");
    assert!(matches!(store.get(nowhere).await, Err(DocumentError::NotFound(_))));
    assert!(!store.exists(nowhere).await.unwrap());
    let kept = store.put(content(100), "text/plain").await.unwrap();
    let text = kept.digest.to_string();
    let object = format!("sm3/{}/{}/{text}", &text[..2], &text[2..4]);
    raw_store(&endpoint, &name).put(&object.into(), PutPayload::from_static(b"rubbish")).await.unwrap();
    assert!(matches!(store.get(kept.digest).await, Err(DocumentError::Integrity { .. })));
    store.put(content(100), "text/plain").await.unwrap();
    assert_eq!(store.get(kept.digest).await.unwrap().as_slice(), content(100));
    store.delete(kept.digest).await.unwrap();
    store.delete(kept.digest).await.unwrap();
    assert!(matches!(store.get(kept.digest).await, Err(DocumentError::NotFound(_))));
}

#[tokio::test]
async fn s3_absent_bucket_is_unavailable_not_empty() {
    let Some((endpoint, name)) = test_service("bucket") else { return };
    let dir = tempfile::tempdir().unwrap();
    let store = bucket(dir.path(), &endpoint, &format!("{name}-absent"), None).unwrap();
    for error in [
        store.put(content(1), "text/plain").await.unwrap_err(),
        store.get(Digest::of(b"x")).await.map(drop).unwrap_err(),
        store.probe().await.unwrap_err(),
    ] {
        assert!(matches!(error, DocumentError::Unavailable { .. }), "{error:?}");
    }
}
