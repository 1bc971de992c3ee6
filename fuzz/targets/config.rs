#![no_main]
//! See `settings_file` in `../bodies.rs`.

#[path = "../bodies.rs"]
mod bodies;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| bodies::settings_file(bytes));
