//! Ports for servers that tests start.
//!
//! Standard library only: the chores program compiles this file as well.

use std::sync::atomic::{AtomicU16, Ordering};

/// A port of 127.0.0.1 that is free now. It lies below those the system gives to outgoing connections: while its
/// server is down, a client that keeps trying such a port may otherwise end up connected to itself.
pub fn free_port() -> Result<u16, String> {
    const FIRST: u16 = 15_000;
    const COUNT: u16 = 15_000;
    static NEXT: AtomicU16 = AtomicU16::new(0);
    // Processes begin at different places.
    let begin = std::process::id().wrapping_mul(61) % u32::from(COUNT);
    for _ in 0..COUNT {
        let step = u32::from(NEXT.fetch_add(1, Ordering::Relaxed));
        let offset = u16::try_from((begin + step) % u32::from(COUNT)).unwrap_or(0);
        let port = FIRST + offset;
        if std::net::TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return Ok(port);
        }
    }
    Err("no free port".to_owned())
}
