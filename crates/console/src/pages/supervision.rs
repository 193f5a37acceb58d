//! Figures for who supervises: by month, by area, and what is overdue or strange.

use super::home::{Tile, tiles};
use super::table::csv;
use crate::api::shapes::Overview;
use crate::api::with_query;
use crate::chart::{Series, bar, stacked};
use crate::frame::{Fault, Frame, Moment, Nav, Page, Person, Sent, Visit, html};
use crate::state::Shared;
use crate::words::Words;
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

/// What was done.
#[derive(Debug, Clone, Default, Deserialize)]
struct Done {
    filed: u64,
    sealed: u64,
    refused: u64,
    failed: u64,
    strange: u64,
    valid: u64,
    invalid: u64,
    indeterminate: u64,
    unsigned: u64,
}

impl Done {
    /// In the order of the tables.
    fn figures(&self) -> [u64; 9] {
        [
            self.filed,
            self.sealed,
            self.refused,
            self.failed,
            self.strange,
            self.valid,
            self.invalid,
            self.indeterminate,
            self.unsigned,
        ]
    }
}

#[derive(Debug, Clone, Deserialize)]
struct Month {
    month: String,
    #[serde(flatten)]
    done: Done,
}

#[derive(Debug, Clone, Deserialize)]
struct Area {
    path: String,
    name: String,
    #[serde(flatten)]
    done: Done,
}

#[derive(Debug, Clone, Deserialize)]
struct Months {
    scope: String,
    at: Moment,
    months: Vec<Month>,
    areas: Vec<Area>,
}

/// A chart with the table behind it.
struct Chart {
    title: &'static str,
    svg: String,
    legend: Vec<(&'static str, &'static str)>,
    rows: Vec<(String, Vec<u64>)>,
    total: u64,
}

struct Part {
    href: String,
    name: String,
    bar: String,
    figures: Vec<u64>,
}

#[derive(Template)]
#[template(path = "supervision.html")]
struct FiguresPage {
    frame: Frame,
    tiles: Vec<Tile>,
    ending: Vec<(String, String)>,
    charts: Vec<Chart>,
    parts: Vec<Part>,
    heads: [&'static str; 9],
    at: Moment,
    scope: String,
    up: Option<String>,
    ranges: Vec<(u8, String, bool)>,
    copy: String,
}

struct Asked {
    scope: String,
    months: String,
}

impl Asked {
    fn of(query: Option<String>) -> Self {
        let query = Sent::read(query.unwrap_or_default().as_bytes());
        let months = query.get("months");
        Self {
            scope: query.get("scope").chars().take(128).collect(),
            months: if matches!(months, "6" | "24" | "36") { months.to_owned() } else { "12".to_owned() },
        }
    }

    fn at(&self, path: &str) -> String {
        with_query(path, &[("scope", &self.scope), ("months", &self.months)])
    }
}

/// `GET /supervision`.
pub async fn show(
    State(console): State<Shared>,
    Person(visit): Person,
    RawQuery(query): RawQuery,
) -> Response {
    visit.finish(page(&console, &visit, &Asked::of(query)).await)
}

async fn page(console: &Shared, visit: &Visit, asked: &Asked) -> Result<Response, Fault> {
    let w = Words(visit.lang);
    let found: Months = console.api.read(visit, &asked.at("/overview/months")).await?;
    let overview: Overview =
        console.api.read(visit, &with_query("/overview", &[("scope", &asked.scope)])).await?;
    let longest = found.areas.iter().map(|area| area.done.sealed).max().unwrap_or(0);
    let part = |area: &Area| Part {
        href: with_query("/supervision", &[("scope", &area.path), ("months", &asked.months)]),
        name: area.name.clone(),
        bar: bar(area.done.sealed, longest),
        figures: area.done.figures().to_vec(),
    };
    let range = |months: &str| {
        (
            months.parse().unwrap_or(12),
            with_query("/supervision", &[("scope", &asked.scope), ("months", months)]),
            months == asked.months,
        )
    };
    let page = FiguresPage {
        frame: Frame::new(visit, Page { title: w.figures_title(), nav: Nav::Desk }).explained(&[]),
        tiles: tiles(&overview, w),
        ending: overview.ending_certificates.iter().map(|c| (c.name.clone(), c.until.day())).collect(),
        charts: charts(&found.months, w),
        parts: found.areas.iter().map(part).collect(),
        heads: w.figure_heads(),
        at: found.at,
        // The widest scope is where one begins; a way up leads there.
        up: Some("/supervision".to_owned()).filter(|_| !asked.scope.is_empty()),
        scope: found.scope,
        ranges: ["6", "12", "24", "36"].into_iter().map(range).collect(),
        copy: asked.at("/supervision/figures.csv"),
    };
    Ok(html(StatusCode::OK, &page))
}

/// A part of a bar: its color, its words, its figure.
type Slice = (&'static str, &'static str, fn(&Done) -> u64);

fn charts(months: &[Month], w: Words) -> Vec<Chart> {
    let labels: Vec<String> = months.iter().map(|month| month.month.clone()).collect();
    let chart = |title: &'static str, of: &[Slice]| {
        let series: Vec<Series> = of
            .iter()
            .map(|(class, label, value)| Series {
                label: (*label).to_owned(),
                class,
                values: months.iter().map(|month| value(&month.done)).collect(),
            })
            .collect();
        Chart {
            title,
            svg: stacked(title, &labels, &series),
            legend: of.iter().map(|(class, label, _)| (*class, *label)).collect(),
            rows: months
                .iter()
                .map(|month| {
                    (month.month.clone(), of.iter().map(|(_, _, value)| value(&month.done)).collect())
                })
                .collect(),
            total: series
                .iter()
                .flat_map(|series| &series.values)
                .fold(0, |sum, value| sum.saturating_add(*value)),
        }
    };
    vec![
        chart(w.chart_filed(), &[("c1", w.figure_filed(), |done| done.filed)]),
        chart(
            w.chart_uses(),
            &[
                ("c1", w.figure_sealed(), |done| done.sealed),
                ("c3", w.figure_refused(), |done| done.refused),
                ("c2", w.figure_failed(), |done| done.failed),
            ],
        ),
        chart(w.chart_strange(), &[("c2", w.figure_strange(), |done| done.strange)]),
        chart(
            w.chart_verified(),
            &[
                ("c4", w.figure_valid(), |done| done.valid),
                ("c2", w.figure_invalid(), |done| done.invalid),
                ("c3", w.figure_indeterminate(), |done| done.indeterminate),
                ("c5", w.figure_unsigned(), |done| done.unsigned),
            ],
        ),
    ]
}

/// `GET /supervision/figures.csv`.
pub async fn copy(
    State(console): State<Shared>,
    Person(visit): Person,
    RawQuery(query): RawQuery,
) -> Response {
    let page = async {
        let w = Words(visit.lang);
        let found: Months = console.api.read(&visit, &Asked::of(query).at("/overview/months")).await?;
        let row = |name: &str, done: &Done| {
            std::iter::once(name.to_owned()).chain(done.figures().map(|figure| figure.to_string())).collect()
        };
        let heads: Vec<String> =
            std::iter::once(found.scope.clone()).chain(w.figure_heads().map(str::to_owned)).collect();
        let lines = std::iter::once(heads)
            .chain(found.months.iter().map(|month| row(&month.month, &month.done)))
            .chain(found.areas.iter().map(|area| row(&area.name, &area.done)));
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
            (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"figures.csv\"")),
        ];
        Ok((headers, csv(lines)).into_response())
    };
    visit.finish(page.await)
}
