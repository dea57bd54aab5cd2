//! Why the server cannot start with this Redis.

/// Why there is no cache in Redis, in one sentence for whoever starts the server.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CannotConnect {
    /// The address cannot be read.
    #[error("REDIS_URL is not the address of a Redis: write redis://host:6379, or leave it out to cache in process")]
    BadUrl,
    /// The address is that of a cluster.
    #[error("REDIS_URL names a Redis cluster: give the address of a single Redis, or of its Sentinels")]
    Cluster,
    /// Nobody answers, or not as Redis does.
    #[error(
        "Redis does not answer at {address} ({cause}): start it, correct REDIS_URL, or leave it out to cache in process"
    )]
    Silent { address: String, cause: String },
}
