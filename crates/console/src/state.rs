//! What all pages share.

use crate::api::Api;
use crate::keep::{Keep, TypedForms};
use crate::picture::Painter;
use axum::Router;
use std::path::PathBuf;
use std::sync::Arc;

/// What the console needs to know.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Folder in which uploaded documents lie for a quarter of an hour; made when absent, emptied at the start.
    pub folder: PathBuf,
    /// Most bytes of a document that somebody unknown may bring.
    pub most_bytes: u64,
    /// Whether browsers come over HTTPS: adds `Strict-Transport-Security`.
    pub https: bool,
}

/// The console of a process.
pub(crate) struct Console {
    /// The API.
    pub api: Api,
    /// Documents that were verified a moment ago.
    pub keep: Keep,
    /// Forms that were sent when the session had ended.
    pub typed: TypedForms,
    /// Draws pages.
    pub painter: Painter,
    /// Most bytes of a document.
    pub most_bytes: u64,
    /// Whether browsers come over HTTPS.
    pub https: bool,
}

/// As handlers get it.
pub(crate) type Shared = Arc<Console>;

impl Console {
    pub fn new(api: Router, settings: Settings) -> Shared {
        Arc::new(Self {
            api: Api::new(api),
            keep: Keep::new(settings.folder),
            typed: TypedForms::default(),
            painter: Painter::default(),
            most_bytes: settings.most_bytes,
            https: settings.https,
        })
    }
}
