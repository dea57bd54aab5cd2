//! Why the server cannot start with this Redis.

/// Why there is no cache in Redis, in one sentence for whoever starts the server.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CannotConnect {
    /// The address cannot be read.
    #[error("REDIS_URL is not the address of a Redis: write redis://host:6379, or leave it out to cache in process")]
    BadUrl,
    /// The address is that of one node of a cluster, as if it were the only one.
    #[error("REDIS_URL leads to a node of a cluster: write redis-cluster://{address}")]
    Cluster { address: String },
    /// Nobody answers, or not as Redis does.
    #[error(
        "Redis does not answer at {address} ({cause}): start it, correct REDIS_URL, or leave it out to cache in process"
    )]
    Silent { address: String, cause: String },
}

impl CannotConnect {
    /// What the failure of the first command at `address` means.
    pub(super) fn because(address: String, cause: String) -> Self {
        // Only a node that was asked for what another one has says this.
        if cause.contains("MOVED ") {
            CannotConnect::Cluster { address }
        } else {
            CannotConnect::Silent { address, cause }
        }
    }
}
