//! Deadlines of applications.

use super::{Deadline, authority};
use crate::api::applications::subject;
use crate::jobs::{Fault, SystemWork};
use jiff::SignedDuration;
use serde_json::json;
use yinxin_registry::lifecycle::By;
use yinxin_registry::lifecycle::application::{Application, ApplicationEvent, ApplicationState};

/// A reminder of an earlier round lies further before the deadline.
const SOON: SignedDuration = SignedDuration::from_hours(25);

/// A deadline of the application has come. One of an earlier round finds another date and does nothing.
pub(super) async fn come(
    work: &mut SystemWork,
    application: &str,
    deadline: Deadline<'_>,
) -> Result<(), Fault> {
    let found = work.tx.get::<Application>(application).await?;
    let stands = found.value.due() == Some(deadline.at) && deadline.at <= work.now;
    match (deadline.name, found.value.state()) {
        ("review_overdue", ApplicationState::Submitted) if stands => {
            let about = subject(&found.value);
            let details = json!({ "due": deadline.at });
            work.record(deadline.author, "application.review_overdue", &about, None, details);
            work.enact(&about, &[authority("application.review_overdue")]);
        }
        ("correction_overdue", ApplicationState::Returned) if stands => {
            let event = ApplicationEvent::Lapse { reason: "逾期未补正".to_owned() };
            let (lapsed, effects) = found.value.apply(event, &By::system(), work.now)?;
            work.tx.save(&lapsed, found.version).await?;
            let details = json!({ "due": deadline.at });
            work.record(deadline.author, "application.lapse", &subject(&lapsed), None, details);
            work.enact(&subject(&lapsed), &effects);
        }
        ("review_soon", ApplicationState::Submitted) => {
            let due = found.value.due().filter(|due| *due > work.now);
            if due.is_some_and(|due| due.duration_since(deadline.at) <= SOON) {
                work.enact(&subject(&found.value), &[authority("application.review_soon")]);
            }
        }
        ("review_overdue" | "review_soon" | "correction_overdue", _) => {}
        (other, _) => return Err(Fault::hopeless(format!("unknown deadline {other}"))),
    }
    Ok(())
}
