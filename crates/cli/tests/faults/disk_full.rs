//! No space left: where everything lies, and where the documents lie. The small file systems are mounted in a namespace of their own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use serde_json::json;
use yinxin_testkit::http::Http;

use crate::base::Base;
use crate::chance::Chance;
use crate::person::{Request, version};
use crate::sample;
use crate::town::{Town, service};
use crate::truth;
use crate::worker::{Stop, Worker, settle_all};

const PLACE: &str = "YINXIN_TEST_SMALL_DISK";
/// Mounts a file system of so many mebibytes at the first argument and runs the rest there.
const MOUNT: &str = "mount -t tmpfs -o size=$2m tmpfs \"$1\" && shift 2 && exec \"$@\"";
const PATIENCE: Duration = Duration::from_secs(60);

#[test]
fn faults_disk_full_under_everything() {
    on_small_disk(24, "inside_with_everything_on_the_small_disk");
}

#[test]
fn faults_disk_full_under_the_documents() {
    on_small_disk(2, "inside_with_the_documents_on_the_small_disk");
}

fn on_small_disk(mebibytes: u32, test: &str) {
    let place = tempfile::tempdir().unwrap();
    let mounted = || {
        let mut command = Command::new("unshare");
        command.args(["--user", "--map-root-user", "--mount", "sh", "-c", MOUNT, "sh"]);
        command.arg(place.path()).arg(mebibytes.to_string());
        command
    };
    if !mounted().arg("true").output().is_ok_and(|done| done.status.success()) {
        println!("NO MOUNT NAMESPACES HERE: THE FULL DISK WAS NOT TESTED");
        return;
    }
    let done = mounted()
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", &format!("disk_full::{test}"), "--ignored", "--nocapture"])
        .env(PLACE, place.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success(), "{said}{}", String::from_utf8_lossy(&done.stderr));
    assert!(said.contains("1 passed"), "{said}");
    print!("{said}");
}

fn place() -> PathBuf {
    PathBuf::from(std::env::var_os(PLACE).expect("run by the tests above"))
}

/// Takes all space there is.
fn fill(folder: &Path) -> PathBuf {
    let path = folder.join("ballast");
    let file = fs::File::create(&path).unwrap();
    let _ = std::io::copy(&mut std::io::repeat(0), &mut &file);
    path
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

#[test]
#[ignore = "run by the test above, on a small file system"]
fn inside_with_everything_on_the_small_disk() {
    let data = place().join("data");
    let base = Base::Sqlite;
    let service = service(&base).set("documents.folder", &data.join("documents").to_string_lossy());
    // The database too: where the test looks for it is a link.
    fs::create_dir_all(&data).unwrap();
    fs::remove_dir(service.folder().join("data")).unwrap();
    std::os::unix::fs::symlink(&data, service.folder().join("data")).unwrap();
    play("faults_disk_full_under_everything", base, service, &place(), &data.join("documents"));
}

#[test]
#[ignore = "run by the test above, on a small file system"]
fn inside_with_the_documents_on_the_small_disk() {
    let documents = place().join("documents");
    let base = Base::Sqlite;
    let service = service(&base).set("documents.folder", &documents.to_string_lossy());
    play("faults_disk_full_under_the_documents", base, service, &place(), &documents);
}

fn play(name: &str, base: Base, service: yinxin_testkit::process::Service, disk: &Path, documents: &Path) {
    let mut chance = Chance::of_run(name);
    let (town, mut running) = Town::found(base, service, 3, &mut chance);
    let worker = |unit: &_| Worker::new(Clone::clone(unit), town.officers.clone(), chance.branch());
    let mut workers: Vec<Worker> = town.units[1..].iter().map(worker).collect();
    let at = town.service.client();
    load(&mut workers, &at, || std::thread::sleep(Duration::from_millis(1000)));
    let draft = draft(&town, &at, &mut chance);
    let before = files(documents);
    let ballast = fill(disk);
    load(&mut workers, &at, || {
        let begin = Instant::now();
        while at.get("/readyz").status == 200 {
            assert!(begin.elapsed() < PATIENCE, "still called ready on a full disk");
            std::thread::sleep(Duration::from_millis(50));
        }
        let unready = at.get("/readyz");
        assert_eq!(unready.problem(507), "STORAGE_FULL");
        assert!(unready.header("retry-after").is_some());
        assert_eq!(at.get("/healthz").status, 200);
        std::thread::sleep(Duration::from_millis(1500));
    });
    uploads_are_refused(&town, &at, &draft);
    let unsaved =
        (disk == documents.parent().unwrap().parent().unwrap()).then(|| unsaved(&town, &at, &mut chance));
    let written: Vec<PathBuf> = files(documents).into_iter().filter(|path| !before.contains(path)).collect();
    for path in written {
        // What came in before the last byte was gone is whole: no name of a document stands for half of one.
        let length = fs::metadata(&path).unwrap().len();
        assert!(length > 0 || path == ballast, "{path:?} is half-written");
    }
    fs::remove_file(&ballast).unwrap();
    running.wait_until_ready().unwrap();
    if let Some(request) = unsaved {
        let saved = request.send(&at).unwrap();
        saved.expect(201);
        assert!(saved.header("idempotency-replayed").is_none(), "it was refused, yet done");
    }
    load(&mut workers, &at, || std::thread::sleep(Duration::from_millis(1000)));
    settle_all(&mut workers, &at);
    let met: Vec<_> = workers.iter_mut().flat_map(|w| std::mem::take(&mut w.faults)).collect();
    for (status, code, says_when) in &met {
        assert!(
            *status == 507 && code == "STORAGE_FULL" && *says_when,
            "{status} {code}, Retry-After: {says_when}"
        );
    }
    truth::comes_to_rest(&town, true);
    truth::holds(&town, &at, &mut workers, &mut chance);
    truth::chain_is_sound(&town.service);
    let total: u64 = workers.iter().map(|w| w.ledger.total).sum();
    println!("{name}: {} refusals with 507; {total} changes acknowledged, none lost", met.len());
}

/// Lets the clients work while `meanwhile` goes on.
fn load(workers: &mut [Worker], at: &Http, meanwhile: impl FnOnce()) {
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let _stop = Stop(&stop);
        for worker in workers {
            scope.spawn(|| worker.endure(at, &stop));
        }
        meanwhile();
    });
}

/// A change that the full database refuses: there is room in its log for a few others first.
fn unsaved(town: &Town, at: &Http, chance: &mut Chance) -> Request {
    for number in 1000..3000 {
        let request = town.officers.reviewer.ask("POST", "/units", None, &sample::unit(number), chance);
        let answer = request.send(at).unwrap();
        if answer.status != 201 {
            assert_eq!(answer.problem(507), "STORAGE_FULL");
            assert!(answer.header("retry-after").is_some());
            return request;
        }
    }
    panic!("the database never filled");
}

/// A draft of the unit that no client works for.
fn draft(town: &Town, at: &Http, chance: &mut Chance) -> String {
    let unit = &town.units[0];
    let content = sample::content(unit.number);
    let body = json!({ "unit": unit.id, "basis": { "kind": "new" }, "content": content });
    let made = unit.agent.ask("POST", "/applications", None, &body, chance).send(at).unwrap().expect(201);
    format!("/applications/{}", made["id"].as_str().unwrap())
}

/// Reading goes on, and a document that does not fit is refused and leaves nothing.
fn uploads_are_refused(town: &Town, at: &Http, path: &str) {
    let agent = &town.units[0].agent;
    let shown = agent.get(at, path).unwrap();
    shown.expect(200);
    let mut big = b"%PDF-1.4\n".to_vec();
    big.resize(4 << 20, b' ');
    let refused = agent.upload(path, "other", version(&shown).unwrap(), big).send(at).unwrap();
    assert_eq!(refused.problem(507), "STORAGE_FULL");
    assert!(refused.header("retry-after").is_some());
    assert_eq!(version(&agent.get(at, path).unwrap()), version(&shown));
}
