//! What a run of tests did, in figures: for the table in the manual (`tests/hardening/table`).
#![allow(dead_code, reason = "each test file uses its own part")]

/// Notes a figure of a row of the table, when somebody collects them.
pub(crate) fn note(row: &str, figure: &str, number: usize) {
    let Some(folder) = std::env::var_os("GUIDEPOST_TALLY") else { return };
    let file = std::path::Path::new(&folder).join(format!("{row}.{figure}"));
    std::fs::create_dir_all(&folder).expect("a folder for figures");
    std::fs::write(file, number.to_string()).expect("a place for a figure");
}
