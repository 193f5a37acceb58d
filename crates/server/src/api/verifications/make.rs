//! A document is verified.

use super::asker::{Asker, verifier};
use super::view::{KnownUseView, VerificationAnswer, VerificationView};
use crate::api::filter::check_word;
use crate::app::{Shared, Stop, Subject, Work};
use crate::auth::SignedDigest;
use crate::http::{Code, Problem, Query, StoredResponse};
use crate::telemetry::metrics;
use crate::verification::{Judged, Language, told, too_large};
use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;
use utoipa::IntoParams;
use yinxin_registry::ids::VerificationId;
use yinxin_registry::verification::{Kept, Verification};

/// Most bytes of a report that are kept.
const MOST_REPORT: usize = 128 << 10;
/// Most seals that are kept.
const MOST_SEALS: usize = 100;

/// How a document is to be verified.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct HowToVerify {
    /// `digest`: nothing is kept but digest, size, verdict, codes and seals; for those who are unknown this is so unless they say
    /// otherwise. `report`: the report too.
    #[param(pattern = "^(digest|report)$")]
    pub keep: Option<String>,
    /// Language of the report: `zh` or `en`; otherwise by `Accept-Language`.
    #[param(pattern = "^(zh|en)$")]
    pub lang: Option<String>,
}

/// 核验电子文件。 Verifies a sealed document; anybody may ask. Who is known may bring larger ones, and finds the record again. Nothing of the
/// document is kept.
#[utoipa::path(
    post, path = "/verifications", tag = "verification", operation_id = "verifications.make", summary = "核验电子文件 · Verify a document",
    params(HowToVerify), request_body(content(
        (Vec<u8> = "application/ofd"), (Vec<u8> = "application/pdf"), (Vec<u8> = "application/octet-stream"))),
    extensions(("x-no-idempotency-key" = json!(true))),
    responses(
        (status = 201, description = "核验结果 · what came of it", body = VerificationAnswer),
        (status = 401, description = "会话已失效，或签名不符 · the session has ended, or the signature does not fit"),
        (status = 403, description = "须先修改口令，或缺少防伪造令牌 · the password must be changed first, or the token is missing")
    ),
    security(())
)]
pub async fn make(
    State(app): State<Shared>,
    asker: Asker,
    signed: Option<Extension<SignedDigest>>,
    Query(how): Query<HowToVerify>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Stop> {
    asker.let_in(&app, app.now()?)?;
    check_word("keep", how.keep.as_deref(), &["digest", "report"])?;
    check_word("lang", how.lang.as_deref(), &["zh", "en"])?;
    check_type(&headers)?;
    let service = &app.verifications;
    let most = service.most_bytes(asker.caller.is_some());
    if announced(&headers).is_some_and(|size| size > most) {
        return Err(too_large(most).into());
    }
    let place = service.place(asker.caller.is_some())?;
    let received = service.receive(place, body, most).await?;
    if let Some(Extension(signed)) = signed {
        signed.check(&received.digest)?;
    }
    let language = language(&how, &headers);
    let (judged, _turn) = service.judge(&app, received, asker.caller.as_ref(), language).await?;
    let (found, caller) = (judged.uses.clone(), asker.caller.as_ref());
    let uses = told(&app, found, &judged.digest, &judged.registered, caller, judged.at).await?;
    let uses = uses.iter().map(|known| KnownUseView::of(known, judged.at)).collect();
    answer(&app, &asker, &how, judged, uses).await
}

/// Keeps the record and answers.
async fn answer(
    app: &Shared,
    asker: &Asker,
    how: &HowToVerify,
    judged: Judged,
    sealed_here: Vec<KnownUseView>,
) -> Result<Response, Stop> {
    let kind = asker.kind();
    let (verdict, caller_kind) = (judged.verdict.as_str(), kind.as_str());
    let keeps = how.keep.as_deref().map_or(asker.caller.is_some(), |keep| keep == "report");
    let text = if keeps { Some(judged.report.to_string()) } else { None };
    let kept = match &text {
        None => Kept::Digest,
        Some(text) if text.len() > MOST_REPORT => Kept::TooLarge,
        Some(_) => Kept::Report,
    };
    let mut seals = judged.seals;
    seals.truncate(MOST_SEALS);
    let mut record = Verification {
        id: VerificationId::new(judged.at, &mut app.rng()),
        at: judged.at,
        caller: kind,
        by: None,
        digest: judged.digest,
        size: judged.size,
        verdict: judged.verdict,
        failed: judged.failed,
        seals,
        kept,
        report: text.filter(|_| kept == Kept::Report),
    };
    let path = format!("/api/v1/verifications/{}", record.id);
    let stored = |record: &Verification| {
        let record = VerificationView::whole(record);
        StoredResponse::created(path, &VerificationAnswer { record, report: judged.report, sealed_here })
    };
    let response = match &asker.caller {
        None => {
            let mut tx = app.store.begin().await?;
            tx.add_verification(&record).await?;
            tx.commit().await?;
            stored(&record)?.into_response()
        }
        Some(caller) => {
            let by = verifier(app, caller, judged.unit, judged.at).await?;
            let mut work = Work::begin_keyless(app, caller).await?;
            let subject = Subject {
                id: record.id.to_string(),
                area: by.area_path.clone(),
                unit: by.unit.clone(),
                seal_code: None,
            };
            record.by = Some(by);
            work.tx.add_verification(&record).await?;
            let details = json!({ "digest": record.digest, "verdict": verdict, "seals": record.codes() });
            work.record(&caller.myself(), "verification.make", &subject, None, details);
            work.finish(stored(&record)?).await?
        }
    };
    metrics::verification(verdict, caller_kind);
    Ok(response)
}

/// Refuses what does not say it is a document, and what is compressed once more.
fn check_type(headers: &HeaderMap) -> Result<(), Problem> {
    let said = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = said.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let encoded = headers.get(header::CONTENT_ENCODING).map(HeaderValue::as_bytes);
    let plain = encoded.is_none_or(|value| value.eq_ignore_ascii_case(b"identity"));
    if plain && ["application/ofd", "application/pdf", "application/octet-stream"].contains(&essence.as_str())
    {
        return Ok(());
    }
    Err(Problem::new(Code::UnsupportedMediaType).detail(
        "请求体须为 Content-Type: application/ofd、application/pdf 或 application/octet-stream，不压缩。",
        "The body must have Content-Type: application/ofd, application/pdf or application/octet-stream, uncompressed.",
    ))
}

/// How large the body is to be, where the client says so.
fn announced(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// The language asked for; of those a browser lists, the first that is one of ours.
fn language(how: &HowToVerify, headers: &HeaderMap) -> Language {
    let listed =
        headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut words = how.lang.as_deref().into_iter().chain(listed.split(',').map(str::trim));
    let known = |word: &str| match word.get(..2).map(str::to_ascii_lowercase).as_deref() {
        Some("zh") => Some(Language::Zh),
        Some("en") => Some(Language::En),
        _ => None,
    };
    words.find_map(known).unwrap_or(Language::Zh)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_the_one_asked_for_or_the_first_listed_that_is_known() {
        let told = |lang: Option<&str>, listed: &str| {
            let how = HowToVerify { lang: lang.map(str::to_owned), keep: None };
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, listed.parse().unwrap());
            language(&how, &headers)
        };
        assert_eq!(told(None, "fr-FR, en;q=0.9, zh;q=0.8"), Language::En);
        assert_eq!(told(None, "zh-CN,en"), Language::Zh);
        assert_eq!(told(Some("en"), "zh-CN"), Language::En);
        assert_eq!(told(None, "é"), Language::Zh);
        assert_eq!(told(None, ""), Language::Zh);
    }
}
