//! What can happen to an installation, and how it is made to happen.

use std::{fmt, time::Duration};

use backend::time::{SystemTime, Time};
use chrono::{DateTime, Utc};
use tokio::{task::block_in_place, time::sleep};

use super::{
    installation::{Installation, SERVERS},
    proxy::Wire,
};

/// A trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fault {
    RedisEmptied,
    RedisRestartedEmpty,
    RedisRestartedOld,
    RedisPaused,
    RedisSlow,
    RedisCutOffFromOne,
    RedisSwallowedForOne,
    ServerPaused,
    ServerKilled,
    DatabaseConnectionsEnded,
}

/// A trouble that was, and when.
pub(super) struct Inflicted {
    pub(super) fault: Fault,
    /// Where the server listens that it befell; all or none otherwise.
    pub(super) server: Option<String>,
    pub(super) from: DateTime<Utc>,
    pub(super) until: DateTime<Utc>,
}

impl Fault {
    /// All of them, in the order in which they are inflicted.
    pub(super) const ALL: [Fault; 10] = [
        Fault::RedisEmptied,
        Fault::ServerKilled,
        Fault::RedisRestartedOld,
        Fault::DatabaseConnectionsEnded,
        Fault::RedisPaused,
        Fault::ServerPaused,
        Fault::RedisCutOffFromOne,
        Fault::RedisRestartedEmpty,
        Fault::RedisSwallowedForOne,
        Fault::RedisSlow,
    ];

    /// For how long it is inflicted.
    pub(super) fn lasts(self) -> Duration {
        Duration::from_secs(match self {
            Fault::RedisEmptied | Fault::DatabaseConnectionsEnded => 0,
            Fault::RedisRestartedEmpty | Fault::RedisRestartedOld | Fault::ServerKilled => 2,
            Fault::RedisPaused | Fault::RedisSlow => 3,
            Fault::RedisCutOffFromOne | Fault::RedisSwallowedForOne => 4,
            Fault::ServerPaused => 10,
        })
    }

    /// How long after it was taken back a request may fail because of it. Nothing that happens to Redis is a reason. A server
    /// that was killed has to be connected to again; who waited for a connection to the database waits some seconds more.
    pub(super) fn explains_for(self) -> Option<Duration> {
        match self {
            Fault::RedisEmptied
            | Fault::RedisRestartedEmpty
            | Fault::RedisRestartedOld
            | Fault::RedisPaused
            | Fault::RedisSlow
            | Fault::RedisCutOffFromOne
            | Fault::RedisSwallowedForOne => None,
            Fault::ServerKilled => Some(Duration::from_secs(2)),
            Fault::DatabaseConnectionsEnded => Some(Duration::from_secs(6)),
            Fault::ServerPaused => Some(Duration::from_secs(12)),
        }
    }

    /// Does it, and takes it back; the server that it befalls is another each round.
    pub(super) async fn inflict(self, on: &mut Installation, round: usize) -> Inflicted {
        let (from, number) = (SystemTime.now(), round % SERVERS);
        let mut server = None;
        match self {
            Fault::RedisEmptied => on.redis.flush(),
            Fault::RedisRestartedEmpty | Fault::RedisRestartedOld => {
                // Old data is from before what is written while we wait.
                on.redis.save();
                sleep(self.lasts() / 2).await;
                on.redis.kill();
                if self == Fault::RedisRestartedEmpty {
                    on.redis.forget_saved();
                }
                sleep(self.lasts() / 2).await;
                block_in_place(|| on.redis.start_again());
            }
            Fault::RedisPaused => {
                on.redis.stop();
                sleep(self.lasts()).await;
                on.redis.go_on();
            }
            Fault::RedisSlow => {
                on.wires.iter().for_each(|wire| wire.make(Wire::Slow(Duration::from_millis(60))));
                sleep(self.lasts()).await;
                on.wires.iter().for_each(|wire| wire.make(Wire::Whole));
            }
            Fault::RedisCutOffFromOne | Fault::RedisSwallowedForOne => {
                let wire = if self == Fault::RedisCutOffFromOne { Wire::Cut } else { Wire::BlackHole };
                server = Some(on.servers[number].base());
                on.wires[number].make(wire);
                sleep(self.lasts()).await;
                on.wires[number].make(Wire::Whole);
            }
            Fault::ServerPaused => {
                server = Some(on.servers[number].base());
                on.servers[number].stop();
                sleep(self.lasts()).await;
                on.servers[number].go_on();
            }
            Fault::ServerKilled => {
                server = Some(on.servers[number].base());
                on.servers[number].kill();
                sleep(self.lasts()).await;
                block_in_place(|| on.servers[number].start_again());
            }
            Fault::DatabaseConnectionsEnded => {
                on.end_connections().await;
            }
        }
        Inflicted { fault: self, server, from, until: SystemTime.now() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Fault::RedisEmptied => "Redis emptied",
            Fault::RedisRestartedEmpty => "Redis killed and restarted empty",
            Fault::RedisRestartedOld => "Redis killed and restarted with old data",
            Fault::RedisPaused => "Redis paused",
            Fault::RedisSlow => "Redis slow",
            Fault::RedisCutOffFromOne => "Redis cut off from one server",
            Fault::RedisSwallowedForOne => "Redis in a black hole for one server",
            Fault::ServerPaused => "a server paused",
            Fault::ServerKilled => "a server killed and restarted",
            Fault::DatabaseConnectionsEnded => "all connections to PostgreSQL ended",
        })
    }
}

impl fmt::Display for Inflicted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (took, at) = (self.until - self.from, self.from.format("%H:%M:%S"));
        write!(f, "{at}  {} ({:.1} s)", self.fault, took.as_seconds_f64())?;
        self.server.as_ref().map_or(Ok(()), |server| write!(f, ", {server}"))
    }
}
