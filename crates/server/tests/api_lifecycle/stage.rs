//! People, a maker and a unit, and the steps of a life they take.

use crate::support::scene::{Owner, Scene};
use crate::support::{Answer, Client, Server, sample};
use jiff::SignedDuration;
use serde_json::{Value, json};

/// Who plays.
pub struct Stage<'a> {
    pub server: &'a Server,
    pub scene: Scene<'a>,
    pub owner: Owner,
    pub reviewer: Client,
    pub filer: Client,
    pub operator: Client,
    pub agent: Client,
    pub maker: String,
    pub unit: String,
    pub unit_name: String,
}

impl<'a> Stage<'a> {
    /// A city with its officers, a maker whose workshop works, and a firm.
    pub async fn set(server: &'a Server) -> Self {
        let scene = Scene::set(server).await;
        let owner = scene.owner(11).await;
        Self {
            server,
            reviewer: scene.reviewer.clone(),
            filer: scene.filer.clone(),
            operator: scene.operator.clone(),
            agent: owner.agent.clone(),
            maker: scene.maker.clone(),
            unit: owner.id.clone(),
            unit_name: sample::unit_name(11),
            scene,
            owner,
        }
    }

    /// What is asked for the unit's legal-name seal, under the name it has now.
    pub fn content(&self) -> Value {
        let mut content = sample::content(self.owner.number);
        content["seal_name"] = json!(self.unit_name);
        content
    }

    /// A draft with its materials: `/applications/app_…`.
    pub async fn draft(&self, basis: Value, content: Value) -> String {
        let body = json!({ "unit": self.unit, "basis": basis, "content": content });
        let path = thing("applications", &self.agent.post("/applications", body).await.ok());
        self.owner.hand_in_materials(&path).await;
        path
    }

    /// An approved application for the legal-name seal.
    pub async fn approved(&self, basis: Value) -> String {
        let application = self.draft(basis, self.content()).await;
        self.owner.submit(&application).await;
        self.scene.approve(&application).await;
        application
    }

    /// From approved to delivered: `/seals/seal_…`.
    pub async fn delivered(&self, application: &str) -> String {
        let seal = self.scene.make(application).await;
        self.filer.step(&seal, "file", json!({})).await.ok();
        self.operator.step(&seal, "deliver", json!({ "to": "示例甲" })).await.ok();
        seal
    }

    /// A legal-name seal in force.
    pub async fn active(&self) -> String {
        self.scene.legal_name_seal(&self.owner).await
    }

    /// State of an application, a seal or a change case.
    pub async fn state(&self, thing: &str) -> String {
        self.agent.get(thing).await.ok()["state"].as_str().unwrap().to_owned()
    }

    /// What a seal was worth so long ago.
    pub async fn standing(&self, seal: &str, ago: SignedDuration) -> String {
        let at = self.server.now() - ago;
        let status = self.agent.get(&format!("{seal}/status?at={at}")).await.ok();
        status["standing"].as_str().unwrap().to_owned()
    }
}

/// Answers that are no JSON.
pub trait Whole {
    /// The bytes of a success.
    fn ok_bytes(&self) -> &[u8];
}

impl Whole for Answer {
    #[track_caller]
    fn ok_bytes(&self) -> &[u8] {
        let shown = String::from_utf8_lossy(&self.body);
        assert!(self.status.is_success(), "{}: {} {shown}", self.asked, self.status);
        assert!(!self.body.is_empty(), "{}: empty", self.asked);
        &self.body
    }
}

/// Path of a thing that was made.
pub fn thing(kind: &str, made: &Value) -> String {
    format!("/{kind}/{}", made["id"].as_str().unwrap())
}

/// Key in a path.
pub fn key(path: &str) -> &str {
    path.rsplit('/').next().unwrap()
}
