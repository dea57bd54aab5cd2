//! The guide to the API does what it says: its commands are run, and give what stands below them.

use std::{fs, path::Path, process::Command};

use crate::support::TestApp;

/// A piece of the guide.
#[derive(Debug, PartialEq)]
enum Block {
    Commands(String),
    Expected(String),
}

/// The blocks of a Markdown text that are `sh` or `text`.
fn blocks(markdown: &str) -> Vec<Block> {
    let fenced = markdown.split("\n```").skip(1).step_by(2);
    let block = fenced.filter_map(|block| {
        let (kind, body) = block.split_once('\n')?;
        match kind {
            "sh" => Some(Block::Commands(body.to_owned())),
            "text" => Some(Block::Expected(body.to_owned())),
            _ => None,
        }
    });
    block.collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_guide_to_the_api_does_what_it_says() {
    let app = TestApp::start().await;
    let guide = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/api.md")).expect("the guide");
    let blocks = blocks(&guide.replace("http://127.0.0.1:3000", &app.listen().await));
    assert!(blocks.len() > 10, "the guide has lost its commands");
    let folder = tempfile::tempdir().unwrap();

    // One shell for all commands; a line that nothing else prints stands between their outputs.
    let marker = "-- what the next block says --";
    let script: Vec<_> = blocks
        .iter()
        .filter_map(|block| match block {
            Block::Commands(commands) => Some(format!("{commands}\necho; echo '{marker}'\n")),
            Block::Expected(_) => None,
        })
        .collect();
    let mut bash = Command::new("bash");
    bash.args(["-euo", "pipefail", "-c", &script.concat()]).current_dir(folder.path());
    let output = tokio::task::spawn_blocking(move || bash.output()).await.unwrap().expect("bash");
    let (text, complaints) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));

    let mut outputs = text.split(marker);
    let mut current = "";
    for block in &blocks {
        match block {
            Block::Commands(_) => current = outputs.next().unwrap_or_default(),
            Block::Expected(lines) => {
                for line in lines.lines() {
                    assert!(current.contains(line), "{line}\nis not in\n{current}\n{complaints}");
                }
            }
        }
    }
    assert!(output.status.success(), "{text}\n{complaints}");
}

#[test]
fn blocks_are_found_by_their_fences() {
    let found = blocks("# A\n\n```sh\nls\n```\n\nand\n\n```text\na\nb\n```\n");

    assert_eq!(found, [Block::Commands("ls".to_owned()), Block::Expected("a\nb".to_owned())]);
}
