//! Whom a measure concerns.

use super::Wanted;
use crate::api::seals::SealSummary;
use crate::app::{App, Stop};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use utoipa::ToSchema;
use yinxin_registry::drill::Found;
use yinxin_registry::ids::SealId;
use yinxin_registry::lifecycle::State as _;
use yinxin_registry::lifecycle::seal::Seal;
use yinxin_store::{ListFilter, Versioned};

/// Seals on a page of the database.
const PAGE: u32 = 200;
/// Most seals looked at for an impact: beyond it only "at least" is told.
const MOST_LOOKED_AT: u64 = 10_000;
/// Seals shown.
const SHOWN: usize = 50;

/// Impact of a measure (影响清单).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ImpactView {
    /// Seals that it suspends or has suspended.
    pub seals: u64,
    /// Of these, by state before: `active`, `suspended`.
    pub by_state: BTreeMap<String, u64>,
    /// Units that own them.
    pub units: u64,
    /// Seals on their way, made with such a certificate and not in force: they are not suspended and have to be looked at one by one.
    pub coming: u64,
    /// Whether everything was looked at; otherwise the numbers say "at least".
    pub complete: bool,
    /// The first of them, at most 50, as they were.
    pub first: Vec<SealSummary>,
}

/// What was found.
#[derive(Debug, Default)]
pub struct Impact {
    /// The seals, as many as are kept in hand.
    pub concerned: Vec<Versioned<Seal>>,
    by_state: BTreeMap<String, u64>,
    units: BTreeSet<String>,
    coming: u64,
    complete: bool,
}

impl Impact {
    /// Whether every seal concerned is in hand.
    pub fn all_in_hand(&self) -> bool {
        self.complete && self.count() == self.concerned.len() as u64
    }

    /// Seals concerned.
    pub fn count(&self) -> u64 {
        self.by_state.values().sum()
    }

    /// As an answer shows it.
    pub fn view(&self) -> ImpactView {
        let first = self.concerned.iter().take(SHOWN);
        ImpactView {
            seals: self.count(),
            by_state: self.by_state.clone(),
            units: self.units.len() as u64,
            coming: self.coming,
            complete: self.complete,
            first: first.map(|found| SealSummary::of(&found.value, found.version)).collect(),
        }
    }

    /// As a drill writes it down.
    pub fn found(&self) -> Found {
        let first: Vec<SealId> =
            self.concerned.iter().take(SHOWN).map(|found| found.value.id().clone()).collect();
        Found {
            seals: self.count(),
            by_state: self.by_state.clone(),
            units: self.units.len() as u64,
            coming: self.coming,
            complete: self.complete,
            first,
        }
    }

    fn note(&mut self, found: Versioned<Seal>, wanted: &Wanted, keep: usize) {
        let seal = &found.value;
        if wanted.concerns(seal) {
            *self.by_state.entry(seal.state().as_str().to_owned()).or_default() += 1;
            self.units.insert(seal.unit().to_string());
            if self.concerned.len() < keep {
                self.concerned.push(found);
            }
        } else if wanted.awaits(seal) {
            self.coming += 1;
        }
    }
}

/// Looks which seals are concerned; keeps up to `keep` of them.
///
/// # Errors
/// Problems of the database.
pub async fn look(app: &App, wanted: &Wanted, keep: usize) -> Result<Impact, Stop> {
    let mut access = app.store.read().await?;
    let mut impact = Impact::default();
    let mut cursor: Option<String> = None;
    let mut looked_at = 0;
    while looked_at < MOST_LOOKED_AT {
        let filter = ListFilter { cursor: cursor.as_deref(), limit: PAGE, ..ListFilter::default() };
        let page = wanted.page(&mut access, &filter).await?;
        looked_at += page.items.len() as u64;
        for found in page.items {
            impact.note(found, wanted, keep);
        }
        cursor = page.next;
        if cursor.is_none() {
            impact.complete = true;
            break;
        }
    }
    Ok(impact)
}
