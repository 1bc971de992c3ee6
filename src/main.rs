//! The `guidepost` program: everything is in the library's [`guidepost::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    guidepost::cli::run(std::env::args_os())
}
