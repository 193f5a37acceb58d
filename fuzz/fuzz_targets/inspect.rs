//! Shows any bytes as an annotated tree, guessed and by hint.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yinxin_formats::der::Limits;
use yinxin_formats::inspect::{Kind, Lang, inspect};

fuzz_target!(|data: &[u8]| {
    for hint in [None, Some(Kind::Seal), Some(Kind::Certificate)] {
        if let Ok(tree) = inspect(data, hint, &Limits::default()) {
            let _ = (tree.to_text(Lang::En), tree.to_text(Lang::Zh));
        }
    }
});
