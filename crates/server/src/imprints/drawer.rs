//! What imprints are drawn by: rules and a font.

use crate::config::ImprintConfig;
use std::path::Path;
use yinxin_imprint::{Font, ImprintError, MAX_RULES_BYTES, Rules, RulesError};

/// Largest font, bytes.
const MAX_FONT: u64 = 64 << 20;

/// Rules and characters.
#[derive(Debug, Clone)]
pub struct Drawer {
    /// The national rules, an area's own laid over them.
    pub rules: Rules,
    /// Characters.
    pub font: Font,
}

/// Rules or font cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DrawerFault {
    /// A file.
    #[error("{path}：{detail} / {path}: {detail}")]
    File {
        /// Which.
        path: String,
        /// What is wrong.
        detail: String,
    },
    /// The area's rules.
    #[error("印模规则 {path}：{fault} / rules of imprints {path}: {fault}")]
    Rules {
        /// Which file.
        path: String,
        /// What is wrong.
        fault: RulesError,
    },
    /// The font.
    #[error("字体 {path}：{} / font {path}: {fault}", .fault.zh())]
    Font {
        /// Which file.
        path: String,
        /// What is wrong.
        fault: ImprintError,
    },
}

impl Drawer {
    /// The national rules and the font that comes with the product.
    pub fn builtin() -> Self {
        Self { rules: Rules::national().clone(), font: Font::builtin() }
    }

    /// What the configuration says, the built-in where it says nothing.
    ///
    /// # Errors
    /// [`DrawerFault`].
    pub fn of(config: &ImprintConfig) -> Result<Self, DrawerFault> {
        let mut drawer = Self::builtin();
        if let Some(path) = &config.rules {
            let named = || path.display().to_string();
            let bytes = read(path, u64::try_from(MAX_RULES_BYTES).unwrap_or(u64::MAX))?;
            let text = String::from_utf8(bytes).map_err(|_| DrawerFault::File {
                path: named(),
                detail: "不是 UTF-8 / not UTF-8".to_owned(),
            })?;
            drawer.rules =
                drawer.rules.with_area(&text).map_err(|fault| DrawerFault::Rules { path: named(), fault })?;
        }
        if let Some(path) = &config.font {
            let bytes = read(path, MAX_FONT)?;
            drawer.font = Font::from_bytes(bytes, config.font_index)
                .map_err(|fault| DrawerFault::Font { path: path.display().to_string(), fault })?;
        }
        Ok(drawer)
    }
}

fn read(path: &Path, most: u64) -> Result<Vec<u8>, DrawerFault> {
    let fault = |detail: String| DrawerFault::File { path: path.display().to_string(), detail };
    let size = std::fs::metadata(path).map_err(|e| fault(e.to_string()))?.len();
    if size > most {
        return Err(fault(format!("超过 {most} 字节 / more than {most} bytes")));
    }
    std::fs::read(path).map_err(|e| fault(e.to_string()))
}
