//! People are told: a row for each, and a mail where he has an address.

use super::{Audience, Thing, people};
use crate::jobs::{Fault, MAIL, SystemWork};
use serde_json::json;
use yinxin_registry::ids::NoticeId;
use yinxin_registry::notice::{Notice, template};

/// Kind of the job that sends a mail.
pub const MAIL_JOB: &str = "mail";

/// Tells those whom an event concerns; who was told of it before is not told again. How many were told.
///
/// # Errors
/// [`Fault`]: a kind without words; problems of the database.
pub async fn tell(
    work: &mut SystemWork,
    audience: Audience,
    kind: &str,
    subject: &str,
    event: &str,
) -> Result<usize, Fault> {
    let words = template(kind).ok_or_else(|| Fault::hopeless(format!("there are no words for {kind}")))?;
    let thing = Thing::load(&mut work.tx, subject).await?;
    let thing = thing.ok_or_else(|| Fault::hopeless(format!("a notice about {subject}")))?;
    let (title, text) = words.render(&thing.label);
    let due = thing.due(kind);
    let told = work.tx.told(event).await?;
    let mut count = 0;
    for account in people(&mut work.tx, audience, kind, &thing, work.now).await? {
        if told.iter().any(|known| known == account.id.as_str()) {
            continue;
        }
        let id = NoticeId::new(work.now, &mut work.app().rng());
        let notice = Notice {
            id: id.clone(),
            account: account.id.clone(),
            event: event.to_owned(),
            kind: kind.to_owned(),
            subject: subject.to_owned(),
            label: Some(thing.label.clone()),
            title: title.clone(),
            text: text.clone(),
            due,
            at: work.now,
        };
        work.tx.insert(&notice).await?;
        count += 1;
        if account.email.is_some() && work.app().outbound.mails() {
            let payload = json!({ "account": account.id, "notice": id }).to_string();
            work.leave_in(MAIL, MAIL_JOB, id.as_str(), payload);
        }
    }
    Ok(count)
}
