//! The documents do what they say: their commands are run, their links lead somewhere, their tables are the program's.
//!
//! One test per document runs its `sh` blocks, all in one shell, against an [installation](installation) of the shipped
//! program on PostgreSQL and Redis. What a document says must come out of them stands below them, as `text`. What a test
//! cannot run is [recorded](session) and judged by [`stand_ins`], which lists it program by program, with the reason; what is
//! on no list fails. No fence may be of a kind that [`document`] does not know.

mod deployment;
mod document;
mod installation;
mod links;
mod proxies;
mod quotations;
mod results;
mod session;
mod stand_ins;
mod tables;

use document::{Document, Kind};
use installation::{DevTools, Installation};
use session::Session;

/// Runs the commands of a document, and compares what comes out of each block with what stands below it.
async fn take(path: &str, dev_tools: DevTools) {
    let document = Document::read(path);
    let installation = Installation::start(dev_tools).await;
    let commands: Vec<_> = document.blocks.iter().filter(|block| block.kind == Kind::Commands).collect();
    assert!(!commands.is_empty(), "{path} has lost its commands");

    let transcript = Session::new(&installation).run(&commands).await;

    let mut outputs = transcript.outputs.iter();
    let mut current = "";
    for block in &document.blocks {
        match block.kind {
            Kind::Commands => current = outputs.next().map_or("", String::as_str),
            Kind::Expected => {
                for line in block.body.lines() {
                    let place = format!("{path}:{}", block.line);
                    assert!(current.contains(line), "{place}: {line}\nis not in\n{current}\n{}", transcript.complaints);
                }
            }
            Kind::Recorded | Kind::Rust | Kind::Script | Kind::Crates | Kind::Diagram => {}
        }
    }
    assert!(transcript.succeeded, "{path}: {}\n{}", transcript.outputs.join("\n--\n"), transcript.complaints);
    for call in transcript.calls {
        stand_ins::check(&call).unwrap_or_else(|problem| panic!("{path}: {}: {problem}", call.join(" ")));
    }
}

macro_rules! documents {
    ($($test:ident: $path:literal, $dev_tools:ident;)*) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $test() {
            take($path, DevTools::$dev_tools).await;
        }
    )*

    #[test]
    fn every_document_with_commands_is_taken() {
        let found: Vec<_> = Document::all()
            .into_iter()
            .filter(|document| document.blocks.iter().any(|block| block.kind == Kind::Commands))
            .map(|document| document.path)
            .collect();

        assert_eq!(found, [$($path),*]);
    }
    };
}

documents! {
    the_readme_does_what_it_says: "README.md", On;
    the_guide_to_the_api_does_what_it_says: "docs/api.md", On;
    the_architecture_does_what_it_says: "docs/architecture.md", On;
    the_client_cache_does_what_it_says: "docs/client-cache.md", On;
    the_consistency_does_what_it_says: "docs/consistency.md", On;
    the_operations_do_what_they_say: "docs/operations.md", Off;
    the_troubleshooting_does_what_it_says: "docs/troubleshooting.md", On;
}

#[test]
fn commands_within_a_line_are_those_that_there_are() {
    for document in Document::all() {
        for (line, span) in document.code_spans() {
            let words: Vec<String> = span.split_whitespace().map(str::to_owned).collect();
            if stand_ins::is_judged(&words) {
                stand_ins::check(&words)
                    .unwrap_or_else(|problem| panic!("{}:{line}: {span}: {problem}", document.path));
            }
        }
    }
}
