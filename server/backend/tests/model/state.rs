//! Everything that is, at one moment.

use crate::store::{Entry, Store};

/// How many servers there are, how many writers and how many readers. Writer *n* works on server *n*.
pub(crate) const TWO: usize = 2;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct State {
    /// The invalidation log, and with it the database: row *n* is the write at position *n + 1*.
    pub(crate) rows: [Option<Row>; TWO],
    /// The newest version of the view whose write was answered.
    pub(crate) acked: u8,
    /// The newest version that was shown to anyone.
    pub(crate) shown: u8,
    pub(crate) redis: Store,
    /// What a replica or a file on disk has: Redis as it once was.
    pub(crate) copy: Option<Store>,
    /// How many epochs were begun.
    pub(crate) epochs: u8,
    pub(crate) servers: [Server; TWO],
    pub(crate) writers: [Writer; TWO],
    pub(crate) readers: [Reader; TWO],
    /// Answers on their way into Redis, one per reader.
    pub(crate) fills: [Option<Entry>; TWO],
    /// How many faults may still happen.
    pub(crate) faults: u8,
    /// Was a fence lost, or never there, because of a fault? Then an unanswered write may be shown and hidden again, to
    /// those who do not say what they have seen.
    pub(crate) fence_lost: bool,
    pub(crate) seen: Seen,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Row {
    pub(crate) writer: u8,
    pub(crate) applied: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Server {
    /// Redis cannot be reached from here.
    pub(crate) is_cut: bool,
    /// How far the log was when the confirmation began that this server still trusts.
    pub(crate) trust: Option<u8>,
    pub(crate) confirming: Option<Confirming>,
    /// The first level: what this server has of the entry in Redis. Absences are kept and believed in the same way.
    pub(crate) near: Option<Entry>,
}

/// A relay on its way: it has read the log up to `position`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Confirming {
    pub(crate) position: u8,
    /// The rows that were open, one bit per position.
    pub(crate) open: u8,
    pub(crate) settled: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum Writer {
    #[default]
    Idle,
    /// At work, its tags fenced or not.
    Fenced,
    Committed {
        seq: u8,
    },
    /// Redis did not say that the tags are released: the writer waits.
    Unreleased {
        seq: u8,
    },
    /// Answered, rolled back, or killed.
    Gone,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Reader {
    pub(crate) doing: Doing,
    pub(crate) server: u8,
    /// What the present read must not fall behind: the newest answered version, and the newest shown.
    pub(crate) acked: u8,
    pub(crate) shown: u8,
    /// What this reader's answers have said about where they stand: an epoch and a position.
    pub(crate) clock: Option<(u8, u8)>,
    /// The newest version this reader was shown.
    pub(crate) version: u8,
    pub(crate) reads_left: u8,
    /// What may be shown if the database is slow or fails: an entry that is overdue, and no more than that.
    pub(crate) overdue: Option<Answer>,
    /// The overdue entry was shown; the load that goes on is nobody's, or that of who follows.
    pub(crate) is_answered: bool,
}

/// What a read is answered with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Answer {
    pub(crate) version: u8,
    /// The epoch and the position that the answer names.
    pub(crate) clock: (u8, u8),
}

/// What is not forgotten although it could never be served, because a step is left out that would see to that.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Keeps {
    pub(crate) fills: bool,
    pub(crate) epochs: bool,
    pub(crate) entries: bool,
    pub(crate) near: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Doing {
    Nothing,
    /// Looked, found nothing fresh, and is to load. `epoch` and `position` are what the observation said.
    Missed {
        generation: u8,
        epoch: u8,
        position: u8,
    },
    /// The database has answered; the answer is on its way.
    Loaded {
        entry: Entry,
        before: u8,
    },
    /// Waits for the other reader's load.
    Following {
        epoch: u8,
        position: u8,
    },
}

/// What must never be, and what must be possible.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Seen {
    pub(crate) stale_answer: bool,
    pub(crate) session_went_back: bool,
    pub(crate) write_was_hidden_again: bool,
    pub(crate) clock_lied: bool,
    pub(crate) hit_after_write: bool,
    pub(crate) shared_load: bool,
    pub(crate) overdue_shown: bool,
    pub(crate) near_hit: bool,
}

impl State {
    /// A warm cache: version 0 is stored. One server has just started, the other trusts what is stored.
    pub(crate) fn warm(faults: u8, reads: [u8; TWO]) -> Self {
        let epoch = crate::store::Epoch { number: 0, run: 0 };
        let entry = Entry { epoch: 0, generation: 0, version: 0, position: 0 };
        let redis = Store { epoch: Some(epoch), generation: Some(0), entry: Some(entry), ..Store::default() };
        let reader = |reads_left| Reader {
            doing: Doing::Nothing,
            server: 0,
            acked: 0,
            shown: 0,
            clock: None,
            version: 0,
            reads_left,
            overdue: None,
            is_answered: false,
        };
        State {
            rows: [None; TWO],
            acked: 0,
            shown: 0,
            copy: None,
            redis,
            epochs: 1,
            servers: [Server::default(), Server { trust: Some(0), ..Server::default() }],
            writers: [Writer::Idle; TWO],
            readers: reads.map(reader),
            fills: [None; TWO],
            faults,
            fence_lost: false,
            seen: Seen::default(),
        }
    }

    /// How far the log is.
    pub(crate) fn position(&self) -> u8 {
        self.rows.iter().flatten().map(|_| 1).sum()
    }

    /// The rows that nobody has marked, one bit per position.
    pub(crate) fn open_rows(&self) -> u8 {
        let open = (1..).zip(self.rows).filter(|(_, row)| row.is_some_and(|row| !row.applied));
        open.map(|(seq, _)| crate::store::bit(seq)).sum()
    }

    /// Renames the generations in the order in which they are met, and forgets what can never be served: what belongs to
    /// another epoch, or to a generation that is gone.
    pub(crate) fn normalise(&mut self, keeps: Keeps) {
        if self.faults == 0 {
            self.copy = None;
        }
        if let Some(copy) = self.copy.as_mut().filter(|_| !keeps.epochs) {
            // With the copy begins a new epoch.
            (copy.epoch, copy.entry, copy.clock, copy.done) = (None, None, 0, 0);
            copy.is_overdue = false;
        }
        let generations = [self.redis.generation, self.copy.as_ref().and_then(|copy| copy.generation)];
        let run = self.redis.run;
        let epoch = self.redis.epoch.filter(|epoch| epoch.run == run).map(|epoch| epoch.number);
        let is_alive = |entry: &Entry| {
            generations.contains(&Some(entry.generation)) && (keeps.epochs || Some(entry.epoch) == epoch)
        };
        if !keeps.entries {
            self.redis.entry = self.redis.entry.filter(is_alive);
            self.redis.is_overdue &= self.redis.entry.is_some();
        }
        if !keeps.near {
            self.servers.iter_mut().for_each(|server| server.near = server.near.filter(is_alive));
        }
        if !keeps.fills {
            self.fills = self.fills.map(|fill| fill.filter(is_alive));
        }

        let mut names = Vec::new();
        let mut rename = |generation: &mut u8| {
            let known = names.iter().position(|name| name == generation);
            let place = known.unwrap_or_else(|| {
                names.push(*generation);
                names.len() - 1
            });
            *generation = u8::try_from(place).expect("there are a handful of generations");
        };
        for store in [Some(&mut self.redis), self.copy.as_mut()].into_iter().flatten() {
            store.generation.as_mut().into_iter().for_each(&mut rename);
            store.entry.iter_mut().for_each(|entry| rename(&mut entry.generation));
        }
        self.servers.iter_mut().flat_map(|server| &mut server.near).for_each(|near| rename(&mut near.generation));
        for reader in &mut self.readers {
            match &mut reader.doing {
                Doing::Missed { generation, .. } => rename(generation),
                Doing::Loaded { entry, .. } => rename(&mut entry.generation),
                Doing::Nothing | Doing::Following { .. } => {}
            }
        }
        self.fills.iter_mut().flatten().for_each(|fill| rename(&mut fill.generation));
    }
}
