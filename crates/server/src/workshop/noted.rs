//! Which orders came to what, for log and metrics: said once, not in every round.

use crate::making::runner::{Fate, Round};
use crate::telemetry::metrics;
use std::collections::BTreeMap;

/// The last fate of each open order.
#[derive(Debug, Default)]
pub struct Noted(BTreeMap<String, String>);

impl Noted {
    /// Takes note of a round and logs what is new.
    pub fn take(&mut self, round: &Round) {
        let mut open = BTreeMap::new();
        for (application, fate) in &round.orders {
            let (word, code) = match fate {
                Fate::HandedIn { .. } => ("made", ""),
                Fate::SentBack { code } => ("sent_back", *code),
                Fate::Waiting { code, .. } => ("waiting", *code),
                Fate::Refused(error) => ("refused", error.code()),
            };
            let told = format!("{word} {code}");
            if self.0.get(application) != Some(&told) {
                metrics::order(word);
                match fate {
                    Fate::HandedIn { seal } => tracing::info!(application, seal, "made"),
                    Fate::SentBack { code } => tracing::info!(application, code, "sent back"),
                    Fate::Waiting { code, detail } => {
                        tracing::warn!(application, code, detail, "the order waits")
                    }
                    Fate::Refused(error) => tracing::warn!(application, code, %error, "the registry refused"),
                }
            }
            open.insert(application.clone(), told);
        }
        self.0 = open;
    }
}
