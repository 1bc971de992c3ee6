//! Stylesheets that a parser had better not see.
//!
//! In: CSS. Out: where brackets stand too deep inside each other for a parser that calls itself for each, or
//! where rules in rules make selectors without end. Splits the text as CSS Syntax Level 3 says, as far as
//! brackets depend on it: strings, comments, escapes and addresses.

/// Brackets that may stand inside each other. Rules in rules in rules need some ten.
pub const DEEPEST: usize = 64;

/// Round ones of them. A parser that does not know what a function holds tries each in several ways.
pub const ROUND: usize = 16;

/// Most bytes of all selectors when those of the rules around them are put into each.
pub const LARGEST: usize = 64 << 20;

/// What is too much, and at which bracket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Excess {
    /// More than [`DEEPEST`] brackets are open.
    Deep(usize),
    /// More than [`ROUND`] round ones are.
    Round(usize),
    /// Selectors have more than [`LARGEST`] bytes.
    Large(usize),
}

/// Whether a stylesheet can be parsed, and if not, why.
///
/// # Errors
/// The first place at which there is too much.
pub fn judge(css: &str) -> Result<(), Excess> {
    let mut reader = Reader { text: css.as_bytes(), at: 0 };
    let mut open: Vec<Open> = Vec::new();
    let mut prelude = Prelude::default();
    let mut all = 0_usize;
    while let Some(sign) = reader.next() {
        prelude.take(sign);
        match sign {
            b'/' if reader.peek() == Some(b'*') => reader.comment(),
            b'"' | b'\'' => reader.string(sign),
            b'(' | b'[' | b'{' => {
                if open.len() == DEEPEST {
                    return Err(Excess::Deep(reader.at - 1));
                }
                if sign == b'(' && open.iter().filter(|open| open.closing == b')').count() == ROUND {
                    return Err(Excess::Round(reader.at - 1));
                }
                let outer = open.last().map_or(0, |open| open.selectors);
                let selectors = if sign == b'{' { prelude.within(outer) } else { outer };
                if sign == b'{' {
                    all = all.saturating_add(selectors);
                    prelude = Prelude::default();
                }
                if all > LARGEST {
                    return Err(Excess::Large(reader.at - 1));
                }
                open.push(Open { closing: closing(sign), selectors });
            }
            b')' | b']' | b'}' if open.last().is_some_and(|open| open.closing == sign) => drop(open.pop()),
            // The beginning of a comment of HTML is one sign, and no name begins in it.
            b'<' if reader.text[reader.at..].starts_with(b"!--") => reader.at += 3,
            b'#' | b'@' => {
                if let Some(sign) = reader.name_sign() {
                    reader.name(sign);
                }
            }
            sign if reader.is_name(sign) && reader.name(sign) && reader.peek() == Some(b'(') => {
                reader.address();
            }
            _ => {}
        }
    }
    Ok(())
}

/// A bracket that is open.
struct Open {
    closing: u8,
    /// Bytes of the selectors of the rule that it is in.
    selectors: usize,
}

fn closing(sign: u8) -> u8 {
    match sign {
        b'(' => b')',
        b'[' => b']',
        _ => b'}',
    }
}

/// What stands before a rule's `{`.
#[derive(Default)]
struct Prelude {
    signs: usize,
    /// How often the selectors around it are put into it, at most: for each `&`, or once for each part.
    times: usize,
    /// `&` in this part.
    here: usize,
    is_at_rule: bool,
}

impl Prelude {
    fn take(&mut self, sign: u8) {
        match sign {
            b';' | b'}' => *self = Self::default(),
            sign if self.signs == 0 && is_space(sign) => {}
            _ => {
                self.is_at_rule |= self.signs == 0 && sign == b'@';
                self.signs += 1;
                self.here += usize::from(sign == b'&');
                if sign == b',' {
                    self.times += self.here.max(1);
                    self.here = 0;
                }
            }
        }
    }

    /// Bytes of its selectors inside a rule that has so many.
    fn within(&self, outer: usize) -> usize {
        let times = if self.is_at_rule { 1 } else { self.times + self.here.max(1) };
        outer.saturating_mul(times).saturating_add(self.signs)
    }
}

struct Reader<'t> {
    text: &'t [u8],
    at: usize,
}

fn is_space(sign: u8) -> bool {
    matches!(sign, b' ' | b'\t' | b'\n' | b'\r' | b'\x0c')
}

fn is_line_end(sign: u8) -> bool {
    matches!(sign, b'\n' | b'\r' | b'\x0c')
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn next(&mut self) -> Option<u8> {
        let sign = self.peek()?;
        self.at += 1;
        Some(sign)
    }

    /// Passes over a sign; the two that end a line together are one.
    fn pass(&mut self) {
        if self.next() == Some(b'\r') && self.peek() == Some(b'\n') {
            self.at += 1;
        }
    }

    /// Whether the sign that was just read is part of a name.
    fn is_name(&self, sign: u8) -> bool {
        let is_escape = sign == b'\\' && !self.peek().is_some_and(is_line_end);
        is_escape || sign.is_ascii_alphanumeric() || !sign.is_ascii() || matches!(sign, b'-' | b'_' | 0)
    }

    /// The next sign, if it is part of a name.
    fn name_sign(&mut self) -> Option<u8> {
        let sign = self.next()?;
        let is_name = self.is_name(sign);
        self.at -= usize::from(!is_name);
        is_name.then_some(sign)
    }

    fn comment(&mut self) {
        let rest = &self.text[self.at + 1..];
        let end = memchr::memmem::find(rest, b"*/");
        self.at = end.map_or(self.text.len(), |end| self.at + 1 + end + 2);
    }

    /// To the end of a string; one that is not closed ends with its line.
    fn string(&mut self, quote: u8) {
        while let Some(sign) = self.peek() {
            if is_line_end(sign) {
                return;
            }
            self.at += 1;
            match sign {
                b'\\' => self.pass(),
                sign if sign == quote => return,
                _ => {}
            }
        }
    }

    /// To the end of a name. Says whether it is `url`.
    fn name(&mut self, first: u8) -> bool {
        let (mut name, mut length) = ([0; 3], 0);
        let mut sign = Some(first);
        while let Some(letter) = sign {
            let letter = if letter == b'\\' { self.escaped() } else { letter };
            if let Some(place) = name.get_mut(length) {
                *place = letter.to_ascii_lowercase();
            }
            length += 1;
            sign = self.name_sign();
        }
        length == 3 && &name == b"url"
    }

    /// What stands behind a `\`; anything but a letter of ASCII is as good as any other.
    fn escaped(&mut self) -> u8 {
        let digits = self.text[self.at..].iter().take(6).take_while(|sign| sign.is_ascii_hexdigit()).count();
        if digits == 0 {
            return self.next().unwrap_or(0);
        }
        let digits = &self.text[self.at..self.at + digits];
        self.at += digits.len();
        if self.peek().is_some_and(is_space) {
            self.pass();
        }
        let number = std::str::from_utf8(digits).ok().and_then(|digits| u32::from_str_radix(digits, 16).ok());
        number.and_then(|number| u8::try_from(number).ok()).unwrap_or(0)
    }

    /// An address without quotes, to its end; one with quotes is a function like any other.
    fn address(&mut self) {
        let began = self.at;
        self.at += 1;
        while self.peek().is_some_and(is_space) {
            self.at += 1;
        }
        if matches!(self.peek(), Some(b'"' | b'\'')) {
            self.at = began;
            return;
        }
        while let Some(sign) = self.next() {
            match sign {
                b'\\' => drop(self.next()),
                b')' => return,
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deep(times: usize) -> String {
        "[".repeat(times)
    }

    fn too_deep(css: &str) -> Option<usize> {
        judge(css).err().map(|excess| match excess {
            Excess::Deep(at) | Excess::Round(at) => at,
            Excess::Large(_) => panic!("{css}"),
        })
    }

    #[test]
    fn selectors_that_multiply_have_an_end() {
        let nested = |selector: &str, times: usize| {
            judge(&format!("{}c:d{}", selector.repeat(times), "}".repeat(times)))
        };
        assert_eq!(nested("a,b{", 8), Ok(()));
        assert_eq!(nested(".a &{", 60), Ok(()));
        assert_eq!(nested("@media print,screen{", 60), Ok(()));
        assert!(matches!(nested("& &{", 40), Err(Excess::Large(_))));
        assert!(matches!(nested(":is(a,b) &, c &{", 40), Err(Excess::Large(_))));
        assert_eq!(judge(&"a,b,c{d:e;f:g}\n".repeat(100_000)), Ok(()));
    }

    #[test]
    fn as_many_as_there_may_be_and_one_more() {
        assert_eq!(too_deep(&deep(DEEPEST)), None);
        assert_eq!(too_deep(&deep(DEEPEST + 1)), Some(DEEPEST));
        assert_eq!(too_deep(&"a{b:c(d)}[e]".repeat(1_000)), None);
        assert_eq!(too_deep(&"{[".repeat(40)), Some(DEEPEST));
        // What closes nothing leaves open what is open.
        assert_eq!(too_deep(&"[}".repeat(DEEPEST + 1)), Some(2 * DEEPEST));
        assert_eq!(judge(&"(".repeat(ROUND)), Ok(()));
        assert_eq!(judge(&"(".repeat(ROUND + 1)), Err(Excess::Round(ROUND)));
    }

    #[test]
    fn brackets_that_are_none_are_passed_over() {
        for shape in ["\"@\"", "'\\'@'", "/* @ */", "url(@)", "URL( @\\))", "u\\72 l(@)", "\\75\\52\\6c(@)"] {
            assert_eq!(too_deep(&shape.replace('@', &deep(99))), None, "{shape}");
        }
        assert_eq!(too_deep(&"\\(".repeat(99)), None);
    }

    #[test]
    fn nothing_hides_brackets_that_are_some() {
        let shapes = [
            "\"\n@\"",
            "url(\"/*\")@",
            "url('a' @)",
            "url(/*) @",
            "curl(/*/*/ @",
            "u\\72 l(/*) @",
            "/*/ */@",
            "u\\72  l/*@*/@",
            "\\\"@",
            "\\\\\"\"@",
            "url\\(/**/@",
            "a\u{fc}url(@",
            "#url(@",
            "@url(@",
            "<!--url(/*) @",
            "\\\nurl(/*) @",
            "u\\72\r\nl(/*) @",
            "\"\\\r\n\"@",
            "\0url(@",
        ];
        for shape in shapes {
            assert!(too_deep(&shape.replace('@', &deep(99))).is_some(), "{shape}");
        }
    }
}
