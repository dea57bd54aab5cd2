//! Random histories of readers and writers, step by step, against an oracle.
//!
//! The database of the model has one number per tag: the position of the last write that touched it. A view shows the
//! numbers of its tags. So whatever a read answers can be held against what must be in it.

use std::{cell::Cell, ops::Add, time::Duration};

use domain::cache::{Clock, Key, Tag};
use proptest::{
    prelude::*,
    test_runner::{Config, TestCaseError, TestRunner},
};
use tokio::runtime::Builder;

use super::bench::{Bench, SHORT, chapter_of, noon, outline};
use crate::cache::{
    entry::{Answer, Stored},
    store::{AnyStore, Found, Generation, Store, Token},
};

/// The last one makes whole reads.
const READERS: usize = 3;
const QUICK: usize = READERS - 1;
const WRITERS: usize = 3;

#[derive(Clone, Debug)]
enum Step {
    /// A whole read at once; the steps that follow are the parts of one, with others in between.
    Read {
        key: usize,
    },
    Look {
        reader: usize,
        key: usize,
    },
    Load {
        reader: usize,
    },
    Keep {
        reader: usize,
    },
    Fence {
        writer: usize,
        tags: usize,
    },
    Commit {
        writer: usize,
    },
    /// After a commit a release, else a rollback and an abandoned fence.
    End {
        writer: usize,
    },
    Crash {
        writer: usize,
    },
    /// Time passes until fences have expired.
    Wait,
    /// The store is emptied, or loses all but the entries; a new epoch begins.
    Forget {
        entries: bool,
    },
}

/// What happens beside reads and writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Weather {
    Calm,
    /// Fences expire under their writers, and the store loses its memory.
    Rough,
}

/// How many entries were found that might be shown, and how many of them were overdue.
#[derive(Clone, Copy, Debug, Default)]
struct Met {
    found: u64,
    overdue: u64,
}

fn steps(weather: Weather) -> impl Strategy<Value = Vec<Step>> {
    let rough = |weight| if weather == Weather::Rough { weight } else { 0 };
    let (reader, writer) = (0..QUICK, 0..WRITERS);
    let step = prop_oneof![
        8 => (0..3_usize).prop_map(|key| Step::Read { key }),
        4 => (reader.clone(), 0..3_usize).prop_map(|(reader, key)| Step::Look { reader, key }),
        3 => reader.clone().prop_map(|reader| Step::Load { reader }),
        3 => reader.prop_map(|reader| Step::Keep { reader }),
        2 => (writer.clone(), 1..8_usize).prop_map(|(writer, tags)| Step::Fence { writer, tags }),
        2 => writer.clone().prop_map(|writer| Step::Commit { writer }),
        3 => writer.clone().prop_map(|writer| Step::End { writer }),
        1 => writer.prop_map(|writer| Step::Crash { writer }),
        rough(2) => Just(Step::Wait),
        rough(1) => any::<bool>().prop_map(|entries| Step::Forget { entries }),
    ];
    proptest::collection::vec(step, 1..120)
}

/// What a read must not fall behind: for each of its tags, the writes that were answered, and those already shown.
struct Reader {
    key: usize,
    generations: Option<Vec<Generation>>,
    clock: Clock,
    acked: Vec<u64>,
    shown: Vec<u64>,
    loaded: Option<Vec<u64>>,
}

struct Writer {
    token: Token,
    tags: Vec<usize>,
    committed: Option<u64>,
}

struct World {
    bench: Bench,
    /// The same store as another server sees it, with a first level of its own.
    beside: Option<AnyStore>,
    keys: [Key; 3],
    tags: [Tag; 3],
    seq: u64,
    database: [u64; 3],
    acked: [u64; 3],
    shown: [u64; 3],
    /// Every committed write: its position and its tags.
    log: Vec<(u64, Vec<usize>)>,
    readers: [Option<Reader>; READERS],
    writers: [Option<Writer>; WRITERS],
    weather: Weather,
    /// How many entries were stored.
    kept: u32,
    met: Met,
}

impl World {
    fn new(bench: Bench, weather: Weather) -> Self {
        let bench = if weather == Weather::Rough { bench.with_short_fences() } else { bench };
        let outline = outline();
        let chapter = chapter_of(&outline);
        let Key::Outline { story, author } = outline else { unreachable!("it is an outline") };
        let tags = [outline.tags()[0], outline.tags()[1], chapter.tags()[1]];
        World {
            beside: bench.beside(),
            bench,
            keys: [Key::Story { story, author }, outline, chapter],
            tags,
            seq: 0,
            database: [0; 3],
            acked: [0; 3],
            shown: [0; 3],
            log: Vec::new(),
            readers: [const { None }; READERS],
            writers: [const { None }; WRITERS],
            weather,
            kept: 0,
            met: Met::default(),
        }
    }

    async fn take(&mut self, step: Step) -> Result<(), TestCaseError> {
        match step {
            Step::Read { key } => {
                self.look(QUICK, key).await?;
                self.load(QUICK)?;
                self.keep(QUICK).await;
            }
            Step::Look { reader, key } => return self.look(reader, key).await,
            Step::Load { reader } => return self.load(reader),
            Step::Keep { reader } => self.keep(reader).await,
            Step::Fence { writer, tags } => self.fence(writer, tags).await,
            Step::Commit { writer } => self.commit(writer),
            Step::End { writer } => self.end(writer).await,
            Step::Crash { writer } => self.writers[writer] = None,
            Step::Wait => self.bench.wait().await,
            Step::Forget { entries } => self.forget(entries).await,
        }
        Ok(())
    }

    /// The store as this reader or writer sees it: there are two servers.
    fn store(&self, who: usize) -> &AnyStore {
        self.beside.as_ref().filter(|_| who % 2 == 1).unwrap_or(&self.bench.store)
    }

    async fn look(&mut self, reader: usize, key: usize) -> Result<(), TestCaseError> {
        let tags = self.keys[key].tags();
        let observation = self.store(reader).observe(&self.keys[key], &tags).await.unwrap();
        let generations = observation.generations(&tags).ok();
        let (acked, shown) = (self.of(key, &self.acked), self.of(key, &self.shown));
        let reading = Reader { key, generations, clock: observation.clock, acked, shown, loaded: None };

        let epoch = observation.clock.epoch();
        let is_current = |found: &Found| {
            found.stored.clock.epoch() == epoch && reading.generations.as_ref() == Some(&found.stored.generations)
        };
        if let Some(found) = observation.entry.filter(is_current) {
            // Overdue or not: it may be shown.
            self.met.found += 1;
            self.met.overdue += u64::from(found.overdue.is_some());
            let value: Vec<u64> = serde_json::from_slice(&found.stored.answer.body).unwrap();
            self.store(reader).vouch(&self.keys[key], &found.stored);
            return self.check(&reading, &value);
        }
        self.readers[reader] = Some(reading);
        Ok(())
    }

    fn load(&mut self, reader: usize) -> Result<(), TestCaseError> {
        let Some(mut reading) = self.readers[reader].take_if(|reading| reading.loaded.is_none()) else { return Ok(()) };
        let value = self.of(reading.key, &self.database);
        self.check(&reading, &value)?;
        reading.loaded = Some(value);
        self.readers[reader] = Some(reading);
        Ok(())
    }

    async fn keep(&mut self, reader: usize) {
        let Some(reading) = self.readers[reader].take_if(|reading| reading.loaded.is_some()) else { return };
        let Some(generations) = reading.generations else { return };
        let answer = Answer::of(&reading.loaded);
        let stored = Stored { answer, generations, clock: reading.clock, stored_at: noon(), grace: SHORT * 1_000 };
        self.kept += 1;
        // Most are overdue at once.
        let ttl = if self.kept.is_multiple_of(4) { SHORT * 1_000 } else { Duration::ZERO };
        self.store(reader).put(&self.keys[reading.key], stored, ttl).await.unwrap();
    }

    async fn forget(&mut self, entries: bool) {
        match &self.bench.store {
            AnyStore::Redis(redis) => redis.forget(&self.tags, if entries { &self.keys } else { &[] }).await,
            AnyStore::InProcess(_) => {
                // Nobody outlives the memory of a process.
                self.bench = Bench::in_process().with_short_fences();
                (self.readers, self.writers) = ([const { None }; READERS], [const { None }; WRITERS]);
            }
        }
    }

    async fn fence(&mut self, writer: usize, mask: usize) {
        if self.writers[writer].is_none() {
            let tags: Vec<usize> = (0..3).filter(|tag| mask & (1 << tag) != 0).collect();
            let writing = Writer { token: Token::fresh(), tags, committed: None };
            self.store(writer).fence(&self.named(&writing.tags), writing.token).await.unwrap();
            self.writers[writer] = Some(writing);
        }
    }

    fn commit(&mut self, writer: usize) {
        let Some(writing) = self.writers[writer].as_mut().filter(|writing| writing.committed.is_none()) else { return };
        self.seq += 1;
        writing.committed = Some(self.seq);
        writing.tags.iter().for_each(|tag| self.database[*tag] = self.seq);
        self.log.push((self.seq, writing.tags.clone()));
    }

    async fn end(&mut self, writer: usize) {
        let Some(writing) = self.writers[writer].take() else { return };
        let seq = writing.committed.unwrap_or(0);
        self.store(writer).release(&self.named(&writing.tags), writing.token, seq).await.unwrap();
        writing.tags.iter().for_each(|tag| self.acked[*tag] = self.acked[*tag].max(seq));
    }

    /// Holds an answer against everything that must be in it, and remembers that it was shown.
    fn check(&mut self, reading: &Reader, value: &[u64]) -> Result<(), TestCaseError> {
        let tags = self.indexes(reading.key);
        for ((value, acked), (shown, tag)) in
            value.iter().zip(&reading.acked).zip(reading.shown.iter().zip(tags.iter().copied()))
        {
            prop_assert!(value >= acked, "an answered write is missing");
            // A commit that outlives its fence may show and un-show until it is answered.
            if self.weather == Weather::Calm {
                prop_assert!(value >= shown, "a write that was shown is hidden again");
                let position = reading.clock.seq();
                let counted = self.log.iter().filter(|(seq, tags)| *seq <= position && tags.contains(&tag));
                prop_assert!(counted.map(|(seq, _)| seq).max().is_none_or(|seq| value >= seq), "the clock lies");
            }
            self.shown[tag] = self.shown[tag].max(*value);
        }
        Ok(())
    }

    fn indexes(&self, key: usize) -> Vec<usize> {
        let index = |tag: &Tag| self.tags.iter().position(|known| known == tag).expect("all tags are known");
        self.keys[key].tags().iter().map(index).collect()
    }

    fn of(&self, key: usize, numbers: &[u64; 3]) -> Vec<u64> {
        self.indexes(key).into_iter().map(|tag| numbers[tag]).collect()
    }

    fn named(&self, tags: &[usize]) -> Vec<Tag> {
        tags.iter().map(|tag| self.tags[*tag]).collect()
    }
}

/// Whatever a history shows that is too old, is an error.
async fn live(mut world: World, steps: &[Step]) -> Result<Met, TestCaseError> {
    for step in steps {
        world.take(step.clone()).await?;
    }
    Ok(world.met)
}

/// Draws so many histories. All of them run over the store in process, and this share over Redis as well.
fn check(cases: u32, over_redis: f64, weather: Weather) {
    let runtime = |paused| Builder::new_current_thread().enable_all().start_paused(paused).build().unwrap();
    let (still, real) = (runtime(true), runtime(false));
    let redis = real.block_on(Bench::redis());
    let met = [const { Cell::new(Met { found: 0, overdue: 0 }) }; 2];

    let histories = (steps(weather), prop::bool::weighted(over_redis));
    let outcome = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() }).run(
        &histories,
        |(steps, over_redis)| {
            met[0].set(met[0].get() + still.block_on(live(World::new(Bench::in_process(), weather), &steps))?);
            if over_redis {
                met[1].set(met[1].get() + real.block_on(live(World::new(redis.anew(), weather), &steps))?);
            }
            Ok(())
        },
    );
    outcome.unwrap();
    for met in met.map(Cell::into_inner) {
        assert!(met.overdue > met.found / 2, "most entries were to be overdue: {met:?}");
    }
}

impl Add for Met {
    type Output = Met;

    fn add(self, other: Met) -> Met {
        Met { found: self.found + other.found, overdue: self.overdue + other.overdue }
    }
}

#[test]
fn no_answer_is_older_than_what_was_answered_or_shown_before() {
    check(2_000, 0.05, Weather::Calm);
}

#[test]
fn fences_that_expire_and_stores_that_forget_make_no_answer_older_than_what_was_answered() {
    check(2_000, 0.01, Weather::Rough);
}
