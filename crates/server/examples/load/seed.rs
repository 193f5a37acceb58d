//! `load seed`: a registry with as many seals as asked for, in a folder that `yinxin serve` can be started on.
//!
//! Everything goes through the state machines and through the store's own insert, in large transactions, so that every row carries its
//! MAC and every trigger has run. The folder gets a `yinxin.toml` (rate limits out of the way) and a `load.json` with what to ask for.
//! A seeding that broke off while it filled goes on where it stopped. Applications and seals are of three years; the log holds one row for each seal, an eighth of what a real life leaves.

mod accounts;
mod ask;
mod ground;
mod indexes;
mod log;
mod records;

use crate::options::Options;
use ground::Ground;
use indexes::Place;
use records::{Batch, Kept};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;
use yinxin_server::app::Shared;
use yinxin_server::app::clock::System;
use yinxin_server::config::{Config, DatabaseUrl};
use yinxin_server::start::prepare;

/// Units of one transaction.
const BATCH: usize = 500;
/// Changes of figures added up in one transaction.
const FIGURES: u32 = 100_000;

type Fault = Box<dyn std::error::Error + Send + Sync>;

/// Seeds; a JSON object that says what there is.
pub fn run(arguments: &[String]) -> Result<String, String> {
    let options = Options::read(arguments, &["--data", "--database", "--seals"])?;
    let data = Path::new(options.needed("--data")?);
    let seals = options.number("--seals", 10_000)?;
    if data.join("load.json").exists() {
        return Err(format!("{} is seeded already", data.display()));
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    runtime.block_on(seed(data, options.text("--database"), seals)).map_err(|error| error.to_string())
}

async fn seed(data: &Path, database: Option<&str>, seals: usize) -> Result<String, Fault> {
    let begin = Instant::now();
    let mut config = Config::defaults_in(data);
    if let Some(url) = database {
        config.database.url = DatabaseUrl::try_from(url.to_owned())?;
    }
    let app = prepare(config, Box::new(System)).await.map_err(|error| error.to_string())?.app;
    let file = data.join("registry.db");
    let place = database.map_or(Place::Sqlite(&file), Place::Postgres);
    let ground = Arc::new(Ground::lay(&app, seals).await?);
    let indexes = place.take(&data.join("indexes.sql"))?;
    let kept = fill(&app, &ground).await?;
    let rows = log::write(&app, &ground, &kept).await?;
    let filled = begin.elapsed();
    eprintln!("filled after {} s; {} indexes to be made", filled.as_secs(), indexes.len());
    place.make(&indexes)?;
    loop {
        let mut tx = app.store.begin().await?;
        let added = tx.add_up_figures(FIGURES).await?;
        tx.commit().await?;
        if added == 0 {
            break;
        }
    }
    let people = accounts::make(&app, &ground, &kept).await?;
    std::fs::write(data.join("load.json"), ask::requests(&ground, &kept, people).to_string())?;
    std::fs::write(data.join("yinxin.toml"), settings(data, database))?;
    app.store.close().await;
    let seconds = begin.elapsed().as_secs();
    Ok(format!(
        "{{\"seals\":{},\"units\":{},\"log_rows\":{rows},\"fill_seconds\":{},\"seconds\":{seconds}}}",
        kept.len(),
        ground.units(),
        filled.as_secs()
    ))
}

/// Writes every unit with its applications and seals; gives what is known of the seals, in the order of their making.
async fn fill(app: &Shared, ground: &Arc<Ground>) -> Result<Vec<Kept>, Fault> {
    let next = Arc::new(AtomicUsize::new(0));
    // SQLite has one writer; others would wait for it until they are refused.
    let writers = if app.config.database.url.is_postgres() { 3 } else { 1 };
    let writers: Vec<_> = (0..writers)
        .map(|_| {
            let (app, ground, next) = (app.clone(), Arc::clone(ground), Arc::clone(&next));
            tokio::spawn(async move {
                let mut kept = Vec::new();
                loop {
                    let first = next.fetch_add(1, Ordering::Relaxed) * BATCH;
                    if first >= ground.units() {
                        return Ok::<_, Fault>(kept);
                    }
                    let units = first..(first + BATCH).min(ground.units());
                    match records::written(&app, &ground, units.clone()).await? {
                        Some(written) => kept.extend(written),
                        None => kept.extend(Batch::of(&ground, units)?.write(&app).await?),
                    }
                    if first.is_multiple_of(20 * BATCH) {
                        eprintln!("{first} of {} units", ground.units());
                    }
                }
            })
        })
        .collect();
    let mut all = Vec::new();
    for writer in writers {
        all.extend(writer.await??);
    }
    all.sort_by_key(|kept: &Kept| kept.index);
    Ok(all)
}

/// A configuration that refuses nobody for asking often.
fn settings(data: &Path, database: Option<&str>) -> String {
    let folder = std::fs::canonicalize(data).unwrap_or_else(|_| data.to_owned());
    let database = database.map(|url| format!("[database]\nurl = {url:?}\n")).unwrap_or_default();
    format!(
        "data_dir = {:?}\n{database}[security]\nlogin_per_minute = 10000\nrequests_per_second = 100000\n\
         request_burst = 100000\n[log]\nlevel = \"warn\"\n",
        folder.display().to_string()
    )
}
