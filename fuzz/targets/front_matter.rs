#![no_main]
//! See `front_matter` in `../bodies.rs`.

#[path = "../bodies.rs"]
mod bodies;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| bodies::front_matter(bytes));
