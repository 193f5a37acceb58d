//! Fonts for text whose font is not embedded: those named, those of the system, and the built-in one.

use std::path::PathBuf;

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

impl FontArgs {
    /// Reads them. A font that was named must be usable; one of the system that is not is passed over.
    pub fn load(&self) -> Result<FontSet, Failure> {
        let mut set = FontSet::new();
        for path in &self.font {
            set.add(&path.to_string_lossy(), files::read(path)?)?;
        }
        if !self.no_system_fonts {
            yinxin_console::add_system_fonts(&mut set);
        }
        set.add("builtin", yinxin_imprint::Font::builtin().data().to_vec())?;
        Ok(set)
    }
}
