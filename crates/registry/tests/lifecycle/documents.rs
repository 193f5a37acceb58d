use std::path::Path;
use yinxin_registry::lifecycle::diagram;

#[test]
fn the_diagram_in_the_documentation_is_that_of_the_tables() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/generated/lifecycle.md");
    let page = diagram::page();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == page, "docs/generated/lifecycle.md is out of date: run with UPDATE_DOCS=1");
}
