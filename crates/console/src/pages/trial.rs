//! The imprint while one fills in the form: as it would be drawn, and what the rules of its kind say.

use super::apply::Set;
use crate::api::shapes::{Application, AutoCheck, Both, TrialChecks, Unit};
use crate::api::{Call, with_query};
use crate::frame::{Fault, Key, Lang, Person, Sent, Visit, html, is_code};
use crate::state::Shared;
use crate::words::Words;
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

/// Material that is the picture of the seal, and the scan of the imprint on record.
const PICTURE: &str = "imprint_picture";
const FILED: &str = "imprint";

/// What stands beside the form.
pub struct Trial {
    /// Path of the picture.
    pub picture: Option<String>,
    /// What its rules say.
    pub found: TrialFound,
    /// For the script: unit and kind, as the query begins.
    pub base: String,
}

/// The checks of a trial; also what the script puts in their place.
#[derive(Template)]
#[template(path = "application/trial.html")]
pub struct TrialFound {
    lang: Lang,
    w: Words,
    drawn: bool,
    checks: Vec<AutoCheck>,
}

/// What is tried.
struct Asked<'a> {
    unit: &'a str,
    kind: &'a str,
    name: &'a str,
    holder: &'a str,
    size: &'a str,
}

impl Trial {
    /// Of a form as it stands; nothing where a name is missing.
    pub async fn of(
        console: &Shared,
        visit: &Visit,
        unit: &Unit,
        kind: &str,
        sets: &[Set],
    ) -> Result<Option<Self>, Fault> {
        let field = |name: &str| {
            let mut all = sets.iter().flat_map(|set| &set.fields);
            all.find(|field| field.name == name).map_or("", |field| field.value.trim())
        };
        if !field("picture").is_empty() {
            // A picture of one's own is not drawn.
            return Ok(None);
        }
        let asked = Asked {
            unit: &unit.id,
            kind,
            name: field("s:/seal_name"),
            holder: field("s:/holder/name"),
            size: field("imprint"),
        };
        let base = with_query("/applications/trial", &[("unit", asked.unit), ("kind", kind)]);
        let base = base.split_once('?').map(|(_, query)| query.to_owned()).unwrap_or_default();
        let checks = checks(console, visit, &asked).await?;
        let picture = checks.as_ref().is_some_and(|found| found.drawn).then(|| {
            let pairs = [
                ("unit", asked.unit),
                ("kind", asked.kind),
                ("name", asked.name),
                ("holder", asked.holder),
                ("size", asked.size),
            ];
            with_query("/applications/trial/picture", &pairs)
        });
        let found = TrialFound::of(visit, checks);
        Ok(Some(Self { picture, found, base }))
    }
}

impl TrialFound {
    /// What is not as it should be first: that is what one looks for.
    fn of(visit: &Visit, found: Option<TrialChecks>) -> Self {
        let drawn = found.as_ref().is_some_and(|found| found.drawn);
        let mut checks = found.map(|found| found.checks).unwrap_or_default();
        checks.sort_by_key(|check| check.passed);
        Self { lang: visit.lang, w: Words(visit.lang), drawn, checks }
    }

    /// How many are not as they should be.
    fn open(&self) -> usize {
        self.checks.iter().filter(|check| !check.passed).count()
    }
}

/// Asks the API; nothing where what is typed so far is no seal yet.
async fn checks(console: &Shared, visit: &Visit, asked: &Asked<'_>) -> Result<Option<TrialChecks>, Fault> {
    let Some(path) = asked.path("imprint-trial/checks")? else { return Ok(None) };
    match console.api.read(visit, &path).await {
        Ok(found) => Ok(Some(found)),
        Err(Fault::Api(problem)) if problem.code == "VALIDATION" => Ok(None),
        Err(other) => Err(other),
    }
}

impl Asked<'_> {
    fn path(&self, what: &str) -> Result<Option<String>, Fault> {
        let unit = Key::parse(self.unit)?;
        let Some((width, height)) = sides(self.size).filter(|_| is_code(self.kind)) else { return Ok(None) };
        let (width, height) = (width.to_string(), height.to_string());
        let mut pairs = vec![
            ("kind", self.kind),
            ("seal_name", self.name),
            ("width_tenth_mm", width.as_str()),
            ("height_tenth_mm", height.as_str()),
        ];
        if !self.holder.is_empty() {
            pairs.push(("holder", self.holder));
        }
        Ok(Some(with_query(&format!("/units/{unit}/{what}"), &pairs)))
    }
}

fn asked(query: &Sent) -> Asked<'_> {
    Asked {
        unit: query.get("unit"),
        kind: query.get("kind"),
        name: query.get("name"),
        holder: query.get("holder"),
        size: query.get("size"),
    }
}

/// `GET /applications/trial/picture`.
pub async fn picture(
    State(console): State<Shared>,
    Person(visit): Person,
    RawQuery(query): RawQuery,
) -> Response {
    let query = Sent::read(query.unwrap_or_default().as_bytes());
    let read = async {
        let path = asked(&query).path("imprint-trial")?.ok_or(Fault::NotFound)?;
        let answer = console.api.call(&visit, Call::get(path)).await?;
        Ok(([(header::CONTENT_TYPE, "image/png")], answer.body).into_response())
    };
    visit.finish(read.await)
}

/// `GET /applications/trial/checks`: the part of the page, for the script.
pub async fn found(
    State(console): State<Shared>,
    Person(visit): Person,
    RawQuery(query): RawQuery,
) -> Response {
    let query = Sent::read(query.unwrap_or_default().as_bytes());
    let read = async {
        let found = checks(&console, &visit, &asked(&query)).await?;
        Ok(html(StatusCode::OK, &TrialFound::of(&visit, found)))
    };
    visit.finish(read.await)
}

/// Width and height as the form names them: `400x400`, tenths of a millimeter.
pub fn sides(size: &str) -> Option<(u32, u32)> {
    let (width, height) = size.split_once('x')?;
    Some((width.parse().ok()?, height.parse().ok()?))
}

/// The pictures handed in with an application: digest and file name; the first stands for none.
pub fn pictures_of(present: Option<&Application>) -> Vec<(String, String)> {
    let materials = present.map(|present| present.content.materials.as_slice()).unwrap_or_default();
    let pictures = materials.iter().filter(|material| material.media_type.starts_with("image/"));
    std::iter::once((String::new(), String::new()))
        .chain(pictures.map(|material| (material.digest.clone(), material.file_name.clone())))
        .collect()
}

/// As choices, with words for none.
pub fn named(pictures: &[(String, String)], none: &str) -> Vec<(String, String)> {
    let words = |(digest, name): &(String, String)| {
        (digest.clone(), if digest.is_empty() { none.to_owned() } else { name.clone() })
    };
    pictures.iter().map(words).collect()
}

/// Pictures that may be handed in with any application, with their names.
pub fn pictures() -> [(&'static str, Both); 2] {
    let both = |name: fn(Words) -> &'static str| Both {
        zh: name(Words(Lang::Zh)).to_owned(),
        en: name(Words(Lang::En)).to_owned(),
    };
    [(PICTURE, both(Words::material_picture)), (FILED, both(Words::material_filed))]
}
