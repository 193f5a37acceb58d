//! What each rule is about, in words.

/// Code of the rule, in Chinese, in English.
const WORDS: &[(&str, &str, &str)] = &[
    ("IMPRINT_CHECK_RATIO", "像素与毫米的比例", "pixels to millimeters"),
    ("IMPRINT_CHECK_RESOLUTION", "分辨率", "resolution"),
    ("IMPRINT_CHECK_BACKGROUND", "背景透明", "clear background"),
    ("IMPRINT_CHECK_COLOR", "红色", "red"),
    ("IMPRINT_CHECK_WIDTH", "宽度或直径", "width or diameter"),
    ("IMPRINT_CHECK_HEIGHT", "高度或直径", "height or diameter"),
    ("IMPRINT_CHECK_OUTLINE", "外形", "outline"),
    ("IMPRINT_CHECK_RIM_WHOLE", "边框完整", "whole rim"),
    ("IMPRINT_CHECK_RIM_WIDTH", "边宽", "width of the rim"),
    ("IMPRINT_CHECK_RIM_CLEAR", "文字与边框的距离", "from rim to text"),
    ("IMPRINT_CHECK_CENTER", "中央图形", "center"),
    ("IMPRINT_CHECK_CENTER_SIZE", "五角星的直径", "diameter of the star"),
    ("IMPRINT_CHECK_LEVEL", "五角星端正", "upright star"),
    ("IMPRINT_CHECK_CENTER_CLEAR", "五角星与文字的距离", "from star to text"),
    ("IMPRINT_CHECK_TEXT", "文字笔画块数", "pieces of text"),
];

/// In Chinese and English; the code itself where it has no words.
pub(super) fn about(code: &'static str) -> (&'static str, &'static str) {
    WORDS.iter().find(|(known, _, _)| *known == code).map_or((code, code), |(_, zh, en)| (zh, en))
}

/// What may stand in the center, by its code.
const CENTERS: [(&str, &str); 3] = [("star", "五角星"), ("emblem", "徽记"), ("none", "无")];

/// A value in Chinese.
pub(super) fn value_zh(code: &str, value: &str) -> String {
    if code != "IMPRINT_CHECK_CENTER" {
        return value.to_owned();
    }
    let zh = |word: &str| {
        CENTERS.iter().find(|(known, _)| *known == word).map_or(word.to_owned(), |(_, zh)| (*zh).to_owned())
    };
    value.split(", ").map(zh).collect::<Vec<_>>().join("、")
}
