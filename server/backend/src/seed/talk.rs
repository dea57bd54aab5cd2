//! Reads the demo community: what is said about the demo novels, from one plain Markdown file.
//!
//! `# <novel>` opens a board, `## <kind> by <name>: <title>` a post, `likes: <names>` follows it, and each heading
//! below, `### <name>` and deeper, is a reply to the nearest one above that is less deep.

use domain::community::PostKind;

const TALK: &str = include_str!("prose/community.md");

/// A post on a novel's board, with the people who like it and the replies in reading order.
#[derive(Debug)]
pub(super) struct Thread {
    pub(super) novel: &'static str,
    pub(super) kind: PostKind,
    pub(super) author: &'static str,
    pub(super) title: &'static str,
    pub(super) content: String,
    pub(super) likes: Vec<&'static str>,
    pub(super) replies: Vec<Remark>,
}

/// A reply; `depth` is 0 for an answer to the post itself.
#[derive(Debug)]
pub(super) struct Remark {
    pub(super) depth: usize,
    pub(super) author: &'static str,
    pub(super) content: String,
}

/// Every thread, in the order of the file.
pub(super) fn all() -> Vec<Thread> {
    let mut novel = "";
    let mut threads: Vec<Thread> = Vec::new();
    for line in TALK.lines() {
        let hashes = line.bytes().take_while(|byte| *byte == b'#').count();
        let heading = line[hashes..].trim();
        match (hashes, threads.last_mut()) {
            (1, _) => novel = heading,
            (2, _) => threads.push(Thread::open(novel, heading)),
            (0, Some(thread)) => thread.take(line),
            (0, None) => assert!(line.is_empty(), "text before the first post: {line}"),
            (depth, Some(thread)) => {
                thread.replies.push(Remark { depth: depth - 3, author: heading, content: String::new() });
            }
            (_, None) => unreachable!("a reply before the first post: {line}"),
        }
    }
    threads.into_iter().map(Thread::trimmed).collect()
}

impl Thread {
    fn open(novel: &'static str, heading: &'static str) -> Self {
        let (kind, rest) = heading.split_once(" by ").expect("a post says its kind and who wrote it");
        let (author, title) = rest.split_once(": ").expect("a post has a title");
        let kind = PostKind::ALL.into_iter().find(|known| known.as_str() == kind).expect("the kind of a post");
        Thread { novel, kind, author, title, content: String::new(), likes: Vec::new(), replies: Vec::new() }
    }

    fn take(&mut self, line: &'static str) {
        if let Some(names) = line.strip_prefix("likes: ") {
            self.likes = names.split(", ").collect();
            return;
        }
        let content = self.replies.last_mut().map_or(&mut self.content, |reply| &mut reply.content);
        content.push_str(line);
        content.push('\n');
    }

    fn trimmed(mut self) -> Self {
        let contents = self.replies.iter_mut().map(|reply| &mut reply.content).chain([&mut self.content]);
        for content in contents {
            *content = content.trim().to_owned();
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_published_novels_are_talked_about_in_every_kind() {
        let threads = all();

        let novels: Vec<_> = threads.iter().map(|thread| thread.novel).collect();
        assert!(novels.contains(&"A False High Water") && novels.contains(&"The Stray Weather Pound"));
        for kind in PostKind::ALL {
            assert!(threads.iter().any(|thread| thread.kind == kind), "{kind:?}");
        }
    }

    #[test]
    fn threads_go_three_deep_and_never_skip_a_level() {
        let threads = all();

        assert!(threads.iter().flat_map(|thread| &thread.replies).any(|reply| reply.depth == 2));
        for thread in &threads {
            let mut level = 0;
            for reply in &thread.replies {
                assert!(reply.depth <= level, "{}", reply.content);
                level = reply.depth + 1;
            }
        }
    }

    #[test]
    fn nothing_is_said_without_words() {
        for thread in all() {
            assert!(!thread.content.is_empty(), "{}", thread.title);
            assert!(thread.replies.iter().all(|reply| !reply.content.is_empty()), "{}", thread.title);
        }
    }
}
