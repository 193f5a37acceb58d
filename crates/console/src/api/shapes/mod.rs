//! What the API shows, as far as pages show it. Members that are not named here are passed over.

mod application;
mod report;
mod roles;
mod seal;
mod session;
mod status;
mod usage;

pub use application::{
    Application, ApplicationRow, AutoCheck, Checks, Content, Decision, Material, NeededMaterial, Offered,
    Physical, Procedure, Step, TrialChecks, Unit,
};
pub use report::{Check, LaterChange, Report, SealSeen, Signature, Signed, Verification};
pub use roles::{AreaRow, Programs, RoleScope, Standing};
pub use seal::{Custody, CustodyRow, Nameables, Seal, SealRow, UseGrant, UseRecord};
pub use session::{Enrollment, Session, SessionRow};
pub use status::{Envelope, Statement};
pub use usage::{
    Count, Edge, Notice, Notices, Overview, Pages, PlaceTemplate, PlaceTemplates, Placement, StateCount,
    Ticket, UseItem, UseRequest,
};

use crate::frame::Lang;
use serde::Deserialize;
use std::borrow::Borrow;

/// A page of a list.
#[derive(Debug, Clone, Deserialize)]
#[serde(bound = "T: Deserialize<'de>")]
pub struct Page<T> {
    /// Rows.
    pub items: Vec<T>,
    /// Where it goes on.
    pub next: Option<String>,
}

impl<T> Default for Page<T> {
    fn default() -> Self {
        Self { items: Vec::new(), next: None }
    }
}

/// A text in both languages.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Both {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Both {
    /// In the language of the page.
    pub fn text(&self, lang: impl Borrow<Lang>) -> &str {
        lang.borrow().pick(&self.zh, if self.en.is_empty() { &self.zh } else { &self.en })
    }
}

/// A person, numbers masked.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct PersonShown {
    /// Name.
    pub name: String,
    /// Identity number, masked.
    pub id_number: String,
    /// Telephone, masked.
    pub phone: Option<String>,
}
