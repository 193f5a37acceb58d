//! What waits for a person, role by role: each from a list that the API has.

use crate::api::shapes::{
    ApplicationRow, CustodyRow, Notices, Page, SealRow, Session, Standing, Ticket, UseRequest,
};
use crate::frame::{Due, Fault, Key, Moment, Visit};
use crate::state::Shared;
use crate::words::Words;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

/// Something that waits.
pub struct Item {
    pub title: String,
    pub more: String,
    pub href: String,
    pub state: String,
    pub due: Option<Due>,
}

/// Things that wait for the same.
pub struct Queue {
    pub title: &'static str,
    pub empty: &'static str,
    pub href: &'static str,
    pub items: Vec<Item>,
    /// What is wrong, and what to do about it.
    pub note: &'static str,
}

/// Asks the API for them.
pub struct Asking<'a> {
    console: &'a Shared,
    visit: &'a Visit,
    session: &'a Session,
    w: Words,
    now: Timestamp,
}

impl<'a> Asking<'a> {
    /// For this person, now.
    pub fn new(console: &'a Shared, visit: &'a Visit, session: &'a Session) -> Self {
        Self { console, visit, session, w: Words(visit.lang), now: Timestamp::now() }
    }

    /// Everything that waits.
    ///
    /// # Errors
    /// Problems of the API.
    pub async fn all(&self) -> Result<Vec<Queue>, Fault> {
        let mut queues = Vec::new();
        if self.session.is("issuing_reviewer") {
            queues.push(
                self.applications(&["submitted"], self.w.queue_review(), self.w.queue_review_empty()).await?,
            );
        }
        if self.session.is("filing_officer") {
            queues.push(self.seals("made", self.w.queue_file(), self.w.queue_file_empty()).await?);
        }
        if self.session.is("maker_operator") {
            queues.push(self.orders().await?);
            queues.push(self.seals("filed", self.w.queue_deliver(), self.w.queue_deliver_empty()).await?);
        }
        if self.session.is("approver") {
            queues.push(self.votes().await?);
            queues.push(self.standings().await?);
        }
        if self.session.is("custodian") {
            queues.push(self.custodies().await?);
        }
        if self.session.is("unit_agent") {
            queues.push(
                self.applications(
                    &["returned", "draft"],
                    self.w.queue_applications(),
                    self.w.queue_applications_empty(),
                )
                .await?,
            );
            queues.push(self.seals("delivered", self.w.queue_accept(), self.w.queue_accept_empty()).await?);
            queues.push(self.tickets().await?);
        }
        if self.session.is("user") {
            queues.push(self.own_requests().await?);
        }
        queues.push(self.notices().await?);
        Ok(queues)
    }

    fn due(&self, at: Option<Moment>) -> Option<Due> {
        at.map(|at| Due::of(at, self.now, self.visit.lang))
    }

    async fn applications(
        &self,
        states: &[&str],
        title: &'static str,
        empty: &'static str,
    ) -> Result<Queue, Fault> {
        let mut items = Vec::new();
        for state in states {
            let path = format!("/applications?state={state}&limit=50");
            let page: Page<ApplicationRow> = self.console.api.list(self.visit, &path).await?;
            items.extend(page.items.into_iter().map(|row| Item {
                href: format!("/applications/{}", row.id),
                state: self.w.state(&row.state, &row.state_zh),
                due: self.due(row.due),
                title: row.seal_name,
                more: row.unit_name,
            }));
        }
        Ok(Queue { title, empty, href: "/applications", items: by_due(items), note: "" })
    }

    async fn seals(&self, state: &str, title: &'static str, empty: &'static str) -> Result<Queue, Fault> {
        let page: Page<SealRow> =
            self.console.api.list(self.visit, &format!("/seals?state={state}&limit=50")).await?;
        // Filing and handing over are done at the desk.
        let at = if matches!(state, "made" | "filed") { "/desk/making" } else { "/seals" };
        let item = |row: SealRow| Item {
            href: format!("{at}/{}", row.id),
            state: self.w.state(&row.state, &row.state_zh),
            due: None,
            title: row.name,
            more: row.unit_name,
        };
        Ok(Queue { title, empty, href: at, items: page.items.into_iter().map(item).collect(), note: "" })
    }

    /// Approved applications that a maker may take up.
    async fn orders(&self) -> Result<Queue, Fault> {
        let (mut items, mut note) = (Vec::new(), "");
        for maker in self.session.scopes("maker_operator") {
            let path = format!("/makers/{}/orders?limit=100", Key::parse(maker)?);
            let page: Page<Value> = match self.console.api.list(self.visit, &path).await {
                // A role can be given before its maker is on record, or for another by mistake.
                Err(Fault::Api(problem)) if problem.code == "NOT_FOUND" => {
                    note = self.w.queue_no_maker();
                    continue;
                }
                other => other?,
            };
            let text = |order: &Value, at: &str| {
                order.pointer(at).and_then(Value::as_str).unwrap_or_default().to_owned()
            };
            let open =
                page.items.iter().filter(|order| order.pointer("/assigned").is_none_or(Value::is_null));
            items.extend(open.map(|order| Item {
                href: format!("/desk/makers/{maker}"),
                state: self.w.order_waits().to_owned(),
                due: None,
                title: text(order, "/seal/name"),
                more: text(order, "/unit/name"),
            }));
        }
        Ok(Queue {
            title: self.w.queue_orders(),
            empty: self.w.queue_orders_empty(),
            href: "/desk/makers",
            items,
            note,
        })
    }

    async fn votes(&self) -> Result<Queue, Fault> {
        let page: Page<UseRequest> =
            self.console.api.list(self.visit, "/use-requests?state=pending&limit=200").await?;
        let mine = page.items.into_iter().filter(|request| request.waits_for(&self.session.account.id));
        let items = mine.map(|request| self.request(request)).collect();
        Ok(Queue {
            title: self.w.queue_vote(),
            empty: self.w.queue_vote_empty(),
            href: "/uses",
            items: by_due(items),
            note: "",
        })
    }

    /// Rights of programs; few have any, so nothing is shown where none waits.
    async fn standings(&self) -> Result<Queue, Fault> {
        let page: Page<Standing> =
            self.console.api.list(self.visit, "/standings?state=proposed&limit=100").await?;
        let me = self.session.account.id.as_str();
        let mine = page.items.into_iter().filter(|one| one.approval.waits_for.iter().any(|who| who == me));
        let item = |one: Standing| Item {
            href: format!("/desk/standings/{}", one.id),
            state: self.w.state(&one.state, &one.state_zh),
            due: self.due(one.due()),
            more: one.template,
            title: one.client_name,
        };
        Ok(Queue {
            title: self.w.queue_standings(),
            empty: self.w.queue_standings_empty(),
            href: "/desk/standings",
            items: by_due(mine.map(item).collect()),
            note: "",
        })
    }

    async fn own_requests(&self) -> Result<Queue, Fault> {
        let page: Page<UseRequest> = self.console.api.list(self.visit, "/use-requests?limit=100").await?;
        let open = |request: &UseRequest| {
            matches!(request.state.as_str(), "draft" | "pending" | "approved" | "signing" | "partial")
        };
        let mine = page
            .items
            .into_iter()
            .filter(|request| request.asked_by == self.session.account.id && open(request));
        let items = mine.map(|request| self.request(request)).collect();
        Ok(Queue {
            title: self.w.queue_mine(),
            empty: self.w.queue_mine_empty(),
            href: "/uses",
            items: by_due(items),
            note: "",
        })
    }

    fn request(&self, request: UseRequest) -> Item {
        Item {
            href: format!("/uses/{}", request.id),
            state: self.w.state(&request.state, &request.state_zh),
            due: self.due(request.due()),
            more: format!("{} · {}", request.asked_by_name, request.document_kind),
            title: request.reason,
        }
    }

    async fn custodies(&self) -> Result<Queue, Fault> {
        let me = self.session.account.id.as_str();
        let page: Page<CustodyRow> = self.console.api.list(self.visit, "/custodies?limit=100").await?;
        let soon = self.now.saturating_add(SignedDuration::from_hours(14 * 24)).unwrap_or(Timestamp::MAX);
        let mut items = Vec::new();
        for row in page.items {
            let offered = row
                .handover
                .as_ref()
                .filter(|handover| handover.to == me)
                .map(|handover| (handover.due, self.w.take_over_due()));
            let kept = row.keeper.as_ref().is_some_and(|keeper| keeper.account == me);
            let check =
                row.check_due.filter(|due| kept && due.0 <= soon).map(|due| (due, self.w.check_due()));
            let Some((due, what)) = offered.or(check) else { continue };
            items.push(self.custody(&row.seal, due, what).await?);
        }
        Ok(Queue {
            title: self.w.queue_custody(),
            empty: self.w.queue_custody_empty(),
            href: "/seals",
            items: by_due(items),
            note: "",
        })
    }

    async fn custody(&self, seal: &str, due: Moment, what: &str) -> Result<Item, Fault> {
        let row: SealRow = self.console.api.read(self.visit, &format!("/seals/{seal}")).await?;
        Ok(Item {
            href: format!("/seals/{seal}"),
            state: what.to_owned(),
            due: self.due(Some(due)),
            title: row.name,
            more: what.to_owned(),
        })
    }

    async fn tickets(&self) -> Result<Queue, Fault> {
        let page: Page<Ticket> = self.console.api.list(self.visit, "/tickets?state=open&limit=50").await?;
        let item = |ticket: Ticket| Item {
            href: format!("/desk/tickets/{}", ticket.id),
            due: self.due(ticket.due),
            state: ticket.state_zh,
            title: ticket.text,
            more: format!("{} · {}", ticket.unit_name, ticket.kind_zh),
        };
        Ok(Queue {
            title: self.w.queue_tickets(),
            empty: self.w.queue_tickets_empty(),
            href: "/desk/tickets",
            items: page.items.into_iter().map(item).collect(),
            note: "",
        })
    }

    async fn notices(&self) -> Result<Queue, Fault> {
        let found: Notices = self.console.api.read(self.visit, "/notices?unread=true&limit=5").await?;
        let item = |notice: crate::api::shapes::Notice| Item {
            href: super::thing_path(&notice.subject).unwrap_or_else(|| "/notices".to_owned()),
            state: notice.at.day(),
            due: self.due(notice.due),
            title: notice.title.text(self.visit.lang).to_owned(),
            more: notice.label.clone().unwrap_or_default(),
        };
        let items = found.items.into_iter().map(item).collect();
        Ok(Queue {
            title: self.w.queue_notices(),
            empty: self.w.queue_notices_empty(),
            href: "/notices",
            items,
            note: "",
        })
    }
}

/// What is due first, first; what has no deadline last.
fn by_due(mut items: Vec<Item>) -> Vec<Item> {
    items.sort_by_key(|item| item.due.as_ref().map_or(Moment(Timestamp::MAX), |due| due.at));
    items
}
