//! Fonts of the system, for text whose font is not embedded in a document.

use std::path::{Path, PathBuf};
use yinxin_render::FontSet;

/// Folders where systems keep fonts.
const FOLDERS: &[&str] = &[
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
    "C:\\Windows\\Fonts",
];
/// Depth of folders looked into.
const MAX_DEPTH: usize = 5;
/// Font files read.
const MAX_FILES: usize = 64;
/// Bytes of system fonts kept.
const MAX_BYTES: u64 = 192 << 20;

/// Adds the fonts of the system, Chinese ones first; one that cannot be used is passed over.
pub fn add_system_fonts(set: &mut FontSet) {
    let mut found = Vec::new();
    let home = std::env::var_os("HOME").map(PathBuf::from);
    let own = home.iter().flat_map(|home| [home.join(".fonts"), home.join(".local/share/fonts")]);
    for folder in FOLDERS.iter().map(PathBuf::from).chain(own) {
        look(&folder, MAX_DEPTH, &mut found);
    }
    found.sort_by_key(|(path, _)| (rank(path), path.clone()));
    let mut left = MAX_BYTES;
    for (path, size) in found.into_iter().take(MAX_FILES) {
        if size <= left
            && let Ok(data) = std::fs::read(&path)
            && set.add(&path.to_string_lossy(), data).is_ok()
        {
            left = left.saturating_sub(size);
        }
    }
}

fn look(folder: &Path, depth: usize, found: &mut Vec<(PathBuf, u64)>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let Ok(meta) = std::fs::metadata(&path) else { continue };
        if meta.is_dir() && depth > 0 && found.len() < 10_000 {
            look(&path, depth.saturating_sub(1), found);
        } else if meta.is_file() && is_font(&path) {
            found.push((path, meta.len()));
        }
    }
}

fn is_font(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    matches!(extension.as_str(), "ttf" | "otf" | "ttc" | "otc")
}

/// Chinese faces first: there may be more fonts than are read.
fn rank(path: &Path) -> u8 {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let chinese = ["cjk", "sc-", "song", "sun", "hei", "kai", "fang", "wqy", "ukai", "uming", "msyh"];
    if chinese.iter().any(|word| name.contains(word)) {
        0
    } else if ["regular", "sans", "serif", "mono"].iter().any(|word| name.contains(word)) {
        1
    } else {
        2
    }
}
