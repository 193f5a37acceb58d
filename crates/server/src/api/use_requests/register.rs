//! Entries of the use register, with what is strange about them.

use super::rights::approvers;
use crate::app::{App, Stop};
use crate::auth::Caller;
use jiff::civil::Time;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use yinxin_registry::area::Area;
use yinxin_registry::audit::{Entry, Outcome};
use yinxin_registry::custody::signal::{Signal, Try, Watch, signals};
use yinxin_registry::ids::{ClientId, UseRecordId};
use yinxin_registry::lifecycle::{By, Effect, Refused};
use yinxin_registry::profile::day_of;
use yinxin_registry::role::Scope;
use yinxin_registry::usage::document::UseItem;
use yinxin_registry::usage::record::{UseRecord, UseResult};
use yinxin_registry::usage::request::UseRequest;
use yinxin_store::{Access, StoreError, UseFilter};

/// Beijing time: no summer time, one zone.
const BEIJING: Offset = Offset::constant(8);

/// Time of day where seals are used.
pub fn local_time(now: Timestamp) -> Time {
    TimeZone::fixed(BEIJING).to_datetime(now).time()
}

/// What is known about the uses of a seal before the entries that are being written.
#[derive(Debug)]
pub struct Register {
    watch: Watch,
    day_off: bool,
    approved_by: Vec<By>,
    address: Option<String>,
    last_hour: u32,
    last_day: u32,
    refused_last_hour: u32,
    told: Vec<Signal>,
    found: Vec<Signal>,
    now: Timestamp,
}

impl Register {
    /// Looks at what came before.
    ///
    /// # Errors
    /// Problems of the database.
    pub async fn open(
        app: &App,
        access: &mut Access,
        request: &UseRequest,
        address: Option<String>,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let watch = Watch::default();
        let back = |hours: i64| now.saturating_sub(SignedDuration::from_hours(hours)).unwrap_or(now);
        let seal = request.seal().as_str();
        let most = watch.per_day.max(watch.per_hour).saturating_add(1);
        let area = access.load::<Area>(request.area_path().code()).await?;
        let profile = app.profiles.in_force(area.and_then(|area| area.value.profile).as_deref()).ok();
        let lately = UseFilter {
            seal: Some(seal),
            from: Some(back(1)),
            strange: true,
            limit: 200,
            ..UseFilter::default()
        };
        let lately = access.uses(&Scope::All, &lately).await?;
        Ok(Self {
            day_off: profile.is_some_and(|profile| !profile.calendar.is_working_day(day_of(now))),
            approved_by: approvers(access, request).await?,
            address,
            last_hour: access.uses_since(seal, "sealed", back(1), most).await?,
            last_day: access.uses_since(seal, "sealed", back(24), most).await?,
            refused_last_hour: access.uses_since(seal, "refused", back(1), most).await?,
            told: lately.into_iter().flat_map(|entry| entry.value.signals).collect(),
            found: Vec::new(),
            watch,
            now,
        })
    }

    /// The entry of one try, of one document or of a request as a whole.
    pub fn entry(
        &mut self,
        app: &App,
        request: &UseRequest,
        item: Option<&UseItem>,
        result: UseResult,
        pages: &[u32],
    ) -> UseRecord {
        match result {
            UseResult::Sealed { .. } => {
                self.last_hour = self.last_hour.saturating_add(1);
                self.last_day = self.last_day.saturating_add(1);
            }
            UseResult::Refused { .. } => self.refused_last_hour = self.refused_last_hour.saturating_add(1),
            UseResult::Failed { .. } => {}
        }
        let tried = Try {
            local_time: local_time(self.now),
            day_off: self.day_off,
            address: self.address.as_deref(),
            last_hour: self.last_hour,
            last_day: self.last_day,
            refused_last_hour: self.refused_last_hour,
        };
        let signals = signals(&self.watch, &tried);
        self.found.extend(&signals);
        let document = item.map(UseItem::document);
        let asked_by = request.asked_by().clone();
        UseRecord {
            id: UseRecordId::new(self.now, &mut app.rng()),
            seal: request.seal().clone(),
            unit: request.unit().clone(),
            parent_unit: request.parent_unit().cloned(),
            area_path: request.area_path().clone(),
            request: Some(request.id().clone()),
            item: item.map(|item| item.id().clone()),
            approved_by: self.approved_by.clone(),
            system: ClientId::parse(&asked_by.id).is_ok().then(|| asked_by.name.clone()),
            asked_by,
            reason: request.asked().reason.clone(),
            document_kind: request.asked().document_kind.clone(),
            document_name: document.map_or_else(|| request.number().to_owned(), |d| d.name.clone()),
            document_digest: document.map_or_else(
                || request.manifest().map_or_else(|| request.content_digest(), |m| m.digest.clone()),
                |d| d.digest.clone(),
            ),
            placements: document.map(|d| d.placements.clone()).unwrap_or_default(),
            pages: pages.to_vec(),
            at: self.now,
            address: self.address.clone(),
            result,
            signals,
        }
    }

    /// What people have to be told now: each signal once an hour, to the unit and to the authority.
    pub fn effects(&self) -> Vec<Effect> {
        let mut new: Vec<Signal> =
            self.found.iter().copied().filter(|signal| !self.told.contains(signal)).collect();
        new.sort_unstable();
        new.dedup();
        new.iter()
            .flat_map(|signal| {
                let template = format!("use.{}", signal.as_str());
                [Effect::NotifyUnit { template: template.clone() }, Effect::NotifyAuthority { template }]
            })
            .collect()
    }
}

/// Keeps a try that a rule refused, in a transaction of its own: the request that was refused changed nothing else.
///
/// # Errors
/// Problems of the database.
pub async fn refused(
    app: &App,
    caller: &Caller,
    by: &By,
    request: &UseRequest,
    refused: &Refused,
) -> Result<(), Stop> {
    let now = app.now()?;
    let mut tx = app.store.begin().await?;
    let address = Some(caller.address().to_owned());
    let mut register = Register::open(app, &mut tx, request, address, now).await?;
    let result = UseResult::Refused { code: refused.code().to_owned() };
    let entry = register.entry(app, request, None, result, &[]);
    tx.insert(&entry).await?;
    let about = super::subject(request);
    let mut rng = app.rng();
    let jobs: Vec<_> = register
        .effects()
        .iter()
        .filter_map(|effect| crate::jobs::job_of(effect, request.seal().as_str(), now, &mut rng))
        .collect();
    tx.add_jobs(&jobs, now).await?;
    let line = Entry {
        at: now,
        actor: caller.actor(by),
        action: "use.refused".to_owned(),
        subject: about.id,
        area_path: about.area.as_str().to_owned(),
        unit: about.unit.map(|unit| unit.to_string()),
        outcome: Outcome::Refused,
        reason: Some(refused.code().to_owned()),
        details: json!({ "record": entry.id, "signals": entry.signals }),
        request_id: caller.request_id().to_owned(),
    };
    tx.append_audit(&app.audit_keys().0, std::slice::from_ref(&line)).await?;
    tx.commit().await?;
    Ok(())
}
