//! Where functions begin and end. rustfmt decides: the closing brace stands below the `fn`.

/// A function with a body.
pub(super) struct Function {
    pub(super) name: String,
    pub(super) lines: usize,
}

/// All functions in `text` that are longer than a line.
pub(super) fn functions(text: &str) -> Vec<Function> {
    let lines: Vec<_> = text.lines().collect();
    let mut found = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let Some(name) = name(line) else { continue };
        let indent = line.len() - line.trim_start().len();
        let closing = format!("{}}}", " ".repeat(indent));
        let below = lines[start..].iter().position(|line| **line == closing);
        // A signature without a body ends with `;` before any brace closes at its level.
        let ends_early = line.ends_with(';') || line.ends_with('}');
        if let Some(below) = below.filter(|_| !ends_early) {
            found.push(Function { name, lines: below + 1 });
        }
    }
    found
}

/// The name of the function that begins in this line.
fn name(line: &str) -> Option<String> {
    let (before, after) = line.split_once("fn ")?;
    let is_head = before
        .split_whitespace()
        .all(|word| ["pub", "async", "const", "unsafe", "extern"].contains(&word) || word.starts_with("pub("));
    let name: String = after.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    (is_head && !name.is_empty()).then_some(name)
}

#[test]
fn a_function_is_as_long_as_its_lines() {
    let text =
        "impl A {\n    pub(super) async fn b(\n        c: D,\n    ) -> E {\n        f()\n    }\n\n    fn g() {}\n}\n";

    let found: Vec<_> = functions(text).into_iter().map(|function| (function.name, function.lines)).collect();

    assert_eq!(found, [("b".to_owned(), 5)]);
}
