//! The few files that belong to the pages: one style sheet, our own modules, the icon. They are part of the program; their address holds a
//! digest of all of them, so that browsers keep them for good.

use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write as _;
use std::sync::LazyLock;
use yinxin_crypto::Sm3;

const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// Name, media type, content.
const FILES: [(&str, &str, &[u8]); 9] = [
    ("style.css", "text/css; charset=utf-8", include_bytes!("../../assets/style.css")),
    ("page.js", "text/javascript; charset=utf-8", include_bytes!("../../assets/page.js")),
    ("drop.js", "text/javascript; charset=utf-8", include_bytes!("../../assets/drop.js")),
    ("checks.js", "text/javascript; charset=utf-8", include_bytes!("../../assets/checks.js")),
    ("fields.js", "text/javascript; charset=utf-8", include_bytes!("../../assets/fields.js")),
    ("imprint.js", "text/javascript; charset=utf-8", include_bytes!("../../assets/imprint.js")),
    ("uses.js", "text/javascript; charset=utf-8", include_bytes!("../../assets/uses.js")),
    ("place.js", "text/javascript; charset=utf-8", include_bytes!("../../assets/place.js")),
    ("icon.svg", "image/svg+xml", include_bytes!("../../assets/icon.svg")),
];

static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut digest = Sm3::new();
    for (name, _, content) in FILES {
        digest.update(name.as_bytes());
        digest.update(&(content.len() as u64).to_be_bytes());
        digest.update(content);
    }
    hex::encode(digest.finalize().get(..8).unwrap_or_default())
});

static PACKED: LazyLock<Vec<Vec<u8>>> =
    LazyLock::new(|| FILES.iter().map(|(_, _, content)| packed(content)).collect());

fn packed(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    // Writing to memory does not fail; were it to, the plain file is sent.
    let written = encoder.write_all(content).and_then(|()| encoder.finish());
    written.unwrap_or_default()
}

/// Address of a file.
pub fn asset_path(name: &str) -> String {
    format!("/assets/{}/{name}", *VERSION)
}

/// `GET /assets/{version}/{name}`.
pub async fn asset(Path((version, name)): Path<(String, String)>, headers: HeaderMap) -> Response {
    let found = FILES.iter().zip(PACKED.iter()).find(|((known, _, _), _)| *known == name);
    let Some(((_, kind, content), packed)) = found.filter(|_| version == *VERSION) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let accepted =
        headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let gzip = !packed.is_empty() && accepted.split(',').any(|word| word.trim().starts_with("gzip"));
    let kind = HeaderValue::from_static(kind);
    let plain = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, FOREVER),
        (header::VARY, HeaderValue::from_static("accept-encoding")),
    ];
    if gzip {
        (plain, [(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"))], packed.as_slice())
            .into_response()
    } else {
        (plain, *content).into_response()
    }
}
