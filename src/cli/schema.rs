//! `guidepost schema`: what front matter and data files may hold, as JSON Schemas for editors.
//!
//! In: the site's taxonomies, if there is a site. Out: schemas on standard output or in a folder. They
//! are told by the readers that check the files.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::diagnostic::near;
use crate::error::Error;
use crate::parse::data;
use crate::parse::front_matter::{self, Scope};

use super::Ending;
use super::args::{self, Global};
use super::terminal::{self, Terminal};

pub(super) fn run(global: &Global, options: &args::Schema, terminal: &Terminal) -> Result<Ending, Error> {
    let schemas = all(&taxonomies(global));
    if let Some(folder) = &options.write {
        write(folder, &schemas)?;
        let count = terminal::count(schemas.len(), "schema");
        terminal.say(&format!("{count} written to `{}`", folder.display()));
        return Ok(Ending::Fine);
    }
    let text = match &options.name {
        None => {
            schemas.iter().map(|(name, what, _)| format!("{name:14}  {what}")).collect::<Vec<_>>().join("\n")
                + "\n"
        }
        Some(wanted) => {
            let Some((_, _, schema)) = schemas.iter().find(|(name, ..)| name == wanted) else {
                let error = Error::usage("find the schema", wanted, "there is none of that name");
                let near = near(wanted, schemas.iter().map(|(name, ..)| *name));
                return Err(error.with_help(match near {
                    Some(name) => format!("did you mean `{name}`?"),
                    None => "`guidepost schema` lists them".to_owned(),
                }));
            };
            format!("{schema:#}\n")
        }
    };
    terminal.answer(&text)?;
    Ok(Ending::Fine)
}

/// The taxonomies of the site, or those that a site has by default.
fn taxonomies(global: &Global) -> Vec<String> {
    let text = crate::scan::text(&global.root, "site.toml").unwrap_or_default();
    let (config, _) = crate::config::parse(&text, "site.toml");
    config.taxonomies.into_iter().map(|taxonomy| taxonomy.name).collect()
}

/// Every schema with its name and what it is for.
fn all(taxonomies: &[String]) -> Vec<(&'static str, String, Value)> {
    let pages = [
        ("front-matter", Scope::Page, "front matter of a page"),
        ("section", Scope::Section, "front matter of an `_index.md`"),
    ];
    let pages =
        pages.map(|(name, scope, what)| (name, what.to_owned(), front_matter::form(taxonomies, scope)));
    let data = data::forms().into_iter().map(|(name, form)| {
        let is_folder = matches!(name, "quizzes" | "paths" | "custom");
        let what = format!("content/data/{name}{}", if is_folder { "/" } else { "" });
        (name, what, form)
    });
    let mut schemas: Vec<_> = pages
        .into_iter()
        .chain(data)
        .map(|(name, what, form)| {
            let mut schema = json!({
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                "title": what,
            });
            if let (Value::Object(schema), Value::Object(form)) = (&mut schema, form.schema()) {
                schema.extend(form);
            }
            (name, what, schema)
        })
        .collect();
    schemas.extend(row(&schemas));
    schemas
}

/// The schema of one row of pay in a spreadsheet, where an empty cell is none: that of one figure in the
/// other forms of the file.
fn row(schemas: &[(&'static str, String, Value)]) -> Option<(&'static str, String, Value)> {
    let (_, _, file) = schemas.iter().find(|(name, ..)| *name == "salaries")?;
    let forms = file.pointer("/properties/salary/anyOf")?.as_array()?;
    let figure = forms.iter().find_map(|form| form.get("items"))?.as_object()?;
    let what = "a row of content/data/salaries.csv";
    let mut schema = json!({ "$schema": file.get("$schema")?, "title": what });
    schema.as_object_mut()?.extend(figure.clone());
    Some(("salary", what.to_owned(), schema))
}

fn write(folder: &Path, schemas: &[(&'static str, String, Value)]) -> Result<(), Error> {
    fs::create_dir_all(folder).map_err(|error| Error::io("make", folder, &error))?;
    for (name, _, schema) in schemas {
        let file = folder.join(format!("{name}.json"));
        fs::write(&file, format!("{schema:#}\n")).map_err(|error| Error::io("write", &file, &error))?;
    }
    Ok(())
}
