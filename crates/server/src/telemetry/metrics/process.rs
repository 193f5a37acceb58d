//! What the system tells about this process.

use metrics::gauge;

use super::table;

/// Reads memory and descriptors; on systems without `/proc` there is nothing to read.
pub(super) fn update() {
    if let Some(bytes) = resident_bytes() {
        #[allow(clippy::cast_precision_loss, reason = "memory stays far below 2^52 bytes")]
        gauge!(table::PROCESS_MEMORY).set(bytes as f64);
    }
    if let Ok(entries) = std::fs::read_dir("/proc/self/fd") {
        let open = u32::try_from(entries.count()).unwrap_or(u32::MAX);
        gauge!(table::PROCESS_FDS).set(open);
    }
}

fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kilobytes.checked_mul(1024)
}
