//! A new version of a profile comes into force.

use super::view::ProfileSummary;
use crate::api::text::refuse;
use crate::api::words::both;
use crate::app::{Shared, Stop, Subject, Work};
use crate::auth::Caller;
use crate::http::{Code, Command, IdempotencyKey, Problem, StoredResponse};
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::permission::{Action, Place};
use yinxin_registry::profile::{Profile, ProfileFault, ProfileVersion};

/// A version to be put in force.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PublishProfile {
    /// The file, TOML, as `GET /profiles/{id}` gives it; its version is one more than the present one, 1 for a new profile.
    #[schema(min_length = 1, max_length = 262_144)]
    pub text: String,
}

/// 发布地区配置。 Puts a version in force for what begins from now on; cases keep the version they began under.
#[utoipa::path(
    post, path = "/profiles", tag = "profiles", operation_id = "profiles.publish", summary = "发布地区配置 · Put a profile in force",
    params(IdempotencyKey), request_body = PublishProfile,
    responses((status = 201, description = "现行版本 · the version in force", body = ProfileSummary))
)]
pub async fn publish(
    State(app): State<Shared>,
    caller: Caller,
    command: Command<PublishProfile>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    let by = work.permit(Action::ProfileWrite, &Place::registry())?;
    let profile = Profile::parse(&body.text).map_err(|fault| refusal(&fault))?;
    let before = work.tx.profile_versions(&profile.id).await?;
    check_follows(&profile, before.last().map(|v| &v.value))?;
    let version = ProfileVersion {
        id: format!("{}@{}", profile.id, profile.version),
        profile: profile.id.clone(),
        version: profile.version,
        text: body.text,
        from: work.now,
        by: by.name.clone(),
    };
    work.tx.insert(&version).await?;
    let digest = hex::encode(yinxin_crypto::sm3(version.text.as_bytes()));
    let details = json!({ "version": version.version, "digest": digest });
    work.record(&by, "profile.publish", &Subject::registry(&version.id), None, details);
    let path = format!("/api/v1/profiles/{}?version={}", version.profile, version.version);
    let answer = StoredResponse::created(path, &ProfileSummary::of(&profile))?;
    let response = work.finish(answer).await?;
    // Only now: what is in memory must be in the database.
    app.profiles.add(profile);
    Ok(response)
}

fn refusal(fault: &ProfileFault) -> Problem {
    let place = match fault.line {
        Some(line) => {
            (format!("（{}，第 {line} 行）", fault.path), format!(" ({}, line {line})", fault.path))
        }
        None if fault.path.is_empty() => (String::new(), String::new()),
        None => (format!("（{}）", fault.path), format!(" ({})", fault.path)),
    };
    let ((what_zh, what_en), (how_zh, how_en)) = (both(&fault.what), both(&fault.how));
    refuse(
        "/text",
        fault.code(),
        format!("{what_zh}{}；{how_zh}", place.0),
        format!("{what_en}{}; {how_en}", place.1),
    )
}

/// A version follows the one before, and areas that chose the profile must not find themselves outside of it.
fn check_follows(profile: &Profile, before: Option<&ProfileVersion>) -> Result<(), Stop> {
    let expected = before.map_or(1, |version| version.version.saturating_add(1));
    if profile.version != expected {
        return Err(refuse(
            "/text",
            "PROFILE_VERSION",
            format!("版本应为 {expected}，实为 {}", profile.version),
            format!("the version should be {expected} and is {}", profile.version),
        )
        .into());
    }
    let Some(before) = before else { return Ok(()) };
    let old = Profile::parse(&before.text).map_err(|fault| {
        tracing::error!(id = before.id, %fault, "a version of a profile does not read");
        Problem::new(Code::Internal)
    })?;
    if old.applies_to.starts_with(&profile.applies_to) {
        return Ok(());
    }
    Err(refuse(
        "/text",
        "PROFILE_AREA",
        format!("适用范围（{}）不得小于现行版本（{}）", profile.applies_to, old.applies_to),
        format!(
            "it applies to {:?}, which is less than the present {:?}",
            profile.applies_to, old.applies_to
        ),
    )
    .into())
}
