//! The registry as a service: HTTP API, authentication, the making workshop, workers, and the place where all is put together.

pub mod api;
pub mod app;
pub mod audit;
pub mod auth;
pub mod backup;
pub mod config;
pub mod documents;
pub mod exchange;
pub mod gate;
pub mod http;
pub mod imprints;
pub mod jobs;
pub mod landing;
pub mod making;
pub mod notices;
pub mod outbound;
pub mod proof;
pub mod revocation;
pub mod security;
pub mod signing;
pub mod start;
pub mod status;
pub mod telemetry;
pub mod verification;
pub mod workshop;
