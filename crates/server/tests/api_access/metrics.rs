//! What a running server counts of itself, and where it shows it.

use crate::support::{CITY, Engine, Role, Server, on_sqlite};
use yinxin_server::app::clock::System;
use yinxin_server::config::{AreaConfig, Config};
use yinxin_server::start::{bind, prepare};
use yinxin_server::telemetry::metrics::Metrics;
use yinxin_testkit::http::Http;

/// The sum over all lines of a metric with a label like this.
fn value(metrics: &Metrics, name: &str, label: &str) -> f64 {
    let page = metrics.render();
    let lines = page.lines().filter(|line| line.starts_with(name) && line.contains(label));
    lines.filter_map(|line| line.rsplit_once(' ')?.1.parse::<f64>().ok()).sum()
}

#[test]
fn tries_to_log_in_are_counted_by_their_end_and_round_trips_are_timed() {
    on_sqlite(async |server| {
        let metrics = Metrics::install().unwrap();
        let reviewer = server.account(Role::IssuingReviewer, Some(CITY)).await;
        let (name, password) = (&reviewer.login.name, &reviewer.login.password);
        // Other tests of this process count too, so that a number may only be too small.
        let all = || {
            ["ok", "refused", "locked"].map(|end| {
                value(&metrics, "yinxin_logins_total", &format!("method=\"password\",result=\"{end}\""))
            })
        };
        let trips = || value(&metrics, "yinxin_database_round_trip_duration_seconds_count", "registry");
        let (before, trips_before) = (all(), trips());
        server.login(name, password).await;
        for _ in 0..6 {
            server.try_login(name, "Tq-wrong-wrong-11", None).await;
        }
        let after = all();
        for (index, at_least) in [1.0, 5.0, 1.0].into_iter().enumerate() {
            assert!(after[index] - before[index] >= at_least, "{index}: {before:?} {after:?}");
        }
        assert!(trips() > trips_before);
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn too_many_requests_are_counted() {
    let metrics = Metrics::install().unwrap();
    let limited = |limit: &str| value(&metrics, "yinxin_rate_limited_total", &format!("limit=\"{limit}\""));
    let server = Server::start_with(Engine::Sqlite, |config| config.security.login_per_minute = 2).await;
    let before = limited("login");
    for _ in 0..2 {
        server.try_login("nobody.here", "Tq-wrong-wrong-11", None).await.0.problem("LOGIN_FAILED");
    }
    server.try_login("nobody.here", "Tq-wrong-wrong-11", None).await.0.problem("RATE_LIMITED");
    assert!(limited("login") > before);
    server.app.store.close().await;

    let server = Server::start_with(Engine::Sqlite, |config| {
        config.security.requests_per_second = 1;
        config.security.request_burst = 2;
    })
    .await;
    let before = limited("requests");
    let visitor = server.visitor();
    for _ in 0..2 {
        visitor.get("/profiles").await;
    }
    visitor.get("/profiles").await.problem("RATE_LIMITED");
    assert!(limited("requests") > before);
    server.app.store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn metrics_have_an_address_of_their_own_where_that_is_wanted() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config::defaults_in(&folder.path().join("data"));
    config.listen = "127.0.0.1:0".parse().unwrap();
    config.metrics.listen = Some("127.0.0.1:0".parse().unwrap());
    config.area =
        AreaConfig {
            code: "610100".to_owned(), name: "示例市".to_owned(), profile: "national".to_owned()
        };
    let bound = bind(prepare(config, Box::new(System)).await.unwrap()).await.unwrap();
    let (api, metrics) = (bound.address(), bound.metrics_address().unwrap());
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = tokio::spawn(bound.serve(async {
        let _ = stopped.await;
    }));
    let looked = tokio::task::spawn_blocking(move || {
        let (api, own) = (Http::new(&format!("http://{api}")), Http::new(&format!("http://{metrics}")));
        let page = own.get("/metrics");
        assert_eq!(page.status, 200);
        let text = String::from_utf8(page.body).unwrap();
        assert!(text.contains("yinxin_build_info"), "{text}");
        assert_eq!(api.get("/metrics").status, 404);
        // Nothing else is there.
        for path in ["/api/v1/profiles", "/healthz", "/readyz", "/"] {
            assert_eq!(own.get(path).status, 404, "{path}");
        }
    });
    looked.await.unwrap();
    stop.send(()).unwrap();
    serving.await.unwrap().unwrap();
    // The address is free again.
    std::net::TcpListener::bind(metrics).unwrap();
}
