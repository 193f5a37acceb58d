//! The audit log, read from the database.

use crate::support::Server;

/// A line of the log.
pub struct Line {
    pub actor: String,
    pub action: String,
    pub subject: String,
    pub outcome: String,
    /// Everything that was hashed, as text.
    pub content: String,
}

/// Every line.
pub async fn lines(server: &Server) -> Vec<Line> {
    let rows = server.app.store.read().await.unwrap().audit_rows(0, 10_000).await.unwrap();
    rows.into_iter()
        .map(|row| Line {
            actor: row.columns.actor,
            action: row.columns.action,
            subject: row.columns.subject,
            outcome: row.columns.outcome,
            content: String::from_utf8_lossy(&row.content).into_owned(),
        })
        .collect()
}

/// The last line of an action.
pub async fn last(server: &Server, action: &str) -> Line {
    let found = lines(server).await.into_iter().rfind(|line| line.action == action);
    found.unwrap_or_else(|| panic!("nothing recorded of {action}"))
}

/// Makes sure that none of these texts stands anywhere in the log.
pub async fn holds_none_of(server: &Server, secrets: &[&str]) {
    for line in lines(server).await {
        for secret in secrets {
            assert!(!line.content.contains(secret), "{} {} holds a secret", line.action, line.subject);
            assert!(!line.subject.contains(secret), "{} names a secret", line.action);
        }
    }
}
