//! Filling in an application: which seal, then everything about it.

use super::trial::{Trial, named, pictures_of, sides};
use crate::api::shapes::{
    Application, Content, NeededMaterial, Offered, PersonShown, Physical, Procedure, Seal, Unit,
};
use crate::api::{Call, Problem, with_query};
use crate::frame::{
    Fault, Field, Form, Frame, Key, Nav, Page, Person, Sent, Visit, html, is_code, once, see,
};
use crate::state::Shared;
use crate::words::Words;
use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

/// A unit with the seals it may ask for.
struct Choice {
    unit: Unit,
    kinds: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "application/begin.html")]
struct BeginPage {
    frame: Frame,
    units: Vec<Choice>,
}

/// Fields that belong together.
pub struct Set {
    /// What they are about.
    pub legend: &'static str,
    /// What helps to fill them in.
    pub help: &'static str,
    /// The fields.
    pub fields: Vec<Field>,
}

#[derive(Template)]
#[template(path = "application/edit.html")]
struct EditPage {
    frame: Frame,
    problem: Option<Problem>,
    unit: String,
    unit_id: String,
    kind: String,
    action: String,
    /// The seal it follows, and in which way.
    following: Option<Following>,
    version: Option<i64>,
    once: String,
    sets: Vec<Set>,
    trial: Option<Trial>,
    procedure: Procedure,
}

/// The seal that is followed by another.
struct Following {
    seal: String,
    name: String,
    /// The application it was made for.
    application: String,
    /// `renewal`, `change` or `remake`.
    basis: &'static str,
}

impl Following {
    /// As the page's address or form says.
    async fn of(console: &Shared, visit: &Visit, sent: &Sent) -> Result<Option<(Self, Seal)>, Fault> {
        if !sent.has("seal") {
            return Ok(None);
        }
        let basis = ["renewal", "change", "remake"].into_iter().find(|basis| *basis == sent.get("basis"));
        let seal: Seal =
            console.api.read(visit, &format!("/seals/{}", Key::parse(sent.get("seal"))?)).await?;
        let following = Self {
            seal: seal.row.id.clone(),
            name: seal.row.name.clone(),
            application: seal.application.clone(),
            basis: basis.ok_or(Fault::NotFound)?,
        };
        Ok(Some((following, seal)))
    }

    /// What the application for the seal before said; nothing where the visitor may not read it.
    async fn before(&self, console: &Shared, visit: &Visit) -> Option<Content> {
        let path = format!("/applications/{}", Key::parse(&self.application).ok()?);
        let before: Application = console.api.read(visit, &path).await.ok()?;
        Some(before.content.anew())
    }

    /// What it is called.
    fn title(&self, w: Words) -> &'static str {
        match self.basis {
            "renewal" => w.follow_renewal(),
            "change" => w.follow_change(),
            _ => w.follow_remake(),
        }
    }

    /// What comes of it.
    pub fn help(&self, w: &Words) -> &'static str {
        match self.basis {
            "renewal" => w.follow_renewal_help(),
            "change" => w.follow_change_help(),
            _ => w.follow_remake_help(),
        }
    }
}

/// `GET /applications/new`: chooses, then fills in. With `seal` and `basis` for one that follows another.
pub async fn begin(
    State(console): State<Shared>,
    Person(visit): Person,
    RawQuery(query): RawQuery,
) -> Response {
    let query = Sent::read(query.unwrap_or_default().as_bytes());
    let page = async {
        if let Some((following, seal)) = Following::of(&console, &visit, &query).await? {
            let unit = unit(&console, &visit, &seal.row.unit).await?;
            let draft = Draft {
                unit: &unit,
                kind: &seal.row.kind,
                present: None,
                again: None,
                following: Some(following),
            };
            return form(&console, &visit, draft).await;
        }
        if query.has("unit") {
            let unit = unit(&console, &visit, query.get("unit")).await?;
            let kind = query.get("kind");
            let draft = Draft { unit: &unit, kind, present: None, again: None, following: None };
            return form(&console, &visit, draft).await;
        }
        choices(&console, &visit).await
    };
    visit.finish(page.await)
}

async fn unit(console: &Shared, visit: &Visit, id: &str) -> Result<Unit, Fault> {
    let id = Key::parse(id)?;
    console.api.read(visit, &format!("/units/{id}")).await
}

async fn choices(console: &Shared, visit: &Visit) -> Result<Response, Fault> {
    let session = visit.session.as_ref().ok_or(Fault::Login("/applications/new".to_owned()))?;
    let mut units = Vec::new();
    for id in session.scopes("unit_agent") {
        let unit = unit(console, visit, id).await?;
        let path = with_query("/procedures/offered", &[("area", &unit.area)]);
        let offered: Offered = console.api.read(visit, &path).await?;
        let fits = offered.offered.into_iter().filter(|offer| offer.applicant.code == unit.applicant_kind);
        let kinds = fits
            .flat_map(|offer| offer.seals)
            .map(|kind| (kind.code, kind.name.text(visit.lang).to_owned()))
            .collect();
        units.push(Choice { unit, kinds });
    }
    let frame =
        Frame::new(visit, Page { title: Words(visit.lang).new_application(), nav: Nav::Applications });
    Ok(html(StatusCode::OK, &BeginPage { frame, units }))
}

/// What is filled in.
struct Draft<'a> {
    unit: &'a Unit,
    kind: &'a str,
    present: Option<&'a Application>,
    again: Option<Again<'a>>,
    following: Option<Following>,
}

/// The form once more, as it was sent.
struct Again<'a> {
    sent: &'a Sent,
    /// Why it was refused; nothing where only the imprint is to be shown.
    problem: Option<Problem>,
}

/// The procedure by which a unit asks for a kind of seal.
pub async fn procedure(console: &Shared, visit: &Visit, unit: &Unit, kind: &str) -> Result<Procedure, Fault> {
    let pairs =
        [("area", unit.area.as_str()), ("applicant_kind", unit.applicant_kind.as_str()), ("seal_kind", kind)];
    console.api.read(visit, &with_query("/procedures", &pairs)).await
}

async fn form(console: &Shared, visit: &Visit, draft: Draft<'_>) -> Result<Response, Fault> {
    if !is_code(draft.kind) {
        return Err(Fault::NotFound);
    }
    let w = Words(visit.lang);
    let procedure = procedure(console, visit, draft.unit, draft.kind).await?;
    let (base, action) = match draft.present {
        Some(present) => ("", format!("/applications/{}/edit", present.row.id)),
        None => ("/content", "/applications/new".to_owned()),
    };
    let form = match &draft.again {
        Some(Again { sent, problem }) => Form::again(visit.lang, sent, &problem.clone().unwrap_or_default()),
        None => Form::new(visit.lang),
    };
    let form = form.under(base);
    let begun = draft.following.as_ref().map_or(w.new_application(), |following| following.title(w));
    let title = format!("{begun} · {}", procedure.seal.name.text(visit.lang));
    let version = match (&draft.again, draft.present) {
        (Some(again), _) => again.sent.version(),
        (None, present) => present.map(|present| present.version),
    };
    let before = match &draft.following {
        Some(following) => following.before(console, visit).await,
        None => None,
    };
    let content = draft.present.map(|present| &present.content).or(before.as_ref());
    let sets = sets(&form, &draft, content, &procedure, w);
    let trial = Trial::of(console, visit, draft.unit, draft.kind, &sets).await?;
    let page = EditPage {
        frame: Frame::new(visit, Page { title: &title, nav: Nav::Applications }),
        unit: draft.unit.name.clone(),
        unit_id: draft.unit.id.clone(),
        kind: draft.kind.to_owned(),
        action,
        version,
        once: once()?,
        sets,
        trial,
        procedure,
        problem: draft.again.and_then(|again| again.problem),
        following: draft.following,
    };
    let status = if page.problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(html(status, &page))
}

/// The fields, with the content that stands, or that of the seal before.
fn sets(
    form: &Form,
    draft: &Draft<'_>,
    content: Option<&Content>,
    procedure: &Procedure,
    w: Words,
) -> Vec<Set> {
    let followed = draft.following.as_ref().map(|following| following.name.as_str());
    let name = followed.or(content.map(|content| content.seal_name.as_str())).unwrap_or(&draft.unit.name);
    let (width, height) =
        content.map_or((400, 400), |c| (c.imprint_width_tenth_mm, c.imprint_height_tenth_mm));
    let years = content.map_or(procedure.deadlines.seal_years.min(3), |content| content.years);
    let mut internal = form.field(
        "b:/internal",
        "check",
        w.internal_use(),
        content.filter(|c| c.internal).map_or("", |_| "1"),
    );
    internal.optional = true;
    let mut sizes = sizes(procedure, w);
    let size = format!("{width}x{height}");
    if !sizes.iter().any(|(known, _)| *known == size) && content.is_some() {
        sizes.push((size.clone(), content.map_or_else(String::new, crate::api::shapes::Content::size_mm)));
    }
    let pictures = pictures_of(draft.present);
    let mut seal = vec![
        form.field("s:/seal_name", "text", w.seal_name(), name).help(w.seal_name_help()).most(80),
        form.field("imprint", "select", w.imprint_size(), &size).choices(sizes),
    ];
    if pictures.len() > 1 {
        let given = content.and_then(|content| content.imprint_digest.as_deref()).unwrap_or_default();
        let source = form.field("picture", "select", w.imprint_source(), given).help(w.imprint_source_help());
        seal.push(source.choices(named(&pictures, w.imprint_drawn())));
    }
    seal.push(form.field("n:/years", "number", w.years(), &years.to_string()).most(2).short());
    seal.push(internal);
    let mut sets = vec![Set { legend: w.seal_set(), help: "", fields: seal }];
    if draft.following.as_ref().is_some_and(|following| following.basis == "change") {
        let reason = form.field("reason", "area", w.follow_reason(), "").help(w.follow_reason_help());
        sets.insert(0, Set { legend: w.follow_reason(), help: "", fields: vec![reason.most(2000)] });
    }
    if draft.kind.starts_with("personal_") {
        sets.push(person(form, w, "holder", w.holder(), "", content.and_then(|c| c.holder.as_ref())));
    }
    sets.push(person(form, w, "agent", w.agent(), w.agent_help(), content.map(|c| &c.agent)));
    let legal = content.map(|c| &c.legal_representative);
    sets.push(person(form, w, "legal_representative", w.legal_representative(), "", legal));
    let keeper = content.and_then(|c| c.seal_administrator.as_ref());
    sets.push(person(form, w, "seal_administrator", w.administrator(), "", keeper));
    let engraved = content.and_then(|content| content.physical.as_ref());
    sets.push(physical(form, engraved, procedure, &pictures, w));
    let measures =
        content.map_or(draft.unit.technical_measures.as_str(), |content| content.technical_measures.as_str());
    sets.push(Set {
        legend: w.measures(),
        help: "",
        fields: vec![
            form.field("s:/technical_measures", "area", w.measures(), measures)
                .help(w.measures_help())
                .most(4000),
        ],
    });
    sets
}

/// The record of the physical seal; where the procedure does not ask for it first, it may be left out.
fn physical(
    form: &Form,
    present: Option<&Physical>,
    procedure: &Procedure,
    pictures: &[(String, String)],
    w: Words,
) -> Set {
    let stands = |part: fn(&Physical) -> &str| present.map(part).unwrap_or_default().to_owned();
    let field = |part: &str, kind: &'static str, label: &str, value: &str| {
        let field = form.field(&format!("s:/physical/{part}"), kind, label, value);
        if procedure.physical_first { field } else { field.optional() }
    };
    let mut fields = vec![
        field("registration", "text", w.registration(), &stands(|p| &p.registration)).most(19),
        field("engraver", "text", w.engraver(), &stands(|p| &p.engraver)).most(100),
        field("engraved_on", "date", w.engraved_on(), &stands(|p| &p.engraved_on)),
    ];
    if pictures.len() > 1 {
        let filed = stands(|p| p.imprint_digest.as_deref().unwrap_or_default());
        let filed = field("imprint_digest", "select", w.filed_imprint(), &filed).optional();
        fields.push(filed.help(w.filed_imprint_help()).choices(named(pictures, w.none_named())));
    }
    let help = if procedure.physical_first { w.physical_help() } else { w.physical_optional() };
    Set { legend: w.physical(), help, fields }
}

/// Sizes that the procedure allows, in tenths of a millimeter.
fn sizes(procedure: &Procedure, w: Words) -> Vec<(String, String)> {
    let mut sizes = Vec::new();
    for size in &procedure.imprints {
        let shape = match size.shape.as_str() {
            "circle" => w.shape_circle(),
            "ellipse" => w.shape_ellipse(),
            _ => w.shape_square(),
        };
        let (widths, heights) = (size.width_mm, size.height_mm);
        for (width, height) in widths.into_iter().zip(heights) {
            let code =
                format!("{}x{}", u32::from(width).saturating_mul(10), u32::from(height).saturating_mul(10));
            if !sizes.iter().any(|(known, _)| *known == code) {
                sizes.push((code, format!("{shape} {width} × {height} mm")));
            }
        }
    }
    if sizes.is_empty() {
        sizes.push(("400x400".to_owned(), format!("{} 40 × 40 mm", w.shape_circle())));
    }
    sizes
}

fn person(
    form: &Form,
    w: Words,
    place: &str,
    legend: &'static str,
    help: &'static str,
    present: Option<&PersonShown>,
) -> Set {
    let field = |part: &str, label: &str, present: &str| {
        form.field(&format!("s:/{place}/{part}"), "text", label, present)
    };
    Set {
        legend,
        help,
        fields: vec![
            field("name", w.person_name(), present.map_or("", |person| &person.name)).most(64).short(),
            field("id_number", w.id_number(), present.map_or("", |person| &person.id_number))
                .help(match present {
                    Some(person) if !person.id_number.is_empty() => w.id_number_kept(),
                    _ => w.id_number_help(),
                })
                .most(18)
                .checked("resident-id"),
            field("phone", w.phone(), present.and_then(|person| person.phone.as_deref()).unwrap_or_default())
                .most(20)
                .optional()
                .checked("phone")
                .short(),
        ],
    }
}

/// The content that a form holds.
fn content(sent: &Sent) -> Value {
    let mut body = sent.body();
    if let (Some((width, height)), Some(members)) = (sides(sent.get("imprint")), body.as_object_mut()) {
        let imprint = match sent.get("picture") {
            "" => json!({ "kind": "drawn", "width_tenth_mm": width, "height_tenth_mm": height }),
            digest => {
                json!({ "kind": "given", "digest": digest, "width_tenth_mm": width, "height_tenth_mm": height })
            }
        };
        members.insert("imprint".to_owned(), imprint);
    }
    body
}

/// `POST /applications/new`.
pub async fn open(State(console): State<Shared>, Person(visit): Person, sent: Sent) -> Response {
    let done = async {
        let unit_id = Key::parse(sent.get("unit"))?;
        let kind = sent.get("s:/kind");
        let following = Following::of(&console, &visit, &sent).await?.map(|(following, _)| following);
        if sent.has("try") {
            let unit = unit(&console, &visit, sent.get("unit")).await?;
            let again = Some(Again { sent: &sent, problem: None });
            let draft = Draft { unit: &unit, kind, present: None, again, following };
            return form(&console, &visit, draft).await;
        }
        let (path, at, body) = opening(&sent, &unit_id, following.as_ref());
        let call = Call::post(path, &body).once(sent.get("once")).csrf(sent.get("csrf"));
        match console.api.call(&visit, call).await {
            Ok(answer) => {
                let made: Value = answer.json()?;
                let made = made.pointer(at).and_then(Value::as_str).unwrap_or_default();
                Ok(see(&format!("/applications/{}?done=saved", Key::parse(made)?)))
            }
            Err(Fault::Api(problem)) if answerable(&problem) => {
                let unit = unit(&console, &visit, sent.get("unit")).await?;
                let again = Some(Again { sent: &sent, problem: Some(*problem) });
                let draft = Draft { unit: &unit, kind, present: None, again, following };
                form(&console, &visit, draft).await
            }
            Err(other) => Err(other),
        }
    };
    visit.finish(done.await)
}

/// What opens the draft: path, place of the application in the answer, body.
fn opening(sent: &Sent, unit: &Key, following: Option<&Following>) -> (&'static str, &'static str, Value) {
    let content = content(sent);
    match following {
        Some(Following { seal, basis: "change", .. }) => {
            let body = json!({ "seal": seal, "reason": sent.get("reason"), "content": content });
            ("/changes", "/application", body)
        }
        _ => {
            let basis = following.map_or_else(
                || json!({ "kind": "new" }),
                |following| json!({ "kind": following.basis, "seal": following.seal }),
            );
            let body = json!({ "unit": unit.to_string(), "basis": basis, "content": content });
            ("/applications", "/id", body)
        }
    }
}

fn answerable(problem: &Problem) -> bool {
    !matches!(
        problem.code.as_str(),
        "SESSION_EXPIRED" | "UNAUTHENTICATED" | "CSRF" | "NOT_FOUND" | "FORBIDDEN"
    )
}

/// `GET /applications/{id}/edit`.
pub async fn edit(State(console): State<Shared>, Person(visit): Person, Path(id): Path<String>) -> Response {
    visit.finish(edit_page(&console, &visit, &id, None).await)
}

async fn edit_page(
    console: &Shared,
    visit: &Visit,
    id: &str,
    again: Option<Again<'_>>,
) -> Result<Response, Fault> {
    let id = Key::parse(id)?;
    let present: Application = console.api.read(visit, &format!("/applications/{id}")).await?;
    let unit = unit(console, visit, &present.unit).await?;
    let present = Some(&present);
    let kind = present.map_or("", |present| present.kind.as_str());
    form(console, visit, Draft { unit: &unit, kind, present, again, following: None }).await
}

/// `POST /applications/{id}/edit`.
pub async fn save(
    State(console): State<Shared>,
    Person(visit): Person,
    Path(id): Path<String>,
    sent: Sent,
) -> Response {
    let done = async {
        let key = Key::parse(&id)?;
        if sent.has("try") {
            return edit_page(&console, &visit, &id, Some(Again { sent: &sent, problem: None })).await;
        }
        let call = Call::put(format!("/applications/{key}"), &content(&sent));
        let call = call.at(sent.version()).once(sent.get("once")).csrf(sent.get("csrf"));
        match console.api.call(&visit, call).await {
            Ok(_) => Ok(see(&format!("/applications/{key}?done=saved"))),
            Err(Fault::Api(problem)) if answerable(&problem) => {
                let again = Again { sent: &sent, problem: Some(*problem) };
                edit_page(&console, &visit, &id, Some(again)).await
            }
            Err(other) => Err(other),
        }
    };
    visit.finish(done.await)
}

/// The materials a procedure asks for, in its order.
pub async fn needed(
    console: &Shared,
    visit: &Visit,
    application: &Application,
) -> Result<Vec<NeededMaterial>, Fault> {
    let unit = unit(console, visit, &application.unit).await?;
    Ok(procedure(console, visit, &unit, &application.kind).await?.materials)
}
