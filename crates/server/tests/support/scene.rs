//! Where many tests begin: officers at their posts, a maker at work, a unit with its agent, a seal in force. Everything comes about
//! through the API.

use super::client::Client;
use super::running::Server;
use super::{CITY, sample};
use serde_json::{Value, json};
use yinxin_registry::role::Role;

/// Officers of 示例市 and a maker whose workshop works.
pub struct Scene<'a> {
    /// The server.
    pub server: &'a Server,
    /// Issuing reviewer of the city.
    pub reviewer: Client,
    /// Filing officer of the city.
    pub filer: Client,
    /// Key of the maker.
    pub maker: String,
    /// Operator of the maker.
    pub operator: Client,
}

/// A unit.
#[derive(Clone)]
pub struct Owner {
    /// Its number among the samples.
    pub number: u32,
    /// Key.
    pub id: String,
    /// Its agent.
    pub agent: Client,
}

impl<'a> Scene<'a> {
    /// Officers and maker.
    pub async fn set(server: &'a Server) -> Self {
        let reviewer = server.account(Role::IssuingReviewer, Some(CITY)).await;
        let filer = server.account(Role::FilingOfficer, Some(CITY)).await;
        let made = reviewer.post("/makers", sample::maker(1, server.now())).await.ok();
        let maker = made["id"].as_str().unwrap().to_owned();
        reviewer.post("/workshop", json!({ "maker": maker })).await.ok();
        let operator = server.account(Role::MakerOperator, Some(&maker)).await;
        Self { server, reviewer, filer, maker, operator }
    }

    /// The sample unit of this number with an agent.
    pub async fn owner(&self, number: u32) -> Owner {
        let unit = self.reviewer.post("/units", sample::unit(number)).await.ok();
        let id = unit["id"].as_str().unwrap().to_owned();
        let agent = self.server.account(Role::UnitAgent, Some(&id)).await;
        Owner { number, id, agent }
    }

    /// Decides on an application that was handed in; gives it as approved.
    pub async fn approve(&self, application: &str) -> Value {
        self.reviewer.step(application, "approve", json!({})).await.ok()
    }

    /// Lets the workshop make the seal of an approved application; gives the path of the seal, which waits for filing.
    pub async fn make(&self, application: &str) -> String {
        self.server.make_all().await;
        let shown = self.reviewer.get(application).await.ok();
        format!("/seals/{}", shown["seal"].as_str().expect("the workshop took the order up"))
    }

    /// Files a made seal, hands it over, lets its unit accept it; gives it as it is then.
    pub async fn hand_over(&self, owner: &Owner, seal: &str) -> Value {
        self.filer.step(seal, "file", json!({})).await.ok();
        self.operator.step(seal, "deliver", json!({ "to": "示例乙" })).await.ok();
        owner.agent.step(seal, "accept", json!({})).await.ok()
    }

    /// From a draft with this content to a seal in force; gives its path.
    pub async fn seal_in_force(&self, owner: &Owner, content: Value) -> String {
        let application = owner.submitted(content).await;
        self.approve(&application).await;
        let seal = self.make(&application).await;
        let active = self.hand_over(owner, &seal).await;
        assert_eq!(active["state"], "active");
        seal
    }

    /// The unit's legal-name seal in force.
    pub async fn legal_name_seal(&self, owner: &Owner) -> String {
        self.seal_in_force(owner, sample::content(owner.number)).await
    }
}

impl Owner {
    /// A draft for a first seal; gives its path.
    pub async fn draft(&self, content: Value) -> String {
        let body = json!({ "unit": self.id, "basis": { "kind": "new" }, "content": content });
        let draft = self.agent.post("/applications", body).await.ok();
        format!("/applications/{}", draft["id"].as_str().unwrap())
    }

    /// Hands in every document that the procedure asks for.
    pub async fn hand_in_materials(&self, application: &str) {
        let shown = self.agent.get(application).await.ok();
        let kind = shown["kind"].as_str().unwrap();
        let path = format!("/procedures?area=610100&applicant_kind=enterprise&seal_kind={kind}");
        let procedure = self.agent.get(&path).await.ok();
        for material in procedure["materials"].as_array().unwrap() {
            if material["required"] == true {
                let code = material["code"].as_str().unwrap();
                self.agent.upload(application, code, sample::pdf(code)).await.ok();
            }
        }
    }

    /// Body of a submission: the statement of truth over the content as it is now.
    pub async fn truth(&self, application: &str) -> Value {
        let checks = self.agent.get(&format!("{application}/checks")).await.ok();
        json!({ "content_digest": checks["content_digest"], "statement": checks["statement"] })
    }

    /// Hands a complete draft in.
    pub async fn submit(&self, application: &str) -> Value {
        let truth = self.truth(application).await;
        self.agent.step(application, "submit", truth).await.ok()
    }

    /// A first application with all documents, handed in; gives its path.
    pub async fn submitted(&self, content: Value) -> String {
        let application = self.draft(content).await;
        self.hand_in_materials(&application).await;
        self.submit(&application).await;
        application
    }
}
