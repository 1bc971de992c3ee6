//! The `guidepost` program: everything is in the library's [`guidepost::cli`].

use std::process::ExitCode;

/// A build is millions of small strings made by some threads and dropped by others, which the
/// allocators of most systems are slow at.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    guidepost::cli::run(std::env::args_os())
}
