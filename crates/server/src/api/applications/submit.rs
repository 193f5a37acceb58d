//! A unit hands an application in, with the agent's statement of truth.

use super::facts::check_facts;
use super::truth::{AcceptedTruth, SignedTruth, accept};
use super::{ApplicationView, answer, place, subject};
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Code, Command, FieldError, IdempotencyKey, IfMatch, Path, Problem};
use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::ids::ApplicationId;
use yinxin_registry::lifecycle::application::{Application, ApplicationEvent, ProfileRef, TABLE, Truth};
use yinxin_registry::lifecycle::checks::Check;
use yinxin_registry::lifecycle::{By, next};
use yinxin_registry::permission::Action;

/// The words the agent stands for.
pub const STATEMENT: &str = "本人及所在单位承诺：所填内容和所交材料真实、合法、有效，并对其承担法律责任。";

/// Hands an application in.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubmitApplication {
    /// SM3 of the content the statement covers: `content_digest` of the application as it was read.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub content_digest: String,
    /// The statement of truth, word by word as `GET …/checks` gives it, confirmed by the session; this or `signed`.
    #[serde(default)]
    #[schema(example = "本人及所在单位承诺：所填内容和所交材料真实、合法、有效，并对其承担法律责任。")]
    pub statement: Option<String>,
    /// The statement of truth signed with a certificate; this or `statement`.
    #[serde(default)]
    pub signed: Option<SignedTruth>,
}

/// 提交申请。 Hands it in; the automatic checks have to pass.
#[utoipa::path(
    post, path = "/applications/{id}/submit", tag = "applications", operation_id = "applications.submit", summary = "提交申请 · Hand in",
    params(("id" = String, Path, description = "申请 · application"), IdempotencyKey, IfMatch), request_body = SubmitApplication,
    responses((status = 200, description = "申请 · the application", body = ApplicationView))
)]
pub async fn submit(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<ApplicationId>,
    if_match: IfMatch,
    command: Command<SubmitApplication>,
) -> Result<Response, Stop> {
    let accepted = match command.body.signed.clone() {
        Some(signed) => Some(accept(&app, &caller, &id, signed).await),
        None => None,
    };
    let looked = match app.imprints.known(&id, |version| if_match.names(version)) {
        Some(known) => Some(known),
        None => looked(&app, &caller, &id).await?,
    };
    // First of all the answer of an earlier request with this key: what was accepted then may not be acceptable any more.
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    let accepted = accepted.transpose()?;
    let submission = work.tx.submission(id.as_str()).await?;
    let found = &submission.application;
    let by = work.permit(Action::ApplicationSubmit, &place(&found.value))?;
    if_match.check(found.version)?;
    check_form(&body)?;
    let profile = app.profiles.in_force(submission.area.profile.as_deref())?;
    // Looked at was this very version, or it is not in a state in which it can be handed in.
    let imprint = looked.filter(|(version, _)| *version == found.version).map(|(_, checks)| checks);
    let Some(imprint) = imprint else {
        next(TABLE, found.value.state(), "submit")?;
        return Err(Problem::new(Code::PreconditionFailed).into());
    };
    let checks = check_facts(&mut work, &submission, &profile, imprint).await?;
    let event = ApplicationEvent::Submit {
        truth: Box::new(truth_of(&caller, &by, work.now, body.content_digest, accepted)?),
        checks,
        number: number(&found.value, work.now),
        profile: ProfileRef { id: profile.id.clone(), version: profile.version },
        due: profile.deadline_review(work.now),
    };
    let found = submission.application;
    let (application, effects) = found.value.apply(event, &by, work.now)?;
    let version = work.tx.save(&application, found.version).await?;
    let signature = application.truth().and_then(|truth| truth.signature.clone());
    let details = json!({
        "round": application.round(), "digest": application.content_digest(), "truth_signature": signature,
    });
    work.record(&by, "application.submit", &subject(&application), None, details);
    work.enact(&subject(&application), &effects);
    work.finish(answer(&application, version)?).await
}

/// What is found of the imprint, and of which version of the application: looked at before the transaction, which must be short.
/// `None` where it cannot be handed in anyway.
async fn looked(
    app: &Shared,
    caller: &Caller,
    id: &ApplicationId,
) -> Result<Option<(i64, Vec<Check>)>, Stop> {
    let found = app.store.read().await?.get::<Application>(id.as_str()).await?;
    caller.permit(Action::ApplicationSubmit, &place(&found.value), app.now()?)?;
    if next(TABLE, found.value.state(), "submit").is_err() {
        return Ok(None);
    }
    Ok(Some((found.version, app.imprints.checks(&found, &app.documents).await?)))
}

/// One form of the statement, and the words asked for in the form that has them.
fn check_form(body: &SubmitApplication) -> Result<(), Problem> {
    let fault = |pointer, code, zh: &str, en: &str| {
        Problem::new(Code::Validation)
            .detail(format!("{zh}。"), format!("{en}."))
            .with_error(FieldError::body(pointer, code, zh, en))
    };
    match (&body.statement, &body.signed) {
        (Some(text), None) if text == STATEMENT => Ok(()),
        (Some(_), None) => Err(fault(
            "/statement",
            "STATEMENT",
            "承诺书文字与要求不一致",
            "the statement is not the one asked for",
        )),
        (None, Some(_)) => Ok(()),
        (Some(_), Some(_)) => Err(fault(
            "/signed",
            "EXCLUSIVE",
            "statement 与 signed 只能填一个",
            "give statement or signed, not both",
        )),
        (None, None) => {
            Err(fault("/statement", "REQUIRED", "须填 statement 或者 signed", "give statement or signed"))
        }
    }
}

/// What is kept of the statement.
fn truth_of(
    caller: &Caller,
    by: &By,
    now: Timestamp,
    content_digest: String,
    accepted: Option<AcceptedTruth>,
) -> Result<Truth, Stop> {
    let by = by.clone();
    Ok(match accepted {
        // The content may have changed since it was read: then the state machine refuses the digest.
        Some(accepted) if accepted.content_digest == content_digest => Truth {
            by,
            at: now,
            digest: content_digest,
            method: "certificate".to_owned(),
            signature: Some(accepted.signature),
            certificate: Some(Box::new(accepted.certificate)),
        },
        Some(_) => {
            return Err(Problem::new(Code::Conflict)
                .rule("TRUTH_DIGEST")
                .detail(
                    "承诺书对应的申请内容与当前内容不一致。",
                    "The statement of truth covers other content.",
                )
                .into());
        }
        None => Truth {
            by,
            at: now,
            digest: content_digest,
            method: caller.person()?.2.method.clone(),
            signature: None,
            certificate: None,
        },
    })
}

/// Number of an application: area, day, and the end of its key, which is random.
fn number(application: &Application, now: Timestamp) -> String {
    let day = yinxin_registry::profile::day_of(now).strftime("%Y%m%d").to_string();
    let id = application.id().as_str();
    let tail = id.get(id.len().saturating_sub(8)..).unwrap_or(id).to_ascii_uppercase();
    format!("SQ{}{day}{tail}", application.area())
}
