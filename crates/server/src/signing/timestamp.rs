//! Timestamps from a responder over HTTP (RFC 3161 §3.4), bounded in time and size.

use std::time::Duration;

use jiff::Timestamp;
use ureq::Agent;
use ureq::http::{Response, StatusCode, header};
use yinxin_formats::der::Limits;
use yinxin_formats::tsp::{TimeStampReq, TimeStampResp, TimeStampToken};
use yinxin_seal::sign::TimestampSource;

/// Longest wait for one answer where nothing else is said, from the first look-up of the name to the last byte.
pub const TIMEOUT: Duration = Duration::from_secs(10);
/// Largest answer, in bytes. A token with a whole chain of certificates takes a tenth of it.
const MAX_ANSWER: u64 = 64 << 10;
/// Most redirects followed.
const MAX_REDIRECTS: usize = 3;

/// The address of a timestamp service does not begin with `http://` or `https://`, or names no host. Code `TSA_URL`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "“{0}”：时间戳地址应以 http:// 或 https:// 开头 / the address of a timestamp service begins with http:// or https://"
)]
pub struct BadAddress(String);

/// A timestamp authority (时间戳服务) reached by HTTP or HTTPS.
#[derive(Debug, Clone)]
pub struct HttpTimestamp {
    url: String,
    timeout: Duration,
    agent: Agent,
}

impl HttpTimestamp {
    /// A client for the responder at `url`, which waits for an answer as long as `timeout`.
    ///
    /// # Errors
    /// [`BadAddress`].
    pub fn new(url: &str, timeout: Duration) -> Result<Self, BadAddress> {
        let host = host_of(url).ok_or_else(|| BadAddress(url.to_owned()))?;
        let config = Agent::config_builder()
            .timeout_global(Some(timeout))
            .http_status_as_error(false)
            .max_redirects(0)
            .user_agent(concat!("yinxin/", env!("CARGO_PKG_VERSION")));
        // A responder on this machine is never behind the proxy that the environment names.
        let config = if is_loopback(host) { config.proxy(None) } else { config };
        Ok(Self { url: url.to_owned(), timeout, agent: config.build().new_agent() })
    }

    /// Sends a request and follows redirects within the scheme.
    fn exchange(&self, request: &[u8]) -> Result<Vec<u8>, String> {
        let mut url = self.url.clone();
        for _ in 0..=MAX_REDIRECTS {
            let answer = self
                .agent
                .post(&url)
                .header(header::CONTENT_TYPE, "application/timestamp-query")
                .header(header::ACCEPT, "application/timestamp-reply")
                .send(request)
                .map_err(|e| self.cannot_connect(&url, &e))?;
            let status = answer.status();
            if !status.is_redirection() {
                return self.body(&url, status, answer);
            }
            let location = answer.headers().get(header::LOCATION).and_then(|v| v.to_str().ok());
            url = redirected(&url, location.unwrap_or_default())?;
        }
        Err(format!("{}：转向超过 {MAX_REDIRECTS} 次 / more than {MAX_REDIRECTS} redirects", self.url))
    }

    fn body(
        &self,
        url: &str,
        status: StatusCode,
        mut answer: Response<ureq::Body>,
    ) -> Result<Vec<u8>, String> {
        if !status.is_success() {
            return Err(format!("{url}：HTTP 状态 {status} / HTTP status {status}"));
        }
        let kind =
            answer.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let kind = kind.to_ascii_lowercase();
        // Some responders name no type or a general one; a page for people is always a mistake.
        if kind.starts_with("text/") {
            return Err(format!(
                "{url}：得到的是网页（{kind}），不是时间戳；请核对地址 / a page ({kind}) instead of a timestamp: check the address"
            ));
        }
        answer.body_mut().with_config().limit(MAX_ANSWER).read_to_vec().map_err(|e| match e {
            ureq::Error::BodyExceedsLimit(_) => {
                format!("{url}：应答超过 {MAX_ANSWER} 字节 / the answer is larger than {MAX_ANSWER} bytes")
            }
            e => self.cannot_connect(url, &e),
        })
    }

    fn cannot_connect(&self, url: &str, e: &ureq::Error) -> String {
        match e {
            ureq::Error::Timeout(_) => {
                let s = self.timeout.as_secs();
                format!("{url}：{s} 秒内没有应答 / no answer within {s} seconds")
            }
            e => format!("{url}：连接不上时间戳服务 / cannot reach the timestamp service: {e}"),
        }
    }
}

impl TimestampSource for HttpTimestamp {
    fn stamp(&self, covered: &[u8]) -> Result<Vec<u8>, String> {
        self.stamp_digest(&yinxin_crypto::sm3(covered))
    }

    fn stamp_digest(&self, digest: &[u8; 32]) -> Result<Vec<u8>, String> {
        let mut nonce = [0u8; 16];
        getrandom::fill(&mut nonce).map_err(|e| format!("没有随机数 / no random numbers: {e}"))?;
        let request = TimeStampReq::sm3_digest(digest, &nonce);
        let answer = self.exchange(&request.to_der())?;
        accept(&self.url, &request, &answer)
    }
}

/// The token in an answer, if it answers this request.
fn accept(url: &str, request: &TimeStampReq, answer: &[u8]) -> Result<Vec<u8>, String> {
    let limits = Limits::default();
    let nonsense = |why: &dyn std::fmt::Display| {
        format!("{url}：应答不是有效的时间戳应答 / the answer makes no sense: {why}")
    };
    let response = TimeStampResp::parse(answer, &limits).map_err(|e| nonsense(&e))?;
    if !response.status.is_granted() {
        let reason = response.failure.map_or("no reason given", |f| f.name());
        let text = response.text.join("; ");
        return Err(format!(
            "{url}：时间戳服务拒绝了请求 / the timestamp service refused: {reason} {}",
            plain(&text)
        ));
    }
    let der = response.token.ok_or_else(|| nonsense(&"no token"))?;
    let token = TimeStampToken::parse(&der, &limits).map_err(|e| nonsense(&e))?;
    request.is_answered_by(&token).map_err(|e| nonsense(&e))?;
    if let Some(fault) = token.faults().first() {
        return Err(nonsense(fault));
    }
    // A token that fails its own certificate would only be found out by those who verify the document.
    if let Some(signer) = token.embedded_signer(&limits) {
        token.verify(&signer).map_err(|e| nonsense(&e))?;
    }
    let ahead = token.info.gen_time.duration_since(Timestamp::now());
    if ahead > jiff::SignedDuration::from_mins(5) {
        let why = format!("its time {} lies in the future of this machine's clock", token.info.gen_time);
        return Err(nonsense(&why));
    }
    Ok(der)
}

/// Where a redirect leads; never to another scheme.
fn redirected(from: &str, location: &str) -> Result<String, String> {
    let scheme = if from.to_ascii_lowercase().starts_with("https:") { "https://" } else { "http://" };
    let same = location.get(..scheme.len()).is_some_and(|s| s.eq_ignore_ascii_case(scheme));
    if same && host_of(location).is_some() {
        return Ok(location.to_owned());
    }
    if location.starts_with('/') && !location.starts_with("//") {
        let host = from.get(scheme.len()..).unwrap_or_default();
        let host = host.split(['/', '?', '#']).next().unwrap_or_default();
        return Ok(format!("{scheme}{host}{location}"));
    }
    Err(format!("{from}：拒绝转向“{}” / redirect refused", plain(location)))
}

/// Host of an HTTP address, without user, port and path.
fn host_of(url: &str) -> Option<&str> {
    let after = |scheme: &str| {
        url.get(..scheme.len()).filter(|s| s.eq_ignore_ascii_case(scheme)).and(url.get(scheme.len()..))
    };
    let rest = after("http://").or_else(|| after("https://"))?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?;
    let host = match host.strip_prefix('[') {
        Some(six) => six.split(']').next()?,
        None => host.split(':').next()?,
    };
    (!host.is_empty()).then_some(host)
}

fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<std::net::IpAddr>().is_ok_and(|a| a.is_loopback())
}

/// Foreign text for a terminal: without control characters and of bounded length.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rejects_addresses_that_are_not_http() {
        for bad in ["", "ftp://a", "file:///etc/passwd", "http://", "http:///x", "tsa.example"] {
            assert_eq!(HttpTimestamp::new(bad, TIMEOUT).unwrap_err(), BadAddress(bad.to_owned()));
        }
        assert!(HttpTimestamp::new("HTTPS://tsa.example:8443/tsr", TIMEOUT).is_ok());
    }

    #[test]
    fn redirects_stay_within_the_scheme() {
        assert_eq!(redirected("https://a/x", "https://b/y").unwrap(), "https://b/y");
        assert_eq!(redirected("http://a:1/x?q", "/y").unwrap(), "http://a:1/y");
        for bad in ["http://a/", "//b/y", "file:///etc", "", "y"] {
            assert!(redirected("https://a/x", bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn knows_this_machine() {
        assert!(["127.0.0.1", "::1", "localhost"].into_iter().all(is_loopback));
        assert_eq!(host_of("http://u:p@[::1]:80/"), Some("::1"));
        assert!(!is_loopback("tsa.example"));
    }

    #[test]
    fn rejects_answers_that_are_no_timestamp() {
        let request = TimeStampReq::sm3(b"x", &[1]);
        assert!(accept("u", &request, b"<html>").unwrap_err().contains("makes no sense"));
        let refusal = TimeStampResp::rejected(yinxin_formats::tsp::FailureInfo::BAD_ALG, "no\u{7}!").to_der();
        let text = accept("u", &request, &refusal).unwrap_err();
        assert!(text.contains("badAlg no!"), "{text}");
    }

    /// A server that answers once with these bytes; gives its address.
    fn answering(answer: Vec<u8>) -> String {
        use std::io::{Read, Write};
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0u8; 4096];
            let _ = stream.read(&mut request);
            let _ = stream.write_all(&answer);
        });
        url
    }

    fn complaint(url: &str) -> String {
        HttpTimestamp::new(url, TIMEOUT).unwrap().stamp(b"x").unwrap_err()
    }

    #[test]
    fn says_what_is_wrong_with_a_server() {
        let with = |head: &str, body: &[u8]| {
            let head =
                format!("HTTP/1.1 {head}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", body.len());
            complaint(&answering([head.as_bytes(), body].concat()))
        };
        let big = vec![0x30; 65 << 10];
        for (head, body, expected) in [
            ("404 Not Found", b"".as_slice(), "HTTP status 404"),
            ("200 OK\r\nContent-Type: text/html", b"<html>", "instead of a timestamp"),
            ("200 OK\r\nContent-Type: application/timestamp-reply", b"0", "makes no sense"),
            ("200 OK", &big, "larger than"),
            ("302 Found\r\nLocation: file:///etc/passwd", b"", "redirect refused"),
        ] {
            let said = with(head, body);
            assert!(said.contains(expected), "{head}: {said}");
        }
    }

    #[test]
    fn says_that_nobody_answers() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        drop(listener);
        assert!(complaint(&url).contains("cannot reach the timestamp service"));
    }
}
