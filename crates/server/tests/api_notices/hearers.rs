//! Who listens at the other end: the example receiver, a mail server, and a receiver that does as it is told.

use crate::support::{Engine, Server};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde_json::Value;
use std::collections::VecDeque;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use yinxin_server::config::Config;
use yinxin_server::outbound;

/// Runs a test on both engines, with settings of its own.
#[track_caller]
pub fn each(change: impl Fn(&mut Config), test: impl AsyncFn(&Server)) {
    let mut engines = vec![(Engine::Sqlite, None)];
    if let Some(database) = yinxin_testkit::postgres::database() {
        engines.push((Engine::Postgres(database.url().to_owned()), Some(database)));
    }
    for (engine, _kept) in engines {
        eprintln!("on {engine:?}");
        if let Ok(level) = std::env::var("YINXIN_TEST_LOG") {
            let _ = tracing_subscriber::fmt().with_env_filter(level).try_init();
        }
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(async {
            let server = Server::start_with(engine, |config| change(config)).await;
            test(&server).await;
            server.app.store.close().await;
        });
    }
}

/// Lets events into this machine.
pub fn near(config: &mut Config) {
    config.webhooks.allowed_networks = vec!["127.0.0.1".parse().unwrap()];
    config.webhooks.timeout_seconds = 2;
}

/// Sends everything that is due, after running every job that is.
pub async fn deliver(server: &Server) -> usize {
    let mut all = 0;
    loop {
        server.tick().await;
        let done = outbound::tick(&server.app, server.now()).await.unwrap();
        all += done;
        if done == 0 {
            return all;
        }
    }
}

/// A process that prints lines.
pub struct Hearer {
    child: Child,
    /// Where it listens.
    pub port: u16,
    lines: Arc<Mutex<Vec<String>>>,
    words: Arc<Mutex<Vec<String>>>,
}

impl Drop for Hearer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Hearer {
    /// Starts it; it says `listening on <port>` on standard error first.
    pub fn start(command: &mut Command) -> Self {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?}: {error}: this test needs python3"));
        let (lines, words) = (Arc::default(), Arc::default());
        gather(child.stdout.take().unwrap(), &lines);
        gather(child.stderr.take().unwrap(), &words);
        let mut hearer = Self { child, port: 0, lines, words };
        hearer.wait(|hearer| {
            let words = hearer.words.lock().unwrap();
            words.iter().any(|word| word.starts_with("listening on "))
        });
        let words = hearer.words.lock().unwrap().clone();
        let word = words.iter().find(|word| word.starts_with("listening on ")).unwrap();
        hearer.port = word.rsplit(' ').next().unwrap().parse().unwrap();
        hearer
    }

    /// What it printed so far, as JSON.
    pub fn heard(&self) -> Vec<Value> {
        self.lines.lock().unwrap().iter().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The same once there are so many.
    pub fn hear(&self, number: usize) -> Vec<Value> {
        self.wait(|hearer| hearer.lines.lock().unwrap().len() >= number);
        self.heard()
    }

    /// What it said besides.
    pub fn said(&self) -> Vec<String> {
        self.words.lock().unwrap().clone()
    }

    fn wait(&self, done: impl Fn(&Self) -> bool) {
        let until = Instant::now() + Duration::from_secs(20);
        while !done(self) {
            assert!(
                Instant::now() < until,
                "waited in vain: {:?} {:?}",
                self.said(),
                self.lines.lock().unwrap()
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

fn gather(from: impl std::io::Read + Send + 'static, into: &Arc<Mutex<Vec<String>>>) {
    let into = Arc::clone(into);
    std::thread::spawn(move || {
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            into.lock().unwrap().push(line);
        }
    });
}

/// The example receiver.
pub fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/webhook_receiver.py")
}

/// Starts the example receiver with secrets by number, at the server's time.
pub fn receiver(server: &Server, secrets: &[(u32, &str)], seen: Option<&Path>) -> Hearer {
    receiver_at(server, 0, secrets, seen)
}

/// The same at a port.
pub fn receiver_at(server: &Server, port: u16, secrets: &[(u32, &str)], seen: Option<&Path>) -> Hearer {
    let mut command = Command::new("python3");
    command.arg(example()).args([
        "--port",
        &port.to_string(),
        "--now",
        &server.now().as_second().to_string(),
    ]);
    command.args(seen.into_iter().flat_map(|seen| ["--seen".into(), seen.as_os_str().to_owned()]));
    for (number, secret) in secrets {
        command.env(format!("YINXIN_WEBHOOK_SECRET_{number}"), secret);
    }
    Hearer::start(&mut command)
}

/// An SMTP server that is not ours: Python's own, or aiosmtpd where Python has none any more. What it takes is read by Python's parser of
/// mails and printed.
const MAIL_SERVER: &str = r#"
import email, email.policy, json, sys
REFUSE = sys.argv[1] if len(sys.argv) > 1 else ""
def take(sender, to, data):
    if REFUSE:
        return REFUSE
    mail = email.message_from_bytes(data if isinstance(data, bytes) else data.encode(), policy=email.policy.default)
    print(json.dumps({"from": sender, "to": list(to), "subject": str(mail["Subject"]), "head": {k: str(v) for k, v in mail.items()},
                      "text": mail.get_content(), "defects": [str(d) for d in mail.defects]}), flush=True)
try:
    import warnings
    warnings.simplefilter("ignore")
    import asyncore, smtpd
    class Server(smtpd.SMTPServer):
        def process_message(self, peer, sender, to, data, **_):
            return take(sender, to, data)
    server = Server(("127.0.0.1", 0), None, decode_data=False)
    print("listening on %d" % server.socket.getsockname()[1], file=sys.stderr, flush=True)
    asyncore.loop()
except ImportError:
    try:
        import asyncio
        from aiosmtpd.smtp import SMTP
    except ImportError:
        sys.exit("this python3 has no smtpd any more: pip install aiosmtpd")
    class Handler:
        async def handle_DATA(self, server, session, envelope):
            return take(envelope.mail_from, envelope.rcpt_tos, envelope.content) or "250 OK"
    async def main():
        server = await asyncio.get_running_loop().create_server(lambda: SMTP(Handler()), "127.0.0.1", 0)
        print("listening on %d" % server.sockets[0].getsockname()[1], file=sys.stderr, flush=True)
        await server.serve_forever()
    asyncio.run(main())
"#;

/// Starts a mail server; with words, it refuses every mail with them.
pub fn mail_server(refusal: Option<&str>) -> Hearer {
    Hearer::start(Command::new("python3").args(["-c", MAIL_SERVER]).args(refusal))
}

/// What a told receiver got.
#[derive(Debug, Clone)]
pub struct Got {
    pub headers: HeaderMap,
    pub body: String,
}

impl Got {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

#[derive(Default)]
struct Told {
    answers: VecDeque<u16>,
    got: Vec<Got>,
}

/// A receiver that answers as it is told: the statuses given, then 204; 0 stands for no answer at all.
#[derive(Clone)]
pub struct Obedient {
    told: Arc<Mutex<Told>>,
    pub url: String,
}

impl Obedient {
    pub async fn start() -> Self {
        let told = Arc::new(Mutex::new(Told::default()));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let router = axum::Router::new()
            .route("/hook", axum::routing::post(hear))
            .route("/elsewhere", axum::routing::any(hear))
            .with_state(Arc::clone(&told));
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { told, url }
    }

    pub fn answer(&self, statuses: &[u16]) {
        self.told.lock().unwrap().answers.extend(statuses);
    }

    pub fn got(&self) -> Vec<Got> {
        self.told.lock().unwrap().got.clone()
    }
}

async fn hear(
    State(told): State<Arc<Mutex<Told>>>,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, [(&'static str, &'static str); 1]) {
    let status = {
        let mut told = told.lock().unwrap();
        told.got.push(Got { headers, body: String::from_utf8(body.to_vec()).unwrap() });
        told.answers.pop_front().unwrap_or(204)
    };
    if status == 0 {
        tokio::time::sleep(Duration::from_secs(3600)).await;
    }
    (StatusCode::from_u16(status).unwrap(), [("location", "/elsewhere")])
}
