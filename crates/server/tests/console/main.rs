//! The console in a real browser, against the whole server: journeys of people, the console silent, nobody else asked, pictures of every
//! page among the test's output (`target/tmp/console`).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod browser;
mod custody;
mod desk;
#[allow(dead_code, reason = "the tests of verification need more of it")]
#[path = "../api_verifications/documents.rs"]
mod documents;
mod following;
mod imprints;
mod keyboard;
mod maker;
mod pages;
mod placing;
mod plain;
mod print;
mod public;
mod rights;
mod sealing;
mod self_service;
#[allow(dead_code, reason = "the tests of uses need more of it")]
#[path = "../api_use/stage.rs"]
mod stage;
#[path = "../support/mod.rs"]
mod support;
mod walk;
mod work;

use std::net::SocketAddr;
use support::{Client, Server};

/// Serves on a port of its own; gives the address.
pub async fn served(server: &Server) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let service = server.router.clone().into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
    format!("http://{address}")
}

/// Logs somebody in by the form.
pub fn log_in(browser: &mut browser::Browser, who: &Client) {
    browser.go("/login");
    browser.fill("input[name='s:/login']", &who.login.name);
    browser.fill("input[name='s:/password']", &who.login.password);
    browser.click("form[action='/login'] button");
    assert_eq!(browser.path(), "/home", "{}", browser.text());
}

/// Logs in somebody with one-time codes. Moves the clock: a code counts once.
pub async fn log_in_with_code(browser: &mut browser::Browser, server: &Server, who: &Client) {
    server.advance(jiff::SignedDuration::from_secs(60)).await;
    browser.go("/login");
    browser.fill("input[name='s:/login']", &who.login.name);
    browser.fill("input[name='s:/password']", &who.login.password);
    browser.fill("input[name='s:/code']", &server.code(&who.login.totp));
    browser.click("form[action='/login'] button");
    assert_eq!(browser.path(), "/home", "{}", browser.text());
}

/// Logs out by the form.
pub fn log_out(browser: &mut browser::Browser) {
    browser.click("form[action='/logout'] button");
    browser.reads("已退出登录");
}
