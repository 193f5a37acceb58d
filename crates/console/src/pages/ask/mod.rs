//! Asking for a seal on documents: which seal and why, the documents, where the seal goes, handing in.

mod bring;
mod hand_in;
mod open;
mod overlay;
mod place;
mod rows;
pub mod templates;

pub use bring::Outcome;
pub use overlay::mm_text;

use crate::state::Shared;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

/// Paths of these pages.
pub fn routes() -> Router<Shared> {
    let uploads = Router::new()
        .route("/uses/{id}/documents", post(bring::bring))
        // Counted while they arrive.
        .layer(DefaultBodyLimit::disable());
    Router::new()
        .route("/uses/new", get(open::begin).post(open::open))
        .route("/uses/{id}/progress", get(hand_in::progress))
        .route("/uses/{id}/submit", post(hand_in::submit))
        .route("/uses/{id}/items/{item}/remove", post(hand_in::remove))
        .route("/uses/{id}/items/{item}/sealed", get(hand_in::sealed))
        .route("/uses/{id}/items/{item}/place", get(place::show).post(place::save))
        .merge(uploads)
}
