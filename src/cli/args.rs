//! What can be typed: commands, options and their words of help.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// A static site generator for career guides.
#[derive(Debug, Parser)]
#[command(name = "guidepost", version, about, propagate_version = true, max_term_width = 100)]
pub(super) struct Arguments {
    #[command(flatten)]
    pub(super) global: Global,
    #[command(subcommand)]
    pub(super) command: Command,
}

/// Options of every command, before or after its name.
#[derive(Debug, Clone, Args)]
pub(super) struct Global {
    /// The site's folder
    #[arg(short, long, global = true, value_name = "DIR", default_value = ".", alias = "source")]
    pub(super) root: PathBuf,
    /// How problems are written; `human`, or `github` in its workflows
    #[arg(long, global = true, value_enum)]
    pub(super) format: Option<Format>,
    /// Say only what is wrong
    #[arg(short, long, global = true)]
    pub(super) quiet: bool,
    /// Say where time goes
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    pub(super) verbose: bool,
    /// When to use colours
    #[arg(long, global = true, value_enum, default_value_t = Colour::Auto, value_name = "WHEN", alias = "colour")]
    pub(super) color: Colour,
    /// Threads to use, at most 512; by default one per processor
    #[arg(short, long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    pub(super) jobs: Option<u16>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// An excerpt with a caret for each
    Human,
    /// One line each: `path:line:column: level[code]: message`
    Short,
    /// One JSON document
    Json,
    /// Annotations of a pull request
    Github,
    /// One SARIF 2.1.0 document, for code scanning and editors
    Sarif,
    /// One page for people, by owner and by file
    Html,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Colour {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Build the site into its output folder
    Build(Build),
    /// Find what an editor would: in text, figures, links, pictures and data
    #[command(alias = "lint")]
    Check(Check),
    /// Delete what a build wrote
    Clean(Clean),
    /// Print a shell's completion script
    Completions(Completions),
    /// Say what a rule of `check` looks for, and why
    Explain(Explain),
    /// Bring back what was lost, or write down what there is
    Fix(Fix),
    /// Start a new site
    Init(Init),
    /// List the pages with their URL, date and state
    List(List),
    /// Print the manual page
    Man(Man),
    /// Start a new page, with its front matter filled in
    New(New),
    /// Write JSON Schemas of front matter and data files, for editors
    Schema(Schema),
    /// Show the site in a browser, and follow every change
    #[command(visible_aliases = ["server", "dev"])]
    Serve(Serve),
    /// Work with themes
    Theme(Theme),
}

/// Which pages are built and where to.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct Selection {
    /// Build drafts too
    #[arg(short = 'D', long, alias = "buildDrafts")]
    pub(super) drafts: bool,
    /// Build pages published after today too
    #[arg(short = 'F', long, alias = "buildFuture")]
    pub(super) future: bool,
    /// Build expired pages too
    #[arg(short = 'E', long, alias = "buildExpired")]
    pub(super) expired: bool,
    /// Build as if it were this day
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(super) today: Option<jiff::civil::Date>,
    /// Publish under this address instead of `base_url` in `site.toml`
    #[arg(short, long, value_name = "URL", aliases = ["baseURL", "baseurl"])]
    pub(super) base_url: Option<String>,
}

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub(super) struct Build {
    #[command(flatten)]
    pub(super) selection: Selection,
    /// The output folder, relative to the site's folder
    #[arg(short, long, value_name = "DIR", default_value = "public", aliases = ["output-dir", "destination", "dest-dir"])]
    pub(super) output: PathBuf,
    /// Build from nothing, as a fresh checkout would
    #[arg(long)]
    pub(super) no_cache: bool,
    /// Publish nothing when there are warnings
    #[arg(long)]
    pub(super) strict: bool,
    /// Write into a folder that no build made; nothing unknown in it is deleted
    #[arg(long)]
    pub(super) force: bool,
    /// Swap the whole output folder at once, for hosts that serve it live
    #[arg(long)]
    pub(super) atomic: bool,
}

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub(super) struct Check {
    #[command(flatten)]
    pub(super) selection: Selection,
    /// Fail when there are warnings too
    #[arg(long)]
    pub(super) strict: bool,
    /// Show what these rules find, and nothing else
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(super) only: Vec<String>,
    /// Leave out what these rules find
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(super) skip: Vec<String>,
    /// Ask for every web address too, as `[checks.external]` says
    #[arg(long)]
    pub(super) external: bool,
    /// Leave out what this file lists, so that only new findings count
    #[arg(long, value_name = "FILE")]
    pub(super) baseline: Option<PathBuf>,
    /// Write all findings into the file of `--baseline`
    #[arg(long, requires = "baseline")]
    pub(super) write_baseline: bool,
    /// Mend what needs no thought: show the changes, ask, and make them all
    #[arg(long)]
    pub(super) fix: bool,
    /// With `--fix`: do not ask
    #[arg(long, requires = "fix")]
    pub(super) yes: bool,
    /// Check from nothing, as a fresh checkout would
    #[arg(long)]
    pub(super) no_cache: bool,
}

#[derive(Debug, Args)]
pub(super) struct Clean {
    /// The output folder, relative to the site's folder
    #[arg(short, long, value_name = "DIR", default_value = "public", aliases = ["output-dir", "destination", "dest-dir"])]
    pub(super) output: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub(super) shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub(super) struct Explain {
    /// The rule's name, as findings show it; all of them in a line each when left out
    pub(super) rule: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct Fix {
    #[command(subcommand)]
    pub(super) command: FixCommand,
}

#[derive(Debug, Subcommand)]
pub(super) enum FixCommand {
    /// Lead published addresses that are gone to their new places, and keep `urls.lock`
    Urls {
        /// Give an address up, or a section of it: `/guides/nurse/`, `/guides/nurse/#pay`
        #[arg(long, value_name = "URL")]
        forget: Vec<String>,
        /// Show what would be written, and write nothing
        #[arg(long)]
        dry_run: bool,
    },
}

#[derive(Debug, Args)]
pub(super) struct Init {
    /// The folder, made when it is not there; it must be empty
    #[arg(value_name = "DIR", default_value = ".")]
    pub(super) folder: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct List {
    #[command(flatten)]
    pub(super) selection: Selection,
}

#[derive(Debug, Args)]
pub(super) struct Man {
    /// The command to describe; the program as a whole when left out
    pub(super) command: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct New {
    /// The page, below `content/`: `guides/nurse.md`
    #[arg(value_name = "PATH")]
    pub(super) path: PathBuf,
    /// Its title; made from the file name when left out
    #[arg(long)]
    pub(super) title: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct Schema {
    /// Which one; all of them in a line each when left out
    pub(super) name: Option<String>,
    /// Write all of them into this folder, as `NAME.json`
    #[arg(short, long, value_name = "DIR", conflicts_with = "name")]
    pub(super) write: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch on the command line")]
pub(super) struct Serve {
    /// The port; by default 1616, or the next one that is free
    #[arg(short, long, value_name = "PORT")]
    pub(super) port: Option<u16>,
    /// The address to listen at, for this machine alone unless given
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1", aliases = ["bind", "interface"])]
    pub(super) host: std::net::IpAddr,
    /// Let other devices on the local network look, and print a code for their cameras
    #[arg(long, conflicts_with = "host")]
    pub(super) lan: bool,
    /// Open the site in a browser
    #[arg(short = 'O', long, alias = "openBrowser")]
    pub(super) open: bool,
    /// Hide drafts, and pages not yet or no longer published
    #[arg(long)]
    pub(super) no_drafts: bool,
    /// Look for changes every so many milliseconds instead of waiting for the system to report them
    #[arg(long, value_name = "MS", num_args = 0..=1, default_missing_value = "500", value_parser = clap::value_parser!(u64).range(20..=60_000))]
    pub(super) poll: Option<u64>,
    /// Make the search index too, after each change
    #[arg(long)]
    pub(super) search: bool,
    /// Show the site as if it were this day
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(super) today: Option<jiff::civil::Date>,
}

#[derive(Debug, Args)]
pub(super) struct Theme {
    #[command(subcommand)]
    pub(super) command: ThemeCommand,
}

#[derive(Debug, Subcommand)]
pub(super) enum ThemeCommand {
    /// Copy the built-in theme to `themes/`, to change it there
    Eject {
        /// The folder's name below `themes/`
        #[arg(default_value = "default")]
        name: String,
    },
}
