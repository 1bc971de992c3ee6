#!/usr/bin/env python3
"""Write a made-up site of career guides, the same articles for every generator.

    corpus.py --pages 1000 --out FOLDER --for guidepost|hugo|eleventy

The text is put together from word banks; nothing depends on the clock, the
locale or the Python version. Article ``i`` is the same whatever ``--pages`` is,
except for the targets of its links to other articles, which are drawn from the
articles that exist.

Each article has YAML front matter (title, description, date, author and three
of 200 tags) and 1,200 to 2,000 words: an introduction, five to eight h2
sections, some with h3 subsections, lists, one table, one image, two blocks of
code of 8 to 25 lines in two of ten languages, two to four external links and
three to five links to other articles. No heading comes twice in an article.

What differs between the targets is only what each generator needs: the syntax
of internal links, some front matter keys, and templates and settings, which are
copied from ``sites/<target>/`` beside this file. In those the line ``@@NAV@@``
is replaced by the list of sections in the notation of that file.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent
TARGETS = ("guidepost", "hugo", "eleventy")
SITE_TITLE = "Career Guides"
IMAGES = 24

# --------------------------------------------------------------------------
# Word banks
# --------------------------------------------------------------------------

# section slug -> (title, roles)
SECTIONS: dict[str, tuple[str, tuple[str, ...]]] = {
    "software": ("Software Engineering", ("backend developer", "frontend developer", "mobile developer", "embedded programmer")),
    "analytics": ("Data and Analytics", ("data analyst", "data engineer", "statistician", "reporting specialist")),
    "security": ("Cyber Security", ("security analyst", "penetration tester", "incident responder", "compliance auditor")),
    "cloud": ("Cloud and Operations", ("site reliability engineer", "systems administrator", "network engineer", "platform engineer")),
    "design": ("Design", ("interaction designer", "graphic designer", "design researcher", "motion designer")),
    "product": ("Product Management", ("product manager", "product owner", "business analyst", "release manager")),
    "marketing": ("Marketing", ("content strategist", "campaign manager", "search specialist", "brand manager")),
    "sales": ("Sales", ("account manager", "sales engineer", "business developer", "retail supervisor")),
    "finance": ("Finance and Accounting", ("accountant", "financial analyst", "tax adviser", "payroll clerk")),
    "nursing": ("Nursing and Care", ("registered nurse", "care assistant", "school nurse", "midwife")),
    "medicine": ("Medicine and Therapy", ("physiotherapist", "radiographer", "pharmacist", "speech therapist")),
    "teaching": ("Teaching", ("primary teacher", "language tutor", "maths teacher", "teaching assistant")),
    "law": ("Law", ("paralegal", "contract lawyer", "court clerk", "legal secretary")),
    "engineering": ("Engineering", ("civil engineer", "mechanical engineer", "quality inspector", "electrical engineer")),
    "trades": ("Skilled Trades", ("electrician", "plumber", "joiner", "welder")),
    "logistics": ("Logistics", ("warehouse planner", "dispatcher", "fleet manager", "customs agent")),
    "hospitality": ("Hospitality", ("chef", "hotel manager", "event planner", "sommelier")),
    "media": ("Media and Writing", ("technical writer", "journalist", "sound engineer", "video editor")),
    "science": ("Science and Laboratory", ("lab technician", "field ecologist", "chemist", "research assistant")),
    "public": ("Public Service", ("city planner", "librarian", "policy adviser", "social worker")),
}

TAG_TOPICS = (
    "resume", "interview", "salary", "portfolio", "networking", "remote", "freelance", "leadership",
    "certification", "internship", "mentoring", "burnout", "promotion", "relocation", "apprenticeship",
    "bootcamp", "side-project", "career-change", "part-time", "onboarding",
)
TAG_ASPECTS = ("tips", "basics", "checklist", "examples", "mistakes", "planning", "tools", "stories", "questions", "trends")
TAGS = tuple(f"{t}-{a}" for t in TAG_TOPICS for a in TAG_ASPECTS)

AUTHORS = tuple(f"Desk {n}" for n in range(1, 21))

TITLES = (
    "How to become a {role} without a degree",
    "A week in the life of a {role}",
    "{Role} interview questions: what they really test",
    "From {other} to {role}: a twelve-month plan",
    "What a {role} earns, and why it varies",
    "The first ninety days as a {role}",
    "Writing a {role} resume that gets read",
    "{Role} or {other}? Choosing between two good paths",
    "Freelancing as a {role}: rates, contracts & taxes",
    "Certifications worth having as a {role}",
    "Moving abroad as a {role}",
    "Common mistakes every new {role} makes",
    "Building a portfolio as a {role}",
    "Working part-time as a {role}",
    "Leading a team: the senior {role}'s guide",
    "Remote work for the {role}: habits that last",
)

H2 = (
    "What does a {role} do?", "Skills employers look for", "Typical training routes", "A realistic timeline",
    "Pay, bands and negotiation", "Tools of the trade", "How to find your first post", "Preparing for the interview",
    "Working with {others}s", "Moving up: senior and lead roles", "Mistakes to avoid", "Where the demand is",
    "Building proof of your work", "Questions to ask the employer", "Learning on the job", "Health, hours and balance",
    "Changing direction later", "Legal and contract basics", "A sample week", "Automating the boring parts",
    "Reading the numbers", "Networking that doesn't feel forced", "Costs and funding", "Further reading",
)
H3 = (
    "Example", "Checklist", "In small organisations", "In large organisations", "What to measure", "What people say",
    "A short script", "Common objections", "If you are over forty", "If you are still at school", "Costs",
    "Warning signs", "Next step", "A counter-example", "Template", "Frequently asked questions",
)

ADJ = (
    "steady", "practical", "demanding", "well-paid", "regional", "seasonal", "technical", "patient", "careful", "modest",
    "structured", "informal", "early", "recent", "reliable", "unexpected", "useful", "narrow", "broad", "honest",
    "repetitive", "creative", "measurable", "senior", "junior", "local", "public", "private", "hybrid", "strategic",
)
NOUN = (
    "apprenticeship", "employer", "reference", "interview panel", "probation period", "job board", "recruiter", "mentor",
    "portfolio", "certificate", "budget", "contract", "team", "department", "workshop", "project", "deadline", "shift",
    "salary band", "training plan", "client", "regulator", "review meeting", "handover", "notice period", "skill gap",
    "evening course", "union", "pension scheme", "work sample", "night school", "job description", "cover letter",
    "spreadsheet", "roadmap", "safety briefing", "licence", "placement", "supervisor", "colleague", "trial day",
)
VERB = (
    "review", "prepare", "compare", "negotiate", "document", "practise", "schedule", "measure", "discuss", "repeat",
    "simplify", "question", "record", "plan", "share", "test", "rewrite", "explain", "track", "update", "draft", "check",
)
ADV = (
    "usually", "rarely", "often", "quietly", "carefully", "in practice", "over time", "within a month", "at first",
    "after the first year", "in most regions", "on paper", "every quarter", "with some help", "without much fuss",
)
PLACE = (
    "in a small firm", "in the public sector", "at a start-up", "in a large hospital", "across three offices",
    "in a regional branch", "on a construction site", "in a family business", "at a university", "in a rural district",
    "inside a global group", "on a remote team", "in a charity", "at a manufacturer", "in the city centre",
)
BENEFIT = (
    "a clearer picture of the role", "a stronger position at review time", "fewer surprises in the first month",
    "a reference you can rely on", "a calmer working week", "room to specialise", "better questions for the next interview",
    "an honest view of the pay", "time to learn the tools", "a plan you can keep", "proof that you can finish things",
)

# Slots: {a} adjective, {n} noun, {v} verb, {d} adverb, {p} place, {b} benefit, {r} role, {o} other role, {k} number.
SENTENCES = (
    "Most people who start as a {r} {d} underestimate how much the {n} matters.",
    "A {a} {n} is worth more than a {a} one, because it tells the {n} what you can do.",
    "When you {v} the {n} {d}, you get {b}.",
    "It helps to {v} each {n} and to {v} the result with a {a} {n}.",
    "The work of a {r} {p} differs from the work of a {o} {p}, even when the job title is the same.",
    "**Start with the {n}**: it is the one thing that every {a} {n} asks about.",
    "You don't need a {a} {n} to begin, but you do need {b}.",
    "Ask for the {n} in writing, then {v} it with your {n} before you agree to anything.",
    "Around {k} per cent of those we spoke to changed their {n} {d}.",
    "If the {n} looks {a}, {v} it again; if it still looks {a}, walk away.",
    "People {d} say that a {r} should *never* {v} the {n} alone, and they are {d} right.",
    "There is no {a} answer here: some {n}s reward speed, others reward a {a} {n}.",
    "Keep a note of every {n} for {k} days and you will see where the time goes.",
    "Between a {a} {n} and a {a} {n} lies {b}.",
    "Nobody expects a new {r} to {v} a {n} in the first week.",
    "What counts {p} is whether you can {v} a {n}, explain it to a {o}, and then {v} it again.",
    "Set aside {k} minutes a day to {v} your {n}; small steps give you {b}.",
    "The `{v}_{w}` step is dull, yet skipping it is how a {a} {n} turns into a {a} {n}.",
    "A friend who works as a {o} {p} can often {v} your {n} better than a paid {n}.",
    "Even so, the {n} remains {a}: budgets shrink, a {n} changes, and the plan has to follow.",
    "{D}, the {n} is {a} and the {n} is {a}; both can be learned.",
    "Write down three things: the {n} you want, the {n} you have, and the {n} that connects them.",
    "Employers {p} {d} look for a {r} who can {v} and {v} without being asked.",
    "By the time you reach year {k}, the {n} will matter less than {b}.",
    "Do not confuse a {a} {n} with a {a} career; the first is a fact, the second is a choice.",
    "The fastest way to {v} a {n} is to {v} someone else's and then compare notes.",
    "Two of the {k} people in our survey found their {n} through a {a} {n}.",
    "A {n} costs money, but a {a} {n} costs more, and it takes {d} longer to repair.",
    "Think of the {n} as a {a} tool: it should give you {b}, nothing more.",
    "Whether you work {p} or {p}, the rule is the same: {v} first, {v} later.",
)
LEADS = (
    "A {a} look at what a {r} needs: the {n}, the {n} and {b}.",
    "How to {v} a {n}, {v} a {n} and get {b} as a {r}.",
    "What we learned from {k} conversations with people who work {p}.",
    "The {n}, the {n} and the {a} truth about life as a {r} {p}.",
)
ITEMS = (
    "A {a} {n} that you can {v} in under {k} minutes",
    "{V} the {n} and keep a copy",
    "One {n} for every {a} {n}",
    "**{V}** the {n} before the {n}",
    "Notes from at least {k} {n}s",
    "A short list of {n}s {p}",
    "Time to {v}, {d} an hour a week",
    "Something that shows {b}",
)
QUOTES = (
    "I thought the {n} would be {a}. It was the {n} that taught me to {v}.",
    "Nobody told me to {v} the {n}, so I did it {d}, {p}.",
    "Give me a {a} {n} over a {a} {n} any day.",
)
LINKINGS = (
    "For the longer story, see [{t}]({u}).",
    "We compare the routes in [{t}]({u}).",
    "If that sounds familiar, read [{t}]({u}) next.",
    "Our guide [{t}]({u}) covers the {n} in detail.",
)
EXTERNALS = (
    "The [{w} survey](https://{h}/reports/{w}-{k}) puts the figure near {k} per cent.",
    "A plain explanation of the {n} is kept at <https://{h}/guides/{w}/{k}>.",
    "The [national {w} office]({u} \"Opens the {w} office\") publishes the {n} rules every year.",
)
HOSTS = ("stats.example.org", "www.example.net", "jobs.example.com", "archive.example.edu")
TABLES = (
    ("Level", "Typical pay", "Years", "Focus"),
    ("Route", "Cost", "Months", "Good for"),
    ("Employer", "Hours", "Staff", "What to expect"),
)
WORDS = (
    "wage", "skills", "labour", "training", "pay", "career", "placement", "apprentice", "census", "employment",
    "pension", "sector", "vacancy", "income", "regional", "study", "course", "licence",
)

# --------------------------------------------------------------------------
# Seeded choices.  Only random.Random.random() is used: its sequence for a given
# string seed is the same in every Python 3, which choice() and sample() are not.
# --------------------------------------------------------------------------


class Dice:
    def __init__(self, seed: str) -> None:
        self.random = random.Random(seed).random

    def pick(self, items):
        return items[int(self.random() * len(items))]

    def number(self, low: int, high: int) -> int:
        return low + int(self.random() * (high - low + 1))

    def chance(self, probability: float) -> bool:
        return self.random() < probability

    def distinct(self, items, count: int) -> list:
        chosen: list[int] = []
        while len(chosen) < count:
            index = int(self.random() * len(items))
            if index not in chosen:
                chosen.append(index)
        return [items[index] for index in chosen]


SLOT = re.compile(r"\{(\w+)\}")
ARTICLE = re.compile(r"\b([Aa]) (?=[aeio]|un[^i]|hon)")  # 'a honest' -> 'an honest'


def compiled(templates):
    """Split 'text {slot} text' once: literals at even positions, slots at odd."""
    return tuple(tuple(SLOT.split(template)) for template in templates)


BANKS = {"a": ADJ, "n": NOUN, "v": VERB, "d": ADV, "p": PLACE, "b": BENEFIT, "w": WORDS, "h": HOSTS}
CAPITALS = {"V": VERB, "D": ADV}


def fill(parts, dice: Dice, **fixed: str) -> str:
    out = []
    for position, part in enumerate(parts):
        if not position & 1:
            out.append(part)
        elif part in BANKS:
            out.append(dice.pick(BANKS[part]))
        elif part in fixed:
            out.append(fixed[part])
        elif part == "k":
            out.append(str(dice.number(3, 60)))
        else:
            out.append(dice.pick(CAPITALS[part]).capitalize())
    return ARTICLE.sub(r"\1n ", "".join(out))


SENTENCES_C, LEADS_C, ITEMS_C, QUOTES_C, LINKINGS_C, EXTERNALS_C, H2_C, TITLES_C = map(
    compiled, (SENTENCES, LEADS, ITEMS, QUOTES, LINKINGS, EXTERNALS, H2, TITLES)
)

# --------------------------------------------------------------------------
# Code blocks.  A block is put together from several snippets of its language.
# In a snippet $a..$f are identifiers, $A..$C type names, $n..$p numbers, $s..$u
# words; each has one value per snippet.  None holds '{{' or '{%', which some
# generators would take for a template tag.
# --------------------------------------------------------------------------

IDENT_HEAD = (
    "load", "read", "count", "merge", "score", "rank", "filter", "group", "parse", "send", "draft", "match", "sort", "track",
    "sum", "pay", "skill", "job", "shift", "salary", "band", "offer", "role", "task", "week", "course", "grade",
)
IDENT_TAIL = (
    "rows", "total", "items", "index", "plan", "report", "list", "table", "rate", "hours", "names", "dates", "notes",
    "limit", "value", "entry", "record", "batch", "log", "state", "result", "budget", "level", "path",
)
TYPE_WORDS = ("Offer", "Salary", "Course", "Shift", "Report", "Plan", "Candidate", "Reviewer", "Ledger", "Contract", "Roster", "Skill")
STRINGS = (
    "draft ready", "not found", "senior", "junior", "on hold", "approved", "missing date", "weekly", "monthly", "full time",
    "part time", "north", "south", "remote", "night shift", "closed", "open", "in review", "final", "expired",
)

SNIPPETS: dict[str, tuple[str, ...]] = {
    "python": (
        "def $a($b, $c=$n):\n    \"\"\"Return the $s for each $b.\"\"\"\n    $d = []\n    for $e in $b:\n        if $e.get(\"$t\") is None:\n            continue\n        $d.append($e[\"$t\"] * $c + $o)\n    return $d",
        "class $A:\n    limit = $n\n\n    def __init__(self, $b):\n        self.$b = $b\n        self.$c = {\"$s\": $o, \"$t\": None}\n\n    def $a(self):\n        return sum(x for x in self.$b if x > self.limit)",
        "with open(\"$a.csv\", encoding=\"utf-8\") as $b:\n    $c = [line.strip().split(\",\") for line in $b]\n    print(f\"{len($c)} rows, {$n * $o:.2f} $s\")  # $t",
        "try:\n    $a = int(input(\"$s: \"))\nexcept ValueError as error:\n    raise SystemExit(f\"$t: {error}\")",
        "import json\nfrom datetime import date, timedelta\n\n$a = {day: day + timedelta(days=$n) for day in [date($p, 1, 1)]}\nassert $a, \"$s\"",
    ),
    "javascript": (
        "export function $a($b, $c = $n) {\n  const $d = new Map();\n  for (const $e of $b) {\n    const key = $e.name ?? '$s';\n    $d.set(key, ($d.get(key) || 0) + $c);\n  }\n  return [...$d.entries()].sort((x, y) => y[1] - x[1]);\n}",
        "class $A {\n  #$a = $n;\n\n  constructor($b) {\n    this.$b = $b; // $s\n  }\n\n  get $c() {\n    return this.$b.filter((x) => x > this.#$a).length;\n  }\n}",
        "const $a = async ($b) => {\n  const reply = await fetch(`/api/$c/${$b}?limit=$n`);\n  if (!reply.ok) {\n    throw new Error(\"$s\");\n  }\n  return reply.json();\n};",
        "/* $s */\ndocument.querySelectorAll('.$a').forEach((node) => {\n  node.addEventListener('click', () => node.classList.toggle('$b'), false);\n});",
        "if (typeof $a === 'undefined' && /^$s\\d{2,$n}$/i.test($b)) {\n  console.log('$t', $o * 0.5);\n}",
    ),
    "rust": (
        "pub fn $a($b: &[u32]) -> Option<u32> {\n    let mut $c = $n;\n    for value in $b.iter().filter(|v| **v > $o) {\n        $c += value; // $s\n    }\n    if $c == 0 { None } else { Some($c) }\n}",
        "#[derive(Debug, Clone, PartialEq)]\nstruct $A {\n    $a: String,\n    $b: Vec<u64>,\n}\n\nimpl $A {\n    fn $c(&self) -> usize {\n        self.$b.len() * $n\n    }\n}",
        "match $a.get(\"$s\") {\n    Some(&value) if value >= $n => println!(\"$t: {value:>8.2}\"),\n    Some(_) => {}\n    None => eprintln!(\"$u\"),\n}",
        "let $a: HashMap<&str, Vec<_>> = $b\n    .lines()\n    .map(|line| line.trim())\n    .filter(|line| !line.starts_with('#'))\n    .fold(HashMap::new(), |mut acc, line| {\n        acc.entry(\"$s\").or_insert_with(Vec::new).push(line.len() + $n);\n        acc\n    });",
        "/// The $s of a $t.\nenum $B<'a> {\n    $A(&'a str),\n    Other { $a: i64, $b: f32 },\n}",
    ),
    "sql": (
        "SELECT $a.name, COUNT(*) AS $c, AVG($a.$b) AS average\nFROM $a\nLEFT JOIN $d ON $d.id = $a.$d_id\nWHERE $a.state = '$s' AND $a.$b > $n\nGROUP BY $a.name\nHAVING COUNT(*) >= $o\nORDER BY average DESC\nLIMIT $n;",
        "CREATE TABLE $a (\n    id INTEGER PRIMARY KEY,\n    $b VARCHAR($n) NOT NULL,\n    $c DECIMAL(10, 2) DEFAULT $o,\n    created_at TIMESTAMP -- $s\n);",
        "INSERT INTO $a ($b, $c)\nVALUES ('$s', $n),\n       ('$t', $o),\n       (NULL, 0);",
        "WITH ranked AS (\n    SELECT *, ROW_NUMBER() OVER (PARTITION BY $b ORDER BY $c DESC) AS position\n    FROM $a\n)\nUPDATE $a SET $c = $c + $n WHERE id IN (SELECT id FROM ranked WHERE position = 1);",
    ),
    "ruby": (
        "class $A\n  attr_reader :$a, :$b\n\n  def initialize($a, $b = $n)\n    @$a = $a\n    @$b = $b\n  end\n\n  def $c\n    @$a.select { |item| item[:$d] > @$b }.map(&:to_s)\n  end\nend",
        "$a = File.readlines('$b.txt', chomp: true).reject(&:empty?)\n$a.each_with_index do |line, number|\n  puts \"#{number}: #{line.upcase}\" unless line =~ /^#/ # $s\nend",
        "def $a($b:, $c: nil)\n  return '$s' if $c.nil?\n\n  case $b\n  when 1..$n then :low\n  when /$t/ then :match\n  else raise ArgumentError, \"$u: #{$b}\"\n  end\nend",
        "module $B\n  LIMIT = $n\n  DEFAULTS = { $a: '$s', $b: $o, '$t' => %w[one two] }.freeze\nend",
    ),
    "php": (
        "<?php\nfunction $a(array $items, int $limit = $n): array\n{\n    $out = [];\n    foreach ($items as $key => $item) {\n        if ($item['$b'] > $limit) {\n            $out[$key] = strtoupper($item['name'] ?? '$s');\n        }\n    }\n    return $out; // $t\n}",
        "final class $A\n{\n    private const $B = '$s';\n\n    public function __construct(private string $name, protected ?int $age = null)\n    {\n    }\n\n    public function $a(): float\n    {\n        return $this->age * $n / 1.5;\n    }\n}",
        "$rows = array_map(fn($row) => $row['$a'] + $n, $$b);\necho \"Total: {$rows[0]} $s\\n\";",
        "try {\n    $db = new PDO('sqlite:$a.db');\n} catch (PDOException $$e) {\n    exit('$s');\n}",
    ),
    "bash": (
        "set -euo pipefail\n$a=\"${1:-$b}\"\nfor file in \"$$a\"/*.txt; do\n  if [[ -s \"$file\" && $(wc -l < \"$file\") -gt $n ]]; then\n    echo \"$s: $file\" >> $c.log\n  fi\ndone",
        "$a() {\n  local $b=$1\n  case \"$$b\" in\n    start|stop) printf '%s\\n' \"$s\" ;;\n    *) return $n ;;\n  esac\n}",
        "# $s\nsort -u $a.csv | cut -d, -f1,$n | awk -F, '$1 > $o { print $1 }' | tee $b.out",
        "while read -r line; do\n  $a=$((${$a:-0} + ${#line}))\ndone < <(grep -v '^#' $b.conf)\nexport $A=\"$$a\"",
        "trap 'rm -f \"$tmp\"' EXIT\ntmp=$(mktemp)\ncurl --silent --max-time $n \"$url/$a\" > \"$tmp\" || exit 1",
    ),
    "html": (
        "<!-- $s -->\n<section id=\"$a\" class=\"$b $c\">\n  <h2>$t</h2>\n  <p data-limit=\"$n\">Apply &amp; wait <strong>$o</strong> days.</p>\n</section>",
        "<form action=\"/$a\" method=\"post\">\n  <label for=\"$b\">$s</label>\n  <input type=\"number\" id=\"$b\" name=\"$b\" min=\"$n\" required>\n  <button type=\"submit\" disabled>$t</button>\n</form>",
        "<table>\n  <tr><th>$s</th><td>$n</td></tr>\n  <tr><th>$t</th><td>$o</td></tr>\n</table>",
        "<script>\n  const $a = $n;\n  document.title = '$s';\n</script>",
        "<ul class=\"$a\">\n  <li><a href=\"/$b/?page=$n\">$s</a></li>\n  <li><img src=\"$c.png\" alt=\"$t\" width=\"$o\"></li>\n</ul>",
    ),
    "css": (
        ".$a > li:nth-child($n) {\n  margin: 0 auto $opx;\n  color: #3a5f$n;\n  background: url(\"$b.png\") no-repeat;\n}",
        "@media (min-width: $n0px) and (prefers-color-scheme: dark) {\n  #$a, [data-$b=\"$s\"] {\n    display: grid;\n    grid-template-columns: repeat($o, minmax(0, 1fr));\n  }\n}",
        "/* $s */\n:root {\n  --$a: $nrem;\n  --$b: rgb(12 $n $o / 50%);\n}",
        "a.$a:hover::after {\n  content: \"$s\";\n  transition: opacity .$ns ease-in-out;\n  width: calc(100% - var(--$b));\n}",
        "@keyframes $a {\n  from { transform: rotate(0deg); }\n  to { transform: rotate($ndeg) !important; }\n}",
    ),
    "json": (
        "\"$a\": {\n  \"$b\": $n,\n  \"$c\": \"$s\",\n  \"$d\": [true, false, null, $o.5]\n}",
        "\"$a\": [\n  {\"name\": \"$s\", \"$b\": $n, \"$c\": -$o},\n  {\"name\": \"$t\", \"$b\": $o, \"$c\": 1.5e3}\n]",
        "\"$a\": \"$s\\n$t\",\n\"$b\": {\"$c\": [], \"$d\": {}}",
    ),
}
LANGUAGES = tuple(SNIPPETS)
CODE_SLOT = re.compile(r"\$(?:([a-fA-Cn-pstu])(?![a-z])|([no])(?=px|rem|deg|s\b))")
JOIN = {"json": ",\n"}


def snippet(template: str, dice: Dice) -> str:
    values: dict[str, str] = {}

    def value(match: re.Match) -> str:
        key = match.group(1) or match.group(2)
        if key not in values:
            if key in "abcdef":
                values[key] = f"{dice.pick(IDENT_HEAD)}_{dice.pick(IDENT_TAIL)}"
            elif key in "ABC":
                values[key] = dice.pick(TYPE_WORDS) + dice.pick(TYPE_WORDS)
            elif key in "nop":
                values[key] = str(dice.number(2, 99))
            else:
                values[key] = dice.pick(STRINGS)
        return values[key]

    return CODE_SLOT.sub(value, template)


def code_block(language: str, dice: Dice) -> str:
    """8 to 25 lines of one language."""
    wanted = dice.number(8, 25)
    templates = SNIPPETS[language]
    parts: list[str] = []
    lines = 2 if language == "json" else 0
    turn = dice.number(0, len(templates) - 1)
    while lines < 8 or lines < wanted:
        text = snippet(templates[turn % len(templates)], dice)
        turn += 1
        extra = text.count("\n") + 1 + (1 if parts and language != "json" else 0)
        if lines >= 8 and lines + extra > 25:
            break
        parts.append(text)
        lines += extra
    body = JOIN.get(language, "\n\n").join(parts)
    if language == "json":
        body = "{\n" + "\n".join("  " + line for line in body.split("\n")) + "\n}"
    if language == "php":  # one opening tag, at the top
        body = "<?php\n" + body.replace("<?php\n", "")
    return f"```{language}\n{body}\n```"


# --------------------------------------------------------------------------
# Articles
# --------------------------------------------------------------------------


@dataclass(frozen=True)
class Head:
    """What other pages need to know about an article."""

    index: int
    section: str
    role: str
    other: str
    title: str
    slug: str
    date: str

    @property
    def url(self) -> str:
        return f"/{self.section}/{self.slug}/"


def slugify(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


SECTION_SLUGS = tuple(SECTIONS)
START = datetime(2019, 1, 1)
SPAN_MINUTES = 6 * 365 * 24 * 60
STRIDE = 1_000_003  # a prime that does not divide SPAN_MINUTES: dates never collide


def make_head(seed: int, index: int) -> Head:
    dice = Dice(f"{seed}/head/{index}")
    section = SECTION_SLUGS[index % len(SECTION_SLUGS)]
    roles = SECTIONS[section][1]
    role, other = dice.distinct(roles, 2)
    title = fill(dice.pick(TITLES_C), dice, role=role, Role=role[0].upper() + role[1:], other=other)
    date = START + timedelta(minutes=index * STRIDE % SPAN_MINUTES)
    return Head(index, section, role, other, title, f"{slugify(title)}-{index}", date.strftime("%Y-%m-%dT%H:%M:%SZ"))


@dataclass(frozen=True)
class Article:
    head: Head
    description: str
    author: str
    tags: tuple[str, ...]
    body: str


def make_article(seed: int, heads: list[Head], index: int, link) -> Article:
    """``link(head, target)`` gives the destination text of a link to ``target``."""
    head = heads[index]
    dice = Dice(f"{seed}/body/{index}")
    links = Dice(f"{seed}/links/{index}")
    roles = {"r": head.role, "o": head.other}

    def sentence(templates=SENTENCES_C) -> str:
        return fill(dice.pick(templates), dice, **roles)

    description = sentence(LEADS_C)
    author = dice.pick(AUTHORS)
    tags = tuple(dice.distinct(TAGS, 3))

    # What has to appear once or a few times, spread over the sections.
    inserts: list[str] = []
    for _ in range(dice.number(3, 5)):
        target = heads[links.number(0, len(heads) - 1)]
        inserts.append(fill(dice.pick(LINKINGS_C), dice, t=target.title, u=link(head, target)))
    for _ in range(dice.number(2, 4)):
        host = dice.pick(HOSTS)
        inserts.append(fill(dice.pick(EXTERNALS_C), dice, u=f"https://{host}/{dice.pick(WORDS)}/{dice.number(1, 999)}"))

    def paragraph(first: str = "") -> str:
        sentences = [first] if first else []
        sentences += [sentence() for _ in range(dice.number(3, 6))]
        return " ".join(sentences)

    def bullets() -> str:
        marks = [f"{n}. " for n in range(1, 9)] if dice.chance(0.3) else ["- "] * 8
        lines = []
        for mark in marks[: dice.number(3, 6)]:
            lines.append(mark + sentence(ITEMS_C))
            if mark == "- " and dice.chance(0.2):
                lines += ["  - " + sentence(ITEMS_C) for _ in range(2)]
        return "\n".join(lines)

    def table() -> str:
        columns = dice.pick(TABLES)
        rows = ["| " + " | ".join(columns) + " |", "|---|---:|:---:|---|"]
        for _ in range(dice.number(4, 6)):
            cells = (dice.pick(ADJ).capitalize(), f"{dice.number(18, 95)},{dice.number(100, 999)}", str(dice.number(1, 15)), sentence(ITEMS_C))
            rows.append("| " + " | ".join(cells) + " |")
        return "\n".join(rows)

    image = f"![{dice.pick(ADJ).capitalize()} {dice.pick(NOUN)} chart](/img/chart-{dice.number(1, IMAGES):02d}.svg)"
    first_language = dice.number(0, len(LANGUAGES) - 1)
    extras = [
        table(),
        image,
        code_block(LANGUAGES[first_language], dice),
        code_block(LANGUAGES[(first_language + dice.number(1, len(LANGUAGES) - 1)) % len(LANGUAGES)], dice),
        "> " + sentence(QUOTES_C),
    ]

    count = dice.number(5, 8)
    unused = list(H3)
    wanted = dice.number(1250, 1830) - sum(len(extra.split()) for extra in extras)
    headings = dice.distinct(H2_C, count)
    out: list[str] = [paragraph(), paragraph(inserts.pop(0))]
    words = sum(len(block.split()) for block in out)
    for number, heading in enumerate(headings):
        out.append("## " + fill(heading, dice, role=head.role, others=head.other))
        budget = words + (wanted - words) // (count - number)
        subsections = dice.number(1, 3) if dice.chance(0.45) else 0
        for extra in extras[number::count]:
            out.append(paragraph(inserts.pop(0) if inserts else ""))
            out.append(extra)
            words += len(out[-2].split())
        while words < budget:
            if subsections and unused and dice.chance(0.5):
                out.append("### " + unused.pop(dice.number(0, len(unused) - 1)))
                subsections -= 1
            out.append(paragraph(inserts.pop(0) if inserts else ""))
            words += len(out[-1].split())
            if words < budget and dice.chance(0.3):
                out.append(bullets())
                words += len(out[-1].split())
    while inserts:
        out.append(paragraph(inserts.pop(0)))
    return Article(head, description, author, tags, "\n\n".join(out) + "\n")


# --------------------------------------------------------------------------
# Targets
# --------------------------------------------------------------------------


def relative_link(source: Head, target: Head) -> str:
    return f"{target.slug}.md" if source.section == target.section else f"../{target.section}/{target.slug}.md"


LINKS = {
    "guidepost": relative_link,
    # Resolved and checked by its link hook, layouts/_markup/render-link.html.
    "hugo": lambda source, target: f"/{target.section}/{target.slug}.md",
    # Rewritten by a rule in eleventy.config.js; nothing checks it.
    "eleventy": relative_link,
}


def quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def front_matter(article: Article, target: str) -> str:
    head = article.head
    tags = "[" + ", ".join(article.tags) + "]"
    lines = [f"title: {quoted(head.title)}", f"description: {quoted(article.description)}", f"date: {head.date}"]
    lines += [f"author: {quoted(article.author)}", f"tags: {tags}"]
    if target == "eleventy":
        lines += ["layout: article.njk", f"section: {head.section}"]
    return "---\n" + "\n".join(lines) + "\n---\n\n"


def section_front_matter(title: str, target: str) -> str:
    lines = [f"title: {quoted(title)}"]
    if target == "guidepost":
        lines += ["sort_by: date", "paginate_by: 50"]
    return "---\n" + "\n".join(lines) + "\n---\n"


def nav_lines(target: str) -> str:
    pairs = [(slug, title) for slug, (title, _) in SECTIONS.items()]
    if target == "eleventy":
        return json.dumps([{"slug": s, "title": t} for s, t in pairs], indent=2)
    if target == "guidepost":
        return "\n".join(f'[[nav]]\ntitle = {quoted(t)}\nurl = "@/{s}/_index.md"\n' for s, t in pairs)
    return "nav = [\n" + "".join(f'  {{ slug = "{s}", title = "{t}" }},\n' for s, t in pairs) + "]"


def write_static(root: Path) -> None:
    for folder in ("css", "js", "img"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    rules = [f".col-{n} {{ width: calc({n}% + {n % 7}px); padding: {n % 5}rem; }}" for n in range(1, 101)]
    (root / "css/site.css").write_text("body { font: 1rem/1.6 sans-serif; }\n" + "\n".join(rules) + "\n", encoding="utf-8")
    (root / "js/site.js").write_text("document.documentElement.classList.add('js');\n", encoding="utf-8")
    for number in range(1, IMAGES + 1):
        dice = Dice(f"image/{number}")
        bars = "".join(
            f'<rect x="{x * 24}" y="{200 - height}" width="18" height="{height}" fill="#{dice.number(0, 0xFFFFFF):06x}"/>'
            for x, height in ((x, dice.number(10, 190)) for x in range(20))
        )
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 200">{bars}</svg>\n'
        (root / f"img/chart-{number:02d}.svg").write_text(svg, encoding="utf-8")


def copy_site(target: str, out: Path) -> None:
    source = HERE / "sites" / target
    for path in sorted(source.rglob("*")):
        if path.is_file():
            copy = out / path.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(path.read_text(encoding="utf-8").replace("@@NAV@@", nav_lines(target)), encoding="utf-8")


def write_site(pages: int, out: Path, target: str, seed: int = 1) -> None:
    """Writes the whole site for one generator into a folder that does not exist."""
    content = out / "content"
    for section, (title, _) in SECTIONS.items():
        (content / section).mkdir(parents=True)
        if target != "eleventy":
            (content / section / "_index.md").write_text(section_front_matter(title, target), encoding="utf-8")
    if target != "eleventy":
        (content / "_index.md").write_text(f"---\ntitle: {quoted(SITE_TITLE)}\n---\n", encoding="utf-8")
    heads = [make_head(seed, index) for index in range(pages)]
    for index, head in enumerate(heads):
        article = make_article(seed, heads, index, LINKS[target])
        path = content / head.section / f"{head.slug}.md"
        path.write_text(front_matter(article, target) + article.body, encoding="utf-8")
    write_static(out / "static")
    copy_site(target, out)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--pages", type=int, required=True, help="number of articles")
    parser.add_argument("--out", type=Path, required=True, help="folder to write; must not exist")
    parser.add_argument("--for", dest="target", choices=TARGETS, default="guidepost")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if options.pages < 1:
        parser.error("--pages must be at least 1")
    if options.out.exists():
        parser.error(f"{options.out} exists")
    write_site(options.pages, options.out, options.target, options.seed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
