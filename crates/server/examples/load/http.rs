//! HTTP/1.1 on one kept connection, no more than the load needs.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

const ANSWER_TIME: Duration = Duration::from_secs(30);

/// A connection, opened when needed.
pub struct Connection {
    address: SocketAddr,
    open: Option<BufReader<TcpStream>>,
}

/// An answer.
pub struct Answer {
    pub status: u16,
    /// Each header as `name: value`, the name in small letters.
    pub headers: Vec<String>,
    pub body: Vec<u8>,
}

impl Connection {
    pub fn to(address: SocketAddr) -> Self {
        Self { address, open: None }
    }

    /// Of whom it asks.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Sends and reads the whole answer. `headers` holds whole lines, each with its end.
    pub fn ask(&mut self, method: &str, path: &str, headers: &str, body: &str) -> io::Result<Answer> {
        let mut reader = match self.open.take() {
            Some(open) => open,
            None => {
                let socket = TcpStream::connect(self.address)?;
                socket.set_nodelay(true)?;
                socket.set_read_timeout(Some(ANSWER_TIME))?;
                BufReader::new(socket)
            }
        };
        let about = match body.len() {
            0 => String::new(),
            length => format!("Content-Type: application/json\r\nContent-Length: {length}\r\n"),
        };
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nAccept: application/json\r\n{about}{headers}\r\n{body}",
            self.address
        );
        reader.get_mut().write_all(request.as_bytes())?;
        let (answer, keep) = read(&mut reader)?;
        if keep {
            self.open = Some(reader);
        }
        Ok(answer)
    }
}

/// Reads one whole answer; also whether the connection stays open.
fn read(reader: &mut impl BufRead) -> io::Result<(Answer, bool)> {
    let bad = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what.to_owned());
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let status =
        line.split(' ').nth(1).and_then(|word| word.trim().parse().ok()).ok_or_else(|| bad("no status"))?;
    let (mut length, mut chunked, mut keep) = (0, false, true);
    let mut headers = Vec::new();
    loop {
        line.clear();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        let (name, value) = (name.to_ascii_lowercase(), value.trim());
        match (name.as_str(), value.to_ascii_lowercase().as_str()) {
            ("content-length", value) => length = value.parse().map_err(|_| bad("no length"))?,
            ("transfer-encoding", "chunked") => chunked = true,
            ("connection", "close") => keep = false,
            _ => {}
        }
        headers.push(format!("{name}: {value}"));
    }
    let mut body = Vec::new();
    if !chunked {
        take(reader, length, &mut body)?;
        return Ok((Answer { status, headers, body }, keep));
    }
    loop {
        line.clear();
        reader.read_line(&mut line)?;
        let size = u64::from_str_radix(line.trim(), 16).map_err(|_| bad("no size of a chunk"))?;
        take(reader, size, &mut body)?;
        // Each chunk is followed by an empty line, the last one as well.
        take(reader, 2, &mut Vec::new())?;
        if size == 0 {
            return Ok((Answer { status, headers, body }, keep));
        }
    }
}

fn take(reader: &mut impl BufRead, length: u64, into: &mut Vec<u8>) -> io::Result<()> {
    if reader.take(length).read_to_end(into)? < usize::try_from(length).unwrap_or(usize::MAX) {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(())
}

/// The smallest value that at least `share` of all do not exceed.
pub fn quantile(sorted: &[u64], share: f64) -> u64 {
    let rank = (sorted.len() as f64 * share).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or(0)
}
