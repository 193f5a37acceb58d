//! What a PDF shows otherwise than a seal's picture has it.

use crate::note::Note;

/// What the content of a PDF form does not say in paths; a picture that has it becomes pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beyond {
    /// Groups inside one another without end.
    Nesting,
    /// Filters.
    Filters,
    /// Masks, clips or clips of several parts.
    Clips,
    /// Blend modes other than the normal one.
    Blending,
    /// Pictures of pixels.
    Pictures,
    /// Gradients or patterns.
    Gradients,
    /// Groups that are transparent as a whole.
    Transparency,
    /// More paths than a picture is worth.
    Length,
    /// A path without measure.
    Measure,
}

impl Beyond {
    /// In Chinese and English.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Nesting => ("层层嵌套的组合", "groups inside one another without end"),
            Self::Filters => ("滤镜", "filters"),
            Self::Clips => ("蒙版或复杂裁剪", "masks or clips"),
            Self::Blending => ("混合模式", "blend modes"),
            Self::Pictures => ("位图", "pictures"),
            Self::Gradients => ("渐变或图案填充", "gradients or patterns"),
            Self::Transparency => ("整体透明的组合", "groups that are transparent as a whole"),
            Self::Length => ("过多的路径", "more paths than a picture is worth"),
            Self::Measure => ("无法计量的路径", "a path without measure"),
        }
    }
}

/// Something of a seal's picture that is missing in a PDF, or shown otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ArtNote {
    /// Letters of an SVG that are no paths are not drawn.
    Letters,
    /// A picture of paths is drawn in pixels, at 600 dpi.
    Pixels(Beyond),
    /// The page that is the picture is not shown exactly.
    Page(Note),
}

impl ArtNote {
    /// In Chinese.
    pub fn zh(&self) -> String {
        match self {
            Self::Letters => "SVG 图像中未转成路径的文字不会显示".to_owned(),
            Self::Pixels(beyond) => format!("图像含有{}，按 600 dpi 像素显示", beyond.words().0),
            Self::Page(note) => format!("图像有内容未能完整显示：{}（{}）", note.code, note.detail),
        }
    }

    /// In English.
    pub fn en(&self) -> String {
        match self {
            Self::Letters => "letters of an SVG picture that are no paths are not drawn".to_owned(),
            Self::Pixels(beyond) => {
                format!("drawn in pixels at 600 dpi, because it has {}", beyond.words().1)
            }
            Self::Page(note) => format!("{}: {}", note.code, note.detail),
        }
    }
}
