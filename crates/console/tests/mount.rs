//! The console before an API: its own paths are pages, all others are the API's.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use axum::response::IntoResponse;
use tower::ServiceExt as _;
use yinxin_console::{Settings, mount};

/// An API that knows one path.
fn api() -> Router {
    let unknown = || async {
        (StatusCode::NOT_FOUND, [(header::CONTENT_TYPE, "application/problem+json")], "{}").into_response()
    };
    Router::new().route("/api/v1/known", axum::routing::get(async || "here")).fallback(unknown)
}

async fn ask(path: &str, headers: &[(&str, &str)]) -> (StatusCode, HeaderMap, Vec<u8>) {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings { folder: folder.path().to_owned(), most_bytes: 50 << 20, https: true };
    let mut request = Request::builder().uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = mount(api(), settings).oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let (parts, body) = answer.into_parts();
    (parts.status, parts.headers, to_bytes(body, 1 << 20).await.unwrap().to_vec())
}

fn text(headers: &HeaderMap, name: &str) -> String {
    headers.get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
}

#[tokio::test]
async fn paths_of_the_api_are_answered_by_it() {
    assert_eq!(ask("/api/v1/known", &[]).await.2, b"here");
    let (status, headers, _) = ask("/api/v1/unknown", &[("accept", "text/html")]).await;
    assert_eq!(
        (status, text(&headers, "content-type")),
        (StatusCode::NOT_FOUND, "application/problem+json".to_owned())
    );
    let (_, headers, _) = ask("/unknown", &[("accept", "*/*")]).await;
    assert_eq!(text(&headers, "content-type"), "application/problem+json");
}

#[tokio::test]
async fn a_browser_gets_a_page_for_a_path_nobody_knows() {
    let (status, headers, body) = ask("/unknown", &[("accept", "text/html,*/*")]).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(String::from_utf8(body).unwrap().contains("没有找到这个页面"));
    assert!(text(&headers, "content-security-policy").starts_with("default-src 'none'; script-src 'self'"));
}

#[tokio::test]
async fn pages_come_under_a_strict_policy_and_without_anything_inline() {
    let (status, headers, body) = ask("/", &[("accept-language", "en")]).await;
    let page = String::from_utf8(body).unwrap();
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("<html lang=\"en\">") && page.contains("Is the electronic seal"));
    for inline in ["<style", " style=", "onclick", "javascript:", "http://", "https://"] {
        assert!(!page.contains(inline), "{inline}");
    }
    let policy = text(&headers, "content-security-policy");
    assert!(!policy.contains("unsafe") && policy.contains("frame-ancestors 'none'"), "{policy}");
    assert_eq!(text(&headers, "cache-control"), "no-store");
    assert_eq!(text(&headers, "strict-transport-security"), "max-age=31536000");
}

#[tokio::test]
async fn files_of_the_pages_are_kept_for_good_under_the_digest_in_their_address() {
    let page = String::from_utf8(ask("/", &[]).await.2).unwrap();
    let path =
        page.split('"').find(|part| part.starts_with("/assets/") && part.ends_with("style.css")).unwrap();
    let (status, headers, plain) = ask(path, &[]).await;
    assert_eq!((status, text(&headers, "cache-control").contains("immutable")), (StatusCode::OK, true));
    let (_, headers, packed) = ask(path, &[("accept-encoding", "gzip, br")]).await;
    assert_eq!(text(&headers, "content-encoding"), "gzip");
    assert!(packed.len() < plain.len() / 2);
    assert_eq!(ask("/assets/0000000000000000/style.css", &[]).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_needs_a_login_leads_there_and_back() {
    let (status, headers, _) = ask("/seals?state=active", &[]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert_eq!(text(&headers, "location"), "/login?next=%2Fseals%3Fstate%3Dactive");
}
