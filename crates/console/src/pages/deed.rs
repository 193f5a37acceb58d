//! Something that a form does: one API call, then on to the page that shows it, or the page again with what was refused.

use crate::api::{Answer, Call, Problem};
use crate::frame::{Fault, Sent, Visit};
use crate::state::Shared;

/// A form that was refused, to be shown again.
#[derive(Debug, Clone)]
pub struct Failed {
    /// What it wanted to do.
    pub verb: String,
    /// What was sent.
    pub sent: Sent,
    /// Why not.
    pub problem: Problem,
}

impl Failed {
    /// The problem, if it is of the form for this.
    pub fn of<'a>(failed: Option<&'a Self>, verb: &str) -> Option<&'a Self> {
        failed.filter(|failed| failed.verb == verb)
    }
}

/// Does it. A refusal that the person can answer comes back as [`Failed`]; others are faults.
///
/// # Errors
/// The session has ended, or the API does not answer.
pub async fn act(
    console: &Shared,
    visit: &Visit,
    call: Call,
    verb: &str,
    sent: &Sent,
) -> Result<Option<Failed>, Fault> {
    Ok(attempt(console, visit, call, verb, sent).await?.err())
}

/// The same with what the API answered.
///
/// # Errors
/// As above.
pub async fn attempt(
    console: &Shared,
    visit: &Visit,
    call: Call,
    verb: &str,
    sent: &Sent,
) -> Result<Result<Answer, Failed>, Fault> {
    let call = call.at(sent.version()).once(sent.get("once")).csrf(sent.get("csrf"));
    match console.api.call(visit, call).await {
        Ok(answer) => Ok(Ok(answer)),
        Err(Fault::Api(problem))
            if !matches!(
                problem.code.as_str(),
                "SESSION_EXPIRED" | "UNAUTHENTICATED" | "CSRF" | "NOT_FOUND"
            ) =>
        {
            Ok(Err(Failed { verb: verb.to_owned(), sent: sent.clone(), problem: *problem }))
        }
        Err(other) => Err(other),
    }
}
