//! Pages made from tables in the code: checked here, rewritten with `UPDATE_DOCS=1`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test says what fails by panicking"
)]

use std::fmt::Write as _;
use std::path::PathBuf;

use yinxin_formats::ses::DEVIATION_CODES;
use yinxin_pdf::FINDING_CODES;
use yinxin_seal::report::{CODES, JSON_SCHEMA};

fn check(path: &str, expected: &str) {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..").join(path);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, expected).unwrap();
    }
    let found = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        found == expected,
        "{path} is out of date: run UPDATE_DOCS=1 cargo test -p yinxin-seal --test generated_docs"
    );
}

#[test]
fn check_codes_page_explains_every_code() {
    let mut page = String::from(
        "# 验证代码说明 · What the check codes mean\n\n\
         A report lists these checks in this order. Each stands on a clause, comes out as *pass*, *fail*, *warn*,\n\
         *indeterminate* or *not run*, and says why. Any *fail* makes the verdict *invalid*; any *indeterminate* leaves it\n\
         *indeterminate*. This page is generated from the table in `crates/seal/src/report/codes.rs`.\n\n\
         验证报告按下列次序列出各项检查。任何一项“不通过”，结论即为“无效”；有“无法判定”的，结论至多为“无法判定”。\n",
    );
    for e in CODES {
        let _ = write!(
            page,
            "\n## {}\n\n**{} · {}** ({})\n\n{}\n\n→ {}\n\n{}\n\n→ {}\n",
            e.code, e.title_zh, e.title_en, e.clause, e.meaning_zh, e.action_zh, e.meaning_en, e.action_en
        );
    }
    page.push_str(
        "\n# 偏差代码 · Deviations named under DIALECT\n\n\
         Encodings that standards do not allow but real software writes. They are read, named, and change no verdict by\n\
         themselves.\n\n| code | 含义 | meaning |\n|---|---|---|\n",
    );
    for (code, zh, en) in DEVIATION_CODES {
        let _ = writeln!(page, "| `{code}` | {zh} | {en} |");
    }
    page.push_str(
        "\n# PDF 结构代码 · Findings on a PDF under CONTAINER\n\n\
         What is odd about the file itself. Where two readers could see two documents the check fails; the rest are warnings.\n\n\
         | code | 含义 | meaning |\n|---|---|---|\n",
    );
    for (code, zh, en) in FINDING_CODES {
        let _ = writeln!(page, "| `{code}` | {zh} | {en} |");
    }
    check("docs/check-codes.md", &page);
}

#[test]
fn the_published_schema_is_the_one_in_the_code() {
    check("docs/generated/report.schema.json", JSON_SCHEMA);
}
