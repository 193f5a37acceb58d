//! Radicals (部首) and compatibility forms that stand for the ideographs they look like.
//!
//! Fonts have one glyph for both, and software that writes PDF tells the one that comes first by number: 方 becomes ⽅. People
//! read, and type, the ideograph.

use unicode_normalization::char::decompose_compatible;

/// The ideograph; any other character as it is.
pub(crate) fn ideograph(character: char) -> char {
    match u32::from(character) {
        0x2E80..=0x2EF3 => {
            SUPPLEMENT.iter().find(|(radical, _)| *radical == character).map_or(character, |(_, own)| *own)
        }
        0x2F00..=0x2FD5 | 0xF900..=0xFAFF | 0x0002_F800..=0x0002_FA1F => {
            let mut found = character;
            decompose_compatible(character, |part| found = part);
            found
        }
        _ => character,
    }
}

/// Those of the supplement that are characters by themselves (Unicode, EquivalentUnifiedIdeograph); the standard form knows only two.
const SUPPLEMENT: &[(char, char)] = &[
    ('⺅', '亻'),
    ('⺆', '冂'),
    ('⺉', '刂'),
    ('⺒', '巳'),
    ('⺓', '幺'),
    ('⺔', '彑'),
    ('⺖', '忄'),
    ('⺘', '扌'),
    ('⺙', '攵'),
    ('⺛', '旡'),
    ('⺟', '母'),
    ('⺠', '民'),
    ('⺡', '氵'),
    ('⺢', '氺'),
    ('⺣', '灬'),
    ('⺤', '爫'),
    ('⺦', '丬'),
    ('⺨', '犭'),
    ('⺫', '罒'),
    ('⺭', '礻'),
    ('⺯', '糹'),
    ('⺰', '纟'),
    ('⺹', '耂'),
    ('⺾', '艹'),
    ('⻁', '虎'),
    ('⻂', '衤'),
    ('⻄', '西'),
    ('⻅', '见'),
    ('⻆', '角'),
    ('⻈', '讠'),
    ('⻉', '贝'),
    ('⻋', '车'),
    ('⻌', '辶'),
    ('⻐', '钅'),
    ('⻑', '長'),
    ('⻓', '长'),
    ('⻔', '门'),
    ('⻖', '阝'),
    ('⻘', '青'),
    ('⻙', '韦'),
    ('⻚', '页'),
    ('⻛', '风'),
    ('⻜', '飞'),
    ('⻝', '食'),
    ('⻠', '饣'),
    ('⻢', '马'),
    ('⻣', '骨'),
    ('⻤', '鬼'),
    ('⻥', '鱼'),
    ('⻦', '鸟'),
    ('⻧', '卤'),
    ('⻨', '麦'),
    ('⻩', '黄'),
    ('⻪', '黾'),
    ('⻫', '斉'),
    ('⻬', '齐'),
    ('⻭', '歯'),
    ('⻮', '齿'),
    ('⻯', '竜'),
    ('⻰', '龙'),
    ('⻲', '亀'),
    ('⻳', '龟'),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn radicals_become_the_ideographs_they_look_like() {
        for (radical, own) in "⽅⽰⼄⾦⼀⻚⻓⺠".chars().zip("方示乙金一页长民".chars()) {
            assert_eq!(ideograph(radical), own);
        }
        for other in "方A１（﨑".chars().take(4) {
            assert_eq!(ideograph(other), other);
        }
        assert_eq!(ideograph('\u{F92C}'), '\u{90CE}');
    }

    #[test]
    fn the_supplement_is_in_its_block_and_leads_out_of_it() {
        for (radical, own) in SUPPLEMENT {
            assert!((0x2E80..=0x2EF3).contains(&u32::from(*radical)), "{radical}");
            assert!((0x4E00..=0x9FFF).contains(&u32::from(*own)), "{own}");
        }
        assert!(SUPPLEMENT.windows(2).all(|two| two[0].0 < two[1].0));
    }
}
