//! Servers that run beside a chore and end with it.

use anyhow::{Context, Result, bail};
use std::fs::File;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(60);

/// Stops the server when standard input closes, which happens however the chore ends.
const SCRIPT: &str = r#"trap '' INT HUP
"$@" </dev/null & server=$!
cat >/dev/null
kill "$server" 2>/dev/null
wait "$server"
"#;

/// A server in the background; stopped when the value goes.
#[derive(Debug)]
pub struct Background {
    shell: Child,
    log: PathBuf,
}

impl Background {
    /// Starts a program with the arguments and environment of `command`; its output goes to `log`.
    pub fn start(command: &Command, log: &Path) -> Result<Self> {
        let file = File::create(log).with_context(|| format!("making {}", log.display()))?;
        let mut shell = Command::new("sh");
        shell.args(["-c", SCRIPT, "background"]).arg(command.get_program()).args(command.get_args());
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => shell.env(name, value),
                None => shell.env_remove(name),
            };
        }
        if let Some(folder) = command.get_current_dir() {
            shell.current_dir(folder);
        }
        // A group of its own: an interrupt from the keyboard reaches it only through us.
        let shell = shell
            .stdin(Stdio::piped())
            .stdout(file.try_clone().context("sharing the log")?)
            .stderr(file)
            .process_group(0)
            .spawn()
            .context("cannot start sh")?;
        Ok(Self { shell, log: log.to_path_buf() })
    }

    /// Waits until `GET path` on a port of this machine is answered with 200.
    pub fn wait_until_ready(&mut self, port: u16, path: &str) -> Result<()> {
        let begin = Instant::now();
        let mut answer = String::new();
        while begin.elapsed() < PATIENCE {
            answer = request(port, "GET", path).unwrap_or_default();
            if answer.starts_with("HTTP/1.1 200") || answer.starts_with("HTTP/1.0 200") {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        bail!("port {port} gives no 200 on {path}: {answer}\n{}", self.log())
    }

    /// What the server wrote.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        let _ = self.shell.wait();
    }
}

/// Sends a request without a body to a port of this machine; gives the answer as text.
pub fn request(port: u16, method: &str, path: &str) -> Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    )?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
