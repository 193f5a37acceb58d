//! The catalogue for people: `docs/problems.md`, and `/problems` and `/problems/{code}` as plain HTML; programs that ask
//! for `application/json` get the table.

use std::fmt::Write as _;

use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use base64::Engine as _;
use yinxin_crypto::DigestAlgorithm;

use super::{CODES, Code, Problem, ProblemKind, RULES, code_named};
use crate::http::{Json, accept};

const STYLE: &str = "body{font-family:sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;line-height:1.6}\
table{border-collapse:collapse}td,th{border-bottom:1px solid #ccc;padding:.3rem .8rem;text-align:left}";

/// The routes `/problems` and `/problems/{code}`.
pub fn routes<S: Clone + Send + Sync + 'static>() -> axum::Router<S> {
    axum::Router::new().route("/problems", get(index)).route("/problems/{code}", get(one))
}

const HTML: &str = "text/html";
const JSON: &str = "application/json";

async fn index(headers: HeaderMap) -> Result<Response, Problem> {
    if accept::choose(&headers, &[HTML, JSON])? == JSON {
        return Ok(Json(CODES).into_response());
    }
    let mut body = String::from(
        "<h1>问题代码 · Problem codes</h1><table><tr><th>代码 · Code</th><th>HTTP</th><th>含义 · Meaning</th></tr>",
    );
    for kind in CODES {
        let _ = write!(
            body,
            "<tr><td><a href=\"/problems/{code}\">{code}</a></td><td>{}</td><td>{} · {}</td></tr>",
            kind.status,
            kind.title_zh,
            kind.title_en,
            code = kind.code,
        );
    }
    body.push_str("</table><h1>规则 · Rules</h1><table>");
    for rule in RULES {
        let _ = write!(body, "<tr><td>{}</td><td>{} · {}</td></tr>", rule.code, rule.zh, rule.en);
    }
    body.push_str("</table>");
    Ok(page("问题代码 · Problem codes", &body))
}

async fn one(Path(code): Path<String>, headers: HeaderMap) -> Result<Response, Problem> {
    let Some(kind) = code_named(&code) else {
        return Err(Problem::new(Code::NotFound).detail(
            "没有这个问题代码，全部代码见 /problems。",
            "No such problem code; /problems lists them.",
        ));
    };
    match accept::choose(&headers, &[HTML, JSON])? {
        JSON => Ok(Json(kind).into_response()),
        _ => Ok(page(kind.code, &entry(kind))),
    }
}

fn entry(kind: &ProblemKind) -> String {
    format!(
        "<h1>{}</h1><p><strong>{} · {}</strong> (HTTP {})</p><p>{}</p><p>→ {}</p><p lang=\"en\">{}</p>\
         <p lang=\"en\">→ {}</p><p><a href=\"/problems\">全部代码 · All codes</a></p>",
        kind.code,
        kind.title_zh,
        kind.title_en,
        kind.status,
        kind.meaning_zh,
        kind.what_to_do_zh,
        kind.meaning_en,
        kind.what_to_do_en
    )
}

/// Our own texts only go in, none of which holds markup characters (tested): nothing needs escaping.
fn page(title: &str, body: &str) -> Response {
    let html = format!(
        "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         <style>{STYLE}</style></head><body>{body}</body></html>"
    );
    let mut response = Html(html).into_response();
    let digest =
        base64::engine::general_purpose::STANDARD.encode(DigestAlgorithm::Sha256.digest(STYLE.as_bytes()));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600"));
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept"));
    response
}

/// The page `docs/problems.md`.
pub fn markdown() -> String {
    let mut text = String::from(
        "# 问题代码说明 · What the problem codes mean\n\n\
         出错时接口返回 `application/problem+json`（RFC 9457），`code` 是下列代码之一，程序应据此判断。本页由\n\
         `crates/server/src/http/problem/catalogue.rs` 中的表生成，服务器在 `/problems` 提供同样的内容。\n\n\
         A refused request is answered with `application/problem+json` (RFC 9457) whose `code` is one of these; programs\n\
         decide by it. Generated from the table in `crates/server/src/http/problem/catalogue.rs`; the server shows the\n\
         same under `/problems`.\n",
    );
    for kind in CODES {
        let _ = write!(
            text,
            "\n## {}\n\n**{} · {}** (HTTP {})\n\n{}\n\n→ {}\n\n{}\n\n→ {}\n",
            kind.code,
            kind.title_zh,
            kind.title_en,
            kind.status,
            kind.meaning_zh,
            kind.what_to_do_zh,
            kind.meaning_en,
            kind.what_to_do_en
        );
    }
    text.push_str(
        "\n# 规则 · Rules\n\n\
         业务规则拒绝一项操作时，`CONFLICT`（或 `MAKER_IS_ISSUER`）另有成员 `rule`，是下列代码之一；没有 `rule` 的 `CONFLICT` 是并发修改，\n\
         重新读取即可。由 `crates/server/src/http/problem/rules.rs` 中的表生成。\n\n\
         Where a rule of the business refuses, `CONFLICT` (or `MAKER_IS_ISSUER`) has the member `rule`, one of these. `CONFLICT`\n\
         without it is a change made at the same time: read again. Generated from `crates/server/src/http/problem/rules.rs`.\n\n\
         | rule | 含义 | meaning |\n|---|---|---|\n",
    );
    for rule in RULES {
        let _ = writeln!(text, "| `{}` | {} | {} |", rule.code, rule.zh, rule.en);
    }
    text
}
