//! Places under names, kept by the service for the person who named them.

use crate::api::Call;
use crate::api::shapes::{PlaceTemplate, PlaceTemplates, Placement};
use crate::frame::{Fault, Sent, Visit};
use crate::state::Shared;
use serde_json::json;

/// Where the API keeps them.
const PATH: &str = "/session/place-templates";

/// The templates of whoever looks; none where the role does not reach them.
///
/// # Errors
/// Problems of the API.
pub async fn load(console: &Shared, visit: &Visit) -> Result<PlaceTemplates, Fault> {
    match console.api.read(visit, PATH).await {
        Err(Fault::Api(problem)) if problem.code == "FORBIDDEN" => Ok(PlaceTemplates::default()),
        other => other,
    }
}

async fn put(
    console: &Shared,
    visit: &Visit,
    sent: &Sent,
    known: &PlaceTemplates,
    templates: &[PlaceTemplate],
) -> Result<(), Fault> {
    let call = Call::put(PATH, &json!({ "templates": templates })).at(Some(known.version));
    console.api.call(visit, call.once(sent.get("once")).csrf(sent.get("csrf"))).await.map(|_| ())
}

/// Keeps places under a name, in place of what had this name.
///
/// # Errors
/// Problems of the API.
pub async fn keep(
    console: &Shared,
    visit: &Visit,
    sent: &Sent,
    name: &str,
    placements: &[Placement],
) -> Result<(), Fault> {
    let known = load(console, visit).await?;
    let mut templates: Vec<PlaceTemplate> =
        known.templates.iter().filter(|one| one.name != name).cloned().collect();
    templates.push(PlaceTemplate { name: name.to_owned(), placements: placements.to_vec() });
    put(console, visit, sent, &known, &templates).await
}

/// Leaves the template of this name out.
///
/// # Errors
/// Problems of the API.
pub async fn forget(console: &Shared, visit: &Visit, sent: &Sent, name: &str) -> Result<(), Fault> {
    let known = load(console, visit).await?;
    let left: Vec<PlaceTemplate> = known.templates.iter().filter(|one| one.name != name).cloned().collect();
    put(console, visit, sent, &known, &left).await
}
