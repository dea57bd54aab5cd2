//! A document: its fenced blocks, its links, and the code within its lines.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// A Markdown file of the project.
pub(super) struct Document {
    /// From the root of the project.
    pub(super) path: String,
    pub(super) blocks: Vec<Block>,
    /// What stands outside the blocks: line by line, numbered from 1.
    lines: Vec<(usize, String)>,
}

/// A fenced block.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) kind: Kind,
    pub(super) body: String,
    /// Where its first line is.
    pub(super) line: usize,
}

/// What a block is, by the word behind its fence. There are no others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `sh`: is run.
    Commands,
    /// `text`: each line comes out of the commands above.
    Expected,
    /// `log`: comes out of a run that takes minutes; see [`super::quotations`] for each and its reason.
    Recorded,
    /// `rust`: stands in the source.
    Rust,
    /// `js`: stands in a browser test.
    Script,
    /// `mermaid`: the crates, and which needs which.
    Crates,
    /// `diagram`: a drawing; the files it names are there.
    Diagram,
}

impl Kind {
    fn of(word: &str) -> Option<Kind> {
        Some(match word {
            "sh" => Kind::Commands,
            "text" => Kind::Expected,
            "log" => Kind::Recorded,
            "rust" => Kind::Rust,
            "js" => Kind::Script,
            "mermaid" => Kind::Crates,
            "diagram" => Kind::Diagram,
            _ => return None,
        })
    }
}

impl Document {
    /// The document at `path`.
    pub(super) fn read(path: &str) -> Self {
        let text = fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
        Document::parse(path, &text)
    }

    /// The README and everything in `docs/`, in the order of their names.
    pub(super) fn all() -> Vec<Self> {
        let entries = fs::read_dir(root().join("docs")).expect("docs/");
        let mut paths: Vec<_> = entries
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter(|name| name.ends_with(".md"))
            .map(|name| format!("docs/{name}"))
            .collect();
        paths.push("README.md".to_owned());
        paths.sort();
        paths.iter().map(|path| Document::read(path)).collect()
    }

    fn parse(path: &str, text: &str) -> Self {
        let mut document = Document { path: path.to_owned(), blocks: Vec::new(), lines: Vec::new() };
        // How deep the fence stands of the block that we are in: those in lists stand deeper.
        let mut inside = None;
        for (number, line) in (1..).zip(text.lines()) {
            let words = line.trim_start();
            match (words.strip_prefix("```"), inside) {
                (Some(_), Some(_)) => inside = None,
                (Some(kind), None) => {
                    document.open(kind, number);
                    inside = Some(line.len() - words.len());
                }
                (None, Some(depth)) => document.go_on(line.get(depth..).unwrap_or(words)),
                (None, None) => document.lines.push((number, line.to_owned())),
            }
        }
        assert_eq!(inside, None, "{path}: the last block has no end");
        document
    }

    fn open(&mut self, word: &str, line: usize) {
        let Some(kind) = Kind::of(word) else { panic!("{}:{line}: a block of the kind '{word}'", self.path) };
        self.check_order(kind, line);
        self.blocks.push(Block { kind, body: String::new(), line: line + 1 });
    }

    fn go_on(&mut self, line: &str) {
        let block = self.blocks.last_mut().expect("it was opened");
        block.body.push_str(line);
        block.body.push('\n');
    }

    /// What is expected is expected of commands.
    fn check_order(&self, kind: Kind, line: usize) {
        let above = self.blocks.last().map(|block| block.kind);
        assert!(
            kind != Kind::Expected || above == Some(Kind::Commands),
            "{}:{line}: what should this come out of?",
            self.path
        );
    }

    /// What stands between backticks, with the number of the line where it begins. It may go on in the next line.
    pub(super) fn code_spans(&self) -> Vec<(usize, String)> {
        let mut spans = Vec::new();
        let mut open: Option<(usize, String)> = None;
        for (number, line) in &self.lines {
            for (place, piece) in line.split('`').enumerate() {
                if place > 0 {
                    open = match open {
                        Some(span) => {
                            spans.push(span);
                            None
                        }
                        None => Some((*number, String::new())),
                    };
                }
                if let Some((_, span)) = &mut open {
                    span.push_str(piece);
                }
            }
            if let Some((_, span)) = &mut open {
                span.push(' ');
            }
        }
        assert_eq!(open, None, "{}: a backtick has no other", self.path);
        spans
    }

    /// The targets of its links with their words, and the numbers of the lines.
    pub(super) fn links(&self) -> Vec<Link> {
        self.lines.iter().flat_map(|(number, line)| links_of(*number, line)).collect()
    }

    /// The names under which its headings can be linked to, as GitHub makes them.
    pub(super) fn anchors(&self) -> Vec<String> {
        let headings = self.lines.iter().filter_map(|(_, line)| line.trim_start_matches('#').strip_prefix(' '));
        headings.map(anchor).collect()
    }
}

/// `[words](target)`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) line: usize,
    pub(super) words: String,
    pub(super) target: String,
}

fn links_of(number: usize, line: &str) -> Vec<Link> {
    let mut found = Vec::new();
    for (start, _) in line.match_indices("](") {
        let words = line[..start].rsplit_once('[').map_or("", |(_, words)| words);
        let target = line[start + 2..].split(')').next().unwrap_or_default();
        found.push(Link { line: number, words: words.to_owned(), target: target.to_owned() });
    }
    // `[words]: target`, on a line of its own.
    if let Some((words, target)) = line.strip_prefix('[').and_then(|rest| rest.split_once("]: ")) {
        found.push(Link { line: number, words: words.to_owned(), target: target.to_owned() });
    }
    found
}

fn anchor(heading: &str) -> String {
    let lower = heading.to_lowercase();
    let kept = lower.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// The root of the project.
pub(super) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the server lives in the project").to_owned()
}

#[test]
fn blocks_are_found_by_their_fences() {
    let text = "1. A\n\n   ```sh\n   ls\n\n     -l\n   ```\n\nand `it\nis`\n\n```text\na\nb\n```\n";
    let document = Document::parse("a.md", text);

    let block = |kind, body: &str, line| Block { kind, body: body.to_owned(), line };
    assert_eq!(document.blocks, [block(Kind::Commands, "ls\n\n  -l\n", 4), block(Kind::Expected, "a\nb\n", 13)]);
    assert_eq!(document.code_spans(), [(9, "it is".to_owned())]);
}

#[test]
#[should_panic(expected = "a.md:1: a block of the kind 'bash'")]
fn a_kind_that_nobody_knows_is_not_skipped() {
    Document::parse("a.md", "```bash\nrm -r /\n```\n");
}

#[test]
#[should_panic(expected = "what should this come out of?")]
fn what_is_expected_without_commands_is_refused() {
    Document::parse("a.md", "```text\nfine\n```\n");
}

#[test]
fn links_are_found_with_their_words() {
    let document = Document::parse("a.md", "See [one](b.md#two) and [`three`](../c.rs).\n[four]: d.md\n");

    let targets: Vec<_> = document.links().into_iter().map(|link| (link.words, link.target)).collect();
    let pair = |words: &str, target: &str| (words.to_owned(), target.to_owned());
    assert_eq!(targets, [pair("one", "b.md#two"), pair("`three`", "../c.rs"), pair("four", "d.md")]);
    assert_eq!(anchor("What is `not` there, yet"), "what-is-not-there-yet");
}
