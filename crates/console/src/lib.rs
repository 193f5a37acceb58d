//! The web console and the public verification page (网上办事与公开核验): pages for people over the HTTP API.
//!
//! The console is a client of the API in the same process: it is handed the API's routes, sends them plain HTTP requests with the browser's
//! session cookie and token, and makes pages of the answers. What somebody may do, what is recorded, what is limited is therefore exactly
//! what the API says; there is no second way in. Every page works with plain forms, without scripts.
//!
//! ```
//! use axum::Router;
//! use yinxin_console::{Settings, mount};
//!
//! let api = Router::new();
//! let whole: Router = mount(api, Settings { folder: std::env::temp_dir(), most_bytes: 50 << 20, https: true });
//! ```
#![forbid(unsafe_code)]

mod api;
mod chart;
mod desk;
mod frame;
mod keep;
mod pages;
mod picture;
mod state;
mod words;

pub use picture::add_system_fonts;
pub use state::Settings;

use axum::Router;
use state::Console;

/// The console before `api`: its own paths are answered with pages, all others go to the API. An API answer "not found" to a browser that
/// wants a page becomes one.
pub fn mount(api: Router, settings: Settings) -> Router {
    let console = Console::new(api.clone(), settings);
    frame::around(pages::routes(&console), &console).fallback(frame::beyond).with_state(console)
}
