//! A device with two tabs, a server, and everything that can go wrong between them: small enough to be checked at every
//! step, and with the real queue in each tab.

use std::collections::{BTreeMap, BTreeSet};

use super::*;

/// What can become of a save.
#[derive(Clone, Copy, Debug)]
pub(super) enum Fate {
    Answered,
    /// It arrived, and its answer did not.
    AnswerLost,
    Lost,
    SignedOut,
    TooMany,
    Broken,
}

/// One thing that happens. Tabs are 0 and 1.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    Type(usize, Field),
    Keep(usize),
    Save(usize),
    Answer(usize, Fate),
    /// The tab is gone without a word; its save may still arrive.
    Crash(usize, bool),
    Open(usize),
    /// The tab hears what the server has, from another tab or a fetch.
    Hear(usize),
    ChooseMine(usize),
    ChooseTheirs(usize),
    /// Somebody writes on another device.
    Elsewhere(Field),
    DeviceFull(bool),
}

struct Tab {
    desk: String,
    queue: SaveQueue,
    sending: Option<Outgoing>,
    /// Words that were typed since the text was last kept.
    loose: Vec<String>,
    /// Words that were not chosen, and that the device had no room for.
    unkept: Vec<String>,
}

pub(super) struct World {
    stored: Scene,
    /// Every text the server ever acknowledged, and every one that lost a choice.
    history: Vec<Texts>,
    device: BTreeMap<DraftName, Draft>,
    is_full: bool,
    tabs: [Option<Tab>; 2],
    /// Words that were on the device once.
    kept: BTreeSet<String>,
    time: u64,
}

impl World {
    pub(super) fn new() -> Self {
        let stored = scene(1, "sea");
        let history = vec![Texts::from(&stored)];
        let (device, kept) = (BTreeMap::new(), BTreeSet::new());
        World { stored, history, device, is_full: false, tabs: [None, None], kept, time: 0 }
    }

    pub(super) fn take(&mut self, step: Step) {
        self.time += 1;
        match step {
            Step::Type(tab, field) => self.type_word(tab, field),
            Step::Keep(tab) => self.keep(tab),
            Step::Save(tab) => self.save(tab),
            Step::Answer(tab, fate) => self.answer(tab, fate),
            Step::Crash(tab, arrives) => {
                if let Some(Tab { sending: Some(outgoing), .. }) = self.tabs[tab].take().filter(|_| arrives) {
                    let _ = self.serve(&outgoing);
                }
            }
            Step::Open(tab) => self.open(tab),
            Step::Hear(tab) => self.with(tab, |tab, world| tab.queue.receive(world.stored.clone())),
            Step::ChooseMine(tab) => self.with(tab, |tab, _| tab.queue.keep_mine()),
            Step::ChooseTheirs(tab) => {
                self.keep(tab);
                self.with(tab, |tab, _| {
                    tab.queue.keep_theirs();
                    // What found no room is promised to nobody before the server has it.
                    tab.unkept.append(&mut tab.loose);
                });
            }
            Step::Elsewhere(field) => {
                let word = self.word();
                let mut texts = Texts::from(&self.stored);
                texts.set(field, format!("{} {word}", texts.get(field)));
                let edit = texts.changes_from(&Texts::from(&self.stored), self.stored.version);
                let _ = self.serve(&Outgoing::Edit(edit));
                self.kept.insert(word);
            }
            Step::DeviceFull(is_full) => self.is_full = is_full,
        }
    }

    fn with(&mut self, n: usize, act: impl FnOnce(&mut Tab, &mut World)) {
        if let Some(mut tab) = self.tabs[n].take() {
            act(&mut tab, self);
            for name in tab.queue.outlived() {
                self.device.remove(&name);
            }
            self.tabs[n] = Some(tab);
        }
    }

    fn word(&self) -> String {
        format!("w{}", self.time)
    }

    fn open(&mut self, n: usize) {
        if self.tabs[n].is_none() {
            let desk = format!("desk{}", self.time);
            self.tabs[n] =
                Some(Tab { desk, queue: SaveQueue::default(), sending: None, loose: Vec::new(), unkept: Vec::new() });
            self.with(n, |tab, world| tab.queue.receive(world.stored.clone()));
            self.look_at_device(n);
        }
    }

    fn look_at_device(&mut self, n: usize) {
        let desks: Vec<String> = self.tabs.iter().flatten().map(|tab| tab.desk.clone()).collect();
        let mut left: Vec<(DraftName, Draft)> = self.device.clone().into_iter().collect();
        left.retain(|(name, _)| !desks.iter().any(|desk| name.to_string().ends_with(desk)));
        left.sort_by_key(|(_, draft)| std::cmp::Reverse(draft.kept_at));
        self.with(n, |tab, _| tab.queue.found(left));
    }

    fn type_word(&mut self, n: usize, field: Field) {
        let word = self.word();
        self.with(n, |tab, world| {
            let text = format!("{} {word}", tab.queue.texts().get(field));
            tab.queue.type_text(field, text, world.time);
            tab.loose.push(word);
        });
    }

    fn keep(&mut self, n: usize) {
        self.with(n, |tab, world| {
            let Some(draft) = tab.queue.draft(world.time) else { return };
            let version = draft.edit.version.expect("a draft names its version");
            let name = DraftName::new(UserId::from_random([9; 21]), world.stored.id, version, &tab.desk);
            let on_device = !world.is_full;
            if on_device {
                world.device.insert(name.clone(), draft);
                world.kept.extend(tab.loose.drain(..));
            }
            for older in tab.queue.was_kept(&name, on_device) {
                world.device.remove(&older);
            }
        });
    }

    fn save(&mut self, n: usize) {
        self.with(n, |tab, _| {
            if tab.sending.is_none() {
                tab.sending = tab.queue.begin();
            }
        });
        self.keep(n);
    }

    fn answer(&mut self, n: usize, fate: Fate) {
        self.with(n, |tab, world| {
            let Some(outgoing) = tab.sending.take() else { return };
            let mut serve = || world.serve(&outgoing);
            let answer = match fate {
                Fate::Answered => serve(),
                Fate::AnswerLost => serve().and(Err(Failure::Lost)).or(Err(Failure::Lost)),
                Fate::Lost => Err(Failure::Lost),
                Fate::SignedOut => Err(Refusal::SignedOut.into()),
                Fate::TooMany => Err(Refusal::TooMany { retry_after_secs: 1 }.into()),
                Fate::Broken => Err(Failure::Broken),
            };
            match answer {
                Ok(scene) => tab.queue.confirm(scene, world.time),
                Err(failure) => tab.queue.refuse(failure),
            }
        });
    }

    /// What the server does with a save.
    fn serve(&mut self, outgoing: &Outgoing) -> Result<Scene, Failure> {
        let (edit, losing) = match outgoing {
            Outgoing::Edit(edit) => (edit, None),
            Outgoing::Choice { edit, losing } => (edit, Some(losing)),
        };
        if edit.version != Some(self.stored.version) {
            return Err(Failure::Refused(Current::scene(&self.stored).into()));
        }
        let present = Texts::from(&self.stored);
        self.history.extend(losing.map(|losing| present.with(losing)));
        let texts = present.with(edit);
        self.history.push(texts.clone());
        self.stored = Scene {
            title: texts.title,
            content: texts.content,
            summary: texts.summary,
            goal: texts.goal,
            conflict: texts.conflict,
            outcome: texts.outcome,
            status: texts.status,
            version: self.stored.version + 1,
            ..scene(1, "")
        };
        Ok(self.stored.clone())
    }

    /// Every word that was on a device or a server once is somewhere still.
    pub(super) fn assert_nothing_is_lost(&self) {
        for word in &self.kept {
            let holds = |texts: &Texts| Field::ALL.iter().any(|&field| texts.get(field).split(' ').any(|w| w == word));
            let in_history = self.history.iter().any(holds);
            let on_device = self.device.values().any(|draft| holds(&Texts::default().with(&draft.edit)));
            let on_screen = self.tabs.iter().flatten().any(|tab| holds(tab.queue.texts()));
            assert!(in_history || on_device || on_screen, "{word} is lost");
        }
    }

    /// Everything works again, and the writer answers every question: what is left then?
    pub(super) fn come_to_rest(&mut self, choose: Step) {
        self.is_full = false;
        for n in [1, 0] {
            self.open(n);
            for _ in 0..100 {
                self.take(Step::Answer(n, Fate::Answered));
                self.take(choose);
                self.take(if n == 0 { Step::ChooseMine(0) } else { Step::ChooseTheirs(1) });
                self.take(Step::Save(n));
                self.take(Step::Hear(n));
                self.look_at_device(n);
            }
            let tab = self.tabs[n].take().expect("it was opened");
            let said: Vec<&String> = tab.loose.iter().collect();
            assert!(!tab.queue.is_dirty() && tab.queue.clash().is_none(), "{:?} {said:?}", tab.queue.state());
            self.kept.extend(tab.loose.into_iter().chain(tab.unkept));
            assert!(tab.queue.texts().same_as(&Texts::from(&self.stored)), "the server has what the screen shows");
        }
        assert_eq!(self.device.len(), 0, "the device owes nothing");
        self.assert_nothing_is_lost();
    }
}
