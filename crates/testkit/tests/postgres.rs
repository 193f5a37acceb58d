//! The PostgreSQL of the tests is what it says: fresh, separate, killable, and gone afterwards.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use yinxin_testkit::postgres::{self, Durability};

#[test]
fn each_test_has_an_empty_database_of_its_own_that_goes_with_it() {
    let Some(first) = postgres::database() else { return };
    let second = postgres::database().unwrap();
    first.sql("CREATE TABLE seal (id TEXT)").unwrap();
    assert!(second.sql("SELECT * FROM seal").is_err());
    let name = first.name().to_owned();
    drop(first);
    let left = second.sql(&format!("SELECT count(*) FROM pg_database WHERE datname = '{name}'")).unwrap();
    assert_eq!(left, "0");
}

#[test]
fn what_was_committed_outlives_a_kill_of_the_server() {
    let Some(mut cluster) = postgres::private(Durability::Full) else { return };
    let database = cluster.database().unwrap();
    database.sql("CREATE TABLE seal (id TEXT); INSERT INTO seal VALUES ('a')").unwrap();
    for _ in 0..3 {
        cluster.kill().unwrap();
        assert!(database.sql("SELECT 1").is_err(), "a killed server answers");
        cluster.start().unwrap();
        assert_eq!(database.sql("SELECT id FROM seal").unwrap(), "a");
    }
    cluster.stop().unwrap();
    assert!(database.sql("SELECT 1").is_err(), "a stopped server answers");
    cluster.start().unwrap();
    assert_eq!(database.sql("SELECT id FROM seal").unwrap(), "a");
}

#[test]
fn a_frozen_server_answers_after_it_is_thawed() {
    let Some(mut cluster) = postgres::private(Durability::None) else { return };
    let database = cluster.database().unwrap();
    cluster.freeze().unwrap();
    let (send, receive) = std::sync::mpsc::channel();
    let answer = std::thread::spawn(move || {
        let answer = database.sql("SELECT 7");
        send.send(()).unwrap();
        answer
    });
    let early = receive.recv_timeout(std::time::Duration::from_millis(600));
    cluster.thaw().unwrap();
    assert!(early.is_err(), "a frozen server answered");
    assert_eq!(answer.join().unwrap().unwrap(), "7");
}
