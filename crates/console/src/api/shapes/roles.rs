//! What roles are given for, and the rights of programs.

use super::usage::Course;
use crate::frame::Moment;
use serde::Deserialize;

/// An area.
#[derive(Debug, Clone, Deserialize)]
pub struct AreaRow {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Place in the tree.
    pub path: String,
}

/// Something a role can be given for.
#[derive(Debug, Clone, Deserialize)]
pub struct RoleScope {
    /// As grants name it.
    pub scope: String,
    /// Name.
    pub name: String,
    /// Code of the area, credit code of the unit or maker.
    pub code: Option<String>,
}

impl RoleScope {
    /// Name and code.
    pub fn words(&self) -> String {
        match &self.code {
            Some(code) => format!("{}（{code}）", self.name),
            None => self.name.clone(),
        }
    }
}

/// A program that may be named for a seal.
#[derive(Debug, Clone, Deserialize)]
pub struct Program {
    /// Name.
    pub name: String,
    /// Client.
    pub client: String,
}

/// Those that may be named.
#[derive(Debug, Clone, Deserialize)]
pub struct Programs {
    /// By name.
    pub items: Vec<Program>,
}

/// A standing authorization.
#[derive(Debug, Clone, Deserialize)]
pub struct Standing {
    /// Key.
    pub id: String,
    /// Name of the program.
    pub client_name: String,
    /// Name of the template it fills.
    pub template: String,
    /// Until when.
    pub limits: Until,
    /// Documents sealed.
    pub used: u32,
    /// Documents left.
    pub left: u32,
    /// State.
    pub state: String,
    /// In Chinese.
    pub state_zh: String,
    /// How it is voted on.
    pub approval: Course,
}

impl Standing {
    /// When the step that is reached is due.
    pub fn due(&self) -> Option<Moment> {
        self.approval.steps.get(self.approval.reached)?.due
    }
}

/// Its end.
#[derive(Debug, Clone, Deserialize)]
pub struct Until {
    /// Until when.
    pub until: Moment,
}
