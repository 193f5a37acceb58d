//! The first start: areas, profiles, the three administrators.

use super::{StartError, areas};
use crate::api::accounts::first_administrators;
use crate::app::Shared;
use crate::security::Secret;
use jiff::Timestamp;
use serde_json::json;
use yinxin_registry::area::{Area, AreaPath};
use yinxin_registry::audit::Entry;
use yinxin_registry::profile::{BUILT_IN, Profile, ProfileVersion};
use yinxin_registry::role::Scope;
use yinxin_store::ListFilter;

const STARTED: &str = "registry.started";
/// Set once the document store was marked as that of this registry.
const DOCUMENTS: &str = "documents.known";

/// Makes what a new registry needs, in one transaction; gives the one-time passwords, which `show` has had before the transaction
/// ended: a process that dies in between loses no password that counts. On a registry that was started before it only
/// adds profiles that came with a newer program. While the clock stands back it does nothing: changes are refused anyway, and the next
/// start comes to it.
pub(super) async fn start(
    app: &Shared,
    show: impl FnOnce(&[(String, Secret)]) -> std::io::Result<()> + Send,
) -> Result<Vec<(String, Secret)>, StartError> {
    let Ok(now) = app.now() else {
        tracing::error!(recorded = %app.clock.highest(), "the clock stands before times already recorded: no changes until it has caught up");
        return Ok(Vec::new());
    };
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
        if tx.newest_profiles().await?.iter().all(|found| found.value.profile != area.profile) {
            let known: Vec<&str> = BUILT_IN.iter().map(|(id, _)| *id).collect();
            return Err(no_such_profile("area.profile", &area.profile, &known.join("、")));
        }
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
        tx.append_audit(&app.audit_keys().0, &[entry(now, "registry.first_start")]).await?;
    }
    tx.advance_clock(now).await?;
    if !first.is_empty() {
        show(&first).map_err(|error| {
            StartError::other(
                "first start",
                format!("一次性口令无法显示（{error}），未建立任何账号；请排除后重新启动"),
                format!("the one-time passwords cannot be shown ({error}); no account was made, start again"),
            )
        })?;
    }
    tx.commit().await?;
    Ok(first)
}

/// Whether every area, and the configuration, name a profile that there is.
pub(super) async fn check_profiles(app: &Shared) -> Result<(), StartError> {
    let mut names: Vec<(String, String)> = vec![("area.profile".to_owned(), app.config.area.profile.clone())];
    let mut read = app.store.read().await?;
    let mut cursor: Option<String> = None;
    loop {
        let filter = ListFilter { limit: 200, cursor: cursor.as_deref(), ..ListFilter::default() };
        let page = read.list::<Area>(&Scope::Area(AreaPath::nation()), &filter).await?;
        for area in page.items {
            if let Some(profile) = area.value.profile {
                names.push((format!("{} {}", area.value.code, area.value.name), profile));
            }
        }
        match page.next {
            Some(next) => cursor = Some(next),
            None => break,
        }
    }
    let Some((place, name)) = names.into_iter().find(|(_, name)| app.profiles.current(name).is_none()) else {
        return Ok(());
    };
    let known: Vec<String> = app.profiles.all().iter().map(|profile| profile.id.clone()).collect();
    let known = known.join("、");
    Err(no_such_profile(&place, &name, &known))
}

fn no_such_profile(place: &str, name: &str, known: &str) -> StartError {
    StartError::other(
        "area.profile",
        format!("{place} 指定的办理规则 {name} 不存在；现有：{known}"),
        format!("{place} names the profile {name}, which does not exist; there are: {known}"),
    )
}

/// Whether the document store is the one this registry has used. A store that cannot be asked now is waited for while serving.
pub(super) async fn check_documents(app: &Shared) -> Result<(), StartError> {
    let known = app.store.read().await?.setting(DOCUMENTS).await?.is_some();
    let found = match known {
        true => app.documents.is_new().await,
        // Puts the mark that is looked for from now on.
        false => app.documents.probe().await.map(|()| false),
    };
    match found {
        Ok(true) => Err(StartError::other(
            "documents",
            "材料库是空的，而登记库已在使用：请核对目录是否挂载、存储桶与前缀是否正确，或从备份恢复材料",
            "the document store is new and the registry is not: check that it is mounted, bucket and prefix, or restore it from its backup",
        )),
        Ok(false) if known => Ok(()),
        Ok(false) => {
            // While the clock stands back nothing is noted: the next start comes to it.
            let Ok(now) = app.now() else { return Ok(()) };
            let mut tx = app.store.begin().await?;
            tx.set_setting(DOCUMENTS, "1", now).await?;
            tx.commit().await?;
            Ok(())
        }
        Err(error) => {
            tracing::warn!(code = error.code(), "the document store cannot be asked");
            Ok(())
        }
    }
}

/// Notes in the audit log that a process began to serve; false while the clock stands back.
pub(super) async fn note_start(app: &Shared) -> Result<bool, StartError> {
    let Ok(now) = app.now() else { return Ok(false) };
    let mut tx = app.store.begin().await?;
    tx.append_audit(&app.audit_keys().0, &[entry(now, "registry.start")]).await?;
    tx.commit().await?;
    Ok(true)
}

fn entry(now: Timestamp, action: &str) -> Entry {
    let details = json!({ "version": env!("CARGO_PKG_VERSION") });
    Entry::of_system("system", action, "registry", details, "start".to_owned(), now)
}
