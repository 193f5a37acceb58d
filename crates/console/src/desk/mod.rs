//! The desk (管理): administration, supervision and upkeep as lists, pages and forms over the API, each described by a table.
//!
//! Most of what administrators and departments do is the same: find a thing, look at it, fill in a short form. What differs stands in the
//! tables of `books`; how it becomes pages stands here once.

mod book;
mod books;
mod cell;
mod deed;
mod form;
mod index;
mod list;
mod names;
mod say;
mod show;

pub use book::{Book, Choices, Entry, Fact, Shelf, Show, fact, typed};
pub use books::codes;
pub use cell::{Cell, Shown, cells, shown};
pub use deed::arrays;
pub use form::{fields, scope_words};
pub use say::{Named, Say, named};

use crate::api::shapes::Session;
use crate::frame::{Fault, Frame, Key, Nav, Page, Visit, is_code};
use crate::state::Shared;
use axum::Router;
use axum::routing::{get, post};

/// The paths of the desk.
pub fn routes() -> Router<Shared> {
    Router::new()
        .route("/desk", get(index::show))
        .route("/desk/{book}", get(list::show))
        .route("/desk/{book}/add/{verb}", get(deed::blank).post(deed::make))
        .route("/desk/{book}/{id}", get(show::show))
        .route("/desk/{book}/{id}/{verb}", post(deed::act))
        .route("/desk/{book}/{id}/row/{verb}", post(deed::row))
}

/// Whether somebody finds a book in the index.
pub fn finds_any(session: &Session) -> bool {
    books::ALL.iter().any(|book| has_any(session, book.readers))
}

fn has_any(session: &Session, roles: &[&str]) -> bool {
    roles.iter().any(|role| session.is(role))
}

fn book(name: &str) -> Result<&'static Book, Fault> {
    books::ALL.iter().copied().find(|book| book.name == name).ok_or(Fault::NotFound)
}

/// The frame of a page of this book. What the page is for the book says, where it says anything.
fn framed(book: &Book, visit: &Visit, title: &str) -> Frame {
    let frame = Frame::new(visit, Page { title, nav: Nav::Desk });
    if book.help.is_empty() { frame } else { frame.explained(&[]) }
}

/// An identifier as it stands in a path of the API: of a thing, an area, a profile.
fn identifier(text: &str) -> Result<String, Fault> {
    match Key::parse(text) {
        Ok(key) => Ok(key.to_string()),
        Err(_) if is_code(text) => Ok(text.to_owned()),
        Err(fault) => Err(fault),
    }
}

/// Stands for the identifier of what there is only one of.
const ALONE: &str = "-";

fn with_id(path: &str, id: &str) -> String {
    path.replace("{id}", id)
}
