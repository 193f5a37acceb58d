//! Writes the collection under `vectors/` anew: `cargo run -p yinxin-testkit --example write_vectors`.
#![allow(clippy::unwrap_used, reason = "a tool of the tests")]

fn main() {
    let folder = yinxin_testkit::vectors::folder();
    for old in ["documents", "packages", "dialects", "pdf", "time", "pki"] {
        let _ = std::fs::remove_dir_all(folder.join(old));
    }
    for (path, bytes) in yinxin_testkit::vectors::generate() {
        let file = folder.join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, bytes).unwrap();
    }
}
