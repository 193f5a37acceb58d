//! Fonts for text whose font is not embedded: those named, those of the system, and the built-in one.

use std::path::{Path, PathBuf};

use clap::Args;
use yinxin_render::FontSet;

use crate::failure::Failure;
use crate::files;

/// Which fonts to take.
#[derive(Debug, Clone, Args, Default)]
pub struct FontArgs {
    /// 字体文件（TrueType、OpenType、字体集），用于未嵌入的字体，可多次给出，先给出的优先 / a font file (TrueType, OpenType, collection) for fonts that are not embedded; may be repeated, earlier ones first
    #[arg(long, value_name = "FILE")]
    pub font: Vec<PathBuf>,
    /// 不使用系统字体，结果不随机器而变 / no fonts of the system: the result does not depend on the machine
    #[arg(long)]
    pub no_system_fonts: bool,
}

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

impl FontArgs {
    /// Reads them. A font that was named must be usable; one of the system that is not is passed over.
    pub fn load(&self) -> Result<FontSet, Failure> {
        let mut set = FontSet::new();
        for path in &self.font {
            set.add(&path.to_string_lossy(), files::read(path)?)?;
        }
        if !self.no_system_fonts {
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
        set.add("builtin", yinxin_imprint::Font::builtin().data().to_vec())?;
        Ok(set)
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
