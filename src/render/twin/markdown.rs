//! A tree of HTML to Markdown that says the same.
//!
//! In: elements and texts. Out: `CommonMark` with the tables of GitHub. What only a screen can show is left
//! out (drawings, controls, what is hidden); what a text says never becomes a mark of Markdown by chance.

use super::tree::{Element, Node};

/// Elements of which nothing is shown.
const UNSAID: &[&str] = &[
    "script", "style", "template", "noscript", "svg", "button", "input", "select", "textarea", "iframe",
    "object", "video", "audio", "canvas", "nav", "head", "title", "source", "link", "meta",
];

/// Elements that stand in a line of text.
const INLINE: &[&str] = &[
    "a", "abbr", "b", "bdi", "bdo", "br", "cite", "code", "data", "del", "dfn", "em", "i", "img", "ins",
    "kbd", "label", "mark", "picture", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time",
    "u", "var", "wbr",
];

/// The highest number of a list's item, which has nine digits at most (`CommonMark` 0.31.2, 5.2).
const HIGHEST: usize = 999_999_999;

/// The blocks of a text, with an empty line between two.
pub(super) fn text(nodes: &[Node]) -> String {
    blocks(nodes).join("\n\n")
}

fn is_unsaid(element: &Element) -> bool {
    UNSAID.contains(&element.name.as_str())
        || element.has("hidden")
        || element.attribute("aria-hidden") == "true"
        || element.is_of("visually-hidden")
}

/// Whether a node stands in a line, with all that is in it.
fn is_inline(node: &Node) -> bool {
    match node {
        Node::Text(_) => true,
        Node::Element(element) if is_unsaid(element) => true,
        Node::Element(element) => {
            INLINE.contains(&element.name.as_str()) && element.children.iter().all(is_inline)
        }
    }
}

fn blocks(nodes: &[Node]) -> Vec<String> {
    let mut blocks = Vec::new();
    for run in nodes.chunk_by(|one, two| is_inline(one) && is_inline(two)) {
        match run {
            [Node::Element(element)] if !is_inline(&run[0]) => block(element, &mut blocks),
            run => paragraph(run, &mut blocks),
        }
    }
    blocks
}

fn paragraph(nodes: &[Node], blocks: &mut Vec<String>) {
    let text = line(nodes);
    if !text.is_empty() {
        blocks.push(guarded(&text));
    }
}

fn block(element: &Element, into: &mut Vec<String>) {
    let children = &element.children;
    match element.name.as_str() {
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
            let level = usize::from(element.name.as_bytes()[1] - b'0');
            let title = line(children).replace("\\\n", " ");
            if !title.is_empty() {
                into.push(format!("{} {title}", "#".repeat(level)));
            }
        }
        "p" if children.iter().all(is_inline) => paragraph(children, into),
        "ul" | "menu" => list(element, |_| "- ".to_owned(), into),
        "ol" => {
            let start =
                element.attribute("start").parse().ok().filter(|start| *start <= HIGHEST).unwrap_or(1);
            list(element, |number| format!("{}. ", (start + number).min(HIGHEST)), into);
        }
        "dl" => terms(element, into),
        "blockquote" => {
            let quoted = text(children);
            if !quoted.is_empty() {
                into.push(prefixed(&quoted, "> ", "> "));
            }
        }
        "pre" => into.push(fenced(element)),
        "hr" => into.push("---".to_owned()),
        "table" => table(element, into),
        "summary" | "legend" | "figcaption" | "caption" if children.iter().all(is_inline) => {
            strong(&line(children), into);
        }
        "fieldset" => {
            let is_legend = |node: &&Node| matches!(node, Node::Element(one) if one.name == "legend");
            into.extend(children.iter().filter(is_legend).flat_map(|one| blocks(std::slice::from_ref(one))));
            let answers: Vec<String> = labels(element).iter().map(|label| line(&label.children)).collect();
            let answers = answers.iter().filter(|answer| !answer.is_empty());
            into.push(answers.map(|answer| format!("- {answer}")).collect::<Vec<_>>().join("\n"));
        }
        _ => into.extend(blocks(children)),
    }
}

/// The labels in an element: the answers to a question.
fn labels(element: &Element) -> Vec<&Element> {
    let mut found = Vec::new();
    for child in element.elements() {
        match child.name.as_str() {
            "label" => found.push(child),
            "legend" => {}
            _ => found.extend(labels(child)),
        }
    }
    found
}

fn strong(text: &str, into: &mut Vec<String>) {
    if !text.is_empty() {
        // What is strong already would end the strength of what is around it.
        let text = text.replace("**", "");
        into.push(format!("**{text}**"));
    }
}

fn list(element: &Element, marker: impl Fn(usize) -> String, into: &mut Vec<String>) {
    let items: Vec<Vec<String>> = element
        .elements()
        .filter(|item| !is_unsaid(item))
        .map(|item| blocks(&item.children))
        .filter(|item| !item.is_empty())
        .collect();
    // Items of several paragraphs stand apart, others close together.
    let is_loose = items.iter().any(|item| item.len() > 2 || (item.len() == 2 && !is_list(&item[1])));
    let gap = if is_loose { "\n\n" } else { "\n" };
    let items = items.iter().enumerate().map(|(number, item)| {
        let marker = marker(number);
        prefixed(&item.join(gap), &marker, &" ".repeat(marker.len()))
    });
    let items: Vec<String> = items.collect();
    if !items.is_empty() {
        into.push(items.join(gap));
    }
}

fn is_list(block: &str) -> bool {
    block.starts_with("- ")
        || block.split_once(". ").is_some_and(|(number, _)| number.parse::<usize>().is_ok())
}

/// A list of terms: each with what it means behind it.
fn terms(element: &Element, into: &mut Vec<String>) {
    let mut items: Vec<String> = Vec::new();
    let mut open: Vec<&Element> = element.elements().collect();
    open.reverse();
    while let Some(one) = open.pop() {
        match one.name.as_str() {
            "dt" => {
                let term = line(&one.children).replace("**", "");
                items.push(format!("- **{term}**"));
            }
            "dd" => {
                let meaning = text(&one.children);
                if let Some(item) = items.last_mut() {
                    let gap = if item.contains(": ") { "; " } else { ": " };
                    item.push_str(gap);
                    item.push_str(&prefixed(&meaning, "", "  "));
                }
            }
            // Terms may stand in groups.
            "div" => open.extend(one.elements().collect::<Vec<_>>().into_iter().rev()),
            _ => {}
        }
    }
    if !items.is_empty() {
        into.push(items.join("\n"));
    }
}

fn prefixed(text: &str, first: &str, other: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for (number, line) in text.split('\n').enumerate() {
        let prefix = if number == 0 { first } else { other };
        if number > 0 {
            out.push('\n');
        }
        out.push_str(if line.is_empty() { prefix.trim_end() } else { prefix });
        out.push_str(line);
    }
    out
}

/// Code between fences that are longer than any run of backticks in it.
fn fenced(element: &Element) -> String {
    let code = element.elements().find(|inner| inner.name == "code").unwrap_or(element);
    let mut classes = code.attribute("class").split_ascii_whitespace();
    let language = classes.find_map(|class| class.strip_prefix("language-")).unwrap_or_default();
    let text = code.text();
    let text = text.strip_suffix('\n').unwrap_or(&text);
    let fence = "`".repeat(longest_run(text).max(2) + 1);
    format!("{fence}{language}\n{text}\n{fence}")
}

fn longest_run(text: &str) -> usize {
    text.split(|sign| sign != '`').map(str::len).max().unwrap_or(0)
}

/// A table, with its caption above it. Every row has as many cells as the widest.
fn table(element: &Element, into: &mut Vec<String>) {
    let mut rows: Vec<(bool, Vec<String>)> = Vec::new();
    for part in element.elements() {
        match part.name.as_str() {
            "caption" => block(part, into),
            "tr" => rows.push(row(part, false)),
            "thead" => rows.extend(part.elements().map(|one| row(one, true))),
            "tbody" | "tfoot" => rows.extend(part.elements().map(|one| row(one, false))),
            _ => {}
        }
    }
    rows.retain(|(_, cells)| !cells.is_empty());
    let width = rows.iter().map(|(_, cells)| cells.len()).max().unwrap_or(0);
    let Some((is_head, _)) = rows.first() else { return };
    if !is_head {
        rows.insert(0, (true, vec![String::new(); width]));
    }
    let mut lines = Vec::with_capacity(rows.len() + 1);
    for (number, (_, mut cells)) in rows.into_iter().enumerate() {
        cells.resize(width, String::new());
        lines.push(format!("| {} |", cells.join(" | ")));
        if number == 0 {
            lines.push(format!("|{}", " --- |".repeat(width)));
        }
    }
    into.push(lines.join("\n"));
}

/// The cells of a row, and whether it heads its table.
fn row(element: &Element, is_head: bool) -> (bool, Vec<String>) {
    let cells: Vec<&Element> =
        element.elements().filter(|cell| matches!(cell.name.as_str(), "td" | "th")).collect();
    let all_heads = !cells.is_empty() && cells.iter().all(|cell| cell.name == "th");
    let texts = cells.into_iter().map(|cell| {
        let is_line = cell.children.iter().all(is_inline);
        let text = if is_line { line(&cell.children) } else { blocks(&cell.children).join(" ") };
        let text = text.replace("\\\n", " ").replace('\n', " ");
        text.replace('|', "\\|")
    });
    (is_head || all_heads, texts.collect())
}

/// Nodes as one line of text, without space around it. A line that ends in a backslash goes on in the next.
fn line(nodes: &[Node]) -> String {
    let mut text = String::new();
    inline(nodes, &mut text);
    let parts: Vec<String> = text
        .split("\\\n")
        .map(|part| {
            part.split([' ', '\n', '\t', '\r']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
        })
        .collect();
    let start = parts.iter().position(|part| !part.is_empty()).unwrap_or(parts.len());
    let end = parts.iter().rposition(|part| !part.is_empty()).map_or(start, |last| last + 1);
    parts[start..end].join("\\\n")
}

fn inline(nodes: &[Node], into: &mut String) {
    for node in nodes {
        match node {
            Node::Text(text) => escape(text, into),
            Node::Element(element) if is_unsaid(element) => {}
            Node::Element(element) => phrase(element, into),
        }
    }
}

fn phrase(element: &Element, into: &mut String) {
    let mut inner = String::new();
    match element.name.as_str() {
        "br" => into.push_str("\\\n"),
        "img" => {
            let (alt, src) = (element.attribute("alt"), element.attribute("src"));
            if !alt.is_empty() && !src.is_empty() {
                escape(alt, &mut inner);
                for part in ["![", &inner, "](", &destination(src), ")"] {
                    into.push_str(part);
                }
            }
        }
        "code" | "samp" => into.push_str(&code(&element.text())),
        "a" => {
            inline(&element.children, &mut inner);
            let href = element.attribute("href");
            // A place on the page itself has no address here.
            if href.is_empty() || href.starts_with('#') || inner.trim().is_empty() {
                into.push_str(&inner);
            } else {
                marked(&inner, "[", &format!("]({})", destination(href)), into);
            }
        }
        name @ ("strong" | "b" | "em" | "i" | "del" | "s") => {
            inline(&element.children, &mut inner);
            let mark = match name {
                "strong" | "b" => "**",
                "em" | "i" => "*",
                _ => "~~",
            };
            if inner.trim().is_empty() || inner.contains(mark) {
                into.push_str(&inner);
            } else {
                marked(&inner, mark, mark, into);
            }
        }
        // A line of its own on a screen.
        _ if element.is_of("definition") => {
            into.push_str(": ");
            inline(&element.children, into);
        }
        // A block in a line, such as a list in a label, is a line of it.
        _ => {
            inline(&element.children, into);
            if !INLINE.contains(&element.name.as_str()) {
                into.push(' ');
            }
        }
    }
}

/// A text between marks, with the space around it outside, where marks must have none.
fn marked(text: &str, start: &str, end: &str, into: &mut String) {
    let body = text.trim();
    let lead = &text[..text.len() - text.trim_start().len()];
    let tail = &text[text.trim_end().len()..];
    for part in [lead, start, body, end, tail] {
        into.push_str(part);
    }
}

fn code(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() {
        return text;
    }
    let fence = "`".repeat(longest_run(&text) + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// An address that ends where its parenthesis does.
fn destination(url: &str) -> String {
    if url.contains(['(', ')', ' ', '<', '>']) {
        format!("<{}>", url.replace('<', "%3C").replace('>', "%3E"))
    } else {
        url.to_owned()
    }
}

/// A text in which nothing is a mark.
fn escape(text: &str, into: &mut String) {
    let mut before = into.chars().next_back().unwrap_or(' ');
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        let next = signs.peek().copied().unwrap_or(' ');
        let is_mark = match sign {
            '\\' | '*' | '[' | ']' | '<' | '`' => true,
            // Within a word it is a letter.
            '_' => !(before.is_alphanumeric() && next.is_alphanumeric()),
            '~' => before == '~' || next == '~',
            // An entity, or what looks like one.
            '&' => next == '#' || next.is_ascii_alphabetic(),
            _ => false,
        };
        if is_mark {
            into.push('\\');
        }
        into.push(sign);
        before = sign;
    }
}

/// A paragraph of which no line begins like a heading, a list, a quote or a rule.
fn guarded(text: &str) -> String {
    let guard = |line: &str| {
        let number = line.find(|sign: char| !sign.is_ascii_digit()).unwrap_or(0);
        if number > 0 && number < 10 && line[number..].starts_with(['.', ')']) {
            return format!("{}\\{}", &line[..number], &line[number..]);
        }
        if line.starts_with(['#', '>', '+', '-', '=', '|']) { format!("\\{line}") } else { line.to_owned() }
    };
    text.split('\n').map(guard).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::super::tree::read;
    use super::text;

    fn says(html: &str, markdown: &str) {
        assert_eq!(text(&read(html)), markdown, "{html}");
    }

    #[test]
    fn blocks_stand_apart() {
        says(
            "<section><h2 id=\"a\">A <em>title</em></h2>\n<p>One\ntwo.</p><p>Three<br>four.</p></section>",
            "## A *title*\n\nOne two.\n\nThree\\\nfour.",
        );
        says("<blockquote><p>a</p><p>b</p></blockquote><hr>", "> a\n>\n> b\n\n---");
        says("loose <b>text</b><div>in a box</div>", "loose **text**\n\nin a box");
    }

    #[test]
    fn lists_nest_and_stand_as_far_apart_as_their_items() {
        says("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", "- a\n  - b\n- c");
        says("<ol start=\"9\"><li><p>a</p><p>b</p></li><li><p>c</p></li></ol>", "9. a\n\n   b\n\n10. c");
        says("<ol start=\"18446744073709551615\"><li>a</li><li>b</li></ol>", "1. a\n2. b");
        says("<ol start=\"999999999\"><li>a</li><li>b</li></ol>", "999999999. a\n999999999. b");
        says("<dl><dt>API</dt><dd>An <b>interface</b></dd></dl>", "- **API**: An **interface**");
    }

    #[test]
    fn code_keeps_every_sign() {
        says(
            "<figure class=\"code\"><figcaption>a.rs</figcaption><pre><code class=\"language-rust\"><span class=\"line\">let a = \"*\";\n</span>  b &lt; c\n</code></pre></figure>",
            "**a.rs**\n\n```rust\nlet a = \"*\";\n  b < c\n```",
        );
        says("<pre><code>```\n````</code></pre>", "`````\n```\n````\n`````");
        says("<p>a <code>`x`</code></p>", "a `` `x` ``");
    }

    #[test]
    fn tables_have_a_head_and_cells_of_one_line() {
        says(
            "<table><caption>Pay</caption><thead><tr><th>Role</th><th>Pay</th></tr></thead><tbody><tr><th>A|B</th><td><p>1</p><p>2</p></td></tr><tr><td>c</td></tr></tbody></table>",
            "**Pay**\n\n| Role | Pay |\n| --- | --- |\n| A\\|B | 1 2 |\n| c |  |",
        );
        says("<table><tr><th>a</th><td>b</td></tr></table>", "|  |  |\n| --- | --- |\n| a | b |");
        says(
            "<table><tr><th>Jobs<span class=\"definition\">All of them.</span></th><td>+8%</td></tr></table>",
            "|  |  |\n| --- | --- |\n| Jobs: All of them. | +8% |",
        );
    }

    #[test]
    fn nothing_becomes_a_mark_by_chance() {
        says(
            "<p># 1. *a* [b](c) &lt;i&gt; `x` snake_case _y_ &amp;amp; \\</p>",
            "\\# 1. \\*a\\* \\[b\\](c) \\<i> \\`x\\` snake_case \\_y\\_ \\&amp; \\\\",
        );
        says("<p>1. a</p><p>- b</p><p>2024) c</p>", "1\\. a\n\n\\- b\n\n2024\\) c");
    }

    #[test]
    fn links_and_pictures_end_where_they_should() {
        says("<p><a href=\"/a_(b)/\"> a </a>b</p>", "[a](</a_(b)/>) b");
        says(
            "<p><img src=\"/a.png\" alt=\"A [b]\"><img src=\"/c.png\" alt=\"\"></p>",
            "![A \\[b\\]](/a.png)",
        );
        says("<p>See <a href=\"#b\">b</a></p>", "See b");
        says("<p>a<strong> b </strong>c<em></em></p>", "a **b** c");
    }

    #[test]
    fn what_only_a_screen_shows_is_left_out() {
        says(
            "<svg><text>x</text></svg><button>Go</button><p hidden>h</p><script>if (a < b) {}</script><p>Said<span class=\"visually-hidden\"> twice</span></p>",
            "Said",
        );
        says(
            "<form><fieldset><legend>1. Which?</legend><label><input type=\"radio\"> One</label><div><label>Two</label></div></fieldset><button>Send</button></form>",
            "**1. Which?**\n\n- One\n- Two",
        );
        says("<details><summary>Why?</summary><p>So.</p></details>", "**Why?**\n\nSo.");
    }

    #[test]
    fn broken_html_is_read_to_its_end() {
        says("<ul><li>a<li>b</ul></div><p>c", "- a\n- b\n\nc");
        says("<p>a <b>c</p><p>d</p>", "a **c**\n\nd");
        let deep = format!("{}x", "<div>".repeat(100_000));
        says(&deep, "x");
        let quotes = format!("{}x", "<blockquote>".repeat(5_000));
        assert!(text(&read(&quotes)).ends_with("> x"));
    }
}
