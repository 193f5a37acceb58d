//! Where events may be sent: to public addresses by https, and into networks that the operator names. Looked at when a webhook is made and at
//! every connection, because a name may lead elsewhere tomorrow.

use crate::config::Network;
use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

/// Longest address.
pub const LONGEST: usize = 500;
/// How long a name is looked up.
const PATIENCE: Duration = Duration::from_secs(5);

/// Why nothing is sent to an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No address of the web.
    #[error("不是 https 地址 (not an https address)")]
    Form,
    /// A user or password in it.
    #[error("地址中不得带用户名或口令 (no user or password may stand in it)")]
    Credentials,
    /// In clear to elsewhere than an allowed network.
    #[error("须使用 https (https is required)")]
    Clear,
    /// Not a public address, and not in an allowed network.
    #[error("地址不是公网地址，也不在允许的网段内 (neither a public address nor in an allowed network)")]
    Private,
    /// The name leads nowhere.
    #[error("主机名无法解析 (the host name cannot be resolved)")]
    Unknown,
}

impl Refusal {
    /// Stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Form => "URL",
            Self::Credentials => "URL_CREDENTIALS",
            Self::Clear => "URL_NOT_HTTPS",
            Self::Private => "ADDRESS_FORBIDDEN",
            Self::Unknown => "HOST_UNKNOWN",
        }
    }
}

/// The guard.
#[derive(Debug, Clone, Default)]
pub struct Destination {
    allowed: Vec<Network>,
}

impl Destination {
    /// Lets events into these networks besides the public one.
    pub fn new(allowed: Vec<Network>) -> Self {
        Self { allowed }
    }

    /// Reads an address as a webhook names it: form, scheme, and the host where it is a number.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn read(&self, text: &str) -> Result<Url, Refusal> {
        let web = text.starts_with("https://") || text.starts_with("http://");
        let sound = web && text.len() <= LONGEST && text.bytes().all(|b| b.is_ascii_graphic());
        let url = Url::parse(text).ok().filter(|_| sound).ok_or(Refusal::Form)?;
        if url.host_str().is_none() || url.fragment().is_some() {
            return Err(Refusal::Form);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Refusal::Credentials);
        }
        if let Some(address) = number(&url) {
            self.judge(address, &url)?;
        } else if url.scheme() == "http" && self.allowed.is_empty() {
            return Err(Refusal::Clear);
        }
        Ok(url)
    }

    /// Looks an address up: there is at least one place it may lead to.
    ///
    /// # Errors
    /// [`Refusal`].
    pub async fn look_up(&self, url: &Url) -> Result<(), Refusal> {
        if let Some(address) = number(url) {
            return self.judge(address, url);
        }
        let host = url.host_str().ok_or(Refusal::Form)?;
        let port = url.port_or_known_default().unwrap_or(443);
        let found = tokio::time::timeout(PATIENCE, tokio::net::lookup_host((host, port))).await;
        let found: Vec<SocketAddr> = found.ok().and_then(Result::ok).ok_or(Refusal::Unknown)?.collect();
        let mut why = Refusal::Unknown;
        for address in found {
            match self.judge(address.ip(), url) {
                Ok(()) => return Ok(()),
                Err(refusal) => why = refusal,
            }
        }
        Err(why)
    }

    fn judge(&self, address: IpAddr, url: &Url) -> Result<(), Refusal> {
        if self.is_allowed(address) {
            return Ok(());
        }
        match (is_public(address), url.scheme()) {
            (false, _) => Err(Refusal::Private),
            (true, "https") => Ok(()),
            (true, _) => Err(Refusal::Clear),
        }
    }

    fn is_allowed(&self, address: IpAddr) -> bool {
        self.allowed.iter().any(|network| network.contains(address))
    }
}

/// What the HTTP client asks for addresses: it connects to none that is refused. With `clear`, to allowed networks only.
pub(super) struct Guarded {
    pub(super) destination: Destination,
    pub(super) clear: bool,
}

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let (destination, clear) = (self.destination.clone(), self.clear);
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let may = |ip: IpAddr| destination.is_allowed(ip) || (!clear && is_public(ip));
            let good: Vec<SocketAddr> = found.filter(|address| may(address.ip())).collect();
            let good: Addrs = Box::new(good.into_iter());
            Ok(good)
        })
    }
}

/// The host of an address where it is a number.
fn number(url: &Url) -> Option<IpAddr> {
    let host = url.host_str()?;
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

/// Whether an address is one of the public network.
pub(super) fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = address.is_loopback()
        || address.is_private()
        || address.is_link_local()
        || address.is_documentation()
        || a == 0
        || a >= 224
        // Shared between carriers, assignments of protocols, measuring.
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (18..20).contains(&b));
    !special
}

/// Global unicast is 2000::/3; of it what documents, carries IPv4 within, or tunnels is left out.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    let global = first & 0xE000 == 0x2000;
    let special =
        first == 0x2002 || (first == 0x2001 && (second == 0xDB8 || second < 0x200)) || first == 0x3FFF;
    global && !special
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_public_network_is_public() {
        for private in [
            "127.0.0.1",
            "127.8.9.10",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
            "192.0.0.8",
            "192.0.2.1",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "fe80::1",
            "fc00::1",
            "fd12::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::a00:1",
            "2002:7f00:1::",
            "2001:db8::1",
            "2001::1",
        ] {
            assert!(!is_public(private.parse().unwrap()), "{private}");
        }
        for public in ["1.2.3.4", "114.114.114.114", "100.128.0.1", "172.32.0.1", "2400:3200::1"] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
    }

    #[test]
    fn an_address_is_read_strictly() {
        let strict = Destination::default();
        let code = |text: &str| strict.read(text).map(|_| ()).map_err(Refusal::code);
        assert_eq!(code("https://receiver.example/hook"), Ok(()));
        assert_eq!(code("https://114.114.114.114/"), Ok(()));
        for (text, refusal) in [
            ("http://receiver.example/hook", "URL_NOT_HTTPS"),
            ("http://114.114.114.114/", "URL_NOT_HTTPS"),
            ("https://127.0.0.1/", "ADDRESS_FORBIDDEN"),
            // As browsers read it: 127.0.0.1.
            ("https://2130706433/", "ADDRESS_FORBIDDEN"),
            ("https://0x7f.1/", "ADDRESS_FORBIDDEN"),
            ("https://[::1]/", "ADDRESS_FORBIDDEN"),
            ("https://[::ffff:169.254.169.254]/latest", "ADDRESS_FORBIDDEN"),
            ("https://user:word@receiver.example/", "URL_CREDENTIALS"),
            ("ftp://receiver.example/", "URL"),
            ("file:///etc/passwd", "URL"),
            ("https://receiver.example/#part", "URL"),
            ("https://receiver.example/ a", "URL"),
            ("https://", "URL"),
        ] {
            assert_eq!(code(text), Err(refusal), "{text}");
        }
        let own = Destination::new(vec!["127.0.0.0/8".parse().unwrap()]);
        assert!(own.read("http://127.0.0.1:9000/hook").is_ok());
        assert!(own.read("https://127.0.0.1/hook").is_ok());
        assert_eq!(own.read("http://10.0.0.1/hook").unwrap_err(), Refusal::Private);
    }

    #[tokio::test]
    async fn a_name_that_leads_into_the_building_is_refused() {
        let url = Url::parse("https://localhost/hook").unwrap();
        assert_eq!(Destination::default().look_up(&url).await, Err(Refusal::Private));
        let own = Destination::new(vec!["127.0.0.0/8".parse().unwrap(), "::1".parse().unwrap()]);
        assert_eq!(own.look_up(&url).await, Ok(()));
        let guarded = Guarded { destination: Destination::default(), clear: false };
        let found = guarded.resolve("localhost".parse().unwrap()).await.unwrap();
        assert_eq!(found.count(), 0, "nothing to connect to");
    }
}
