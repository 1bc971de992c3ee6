//! Guidepost, a static site generator for career guides.
pub mod assemble;
pub mod check;
pub mod cli;
pub mod config;
pub mod diagnostic;
pub mod engine;
pub mod error;
pub mod fingerprint;
pub mod guard;
pub mod memory;
pub mod parse;
pub mod picture;
pub mod render;
pub mod scan;
pub mod serve;
pub mod value;
pub mod write;
