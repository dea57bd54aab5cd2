//! Are the files there that browsers download, and as they should be?

use http::{StatusCode, header};

use super::{
    rule::{Fault, Rule, Verdict, demand, has_header, has_status},
    visit::Answer,
};

const BUILD: &str = "Build the site, and name its directory in LEPTOS_SITE_ROOT.";

pub(super) const RULES: &[Rule] = &[
    Rule { name: "The script is there", advice: BUILD, holds: |seen| file(&seen.script, "text/javascript") },
    Rule {
        name: "The program for browsers is there, as WebAssembly",
        advice: BUILD,
        holds: |seen| file(&seen.wasm, "application/wasm"),
    },
    Rule { name: "The style is there", advice: BUILD, holds: |seen| file(&seen.style, "text/css") },
    Rule {
        name: "Files are sent compressed",
        advice: "Build the site with .ci/build-site, which compresses them; let the proxy hand Accept-Encoding on.",
        holds: |seen| [&seen.script, &seen.wasm, &seen.style].into_iter().try_for_each(is_compressed),
    },
    Rule {
        name: "Pages are sent compressed",
        advice: "Let the proxy hand Accept-Encoding on, or compress itself.",
        holds: |seen| is_compressed(&seen.compressed_page),
    },
    Rule {
        name: "Files may be kept for ever",
        advice: "Build the site with .ci/build-site, whose files have new addresses when they change, and let the proxy leave what is said about caching as it is.",
        holds: |seen| {
            let kept = seen.script.as_ref()?.keeping().unwrap_or_default();
            demand(kept.contains("public") && kept.contains("immutable"), || {
                format!("who may keep it is told with {kept:?}")
            })
        },
    },
    Rule {
        name: "A file that a browser has is not sent again",
        advice: "Let the proxy hand If-Modified-Since on.",
        holds: |seen| {
            let known = seen.known_script.as_ref()?;
            has_status(known, StatusCode::NOT_MODIFIED)?;
            demand(known.size_bytes() == 0, || "there is a body all the same".to_owned())
        },
    },
];

fn file(answer: &Answer, kind: &str) -> Verdict {
    let answer = answer.as_ref()?;
    has_status(answer, StatusCode::OK)?;
    has_header(answer, &header::CONTENT_TYPE, |found| found.starts_with(kind))
}

fn is_compressed(answer: &Answer) -> Verdict {
    let answer = answer.as_ref()?;
    if answer.status != StatusCode::OK {
        return Err(Fault::NotApplicable("it is not there".to_owned()));
    }
    has_header(answer, &header::CONTENT_ENCODING, |found| ["br", "gzip", "zstd"].contains(&found))
}
