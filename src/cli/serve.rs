//! `guidepost serve`: the site in a browser, following every change.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::error::Error;
use crate::scan::Visibility;
use crate::serve::{self, Listen, News, Options, Port, Reach};

use super::Ending;
use super::args::{self, Global};
use super::site;
use super::terminal::{self, Terminal, count};

pub(super) fn run(global: &Global, options: &args::Serve) -> Result<Ending, Error> {
    site::use_threads_beside(global);
    if options.search {
        site::no_foreign_index()?;
    }
    let shown = !options.no_drafts;
    let preview = Options {
        root: global.root.clone(),
        output: PathBuf::from("public"),
        listen: Listen {
            reach: if options.lan { Reach::LocalNetwork } else { Reach::Address(options.host) },
            port: options.port.map_or(Port::Free, Port::Fixed),
        },
        visibility: Visibility { drafts: shown, future: shown, expired: shown },
        search: options.search,
        today: options.today,
        source_date_epoch: site::source_date_epoch()?,
        poll: options.poll.map(Duration::from_millis),
    };
    let terminal = Terminal::new(global);
    let (root, open) = (global.root.clone(), options.open);
    let say = move |news: News<'_>| match news {
        News::Ready { urls, lan, pages, took } => {
            terminal.say(&format!("{} ready in {} ms", count(pages, "page"), took.as_millis()));
            for url in urls {
                terminal.say(&format!("serving at {url} (Ctrl-C ends it)"));
            }
            if let Some(lan) = lan {
                terminal.say(&format!("other devices on this network: {lan}\n{}", code(lan)));
            }
            if let (true, Some(url)) = (open, urls.first())
                && let Err(error) = open::that_detached(url)
            {
                terminal.say(&format!("no browser could be opened: {}", crate::error::reason(&error)));
            }
        }
        News::Rebuilt(rebuilt) => terminal.say(&rebuilt.to_string()),
        News::Split(split) => terminal.detail(&split.to_string()),
        News::Problems(found) => {
            terminal.problems(found, &root);
            terminal.say(&terminal::findings(found));
        }
        News::Mended => terminal.say("all problems are mended"),
        News::Trouble(error) => terminal.error(error),
        News::Note(text) => terminal.say(text),
    };
    serve::run(preview, site::highlighter()?, Arc::new(say))?;
    Ok(Ending::Fine)
}

/// An address as a code that a phone's camera reads; nothing when it is too long for one.
fn code(url: &str) -> String {
    use qrcode::render::unicode::Dense1x2;
    // Light on dark is how most terminals show text, and not what cameras expect.
    let code = qrcode::QrCode::new(url.as_bytes());
    code.map(|code| code.render::<Dense1x2>().dark_color(Dense1x2::Light).light_color(Dense1x2::Dark).build())
        .unwrap_or_default()
}
