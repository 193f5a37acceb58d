//! A unit with a seal in force and the people who use it.

use crate::support::scene::{Owner, Scene};
use crate::support::{CITY, Client, Role, Server, sample};
use jiff::SignedDuration;
use serde_json::{Value, json};

/// Who plays. The seal is the unit's contract seal.
pub struct Stage<'a> {
    pub server: &'a Server,
    pub scene: Scene<'a>,
    pub owner: Owner,
    pub agent: Client,
    pub custodian: Client,
    pub user: Client,
    pub approver: Client,
    pub supervisor: Client,
    /// `/seals/seal_…`
    pub seal: String,
}

impl<'a> Stage<'a> {
    pub async fn set(server: &'a Server) -> Self {
        Self::set_with(server, |_| {}).await
    }

    /// The same with another content of the seal's application.
    pub async fn set_with(server: &'a Server, change: impl FnOnce(&mut Value)) -> Self {
        let scene = Scene::set(server).await;
        let owner = scene.owner(11).await;
        let mut content = sample::contract_content(11);
        change(&mut content);
        let seal = scene.seal_in_force(&owner, content).await;
        let unit = Some(owner.id.as_str());
        Self {
            server,
            agent: owner.agent.clone(),
            custodian: server.account(Role::Custodian, unit).await,
            user: server.account(Role::User, unit).await,
            approver: server.account(Role::Approver, unit).await,
            supervisor: server.account(Role::Supervisor, Some(CITY)).await,
            scene,
            owner,
            seal,
        }
    }

    /// Another account of the unit.
    pub async fn another(&self, role: Role) -> Client {
        self.server.account(role, Some(&self.owner.id)).await
    }

    /// Agents of another unit, with every role a use has.
    pub async fn stranger(&self) -> Client {
        let other = self.scene.owner(12).await;
        let unit = Some(other.id.as_str());
        let roles = [Role::UnitAgent, Role::Custodian, Role::Approver, Role::User].map(|role| (role, unit));
        self.server.account_with(&roles).await
    }

    /// Posts a step of the seal's custody at the version it has now.
    pub async fn custody(&self, who: &Client, verb: &str, body: Value) -> crate::support::Answer {
        let seen = self.supervisor.get(&format!("{}/custody", self.seal)).await;
        seen.ok();
        who.post_at(seen.version(), &format!("{}/custody/{verb}", self.seal), body).await
    }

    /// The custodian keeps the seal.
    pub async fn kept(self) -> Self {
        self.custody(&self.agent, "offer", json!({ "account": self.custodian.id })).await.ok();
        self.custody(&self.custodian, "accept", json!({})).await.ok();
        self
    }

    /// A right for the user: ten contracts within a month.
    pub async fn grant(&self, change: impl FnOnce(&mut Value)) -> Value {
        let mut body = json!({
            "to": self.user.id, "until": self.in_days(30), "document_kinds": ["合同"], "most": 10,
        });
        change(&mut body);
        self.custodian.post(&format!("{}/use-grants", self.seal), body).await.ok()
    }

    /// A moment so many days ahead.
    pub fn in_days(&self, days: i64) -> Value {
        json!(self.server.now() + SignedDuration::from_hours(24 * days))
    }

    /// A flow of one step, decided by the approver.
    pub async fn flow(&self) -> Value {
        let step = json!({ "name": "部门负责人", "approvers": [self.approver.id], "need": 1, "hours": 24 });
        let body = json!({ "name": "合同用印审批", "steps": [step] });
        self.agent.post(&format!("/units/{}/flows", self.owner.id), body).await.ok()
    }

    /// Lines of the audit log about something.
    pub async fn log(&self, about: &str) -> Vec<String> {
        let auditor = self.server.admin("audit").await;
        let id = about.rsplit('/').next().unwrap();
        let log = auditor.get(&format!("/audit?subject={id}&limit=200")).await.ok();
        let rows = log["items"].as_array().unwrap();
        let actions = rows.iter().rev().map(|row| row["action"].as_str().unwrap().to_owned());
        // What the layer around every endpoint notes of refusals has tests of its own.
        actions.filter(|action| action != "request.refused").collect()
    }
}

/// The rule a refusal names.
#[track_caller]
pub fn rule(answer: &crate::support::Answer) -> String {
    answer.problem("CONFLICT")["rule"].as_str().unwrap_or_default().to_owned()
}
