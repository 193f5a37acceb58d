//! Whether the server can serve now.

use super::App;
use super::fault::problem_of;
use crate::http::Problem;

/// Asks database, documents and clock.
///
/// # Errors
/// The problem of the first that is not well.
pub async fn check(app: &App) -> Result<(), Problem> {
    app.now()?;
    app.store.ready().await.map_err(|error| problem_of(&error))?;
    app.documents.probe().await?;
    Ok(())
}
