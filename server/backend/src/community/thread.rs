//! The order of a thread, and what is left in it of replies that were removed.
//!
//! A reply's `path` is its parent's with one step more: when it was written, then its id. Sorted byte by byte, every
//! reply comes right behind what it answers, and answers come in the order they were written.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use domain::{community::MAX_DEPTH, id::ReplyId};

use crate::entity::reply;

/// Where a new reply stands in its thread.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) depth: i32,
    pub(super) path: String,
}

impl Place {
    /// The place of `reply` under `parent`, or under the post itself.
    ///
    /// An answer to the deepest reply becomes its neighbour: threads stay readable on a phone, and paths stay short.
    pub(super) fn under(parent: Option<&reply::Model>, reply: ReplyId, now: DateTime<Utc>) -> Self {
        let step = format!("{:012x}{reply}", now.timestamp_millis());
        match parent {
            None => Place { depth: 0, path: step },
            Some(parent) if parent.depth < MAX_DEPTH => {
                Place { depth: parent.depth + 1, path: format!("{}/{step}", parent.path) }
            }
            Some(parent) => {
                let above = parent.path.rsplit_once('/').map_or("", |(above, _)| above);
                Place { depth: parent.depth, path: format!("{above}/{step}") }
            }
        }
    }
}

/// Leaves of a thread what is to be shown: replies, and the removed ones that still hold answers.
pub(super) fn without_loose_ends(mut rows: Vec<reply::Model>) -> Vec<reply::Model> {
    let parents: HashMap<&str, Option<&str>> =
        rows.iter().map(|row| (row.id.as_str(), row.parent_id.as_deref())).collect();
    let mut held: HashSet<String> = HashSet::new();
    for row in rows.iter().filter(|row| row.deleted_at.is_none()) {
        // Up to the root, or to where another reply has been before.
        let mut next = Some(row.id.as_str());
        while let Some(id) = next {
            next = if held.insert(id.to_owned()) { parents.get(id).copied().flatten() } else { None };
        }
    }
    rows.retain(|row| held.contains(&row.id));
    rows
}

#[cfg(test)]
mod tests {
    use domain::id::PostId;

    use super::*;

    fn time(millis: i64) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(1_700_000_000_000 + millis).unwrap()
    }

    fn reply(number: u8, parent: Option<&reply::Model>, millis: i64) -> reply::Model {
        let id = ReplyId::from_random([number; 21]);
        let Place { depth, path } = Place::under(parent, id, time(millis));
        reply::Model {
            id: id.to_string(),
            post_id: PostId::from_random([0; 21]).to_string(),
            parent_id: parent.map(|parent| parent.id.clone()),
            depth,
            path,
            author_id: String::new(),
            body: "Yes.".to_owned(),
            body_html: "<p>Yes.</p>".to_owned(),
            renderer_version: 1,
            edited_at: None,
            version: 1,
            created_at: time(millis),
            updated_at: time(millis),
            deleted_at: None,
            deleted_by: None,
        }
    }

    fn removed(mut reply: reply::Model) -> reply::Model {
        reply.deleted_at = Some(time(999));
        reply
    }

    #[test]
    fn every_reply_comes_right_behind_what_it_answers() {
        let first = reply(1, None, 0);
        let second = reply(2, None, 10);
        let late_answer = reply(3, Some(&first), 20);
        let its_answer = reply(4, Some(&late_answer), 30);

        let mut thread = [&second, &its_answer, &first, &late_answer];
        thread.sort_by_key(|reply| reply.path.as_str());

        assert_eq!(thread, [&first, &late_answer, &its_answer, &second]);
    }

    #[test]
    fn an_answer_to_the_deepest_reply_stays_at_its_level_behind_it() {
        let mut thread = vec![reply(1, None, 0)];
        for number in 2..=9 {
            let answer = reply(number, thread.last(), i64::from(number));
            thread.push(answer);
        }

        let depths: Vec<_> = thread.iter().map(|reply| reply.depth).collect();

        assert_eq!(depths, [0, 1, 2, 3, 4, 5, 5, 5, 5]);
        assert!(thread.is_sorted_by_key(|reply| reply.path.clone()));
        assert!(thread.iter().all(|reply| reply.path.len() <= 6 * 34));
    }

    #[test]
    fn a_removed_reply_stays_while_it_holds_answers() {
        let root = removed(reply(1, None, 0));
        let middle = removed(reply(2, Some(&root), 1));
        let answer = reply(3, Some(&middle), 2);
        let alone = removed(reply(4, None, 3));

        let kept = without_loose_ends(vec![root.clone(), middle.clone(), answer.clone(), alone]);

        assert_eq!(kept, [root.clone(), middle.clone(), answer.clone()]);
        assert_eq!(without_loose_ends(vec![root, middle, removed(answer)]), []);
    }
}
