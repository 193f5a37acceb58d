//! The document store in a folder: what is put comes back, or an error says why; nothing lies in clear.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod documents_support;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use documents_support::{content, file_of, folder, folder_with, key, keys};
use futures_util::stream::{self, StreamExt, TryStreamExt};
use yinxin_crypto::sm3;
use yinxin_server::documents::{Digest, DocumentError, DocumentKeys, DocumentRef};
use yinxin_server::http::problem::Problem;
use yinxin_testkit::folder::files;

const CHUNK: usize = 64 * 1024;

#[tokio::test]
async fn content_of_any_length_comes_back_whole_and_in_pieces() {
    let dir = tempfile::tempdir().unwrap();
    let store = folder(dir.path());
    for len in [0, 1, 15, 16, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 5] {
        let content = content(len);
        let kept = store.put(content.clone(), "application/pdf").await.unwrap();
        assert_eq!(kept.digest.as_bytes(), &sm3(&content));
        assert_eq!((kept.size, kept.media_type.as_str()), (len as u64, "application/pdf"));
        assert_eq!(store.get(kept.digest).await.unwrap().as_slice(), content, "{len}");
        let (size, pieces) = store.get_stream(kept.digest).await.unwrap();
        let pieces: Vec<Bytes> = pieces.try_collect().await.unwrap();
        assert_eq!(size, len as u64);
        assert_eq!(pieces.concat(), content);
        assert!(pieces.iter().all(|piece| piece.len() <= CHUNK));
    }
}

#[tokio::test]
async fn nothing_lies_in_clear() {
    let dir = tempfile::tempdir().unwrap();
    let store = folder(dir.path());
    let secret = b"resident id of a sample person ".repeat(4000);
    let kept = store.put(secret.clone().into(), "text/plain").await.unwrap();
    let stored = std::fs::read(file_of(dir.path(), kept.digest)).unwrap();
    assert!(!stored.windows(12).any(|window| window == &secret[..12]));
    // Chunks of equal content differ, and so do two stores of the same content.
    assert_ne!(stored[52..152], stored[52 + CHUNK + 16..152 + CHUNK + 16]);
    let other = tempfile::tempdir().unwrap();
    folder(other.path()).put(secret.into(), "text/plain").await.unwrap();
    assert_ne!(std::fs::read(file_of(other.path(), kept.digest)).unwrap(), stored);
}

#[cfg(unix)]
#[tokio::test]
async fn folder_is_private_to_its_owner() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("a/b");
    folder(&root);
    assert_eq!(std::fs::metadata(&root).unwrap().permissions().mode() & 0o777, 0o700);
}

#[tokio::test]
async fn same_content_is_kept_once_even_when_put_at_the_same_time() {
    let dir = tempfile::tempdir().unwrap();
    let (one, two) = (Arc::new(folder(dir.path())), Arc::new(folder(dir.path())));
    let puts = (0..16).map(|i| {
        let store = Arc::clone(if i % 2 == 0 { &one } else { &two });
        tokio::spawn(async move { store.put(content(100_000), "application/pdf").await })
    });
    let kept: Vec<DocumentRef> =
        futures_util::future::join_all(puts).await.into_iter().map(|put| put.unwrap().unwrap()).collect();
    assert!(kept.iter().all(|one| *one == kept[0]));
    assert_eq!(files(&dir.path().join("sm3")).len(), 1);
    assert_eq!(one.get(kept[0].digest).await.unwrap().as_slice(), content(100_000));
    let before = std::fs::read(file_of(dir.path(), kept[0].digest)).unwrap();
    two.put(content(100_000), "application/pdf").await.unwrap();
    assert_eq!(
        std::fs::read(file_of(dir.path(), kept[0].digest)).unwrap(),
        before,
        "a sound copy is left alone"
    );
}

/// What reading gives after `change` of the stored form.
async fn read_after(change: impl FnOnce(&mut Vec<u8>)) -> Result<Vec<u8>, DocumentError> {
    let dir = tempfile::tempdir().unwrap();
    let store = folder(dir.path());
    let kept = store.put(content(2 * CHUNK + 10), "application/pdf").await.unwrap();
    let path = file_of(dir.path(), kept.digest);
    let mut stored = std::fs::read(&path).unwrap();
    change(&mut stored);
    std::fs::write(&path, stored).unwrap();
    store.get(kept.digest).await.map(|content| content.to_vec())
}

#[tokio::test]
async fn chunks_dropped_repeated_moved_or_added_are_found() {
    let sealed = CHUNK + 16;
    type Change = fn(&mut Vec<u8>);
    let changes: [(&str, Change); 7] = [
        ("last chunk dropped", |stored| stored.truncate(stored.len() - 26)),
        ("all chunks dropped", |stored| stored.truncate(52)),
        ("header cut", |stored| stored.truncate(20)),
        ("emptied", Vec::clear),
        ("byte added", |stored| stored.push(0)),
        ("chunks exchanged", |stored| {
            let (first, rest) = stored[52..].split_at_mut(CHUNK + 16);
            first.swap_with_slice(&mut rest[..CHUNK + 16]);
        }),
        ("size told smaller", |stored| {
            let size = (CHUNK as u64).to_be_bytes();
            stored[12..20].copy_from_slice(&size);
            stored.truncate(52 + CHUNK + 16);
        }),
    ];
    assert_eq!(sealed, 65_552);
    for (what, change) in changes {
        let outcome = read_after(change).await;
        assert!(matches!(outcome, Err(DocumentError::Integrity { .. })), "{what}: {outcome:?}");
    }
    assert!(read_after(|_| {}).await.is_ok());
}

#[tokio::test]
async fn no_byte_of_the_stored_form_can_be_changed() {
    let dir = tempfile::tempdir().unwrap();
    let store = folder(dir.path());
    let kept = store.put(content(5), "text/plain").await.unwrap();
    let path = file_of(dir.path(), kept.digest);
    let stored = std::fs::read(&path).unwrap();
    assert_eq!(stored.len(), 52 + 5 + 16);
    for at in 0..stored.len() {
        let mut altered = stored.clone();
        altered[at] ^= 1;
        std::fs::write(&path, altered).unwrap();
        let outcome = store.get(kept.digest).await;
        match outcome {
            Err(DocumentError::Integrity { .. }) => {}
            Err(DocumentError::UnknownKey { .. }) => assert!((8..12).contains(&at), "{at}"),
            other => panic!("byte {at}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn document_in_the_place_of_another_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let store = folder(dir.path());
    let one = store.put(content(10), "text/plain").await.unwrap();
    let two = store.put(content(11), "text/plain").await.unwrap();
    std::fs::copy(file_of(dir.path(), one.digest), file_of(dir.path(), two.digest)).unwrap();
    assert!(matches!(store.get(two.digest).await, Err(DocumentError::Integrity { .. })));
}

#[tokio::test]
async fn content_brought_anew_replaces_a_damaged_copy() {
    let dir = tempfile::tempdir().unwrap();
    let store = folder(dir.path());
    let kept = store.put(content(500), "text/plain").await.unwrap();
    std::fs::write(file_of(dir.path(), kept.digest), b"rubbish").unwrap();
    store.put(content(500), "text/plain").await.unwrap();
    assert_eq!(store.get(kept.digest).await.unwrap().as_slice(), content(500));
}

#[tokio::test]
async fn older_keys_read_and_reencryption_moves_to_the_current_one() {
    let dir = tempfile::tempdir().unwrap();
    let kept = folder(dir.path()).put(content(200_000), "text/plain").await.unwrap();
    let store = folder_with(dir.path(), DocumentKeys::new(2, key(2)).and(1, key(1)));
    assert_eq!(store.get(kept.digest).await.unwrap().as_slice(), content(200_000));
    assert!(store.reencrypt(kept.digest).await.unwrap());
    assert!(!store.reencrypt(kept.digest).await.unwrap(), "already under the current key");
    let old_key_only = folder(dir.path());
    let outcome = old_key_only.get(kept.digest).await;
    assert!(matches!(outcome, Err(DocumentError::UnknownKey { number: 2, .. })), "{outcome:?}");
    old_key_only.set_keys(DocumentKeys::new(2, key(2)));
    assert_eq!(old_key_only.get(kept.digest).await.unwrap().as_slice(), content(200_000));
    let wrong_key = folder_with(dir.path(), DocumentKeys::new(2, key(3)));
    assert!(matches!(wrong_key.get(kept.digest).await, Err(DocumentError::Integrity { .. })));
    let ring = [(1, &key(1)[..]), (2, &key(2)[..])];
    assert_eq!(DocumentKeys::of_ring(2, ring).unwrap().current(), 2);
    assert!(DocumentKeys::of_ring(3, ring).is_none());
    assert!(DocumentKeys::of_ring(1, [(1, &[0; 15][..])]).is_none());
    let shown = format!("{:?}", DocumentKeys::new(2, key(2)).and(1, key(1)));
    assert_eq!(shown, "DocumentKeys(current 2, known [1, 2])");
}

#[tokio::test]
async fn stream_past_its_limit_or_broken_off_keeps_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let store = folder(dir.path());
    let pieces = |len: usize| {
        stream::iter(
            content(len).chunks(7).map(Bytes::copy_from_slice).map(Ok::<_, String>).collect::<Vec<_>>(),
        )
    };
    let kept = store.put_stream(pieces(100), 100, "text/plain").await.unwrap();
    assert_eq!(kept.digest, Digest::of(&content(100)));
    let over = store.put_stream(pieces(101), 100, "text/plain").await;
    assert!(matches!(over, Err(DocumentError::TooLarge { limit: 100 })), "{over:?}");
    let broken = pieces(50).chain(stream::iter([Err("connection reset".to_owned())]));
    let broken = store.put_stream(broken, 100, "text/plain").await;
    assert!(matches!(broken, Err(DocumentError::Interrupted { .. })), "{broken:?}");
    assert_eq!(files(&dir.path().join("sm3")).len(), 1);
}

#[tokio::test]
async fn absent_documents_are_absent_and_may_be_removed_again() {
    let dir = tempfile::tempdir().unwrap();
    let store = folder(dir.path());
    assert!(store.is_new().await.unwrap());
    store.probe().await.unwrap();
    assert!(!store.is_new().await.unwrap());
    let nowhere = Digest::of(b"never put");
    assert!(!store.exists(nowhere).await.unwrap());
    assert!(matches!(store.get(nowhere).await, Err(DocumentError::NotFound(digest)) if digest == nowhere));
    let kept = store.put(content(9), "text/plain").await.unwrap();
    assert!(store.exists(kept.digest).await.unwrap());
    store.delete(kept.digest).await.unwrap();
    store.delete(kept.digest).await.unwrap();
    assert!(!store.exists(kept.digest).await.unwrap());
}

#[tokio::test]
async fn list_names_documents_and_passes_over_everything_else() {
    let dir = tempfile::tempdir().unwrap();
    let store = folder(dir.path());
    let mut wanted = Vec::new();
    for len in [0, 10, 70_000] {
        wanted.push(store.put(content(len), "text/plain").await.unwrap().digest);
    }
    store.probe().await.unwrap();
    let place = file_of(dir.path(), wanted[0]);
    // Left by a process that was killed while writing, and things that somebody laid there.
    std::fs::write(place.with_file_name(format!("{}#1", wanted[0])), b"half").unwrap();
    std::fs::write(place.with_file_name("README"), b"hello").unwrap();
    std::fs::write(dir.path().join("sm3").join(wanted[1].to_string()), b"wrong place").unwrap();
    let found: Vec<_> = store.list().try_collect().await.unwrap();
    let mut digests: Vec<Digest> = found.iter().map(|one| one.digest).collect();
    digests.sort();
    wanted.sort();
    assert_eq!(digests, wanted);
    let now = jiff::Timestamp::now().as_microsecond();
    assert!(found.iter().all(|one| one.stored_bytes >= 68 && (now - one.written_micros).abs() < 60_000_000));
}

#[tokio::test]
async fn folder_taken_away_is_unavailable_not_empty_and_heals_by_itself() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("documents");
    let store = folder(&root);
    let kept = store.put(content(40), "text/plain").await.unwrap();
    let away = dir.path().join("away");
    std::fs::rename(&root, &away).unwrap();
    // As after an unmount: the mount point is still there, empty.
    for present in [false, true] {
        if present {
            std::fs::create_dir(&root).unwrap();
        }
        let unavailable =
            |error: DocumentError| assert!(matches!(error, DocumentError::Unavailable { .. }), "{error:?}");
        unavailable(store.get(kept.digest).await.unwrap_err());
        unavailable(store.exists(kept.digest).await.unwrap_err());
        unavailable(store.put(content(41), "text/plain").await.unwrap_err());
        unavailable(store.delete(kept.digest).await.unwrap_err());
        unavailable(store.probe().await.unwrap_err());
    }
    assert!(files(&root).is_empty(), "nothing is written into the empty place");
    std::fs::remove_dir(&root).unwrap();
    std::fs::rename(&away, &root).unwrap();
    store.probe().await.unwrap();
    assert_eq!(store.get(kept.digest).await.unwrap().as_slice(), content(40));
}

#[tokio::test]
async fn store_that_is_new_to_a_process_that_reads_is_unavailable() {
    let dir = tempfile::tempdir().unwrap();
    let store = folder(dir.path());
    let outcome = store.get(Digest::of(b"kept elsewhere")).await;
    assert!(matches!(outcome, Err(DocumentError::Unavailable { .. })), "{outcome:?}");
    assert!(store.is_new().await.unwrap(), "reading makes no store");
}

#[tokio::test]
async fn half_written_files_are_swept_when_old() {
    let dir = tempfile::tempdir().unwrap();
    let store = folder(dir.path());
    let kept = store.put(content(10), "text/plain").await.unwrap();
    let place = file_of(dir.path(), kept.digest);
    let staged = place.with_file_name(format!("{}#1", kept.digest));
    std::fs::write(&staged, b"half").unwrap();
    assert_eq!(store.sweep_unfinished(Duration::from_secs(3600)).await.unwrap(), 0);
    assert_eq!(store.sweep_unfinished(Duration::ZERO).await.unwrap(), 1);
    assert!(!staged.exists());
    assert_eq!(store.get(kept.digest).await.unwrap().as_slice(), content(10));
}

#[tokio::test]
async fn probe_leaves_nothing_behind() {
    let dir = tempfile::tempdir().unwrap();
    let store = folder(dir.path());
    store.probe().await.unwrap();
    assert_eq!(files(dir.path()), [Path::new("yinxin-documents")]);
}

#[test]
fn folder_that_is_a_file_is_refused_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("file");
    std::fs::write(&path, "x").unwrap();
    let config = yinxin_server::config::DocumentsConfig {
        folder: path,
        ..yinxin_server::config::Config::default().documents
    };
    let error = yinxin_server::documents::Documents::open(&config, keys()).unwrap_err();
    assert_eq!(error.code(), "DOCUMENTS_SETUP");
}

#[test]
fn errors_become_the_problems_of_the_api() {
    let digest = Digest::of(b"x");
    let reason = || "secret place".to_owned();
    let status = |error: DocumentError| {
        let problem = Problem::from(error);
        (problem.code().kind().status, problem.code().kind().code)
    };
    assert_eq!(status(DocumentError::Unavailable { reason: reason() }), (503, "UNAVAILABLE"));
    assert_eq!(status(DocumentError::Full { reason: reason() }), (507, "STORAGE_FULL"));
    assert_eq!(status(DocumentError::NotFound(digest)), (404, "NOT_FOUND"));
    assert_eq!(status(DocumentError::Integrity { digest, what: "chunk" }), (500, "INTEGRITY"));
    assert_eq!(status(DocumentError::UnknownKey { digest, number: 1 }), (500, "INTERNAL"));
    assert_eq!(status(DocumentError::TooLarge { limit: 1 }), (413, "BODY_TOO_LARGE"));
    assert_eq!(status(DocumentError::Interrupted { reason: reason() }), (400, "BAD_REQUEST"));
    let shown = format!("{:?}", Problem::from(DocumentError::Unavailable { reason: reason() }));
    assert!(!shown.contains("secret place"), "reasons are for the log");
}

#[test]
fn digests_have_one_form() {
    let digest = Digest::of(b"abc");
    let text = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0";
    assert_eq!(digest.to_string(), text, "GB/T 32905 example 1");
    assert_eq!(text.parse::<Digest>(), Ok(digest));
    assert!(text.to_uppercase().parse::<Digest>().is_err());
    assert!(text[1..].parse::<Digest>().is_err());
    let kept = DocumentRef { digest, size: 3, media_type: "text/plain".to_owned() };
    let json = serde_json::to_string(&kept).unwrap();
    assert_eq!(json, format!("{{\"digest\":\"{text}\",\"size\":3,\"media_type\":\"text/plain\"}}"));
    assert_eq!(serde_json::from_str::<DocumentRef>(&json).unwrap(), kept);
}
