//! The index: what a person's roles have to do with.

use super::book::{Book, Shelf};
use super::{books, has_any};
use crate::frame::{Fault, Frame, Nav, Page, Person, Visit, html};
use crate::words::Words;
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

struct Card {
    href: String,
    title: &'static str,
    lead: &'static str,
}

struct Group {
    title: &'static str,
    cards: Vec<Card>,
}

#[derive(Template)]
#[template(path = "desk/index.html")]
struct IndexPage {
    frame: Frame,
    groups: Vec<Group>,
    /// Which of the three administrators looks, if one.
    post: &'static str,
}

/// `GET /desk`.
pub async fn show(Person(visit): Person) -> Response {
    visit.finish(page(&visit))
}

fn page(visit: &Visit) -> Result<Response, Fault> {
    let w = Words(visit.lang);
    let session = visit.session.as_ref().ok_or(Fault::Login("/desk".to_owned()))?;
    let mine: Vec<&Book> = books::ALL.iter().copied().filter(|book| has_any(session, book.readers)).collect();
    let card = |book: &&Book| Card {
        href: format!("/desk/{}", book.name),
        title: book.title.text(visit.lang),
        lead: book.lead.text(visit.lang),
    };
    let shelves = [Shelf::Directory, Shelf::Supervision, Shelf::Rules, Shelf::Connections, Shelf::System];
    let mut groups: Vec<Group> = Vec::new();
    for shelf in shelves {
        let mut cards: Vec<Card> = mine.iter().filter(|book| book.shelf == shelf).map(card).collect();
        cards.extend(others(visit, shelf));
        if !cards.is_empty() {
            groups.push(Group { title: w.shelf(shelf), cards });
        }
    }
    let post = ["system_administrator", "security_administrator", "audit_administrator"]
        .into_iter()
        .find(|role| session.is(role))
        .unwrap_or_default();
    let frame = Frame::new(visit, Page { title: w.nav_desk(), nav: Nav::Desk });
    Ok(html(StatusCode::OK, &IndexPage { frame, groups, post }))
}

/// Pages that are no books.
fn others(visit: &Visit, shelf: Shelf) -> Vec<Card> {
    let w = Words(visit.lang);
    let mut cards = Vec::new();
    let mut add = |roles: &[&str], href: &str, title, lead| {
        if visit.session.as_ref().is_some_and(|session| has_any(session, roles)) {
            cards.push(Card { href: href.to_owned(), title, lead });
        }
    };
    if shelf == Shelf::Supervision {
        let readers = ["supervisor", "issuing_reviewer", "filing_officer"];
        add(&readers, "/supervision", w.figures_title(), w.figures_lead());
        add(&["audit_administrator"], "/audit", w.audit_title(), w.audit_lead());
        add(&["audit_administrator", "supervisor"], "/audit/case", w.case_title(), w.case_lead());
    }
    cards
}
