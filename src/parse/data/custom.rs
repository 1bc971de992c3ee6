//! `custom/`: data of the site's own, for its templates.
//!
//! In: a whole file. Out: its value, as `data.<name>` shows it: groups and lists in the order
//! written, dates as text; CSV is a list of rows. Checks nothing, since it knows nothing of it.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::{Content, Records};
use crate::value::shape::Form;
use crate::value::{Field, Reader};

/// A free-form table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Custom {
    /// The file's name without its ending.
    pub name: String,
    /// What it holds.
    #[serde(with = "crate::value::free")]
    pub value: Json,
}

pub(super) fn read(reader: &mut Reader<'_, '_>, content: Content<'_>) -> Records {
    reader.traces(|| Form::Map(Box::new(Form::Any)));
    let value = match content.sheet {
        None => Json::Object(reader.free(content.entries)),
        Some(sheet) => {
            sheet.rows.iter().map(|value| reader.json_value(Field { key: content.name, value })).collect()
        }
    };
    Records::Custom(std::sync::Arc::new(Custom { name: content.name.to_owned(), value }))
}
