//! Removes files that a killed process left half-written.

use std::io;
use std::path::Path;
use std::time::Duration;

/// Removes files named `…#<digits>`, which is how the folder stages a write, that are older than `age`.
pub(super) fn unfinished(root: &Path, age: Duration) -> io::Result<usize> {
    let mut folders = vec![root.to_owned()];
    let mut removed = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            // A file may be renamed into place while we look.
            let Ok(data) = entry.metadata() else { continue };
            if data.is_dir() {
                folders.push(entry.path());
            } else if is_staged(&entry.file_name().to_string_lossy())
                && data.modified()?.elapsed().is_ok_and(|old| old >= age)
                && std::fs::remove_file(entry.path()).is_ok()
            {
                removed += 1;
            }
        }
    }
    Ok(removed)
}

fn is_staged(name: &str) -> bool {
    name.rsplit_once('#').is_some_and(|(_, id)| !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit()))
}
