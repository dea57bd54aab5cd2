//! Writing something, and showing what it will do before the server has said so.
//!
//! A mutation names the views it changes and how; they are shown that way at once. When the server has answered, its value
//! is shown instead, without a blink in between; when it refuses, exactly this mutation's changes go, and no others. What
//! the write makes stale needs no word here: the answer's headers say it, and the transport reads them.

use std::{cell::RefCell, future::Future, rc::Rc};

use domain::cache::{Clock, Key, Snapshot};
use leptos::task::spawn_local;
use resource_cache::{Event, MutationId, Rollback};

use super::{browser, cache, catalog::Patch};
use crate::api::Failure;

/// A write that is about to be sent. It does nothing until [`Mutation::run`].
pub struct Mutation<T> {
    patches: Vec<(Key, Patch)>,
    rollback: Rollback,
    revalidates: Vec<Key>,
    on_rollback: Box<dyn FnOnce()>,
    on_success: Box<dyn FnOnce(T)>,
    on_failure: Box<dyn FnOnce(Failure)>,
}

impl<T: 'static> Default for Mutation<T> {
    fn default() -> Self {
        Mutation {
            patches: Vec::new(),
            rollback: Rollback::Undo,
            revalidates: Vec::new(),
            on_rollback: Box::new(|| {}),
            on_success: Box::new(|_| {}),
            on_failure: Box::new(|_| {}),
        }
    }
}

impl<T: 'static> Mutation<T> {
    /// One that shows nothing early.
    pub fn new() -> Self {
        Mutation::default()
    }

    /// Shows `patch` in the view at `key` until the server's value is there.
    #[must_use]
    pub fn shows(mut self, key: Key, patch: Patch) -> Self {
        self.patches.push((key, patch));
        self
    }

    /// Shows `patch` in every remembered view that `is_it` chooses.
    #[must_use]
    pub fn shows_where(mut self, is_it: impl Fn(&Key) -> bool, patch: &Patch) -> Self {
        if browser::in_browser() {
            // It knows of no view before.
            cache::start();
            self.patches.extend(cache::keys_where(is_it).into_iter().map(|key| (key, patch.clone())));
        }
        self
    }

    /// Leaves what is shown when the server refuses, until it has another value: for whoever would rather see what they did
    /// and be told that it was not taken.
    #[must_use]
    pub fn without_rollback(mut self) -> Self {
        self.rollback = Rollback::Keep;
        self
    }

    /// Asks for these views again afterwards, whatever happened, and shows what is there meanwhile: for what the write
    /// changes outside of this site's tags.
    #[must_use]
    pub fn revalidates(mut self, keys: impl IntoIterator<Item = Key>) -> Self {
        self.revalidates.extend(keys);
        self
    }

    /// What to do when what was shown early was taken back, before [`Mutation::on_failure`] is told why.
    #[must_use]
    pub fn on_rollback(mut self, act: impl FnOnce() + 'static) -> Self {
        self.on_rollback = Box::new(act);
        self
    }

    /// What to do with the answer.
    #[must_use]
    pub fn on_success(mut self, act: impl FnOnce(T) + 'static) -> Self {
        self.on_success = Box::new(act);
        self
    }

    /// What to do when it was refused or lost, after what was shown early has gone.
    #[must_use]
    pub fn on_failure(mut self, act: impl FnOnce(Failure) + 'static) -> Self {
        self.on_failure = Box::new(act);
        self
    }

    /// Shows what it will do, and sends it.
    pub fn run(self, call: impl Future<Output = Result<Snapshot<T>, Failure>> + 'static) {
        let begun = self.begin();
        spawn_local(async move { begun.end(call.await) });
    }

    /// Shows what it will do; sending it is another's business.
    fn begin(mut self) -> Begun<T> {
        cache::start();
        let mutation = cache::next_mutation();
        let patches = std::mem::take(&mut self.patches);
        cache::handle(Event::MutationBegun { mutation, patches });
        Begun { mutation, wish: self }
    }
}

/// A mutation whose answer is awaited.
struct Begun<T> {
    mutation: MutationId,
    wish: Mutation<T>,
}

impl<T> Begun<T> {
    fn end(self, answer: Result<Snapshot<T>, Failure>) {
        let Begun { mutation, wish } = self;
        match answer {
            Ok(Snapshot { value, clock }) => {
                confirm(mutation, clock);
                (wish.on_success)(value);
            }
            Err(failure) => {
                cache::handle(Event::MutationFailed { mutation, rollback: wish.rollback });
                if wish.rollback == Rollback::Undo {
                    (wish.on_rollback)();
                }
                (wish.on_failure)(failure);
            }
        }
        wish.revalidates.into_iter().for_each(cache::invalidate);
    }
}

fn confirm(mutation: MutationId, clock: Clock) {
    cache::handle(Event::MutationConfirmed { mutation, clock: Some(clock), values: Vec::new() });
}

/// Wishes for one thing, such as whether a post is liked: sent one after the other, and of those that wait only the last.
///
/// Two requests that are on their way together may arrive in any order; then the heart would say what was clicked first.
pub struct Wishes<W, T>(Rc<RefCell<Line<W, T>>>);

struct Line<W, T> {
    is_sending: bool,
    waiting: Option<(W, Vec<Begun<T>>)>,
}

impl<W, T> Clone for Wishes<W, T> {
    fn clone(&self) -> Self {
        Wishes(Rc::clone(&self.0))
    }
}

impl<W: 'static, T: Clone + 'static> Default for Wishes<W, T> {
    fn default() -> Self {
        Wishes(Rc::new(RefCell::new(Line { is_sending: false, waiting: None })))
    }
}

impl<W: 'static, T: Clone + 'static> Wishes<W, T> {
    /// Shows what `mutation` will do, and sends `wish` when nothing else is on its way; a wish that waited is not sent.
    pub fn make<F>(&self, wish: W, mutation: Mutation<T>, send: impl Fn(W) -> F + 'static)
    where
        F: Future<Output = Result<Snapshot<T>, Failure>> + 'static,
    {
        let begun = mutation.begin();
        let is_first = {
            let mut line = self.0.borrow_mut();
            let mut all = line.waiting.take().map(|(_, begun)| begun).unwrap_or_default();
            all.push(begun);
            line.waiting = Some((wish, all));
            !std::mem::replace(&mut line.is_sending, true)
        };
        if is_first {
            let wishes = self.clone();
            spawn_local(async move { wishes.send_all(send).await });
        }
    }

    async fn send_all<F>(self, send: impl Fn(W) -> F)
    where
        F: Future<Output = Result<Snapshot<T>, Failure>>,
    {
        loop {
            let next = {
                let mut line = self.0.borrow_mut();
                line.is_sending = line.waiting.is_some();
                line.waiting.take()
            };
            let Some((wish, begun)) = next else { return };
            let answer = send(wish).await;
            begun.into_iter().for_each(|begun| begun.end(answer.clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    /// What a mutation says, in order, when it is answered.
    fn said(choose: impl Fn(Mutation<()>) -> Mutation<()>, answer: Result<(), Failure>) -> Vec<&'static str> {
        let said = Rc::new(RefCell::new(Vec::new()));
        let note = |word: &'static str| {
            let said = Rc::clone(&said);
            move || said.borrow_mut().push(word)
        };
        let (success, failure) = (note("success"), note("failure"));
        let wish = choose(Mutation::new())
            .on_rollback(note("rollback"))
            .on_success(move |()| success())
            .on_failure(move |_| failure());
        let answer = answer.map(|value| Snapshot { value, clock: Clock::new(1, 1) });
        Begun { mutation: MutationId(1), wish }.end(answer);
        said.take()
    }

    #[test]
    fn what_was_shown_early_is_taken_back_before_it_is_said_why() {
        assert_eq!(said(|wish| wish, Err(Failure::Lost)), ["rollback", "failure"]);
        assert_eq!(said(Mutation::without_rollback, Err(Failure::Lost)), ["failure"]);
        assert_eq!(said(|wish| wish, Ok(())), ["success"]);
    }
}
