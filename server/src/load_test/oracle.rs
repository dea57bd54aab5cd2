//! What nobody may be shown any more.
//!
//! Every fact has a number that only grows. `acknowledged` raises what all readers must see from now on; a read takes
//! the floor before it starts ([`Oracle::floor`]) and is judged against it afterwards ([`Oracle::judge`]). Because the
//! floor is taken first, a read that ran beside a write is never accused.

use std::{
    collections::HashMap,
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
};

use domain::id::{PostId, SceneId, StoryId};

use super::stage::Stage;

/// Something that everyone sees in versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Fact {
    /// The version of a scene, as its author sees it.
    Working(SceneId),
    /// The version of a scene's text that readers see.
    Published(SceneId),
    /// The version of a story's title.
    Title(StoryId),
    /// How many posts a board has.
    Posts(StoryId),
    /// How many replies a post has.
    Replies(PostId),
}

/// What one read showed of one fact.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sight {
    pub(super) fact: Fact,
    pub(super) seen: i64,
}

/// One session's memory: what it has seen, it must not un-see.
#[derive(Debug, Default)]
pub(super) struct Memory(HashMap<Fact, i64>);

/// What had been acknowledged when a read began.
#[derive(Clone, Debug, Default)]
pub(super) struct Floor(HashMap<Fact, i64>);

/// A text that a save acknowledged.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub(super) scene: SceneId,
    pub(super) account: usize,
    pub(super) token: String,
}

/// A post or a reply that was acknowledged.
#[derive(Clone, Debug)]
pub(super) struct Said {
    pub(super) post: PostId,
    /// The text of the reply; `None` for the post itself.
    pub(super) reply: Option<String>,
}

/// All that was promised so far. Safe to share.
#[derive(Debug, Default)]
pub(super) struct Oracle {
    acked: Mutex<HashMap<Fact, i64>>,
    kept: Mutex<Vec<Kept>>,
    said: Mutex<Vec<Said>>,
    stale: Mutex<Vec<String>>,
}

impl Oracle {
    /// Notes what there is before anybody acts.
    pub(super) fn expect_stage(&self, stage: &Stage) {
        for set in &stage.sets {
            self.acknowledge(Fact::Title(set.story), set.title_version);
            self.acknowledge(Fact::Posts(set.story), 1);
            for (scene, version) in &set.scenes {
                self.acknowledge(Fact::Working(*scene), *version);
                self.acknowledge(Fact::Published(*scene), *version);
            }
        }
    }

    /// A write of this version was answered: from now on nobody may see less.
    pub(super) fn acknowledge(&self, fact: Fact, version: i64) {
        let mut acked = held(&self.acked);
        let newest = acked.entry(fact).or_default();
        *newest = version.max(*newest);
    }

    /// One more was answered, of something that is counted.
    pub(super) fn count(&self, fact: Fact) {
        *held(&self.acked).entry(fact).or_default() += 1;
    }

    /// The newest version known to be answered.
    pub(super) fn acknowledged(&self, fact: Fact) -> i64 {
        held(&self.acked).get(&fact).copied().unwrap_or_default()
    }

    /// What a read that starts now must show at least.
    pub(super) fn floor(&self) -> Floor {
        Floor(held(&self.acked).clone())
    }

    /// Notes a text that must be found again.
    pub(super) fn keep(&self, text: Kept) {
        held(&self.kept).push(text);
    }

    /// Notes a post or reply that must be found again.
    pub(super) fn heard(&self, said: Said) {
        held(&self.said).push(said);
    }

    /// The texts that must be found again.
    pub(super) fn kept(&self) -> Vec<Kept> {
        held(&self.kept).clone()
    }

    /// The posts and replies that must be found again.
    pub(super) fn said(&self) -> Vec<Said> {
        held(&self.said).clone()
    }

    /// Judges what one read showed: older than what was acknowledged before it began, or than what the same session
    /// saw before, is stale.
    pub(super) fn judge(&self, from: &str, floor: &Floor, memory: &mut Memory, sights: &[Sight]) {
        for Sight { fact, seen } in sights {
            let acked = floor.0.get(fact).copied().unwrap_or_default();
            let before = memory.0.entry(*fact).or_default();
            let least = acked.max(*before);
            if *seen < least {
                held(&self.stale).push(format!("{from}: {fact} is {seen}, but {least} was there before"));
            }
            *before = least.max(*seen);
        }
    }

    /// Notes a stale read that a user found by itself.
    pub(super) fn accuse(&self, what: String) {
        held(&self.stale).push(what);
    }

    /// Every stale read so far, in words.
    pub(super) fn stale(&self) -> Vec<String> {
        held(&self.stale).clone()
    }

    /// How many texts, posts and replies were acknowledged.
    pub(super) fn promises(&self) -> usize {
        held(&self.kept).len() + held(&self.said).len()
    }
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fact::Working(scene) => write!(f, "version of scene {scene}"),
            Fact::Published(scene) => write!(f, "published version of scene {scene}"),
            Fact::Title(story) => write!(f, "version of the title of story {story}"),
            Fact::Posts(story) => write!(f, "number of posts on the board of {story}"),
            Fact::Replies(post) => write!(f, "number of replies to {post}"),
        }
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A user that panicked is reported as such; what it had noted is whole.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fact() -> Fact {
        Fact::Working(SceneId::from_random([7; domain::id::LENGTH]))
    }

    fn judged(oracle: &Oracle, floor: &Floor, memory: &mut Memory, seen: i64) -> usize {
        let before = oracle.stale().len();
        oracle.judge("a read", floor, memory, &[Sight { fact: fact(), seen }]);
        oracle.stale().len() - before
    }

    #[test]
    fn less_than_what_was_acknowledged_before_the_read_began_is_stale() {
        let oracle = Oracle::default();
        oracle.acknowledge(fact(), 3);
        let floor = oracle.floor();

        assert_eq!(judged(&oracle, &floor, &mut Memory::default(), 2), 1);
        assert_eq!(judged(&oracle, &floor, &mut Memory::default(), 3), 0);
    }

    #[test]
    fn a_read_that_ran_beside_the_write_is_not_accused() {
        let oracle = Oracle::default();
        let floor = oracle.floor();
        oracle.acknowledge(fact(), 3);

        assert_eq!(judged(&oracle, &floor, &mut Memory::default(), 2), 0);
    }

    #[test]
    fn a_session_never_goes_backwards() {
        let (oracle, mut memory) = (Oracle::default(), Memory::default());
        let floor = oracle.floor();

        assert_eq!(judged(&oracle, &floor, &mut memory, 5), 0);
        assert_eq!(judged(&oracle, &floor, &mut memory, 4), 1);
        assert_eq!(judged(&oracle, &floor, &mut Memory::default(), 4), 0);
    }

    #[test]
    fn acknowledgements_that_come_out_of_order_do_not_lower_the_floor() {
        let oracle = Oracle::default();
        oracle.acknowledge(fact(), 4);
        oracle.acknowledge(fact(), 3);

        assert_eq!(oracle.acknowledged(fact()), 4);
    }
}
