//! `yinxin serve` as a process of its own, on a temporary data folder: to be killed and started again.

use crate::http::Http;
use crate::port::free_port;
use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// How long a service may take until it is ready. Generous: the machine may be busy with other tests.
const PATIENCE: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(10);

/// How many rounds a fault test plays: `few` of its own, or what `cargo xtask faults` asks for.
pub fn fault_rounds(few: u32) -> u32 {
    match std::env::var("YINXIN_FAULT_ROUNDS") {
        Ok(number) => number.parse().unwrap_or_else(|_| panic!("YINXIN_FAULT_ROUNDS={number} is no number")),
        Err(_) => few,
    }
}

/// How to start a service: program, settings, and a folder that is removed with this value.
#[derive(Debug)]
pub struct Service {
    program: PathBuf,
    folder: PathBuf,
    port: u16,
    settings: BTreeMap<String, String>,
    environment: Vec<(String, String)>,
    arguments: Vec<String>,
}

impl Service {
    /// `yinxin serve` at `program` (a test of the command gives `env!("CARGO_BIN_EXE_yinxin")`), with a data folder
    /// and a port of its own and otherwise its defaults.
    pub fn new(program: impl Into<PathBuf>) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("yinxin-serve-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("data")).unwrap();
        let port = free_port().unwrap();
        let service = Self {
            program: program.into(),
            port,
            settings: BTreeMap::new(),
            environment: Vec::new(),
            arguments: vec!["serve".to_owned()],
            folder: folder.clone(),
        };
        service
            .set("data_dir", &folder.join("data").to_string_lossy())
            .set("listen", &format!("127.0.0.1:{port}"))
    }

    /// Sets a key of the configuration by its dotted name, as in `database.url`.
    #[must_use]
    pub fn set(mut self, key: &str, value: &str) -> Self {
        let variable = format!("YINXIN_{}", key.replace('.', "__").to_ascii_uppercase());
        self.settings.insert(variable, value.to_owned());
        self
    }

    /// Sets another environment variable.
    #[must_use]
    pub fn environment(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Adds an argument after `serve`.
    #[must_use]
    pub fn argument(mut self, word: &str) -> Self {
        self.arguments.push(word.to_owned());
        self
    }

    /// Runs another program that stands for the service, or another command of it.
    #[must_use]
    pub fn arguments(mut self, words: &[&str]) -> Self {
        self.arguments = words.iter().map(|word| (*word).to_owned()).collect();
        self
    }

    /// The folder that holds `data/` and `stderr.log`.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Address of the service.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// A new client.
    pub fn client(&self) -> Http {
        Http::new(&self.url())
    }

    /// What the service wrote to standard error, over all its starts.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.join("stderr.log")).unwrap_or_default()
    }

    /// The program with its arguments and the environment it gets: the settings, and nothing of ours that begins
    /// with `YINXIN_`.
    pub fn command(&self) -> Command {
        self.command_with(self.arguments.iter().cloned())
    }

    fn command_with(&self, arguments: impl Iterator<Item = String>) -> Command {
        let mut command = Command::new(&self.program);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("YINXIN_") {
                command.env_remove(name);
            }
        }
        command.envs(&self.settings).envs(self.environment.iter().cloned());
        command.current_dir(&self.folder).args(arguments).stdin(Stdio::null());
        command
    }

    /// Another command of the program with the same settings, to be run beside the service.
    pub fn command_of(&self, words: &[&str]) -> Command {
        let mut command = self.command_with(words.iter().map(|word| (*word).to_owned()));
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Starts it and waits until `/readyz` says 200.
    ///
    /// # Panics
    /// Where it ends before or never gets ready.
    #[track_caller]
    pub fn start(&self) -> Running {
        let mut running = self.spawn();
        if let Err(why) = running.wait_until_ready() {
            panic!("the service is not ready: {why}\n{}\n{}", running.lines().join("\n"), self.log());
        }
        running
    }

    /// Starts it and does not wait.
    pub fn spawn(&self) -> Running {
        let log = OpenOptions::new().create(true).append(true).open(self.folder.join("stderr.log")).unwrap();
        let begin = Instant::now();
        let mut command = self.command();
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start {}: {error}", self.program.display()));
        let lines = Arc::new(Mutex::new(Vec::new()));
        let (output, sink) = (child.stdout.take().unwrap(), Arc::clone(&lines));
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                sink.lock().unwrap().push(line);
            }
        });
        let guard = guard(&child);
        Running { child, guard, lines, url: self.url(), begin, ready_after: None }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        if std::thread::panicking() {
            // The first thing to read after a failed test.
            eprintln!("log of the service at {}:\n{}", self.url(), self.log());
        }
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// A service that runs; killed when the value goes, and when the test process does.
#[derive(Debug)]
pub struct Running {
    child: Child,
    guard: Child,
    lines: Arc<Mutex<Vec<String>>>,
    url: String,
    begin: Instant,
    ready_after: Option<Duration>,
}

impl Running {
    /// Waits for 200 on `/readyz`.
    ///
    /// # Errors
    /// What is in the way, once the process has ended or patience has.
    pub fn wait_until_ready(&mut self) -> Result<(), String> {
        let client = Http::new(&self.url);
        let mut last = String::new();
        let begin = Instant::now();
        while begin.elapsed() < PATIENCE {
            if let Some(status) = self.child.try_wait().map_err(|error| error.to_string())? {
                return Err(format!("it ended ({status})"));
            }
            match client.send("GET", "/readyz", &[("connection", "close")], None) {
                Ok(answer) if answer.status == 200 => {
                    self.ready_after.get_or_insert(self.begin.elapsed());
                    return Ok(());
                }
                Ok(answer) => last = format!("status {}: {}", answer.status, answer.text()),
                Err(error) => last = error,
            }
            std::thread::sleep(PAUSE);
        }
        Err(last)
    }

    /// From start to the first 200 on `/readyz`.
    pub fn ready_after(&self) -> Option<Duration> {
        self.ready_after
    }

    /// Process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it has written to standard output so far: the one-time passwords are there.
    pub fn lines(&self) -> Vec<String> {
        self.lines.lock().unwrap().clone()
    }

    /// Waits for a line of standard output that holds `words`.
    ///
    /// # Panics
    /// Where none comes.
    #[track_caller]
    pub fn line_with(&self, words: &str) -> String {
        let begin = Instant::now();
        while begin.elapsed() < PATIENCE {
            if let Some(line) = self.lines().into_iter().find(|line| line.contains(words)) {
                return line;
            }
            std::thread::sleep(PAUSE);
        }
        panic!("no line with `{words}` in:\n{}", self.lines().join("\n"));
    }

    /// A new client.
    pub fn client(&self) -> Http {
        Http::new(&self.url)
    }

    /// `kill -9`: nothing is flushed, nothing is told.
    pub fn kill(mut self) {
        self.end();
    }

    /// Asks it to stop (SIGTERM) and waits; gives how it ended.
    ///
    /// # Panics
    /// Where it does not end within a minute.
    #[track_caller]
    pub fn stop(mut self) -> ExitStatus {
        self.signal("TERM");
        let begin = Instant::now();
        while begin.elapsed() < PATIENCE {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            std::thread::sleep(PAUSE);
        }
        panic!("the service did not stop");
    }

    /// Sends a signal by its name, such as `HUP` or `STOP`.
    pub fn signal(&self, name: &str) {
        let status =
            Command::new("kill").args([format!("-{name}"), self.child.id().to_string()]).status().unwrap();
        assert!(status.success(), "kill -{name} failed");
    }

    fn end(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.guard.kill();
        let _ = self.guard.wait();
        self.end();
    }
}

/// A shell that kills the service when this process has gone, however it went.
fn guard(child: &Child) -> Child {
    let script = "trap '' INT HUP; read word || kill -9 \"$1\"";
    Command::new("sh")
        .args(["-c", script, "guard", &child.id().to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}
