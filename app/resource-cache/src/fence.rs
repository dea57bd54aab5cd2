//! Which invalidations are remembered, so that what arrives late cannot slip past them.
//!
//! A value may arrive long after it was read: out of storage, with a page that was rendered a while ago. Its clock is then
//! held against the newest invalidations of its tags and of its group. The memory is bounded: the tag that was not
//! invalidated for longest is forgotten, and its clocks join the *floor*, which everything that was not asked for must
//! reach. So forgetting makes the engine stricter, never more careless.

mod frontier;

use std::collections::BTreeMap;

pub(crate) use frontier::Frontier;

use crate::{Catalog, Invalidation, Scope};

/// Groups are few; this only bounds a catalog that has many.
const GROUPS: usize = 64;

/// The newest invalidations of this session, by tag and by group.
pub(crate) struct Fences<A: Catalog> {
    capacity: usize,
    tags: BTreeMap<A::Tag, TagFence<A::Clock>>,
    /// The tags in the order of their last invalidation.
    order: BTreeMap<u64, A::Tag>,
    last: u64,
    groups: Vec<GroupFence<A>>,
    /// Resets: they concern every view.
    all: Frontier<A::Clock>,
    /// What a frozen page may have missed: it casts doubt on every view.
    doubted: Frontier<A::Clock>,
    floor: Frontier<A::Clock>,
}

struct TagFence<C> {
    /// Its place in the order.
    last: u64,
    gone: Frontier<C>,
}

struct GroupFence<A: Catalog> {
    group: A::Group,
    /// Invalidations of the whole group.
    gone: Frontier<A::Clock>,
    /// Invalidations that named the group beside their tags.
    marked: Frontier<A::Clock>,
}

impl<A: Catalog> Fences<A> {
    /// Remembers up to `capacity` tags.
    pub(crate) fn new(capacity: usize) -> Self {
        Self {
            capacity,
            tags: BTreeMap::new(),
            order: BTreeMap::new(),
            last: 0,
            groups: Vec::new(),
            all: Frontier::default(),
            doubted: Frontier::default(),
            floor: Frontier::default(),
        }
    }

    pub(crate) fn remember(&mut self, invalidation: &Invalidation<A>) {
        let clock = invalidation.clock.as_ref();
        for tag in &invalidation.tags {
            self.raise_tag(tag, clock);
        }
        for group in &invalidation.groups {
            let fence = self.group_mut(*group);
            match invalidation.scope {
                Scope::Tags => fence.marked.raise(clock),
                Scope::Groups => fence.gone.raise(clock),
            }
        }
        self.forget_surplus();
    }

    /// Remembers that everything older than `clock` is gone.
    pub(crate) fn remember_reset(&mut self, clock: Option<&A::Clock>) {
        self.all.raise(clock);
    }

    /// Remembers that everything older than `clock` is to be asked for again.
    pub(crate) fn remember_doubt(&mut self, clock: Option<&A::Clock>) {
        self.doubted.raise(clock);
    }

    /// Whether a value that nobody asked for proves to be at least as new as every invalidation that concerns it.
    pub(crate) fn admits(&self, tags: &[A::Tag], group: A::Group, clock: &A::Clock) -> bool {
        self.floor.admits(clock) && self.concerning(tags, group).all(|gone| gone.admits(clock))
    }

    /// Whether a value is certainly older than an invalidation that concerns it.
    ///
    /// The test for an answer whose fetch started after the invalidation: then the order of requests speaks for it, and
    /// only a clock that says otherwise speaks against it. The floor is of other views as well and says nothing here.
    pub(crate) fn outdates(&self, tags: &[A::Tag], group: A::Group, clock: &A::Clock) -> bool {
        self.concerning(tags, group).any(|gone| gone.outdates(clock))
    }

    /// Whether a value that nobody asked for must be asked for again, because its group was named since, or its
    /// page was frozen.
    pub(crate) fn marks(&self, group: A::Group, clock: &A::Clock) -> bool {
        let named = self.groups.iter().any(|fence| fence.group == group && !fence.marked.admits(clock));
        named || !self.doubted.admits(clock)
    }

    /// Forgets tags and groups; the floor keeps what they said.
    pub(crate) fn fold(&mut self) {
        self.order.clear();
        for fence in std::mem::take(&mut self.tags).into_values() {
            self.floor.merge(fence.gone);
        }
        for fence in std::mem::take(&mut self.groups) {
            self.floor.merge(fence.gone);
            self.floor.merge(fence.marked);
        }
        self.floor.merge(std::mem::take(&mut self.all));
        self.floor.merge(std::mem::take(&mut self.doubted));
    }

    /// How many tags and groups are remembered one by one.
    pub(crate) fn len(&self) -> usize {
        self.tags.len() + self.groups.len()
    }

    fn concerning<'a>(&'a self, tags: &'a [A::Tag], group: A::Group) -> impl Iterator<Item = &'a Frontier<A::Clock>> {
        let tags = tags.iter().filter_map(|tag| Some(&self.tags.get(tag)?.gone));
        let groups = self.groups.iter().filter(move |fence| fence.group == group).map(|fence| &fence.gone);
        tags.chain(groups).chain([&self.all])
    }

    fn raise_tag(&mut self, tag: &A::Tag, clock: Option<&A::Clock>) {
        self.last += 1;
        let last = self.last;
        let fence = self.tags.entry(tag.clone()).or_insert_with(|| TagFence { last, gone: Frontier::default() });
        self.order.remove(&fence.last);
        fence.last = last;
        fence.gone.raise(clock);
        self.order.insert(last, tag.clone());
    }

    fn group_mut(&mut self, group: A::Group) -> &mut GroupFence<A> {
        let known = self.groups.iter().position(|fence| fence.group == group);
        let place = known.unwrap_or_else(|| {
            self.groups.push(GroupFence { group, gone: Frontier::default(), marked: Frontier::default() });
            self.groups.len() - 1
        });
        &mut self.groups[place]
    }

    fn forget_surplus(&mut self) {
        while self.tags.len() > self.capacity {
            let oldest = self.order.pop_first().and_then(|(_, tag)| self.tags.remove(&tag));
            let Some(oldest) = oldest else { break };
            self.floor.merge(oldest.gone);
        }
        while self.groups.len() > GROUPS {
            let fence = self.groups.remove(0);
            self.floor.merge(fence.gone);
            self.floor.merge(fence.marked);
        }
    }
}
