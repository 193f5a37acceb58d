//! The process that stands between a test and its PostgreSQL: a small shell that stops and removes the cluster when
//! its standard input closes, which happens however the test process ends.

use super::cluster::Durability;
use crate::port::free_port;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::{DirBuilderExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// Reads words and answers each with one line when it is done. Signals from the keyboard are for the test process;
/// the end of its input is what ends this shell.
const SCRIPT: &str = r#"
trap '' INT HUP PIPE
binaries=$1; base=$2; init=$3; shift 3
exec 2>>"$base/log"
cd "$base"
server=
up() { [ -n "$server" ] && kill -0 "$server"; }
family() { echo "$server"; cat "/proc/$server/task/$server/children"; }
end() { if up; then kill -"$1" "$server"; fi; [ -z "$server" ] || wait "$server"; server=; }
# The postmaster is stopped first, so that no child of it is born uncounted.
end_all() { if up; then kill -STOP "$server"; kill -KILL $(family); fi; [ -z "$server" ] || wait "$server"; server=; }
while read -r word; do
  answer=$word
  case $word in
    init) "$binaries/initdb" -D "$base/data" $init >>"$base/log" 2>&1 || answer=failed ;;
    start) up || { "$binaries/postgres" -D "$base/data" "$@" >>"$base/log" 2>&1 & server=$!; } ;;
    stop) end INT ;;
    kill) end_all ;;
    freeze) kill -STOP "$server"; kill -STOP $(family) ;;
    thaw) kill -CONT $(family) ;;
    up) up || answer=down ;;
  esac
  echo "$answer"
done
up && kill -CONT $(family)
end QUIT
cd /
rm -rf "$base"
"#;

/// A cluster's folder, its port and the shell that minds it.
#[derive(Debug)]
pub struct Keeper {
    base: PathBuf,
    port: u16,
    shell: Child,
    // An option, so that it can be closed before the shell is waited for.
    words: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Keeper {
    /// Makes the cluster's files; does not start it.
    pub fn new(binaries: &Path, durability: Durability) -> Result<Self, String> {
        let account = Account::find()?;
        let base = folder(&account)?;
        let port = free_port()?;
        let mut shell = shell(&account, binaries, &base, port, durability).inspect_err(|_| {
            let _ = std::fs::remove_dir_all(&base);
        })?;
        let words = shell.stdin.take();
        let answers = BufReader::new(shell.stdout.take().ok_or("the keeper has no output")?);
        let mut keeper = Self { base, port, shell, words, answers };
        match keeper.ask("init")?.as_str() {
            "init" => Ok(keeper),
            _ => Err(format!("initdb failed:\n{}", keeper.log())),
        }
    }

    /// Address of the maintenance database.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Gives an order and waits until it is carried out.
    pub fn say(&mut self, word: &str) -> Result<(), String> {
        self.ask(word).map(|_| ())
    }

    /// Whether the server's process lives.
    pub fn is_up(&mut self) -> Result<bool, String> {
        Ok(self.ask("up")? == "up")
    }

    /// The end of the server's log.
    pub fn log(&self) -> String {
        let bytes = std::fs::read(self.base.join("log")).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        let lines: Vec<&str> = text.lines().collect();
        lines.get(lines.len().saturating_sub(30)..).unwrap_or_default().join("\n")
    }

    fn ask(&mut self, word: &str) -> Result<String, String> {
        let gone = |_| format!("the keeper of {} is gone", self.base.display());
        let words = self.words.as_mut().ok_or("the keeper is closed")?;
        writeln!(words, "{word}").map_err(gone)?;
        let mut answer = String::new();
        match self.answers.read_line(&mut answer) {
            Ok(length) if length > 0 => Ok(answer.trim_end().to_owned()),
            _ => Err(format!("the keeper of {} is gone", self.base.display())),
        }
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        drop(self.words.take());
        let _ = self.shell.wait();
    }
}

/// Who runs the server: it refuses to be root.
struct Account {
    /// User id, group id; `None` for whoever we are.
    other: Option<(u32, u32)>,
}

impl Account {
    fn find() -> Result<Self, String> {
        if id(&["-u"])? != 0 {
            return Ok(Self { other: None });
        }
        let name = if id(&["-u", "postgres"]).is_ok() { "postgres" } else { "nobody" };
        Ok(Self { other: Some((id(&["-u", name])?, id(&["-g", name])?)) })
    }

    fn command(&self, program: &Path) -> Command {
        let Some((user, group)) = self.other else { return Command::new(program) };
        let mut command = Command::new("setpriv");
        command.args([format!("--reuid={user}"), format!("--regid={group}"), "--clear-groups".to_owned()]);
        command.arg(program);
        command
    }
}

fn id(arguments: &[&str]) -> Result<u32, String> {
    let output =
        Command::new("id").args(arguments).output().map_err(|error| format!("cannot start id: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    text.trim().parse().map_err(|_| format!("id {} gave `{}`", arguments.join(" "), text.trim()))
}

/// An empty folder of the account's own.
fn folder(account: &Account) -> Result<PathBuf, String> {
    for attempt in 0..1000 {
        let path = std::env::temp_dir().join(format!("yinxin-postgres-{}-{attempt}", std::process::id()));
        match std::fs::DirBuilder::new().mode(0o700).create(&path) {
            Ok(()) => {
                if let Some((user, group)) = account.other {
                    chown(&path, Some(user), Some(group))
                        .map_err(|error| format!("giving {} away: {error}", path.display()))?;
                }
                return Ok(path);
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(format!("making {}: {error}", path.display())),
        }
    }
    Err("no free name for a folder".to_owned())
}

/// Arguments of initdb but for the folder. None holds a space: the shell splits them.
fn init_arguments(binaries: &Path) -> Result<String, String> {
    // Word order of Chinese as the default, where the version can: see `Cluster::private`.
    let order = if version(binaries)? >= 15 { " --locale-provider=icu --icu-locale=zh-Hans-CN" } else { "" };
    Ok(format!("-U postgres -A trust -E UTF8 --no-sync --locale=C.UTF-8{order}"))
}

/// The major version, from a line like `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`.
fn version(binaries: &Path) -> Result<u32, String> {
    let output = Command::new(binaries.join("postgres"))
        .arg("--version")
        .output()
        .map_err(|error| format!("cannot start postgres: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let number = text.split("(PostgreSQL)").nth(1).and_then(|rest| {
        let rest = rest.trim_start();
        rest.get(..rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len()))?.parse().ok()
    });
    number.ok_or_else(|| format!("postgres gave no version but `{}`", text.trim()))
}

fn shell(
    account: &Account,
    binaries: &Path,
    base: &Path,
    port: u16,
    durability: Durability,
) -> Result<Child, String> {
    let init = init_arguments(binaries)?;
    let port = format!("port={port}");
    let mut settings = vec![
        port.as_str(),
        "listen_addresses=127.0.0.1",
        // The folder's path may be longer than a socket's may be.
        "unix_socket_directories=",
        "max_connections=300",
        "shared_buffers=64MB",
        "lc_messages=C",
        "jit=off",
    ];
    if durability == Durability::None {
        settings.extend(["fsync=off", "full_page_writes=off", "synchronous_commit=off"]);
    }
    let mut command = account.command(Path::new("sh"));
    command.args(["-c", SCRIPT, "keeper"]).arg(binaries).arg(base).arg(init);
    for setting in settings {
        command.args(["-c", setting]);
    }
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    // A group of its own: what is sent to the test's group must not reach it.
    command.process_group(0).spawn().map_err(|error| format!("cannot start the keeper: {error}"))
}
