//! The first start: areas, profiles, the three administrators.

use super::{StartError, areas};
use crate::api::accounts::first_administrators;
use crate::app::Shared;
use crate::security::Secret;
use jiff::Timestamp;
use serde_json::json;
use yinxin_registry::area::{Area, AreaPath};
use yinxin_registry::audit::{ActorKind, ActorRef, Entry, Outcome};
use yinxin_registry::profile::{BUILT_IN, Profile, ProfileVersion};

const STARTED: &str = "registry.started";

/// Makes what a new registry needs, in one transaction; gives the one-time passwords. On a registry that was started before it only
/// adds profiles that came with a newer program.
pub(super) async fn start(app: &Shared) -> Result<Vec<(String, Secret)>, StartError> {
    let now = app.now().map_err(clock)?;
    let mut tx = app.store.begin().await?;
    let new = tx.setting(STARTED).await?.is_none();
    let mut first = Vec::new();
    for (id, text) in BUILT_IN {
        let profile =
            Profile::parse(text).map_err(|e| StartError::other("profile", e.to_string(), e.to_string()))?;
        let key = format!("{id}@{}", profile.version);
        if tx.load::<ProfileVersion>(&key).await?.is_none() {
            let version = profile.version;
            let text = text.to_owned();
            tx.insert(&ProfileVersion {
                id: key,
                profile: id.to_owned(),
                version,
                text,
                from: now,
                by: "system".to_owned(),
            })
            .await?;
        }
    }
    if new {
        let area = &app.config.area;
        for area in areas::chain(&area.code, &area.name, &area.profile) {
            if tx.load::<Area>(area.code.as_str()).await?.is_none() {
                tx.insert(&area).await?;
            }
        }
        first = first_administrators(app, &mut tx, now).await.map_err(|_| {
            StartError::other("first start", "无法建立管理员账号", "the administrators cannot be made")
        })?;
        tx.set_setting(STARTED, env!("CARGO_PKG_VERSION"), now).await?;
    }
    if new {
        tx.append_audit(&app.audit_key, &[entry(now, "registry.first_start")]).await?;
    }
    tx.advance_clock(now).await?;
    tx.commit().await?;
    Ok(first)
}

/// Notes in the audit log that a process began to serve.
pub(super) async fn note_start(app: &Shared) -> Result<(), StartError> {
    let now = app.now().map_err(clock)?;
    let mut tx = app.store.begin().await?;
    tx.append_audit(&app.audit_key, &[entry(now, "registry.start")]).await?;
    tx.commit().await?;
    Ok(())
}

fn entry(now: Timestamp, action: &str) -> Entry {
    Entry {
        at: now,
        actor: ActorRef {
            kind: ActorKind::System,
            id: "system".to_owned(),
            name: "系统".to_owned(),
            role: "system".to_owned(),
            address: None,
        },
        action: action.to_owned(),
        subject: "registry".to_owned(),
        area_path: AreaPath::nation().as_str().to_owned(),
        unit: None,
        outcome: Outcome::Ok,
        reason: None,
        details: json!({ "version": env!("CARGO_PKG_VERSION") }),
        request_id: "start".to_owned(),
    }
}

fn clock(_: crate::http::Problem) -> StartError {
    StartError::other(
        "clock",
        "系统时钟早于数据库已记录的时间，请先校准时钟",
        "the clock stands before times already recorded: set it first",
    )
}
