//! Putting the seal in its place: the pages at true scale with the seal on them, and a form that does without any of it.

use super::overlay::{Overlay, over_word, overlays};
use super::rows::{Line, Row, lines, read, rows, unsaved, with_template};
use super::templates;
use crate::api::shapes::{PlaceTemplate, Placement, Seal, UseItem, UseRequest};
use crate::api::{Call, Problem, with_query};
use crate::frame::{Fault, Frame, Key, Nav, Page, Person, Sent, Visit, html, once, see};
use crate::keep::{Document, Kept};
use crate::pages::deed::act;
use crate::pages::usage;
use crate::picture::{InPdf, Sheets, seal_size};
use crate::state::Shared;
use crate::words::Words;
use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;
use std::sync::Arc;

/// Pages shown at once.
const SHOWN: usize = 30;
/// Longest word that is looked for, characters.
const MOST_WORD: usize = 60;

/// A page with the seal on it.
struct Sheet {
    number: usize,
    label: String,
    width: f64,
    height: f64,
    pixels: (u32, u32),
    stamps: Vec<Overlay>,
    /// Over words: they stay where the text says.
    found: Vec<Overlay>,
}

/// A word that was found.
struct Hit {
    value: String,
    words: String,
    text: String,
}

#[derive(Template)]
#[template(path = "ask/place.html")]
struct PlacePage {
    frame: Frame,
    u: UseRequest,
    item: UseItem,
    seal: Option<Seal>,
    pictured: bool,
    /// What a PDF shows otherwise than the seal's picture has it.
    in_pdf: InPdf,
    size: (f64, f64),
    token: String,
    pages: usize,
    first: usize,
    sheets: Vec<Sheet>,
    before: Option<usize>,
    after: Option<usize>,
    rows: Vec<Row>,
    kinds: [(&'static str, &'static str); 4],
    which: [(&'static str, &'static str); 3],
    edges: [(&'static str, &'static str); 4],
    whole: String,
    word: String,
    hits: Option<Vec<Hit>>,
    templates: Vec<PlaceTemplate>,
    template: String,
    template_name: String,
    problem: Option<Problem>,
    once: String,
    many: bool,
}

/// What is on the page besides the document.
#[derive(Default)]
struct Asked {
    word: String,
    template: String,
    template_name: String,
    from: usize,
    again: Option<(Vec<Row>, String)>,
    /// Places that are not saved yet.
    places: Option<Vec<Placement>>,
    problem: Option<Problem>,
}

/// `GET /uses/{id}/items/{item}/place?template=`.
pub async fn show(
    State(console): State<Shared>,
    Person(visit): Person,
    Path((id, item)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Response {
    let query = Sent::read(query.unwrap_or_default().as_bytes());
    let template = short(&query, "template");
    let asked = Asked { template_name: template.clone(), template, from: 1, ..Asked::default() };
    let page = async {
        let found = load(&console, &visit, &id, &item).await?;
        page(&console, &visit, found, asked).await
    };
    visit.finish(page.await)
}

fn short(sent: &Sent, name: &str) -> String {
    sent.get(name).chars().take(MOST_WORD).collect()
}

/// A request, one of its documents, and the document itself where it can be opened.
struct Loaded {
    u: UseRequest,
    item: UseItem,
    opened: Option<(String, Arc<Kept>)>,
}

async fn load(console: &Shared, visit: &Visit, id: &str, item: &str) -> Result<Loaded, Fault> {
    let (id, item) = (Key::parse(id)?, Key::parse(item)?);
    let u: UseRequest = console.api.read(visit, &format!("/use-requests/{id}")).await?;
    let me = visit.session.as_ref().map_or("", |session| session.account.id.as_str());
    if u.state != "draft" || u.asked_by != me {
        return Err(Fault::NotFound);
    }
    let item = usage::item(console, visit, &id, &item).await?;
    // Fetched, and on record as read, once for a sitting.
    let of = format!("{} {}", item.id, item.digest);
    if let Some(again) = console.keep.again(&of, me) {
        return Ok(Loaded { u, item, opened: Some(again) });
    }
    let Some((path, bytes)) = usage::fetched(console, visit, &u, &item, false).await? else {
        return Ok(Loaded { u, item, opened: None });
    };
    let Some(pages) = console.painter.count(path.to_path_buf()).await else {
        return Ok(Loaded { u, item, opened: None });
    };
    let (document, owner) = (Some(Document::new(path, bytes, pages)), Some(me.to_owned()));
    let name = item.name.clone();
    let kept = Kept { name, verification: None, document, stamps: Vec::new(), owner, of };
    let token = console.keep.put(kept)?;
    let kept = console.keep.get(&token, Some(me))?;
    Ok(Loaded { u, item, opened: Some((token, kept)) })
}

async fn page(console: &Shared, visit: &Visit, found: Loaded, asked: Asked) -> Result<Response, Fault> {
    let w = Words(visit.lang);
    let Loaded { u, item, opened } = found;
    let (mut size, mut pictured) = ((40.0, 40.0), false);
    let seal_key = Key::parse(&u.seal)?;
    let data = console.api.ask(visit, Call::get(format!("/seals/{seal_key}/data"))).await?;
    let mut in_pdf = InPdf::default();
    if data.status.is_success() {
        if item.format == "pdf" {
            in_pdf = console.painter.in_pdf(data.body.to_vec()).await?;
        }
        size = seal_size(&data.body).unwrap_or(size);
        pictured = console.painter.seal(data.body.to_vec()).await?.is_some();
    }
    let seal: Option<Seal> = console.api.read(visit, &format!("/seals/{seal_key}")).await.ok();
    let templates = templates::load(console, visit).await?.templates;
    // A template is shown on the pages and stands in the form; nothing is saved by looking at it.
    let template = templates.iter().find(|one| one.name == asked.template);
    let places: Vec<Placement> = match (&asked.places, template) {
        (Some(unsaved), _) => unsaved.clone(),
        (None, Some(template)) => template.placements.clone(),
        (None, None) => item.placements.clone(),
    };
    let (mut token, mut pages, mut sheets, mut hits) = (String::new(), 0, Vec::new(), None);
    let (mut first, mut before, mut after) = (1, None, None);
    let document = opened.as_ref().and_then(|(_, kept)| kept.document.as_ref());
    if let Some(path) = document.map(|document| document.path.to_path_buf()) {
        let measured = console.painter.sheets(path.clone(), asked.from, SHOWN).await;
        if !asked.word.is_empty() {
            hits = found_words(console, &path, &asked.word, w).await;
        }
        if let Some(measured) = measured {
            (pages, first) = (measured.count, measured.first);
            before = (measured.first > 1).then(|| measured.first.saturating_sub(SHOWN).max(1));
            let next = measured.first.saturating_add(SHOWN);
            after = (next <= measured.count).then_some(next);
            sheets = drawn(&places, &measured, size, w);
            for (place, placement) in places.iter().enumerate() {
                let Placement::Keyword { word, hit } = placement else { continue };
                for (page, middle) in console.painter.hits(path.clone(), word.clone(), *hit).await? {
                    let sheet = sheets.iter_mut().find(|sheet| sheet.number == page.saturating_add(1));
                    if let Some(sheet) = sheet {
                        sheet.found.push(over_word(place, middle, size));
                    }
                }
            }
            token = opened.as_ref().map(|(token, _)| token.clone()).unwrap_or_default();
        }
    }
    let failed = (asked.again.is_some() && asked.places.is_none()) || asked.problem.is_some();
    let (rows, whole) = asked.again.unwrap_or_else(|| (rows(&places), String::new()));
    let page = PlacePage {
        frame: Frame::new(visit, Page { title: w.place_title(), nav: Nav::Uses }),
        many: u.tally.documents > 1,
        u,
        seal,
        pictured,
        in_pdf,
        size,
        token,
        pages,
        first,
        sheets,
        before,
        after,
        rows,
        kinds: [
            ("", w.place_kind_none()),
            ("at", w.place_kind_at()),
            ("keyword", w.place_kind_word()),
            ("cross_page", w.place_kind_cross()),
        ],
        which: [("last", w.place_last()), ("all", w.place_all()), ("range", w.place_range())],
        edges: [
            ("right", w.place_edge_right()),
            ("left", w.place_edge_left()),
            ("top", w.place_edge_top()),
            ("bottom", w.place_edge_bottom()),
        ],
        whole,
        word: asked.word,
        hits,
        templates,
        template: asked.template,
        template_name: asked.template_name,
        problem: asked.problem,
        once: once()?,
        item,
    };
    let status = if failed { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(html(status, &page))
}

fn drawn(places: &[Placement], measured: &Sheets, seal: (f64, f64), w: Words) -> Vec<Sheet> {
    let numbered = measured.sizes_mm.iter().enumerate();
    let sheet = |(index, size): (usize, &(f64, f64))| {
        let number = measured.first.saturating_add(index);
        let pixels = |mm: f64| (mm * 10.0).round().clamp(1.0, 100_000.0) as u32;
        Sheet {
            number,
            label: page_words(number, w),
            width: size.0,
            height: size.1,
            pixels: (pixels(size.0), pixels(size.1)),
            stamps: overlays(places, (number, measured.count), *size, seal),
            found: Vec::new(),
        }
    };
    numbered.map(sheet).collect()
}

fn page_words(number: usize, w: Words) -> String {
    Words::with_numbers(w.place_page(), &[&number.to_string()])
}

async fn found_words(console: &Shared, path: &std::path::Path, word: &str, w: Words) -> Option<Vec<Hit>> {
    let found = console.painter.find(path.to_path_buf(), word.to_owned()).await?;
    let hit = |found: crate::picture::Found| {
        let (x, y) = ((found.x_mm * 100.0).round() as i32, (found.y_mm * 100.0).round() as i32);
        Hit {
            value: format!("{}:{}:{}", found.page, x.max(0), y.max(0)),
            words: format!(
                "{} · {}",
                page_words(found.page, w),
                Words::with_numbers(w.place_moved(), &[&super::mm_text(x), &super::mm_text(y)])
            ),
            text: found.text,
        }
    };
    Some(found.into_iter().map(hit).collect())
}

/// What is wished for besides saving; what stands in the lines, saved or not, stays there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wish {
    /// Other pages.
    Pages,
    /// Where a word stands.
    Find,
    /// The places of a template.
    Template,
    /// One template less.
    Forget,
}

impl Wish {
    fn of(sent: &Sent) -> Option<Self> {
        // The enter key saves, unless a word was typed that was not looked for yet.
        let word = sent.has("enter") && sent.has("word") && sent.get("word") != sent.get("sought");
        let wishes = [
            (Self::Pages, sent.has("from")),
            (Self::Find, sent.has("find") || word),
            (Self::Template, sent.has("load")),
            (Self::Forget, sent.has("forget")),
        ];
        wishes.into_iter().find_map(|(wish, wished)| wished.then_some(wish))
    }
}

/// The page once more with what was wished for.
async fn look(
    console: &Shared,
    visit: &Visit,
    found: Loaded,
    (wish, mut lines): (Wish, Vec<Line>),
    mut asked: Asked,
    sent: &Sent,
) -> Result<Response, Fault> {
    match wish {
        Wish::Pages => asked.from = sent.get("from").parse().unwrap_or(1),
        Wish::Find => asked.word = short(sent, "word"),
        Wish::Template => {
            let known = templates::load(console, visit).await?.templates;
            let places = |name: &str| {
                let of = known.iter().find(|one| one.name == name);
                of.map(|one| one.placements.as_slice()).unwrap_or_default()
            };
            let settled = [found.item.placements.as_slice(), places(&asked.template)].concat();
            asked.template = short(sent, "template");
            lines = with_template(lines, &settled, places(&asked.template));
        }
        Wish::Forget => match templates::forget(console, visit, sent, sent.get("forget")).await {
            Err(Fault::Api(problem)) if matches!(problem.status, 409 | 422) => asked.problem = Some(*problem),
            done => done?,
        },
    }
    let (rows, places) = unsaved(lines);
    let asked = Asked { again: Some((rows, String::new())), places: Some(places), ..asked };
    page(console, visit, found, asked).await
}

/// `POST /uses/{id}/items/{item}/place`.
pub async fn save(
    State(console): State<Shared>,
    Person(visit): Person,
    Path((id, item)): Path<(String, String)>,
    sent: Sent,
) -> Response {
    let done = async {
        let w = Words(visit.lang);
        let found = load(&console, &visit, &id, &item).await?;
        let document = found.opened.as_ref().and_then(|(_, kept)| kept.document.as_ref());
        let measured = match document.map(|document| document.path.to_path_buf()) {
            Some(path) => console.painter.sheets(path, 1, SHOWN).await,
            None => None,
        };
        let asked = Asked {
            from: sent.get("shown").parse().unwrap_or(1),
            template: short(&sent, "used"),
            template_name: short(&sent, "template_name"),
            ..Asked::default()
        };
        if let Some(wish) = Wish::of(&sent) {
            let lines = lines(&sent, measured.as_ref(), w);
            return look(&console, &visit, found, (wish, lines), asked, &sent).await;
        }
        let places = match read(&sent, measured.as_ref(), w) {
            Ok(places) => places,
            Err(again) => {
                return page(&console, &visit, found, Asked { again: Some(again), ..asked }).await;
            }
        };
        if sent.has("keep") {
            let name = sent.get("template_name");
            return match templates::keep(&console, &visit, &sent, name, &places).await {
                Ok(()) => Ok(see(&with_query(
                    &format!("/uses/{id}/items/{item}/place"),
                    &[("template", name), ("done", "template-kept")],
                ))),
                Err(Fault::Api(problem)) if matches!(problem.status, 409 | 422) => {
                    let again = Some((rows(&places), String::new()));
                    page(&console, &visit, found, Asked { again, problem: Some(*problem), ..asked }).await
                }
                Err(other) => Err(other),
            };
        }
        let body = match sent.has("all") {
            true => json!({ "placements": places }),
            false => json!({ "placements": places, "items": [found.item.id] }),
        };
        let call = Call::post(format!("/use-requests/{}/place", Key::parse(&id)?), &body);
        match act(&console, &visit, call, "place", &sent).await? {
            None => Ok(see(&format!("/uses/{id}?open={item}&done=placed"))),
            Some(failed) => {
                let again = Some((rows(&places), String::new()));
                page(&console, &visit, found, Asked { again, problem: Some(failed.problem), ..asked }).await
            }
        }
    };
    visit.finish(done.await)
}
