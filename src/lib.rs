//! Guidepost, a static site generator for career guides.
pub mod assemble;
pub mod config;
pub mod diagnostic;
pub mod fingerprint;
pub mod memory;
pub mod parse;
pub mod render;
pub mod scan;
