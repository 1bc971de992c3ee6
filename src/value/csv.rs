//! CSV to the tree: each row is a group of keys, named by the header.
//!
//! In: a [`Source`]. Out: the header, and the rows as tables whose values know their bytes; cells
//! that read as numbers are numbers, empty ones are nothing. Commas, semicolons and tabs separate,
//! whichever the header has most of, since spreadsheets disagree. Knows no column.

use csv_core::{ReadFieldResult, ReaderBuilder};

use super::{Entry, Kind, Source, Spanned, Value};
use crate::diagnostic::{Diagnostic, Span};

/// What a CSV file holds.
#[derive(Debug)]
pub struct Sheet {
    /// The names of the columns, each with its place.
    pub columns: Vec<Spanned<String>>,
    /// A [`Kind::Table`] for each row, with the columns as its keys.
    pub rows: Vec<Value>,
    /// What is wrong with it as CSV.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a source.
#[must_use]
pub fn parse(source: &Source<'_>) -> Sheet {
    let mut diagnostics = Vec::new();
    let mut records = records(source, &mut diagnostics).into_iter();
    let columns = records.next().unwrap_or_default();
    for (index, column) in columns.iter().enumerate() {
        if let Some(first) = columns[..index].iter().find(|first| first.value == column.value) {
            diagnostics.push(source.duplicate(&column.value, column.span, Some(first.span)));
        }
    }
    let mut rows = Vec::new();
    for cells in records {
        let span = cells
            .first()
            .zip(cells.last())
            .map_or_else(Span::default, |(first, last)| Span { start: first.span.start, end: last.span.end });
        if cells.iter().all(|cell| cell.value.is_empty()) {
            // A spreadsheet's empty row.
            continue;
        }
        if cells.len() == columns.len() {
            let named = columns.iter().zip(cells).map(|(column, cell)| Entry {
                key: column.value.clone(),
                key_span: column.span,
                value: Value { kind: kind(cell.value), span: cell.span },
            });
            rows.push(Value { kind: Kind::Table(named.collect()), span });
        } else {
            let message = format!("this row has {} cells, the header has {}", cells.len(), columns.len());
            let help = "give each column a cell, an empty one if need be, and put cells that hold a \
                        separator in quotes";
            diagnostics.push(source.problem(span, message).help(help));
        }
    }
    Sheet { columns, rows, diagnostics }
}

/// The cells of each record. A cell's place is its text, without quotes and the space around it.
fn records(source: &Source<'_>, diagnostics: &mut Vec<Diagnostic>) -> Vec<Vec<Spanned<String>>> {
    let block = &source.text[source.block.clone()];
    let delimiter = delimiter(block);
    let mut reader = ReaderBuilder::new().delimiter(delimiter).build();
    let mut output = vec![0; block.len() + 1];
    let mut records = Vec::new();
    let mut record = Vec::new();
    let (mut start, mut at, mut filled) = (0, 0, 0);
    loop {
        let (result, read, written) = reader.read_field(&block.as_bytes()[at..], &mut output[filled..]);
        (at, filled) = (at + read, filled + written);
        let ends_record = match result {
            ReadFieldResult::Field { record_end } => record_end,
            // The next call, with nothing left to read, ends the last cell.
            ReadFieldResult::InputEmpty => continue,
            ReadFieldResult::OutputFull | ReadFieldResult::End => break,
        };
        // Line ends of the row before, and empty lines, come with the first cell after them.
        let raw = block.get(start..at).unwrap_or_default();
        let body = raw.trim_start_matches(['\r', '\n']);
        let from = start + (raw.len() - body.len());
        let body = if ends_record {
            body.trim_end_matches(['\r', '\n'])
        } else {
            body.strip_suffix(char::from(delimiter)).unwrap_or(body)
        };
        let value = String::from_utf8_lossy(&output[..filled]).trim().to_owned();
        let span = cell_span(source, body, from, diagnostics);
        record.push(Spanned { value, span });
        if ends_record {
            records.push(std::mem::take(&mut record));
        }
        (start, filled) = (at, 0);
    }
    records
}

/// The bytes of a cell's text. `body` is the cell as written, `from` where it begins in the block.
fn cell_span(source: &Source<'_>, body: &str, from: usize, diagnostics: &mut Vec<Diagnostic>) -> Span {
    let Some(inner) = body.strip_prefix('"') else {
        let start = from + (body.len() - body.trim_start().len());
        return source.span(start..start + body.trim().len());
    };
    if let Some(inner) = inner.trim_end().strip_suffix('"') {
        return source.span(from + 1..from + 1 + inner.len());
    }
    let quote = source.span(from..from + 1);
    if inner.contains('"') {
        let found = source.problem(quote, "more text after a cell in quotes");
        diagnostics.push(found.help("write a quote inside a quoted cell twice: `\"\"`"));
    } else {
        let found = source.problem(quote, "a cell in quotes that is never closed");
        diagnostics.push(found.help("end it with `\"`"));
    }
    quote
}

/// What separates the cells of the header.
fn delimiter(block: &str) -> u8 {
    let header = block.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |sign: u8| header.bytes().filter(|byte| *byte == sign).count();
    // Of several as frequent, the last: the comma.
    [b'\t', b';', b','].into_iter().max_by_key(|sign| count(*sign)).unwrap_or(b',')
}

/// What a cell holds, since CSV does not say: the rule of YAML's core schema for decimal numbers.
fn kind(text: String) -> Kind {
    if text.is_empty() {
        return Kind::Null;
    }
    if let Ok(number) = text.parse() {
        return Kind::Integer(number);
    }
    let decimal = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.'));
    match text.parse() {
        Ok(number) if decimal => Kind::Float(number),
        _ => Kind::Text(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;

    fn sheet(text: &str) -> Sheet {
        parse(&Source { path: "a.csv".into(), text, block: 0..text.len(), code: Code::DataType })
    }

    /// The rows as the text at each cell's place, with the kind when it is no text.
    fn shown(text: &str, sheet: &Sheet) -> Vec<Vec<String>> {
        let cell = |entry: &Entry| {
            let span = entry.value.span;
            let written = &text[span.start as usize..span.end as usize];
            match &entry.value.kind {
                Kind::Null => "null".to_owned(),
                Kind::Integer(number) => format!("{number} at {written}"),
                Kind::Float(number) => format!("{number} at {written}"),
                Kind::Text(value) => format!("`{value}` at {written}"),
                other => panic!("{other:?}"),
            }
        };
        let row = |row: &Value| match &row.kind {
            Kind::Table(entries) => entries.iter().map(cell).collect(),
            other => panic!("{other:?}"),
        };
        sheet.rows.iter().map(row).collect()
    }

    #[test]
    fn cells_know_their_bytes() {
        let cases: &[(&str, &[&[&str]])] = &[
            ("a,b\n1,x\n", &[&["1 at 1", "`x` at x"]]),
            // Without a last line end, with empty lines, with the other line end, after a byte-order mark's end.
            ("\n\r\na,b\r\n\r\n-1.50, y \r\n2,z", &[&["-1.5 at -1.50", "`y` at y"], &["2 at 2", "`z` at z"]]),
            (
                "a,b\n\"1,000\",\"say \"\"yes\"\"\"\n",
                &[&["`1,000` at 1,000", "`say \"yes\"` at say \"\"yes\"\""]],
            ),
            ("a,b\n\"two\nlines\",\"\"\n", &[&["`two\nlines` at two\nlines", "null"]]),
            ("a;b\n1,5;é\n", &[&["`1,5` at 1,5", "`é` at é"]]),
            ("a\tb\n1\t\n", &[&["1 at 1", "null"]]),
            ("a,b\n,\n", &[]),
            ("a,b", &[]),
            ("", &[]),
        ];
        for (text, rows) in cases {
            let sheet = sheet(text);
            assert_eq!(shown(text, &sheet), *rows, "{text:?}");
            assert_eq!(sheet.diagnostics, [], "{text:?}");
        }
    }

    #[test]
    fn what_is_not_csv() {
        let cases = [
            ("a,b\n1\n", "this row has 1 cells, the header has 2", "1"),
            ("a,b\n1,2,3\n", "this row has 3 cells, the header has 2", "1,2,3"),
            ("a,b\n\"1,2\n", "a cell in quotes that is never closed", "\""),
            ("a,b\n1,\"x\" y\n", "more text after a cell in quotes", "\""),
            ("a,a\n1,2\n", "`a` is given twice", "a"),
        ];
        for (text, message, place) in cases {
            let sheet = sheet(text);
            let found = sheet.diagnostics.iter().find(|found| found.message == message).expect(text);
            let span = found.location.span.expect(text);
            assert_eq!(&text[span.start as usize..span.end as usize], place, "{text:?}");
        }
    }
}
