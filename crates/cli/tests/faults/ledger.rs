//! What the service said yes to.

use std::collections::BTreeMap;

use yinxin_testkit::http::Answer;

use crate::person::{Request, version};

/// A change that was acknowledged.
#[derive(Debug, Clone)]
pub struct Acknowledged {
    pub request: Request,
    pub status: u16,
    pub body: Vec<u8>,
}

/// All that was acknowledged to one client.
#[derive(Debug, Default)]
pub struct Ledger {
    /// Since the last look.
    pub fresh: Vec<Acknowledged>,
    /// How often which action was done to which subject.
    pub done: BTreeMap<(String, String), u64>,
    /// The version that each thing had at least, since the last look.
    pub versions: BTreeMap<String, i64>,
    /// Documents handed in since the last look: path and content.
    pub documents: Vec<(String, Vec<u8>)>,
    /// Applications opened, in all.
    pub opened: u64,
    /// Acknowledged changes, in all.
    pub total: u64,
    /// Requests without an answer that had been done, and that had not.
    pub unanswered: (u64, u64),
}

impl Ledger {
    /// Notes that `action` was done to the thing at `path`.
    pub fn note(&mut self, path: &str, action: &str, request: &Request, answer: &Answer) {
        let subject = path.rsplit('/').next().unwrap().to_owned();
        *self.done.entry((subject, action.to_owned())).or_default() += 1;
        if let Some(version) = version(answer) {
            let known = self.versions.entry(path.to_owned()).or_default();
            *known = (*known).max(version);
        }
        self.total += 1;
        self.fresh.push(Acknowledged {
            request: request.clone(),
            status: answer.status,
            body: answer.body.clone(),
        });
    }

    /// Forgets what was looked at.
    pub fn looked_at(&mut self) {
        self.fresh.clear();
        self.versions.clear();
        self.documents.clear();
    }
}
