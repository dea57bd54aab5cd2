//! Passwords: hashed so that a stolen table is of little use, and never on a thread that others wait for.
//!
//! Argon2id is slow and hungry on purpose (19 MiB and some tens of milliseconds each). So it runs on blocking threads,
//! on half of the cores at most, and only so many may wait: a flood of log-ins makes log-ins slow, and nothing else.

use std::{
    sync::{Arc, LazyLock},
    thread::available_parallelism,
};

use argon2::{
    Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version,
    password_hash::{self, SaltString},
};
use tokio::{sync::Semaphore, task::spawn_blocking};

use crate::Error;

/// What OWASP asks for at least: 19 MiB, two passes, one lane.
const PARAMS: Params = match Params::new(19_456, 2, 1, None) {
    Ok(params) => params,
    Err(_) => panic!("the parameters are within Argon2's bounds"),
};
/// How many may hash or wait at a time; about a second's work.
const PLACES: usize = 64;
/// What is checked for people we do not know, so that they wait as long as those we do.
static NOBODY: LazyLock<String> = LazyLock::new(|| {
    let password: [u8; 32] = rand::random();
    hash(&password).expect("random bytes can be hashed")
});

/// The place where passwords are hashed and checked. Clones share one queue.
#[derive(Clone, Debug)]
pub(crate) struct Passwords {
    places: Arc<Semaphore>,
    cores: Arc<Semaphore>,
}

/// How a password compares with what is stored.
#[derive(Debug)]
pub(crate) enum Verdict {
    Wrong,
    Right,
    /// Right, and the stored hash is of an older kind: here is one of today's.
    Outdated {
        better: String,
    },
}

impl Passwords {
    /// An empty queue. Hashes once, so that not even the first stranger is answered sooner or later than a friend.
    pub(crate) fn new() -> Self {
        LazyLock::force(&NOBODY);
        let cores = available_parallelism().map_or(1, |cores| cores.get() / 2).max(1);
        Passwords { places: Arc::new(Semaphore::new(PLACES)), cores: Arc::new(Semaphore::new(cores)) }
    }

    /// The hash to store for `password`, with its salt and parameters (PHC format).
    ///
    /// # Errors
    /// Refuses with `TooMany` when the queue is full.
    pub(crate) async fn hash(&self, password: String) -> Result<String, Error> {
        self.in_turn(move || Ok(hash(password.as_bytes())?)).await
    }

    /// Compares `password` with a stored hash; without one it takes as long and is wrong.
    ///
    /// # Errors
    /// Refuses with `TooMany` when the queue is full; fails when the stored hash cannot be read.
    pub(crate) async fn verify(&self, password: String, stored: Option<String>) -> Result<Verdict, Error> {
        self.in_turn(move || {
            let known = stored.is_some();
            let verdict = verify(password.as_bytes(), &stored.unwrap_or_else(|| NOBODY.clone()))?;
            Ok(if known { verdict } else { Verdict::Wrong })
        })
        .await
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let full = domain::Error::TooMany { retry_after_secs: 1 };
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| full)?;
        let core = Arc::clone(&self.cores).acquire_owned().await.map_err(|_| Error::Unavailable)?;
        let task = spawn_blocking(move || {
            // Held in here: a request that is given up does not stop the thread that works for it.
            let _held = (place, core);
            work()
        });
        task.await.map_err(|_| Error::Unavailable)?
    }
}

fn argon2() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, PARAMS)
}

fn hash(password: &[u8]) -> Result<String, password_hash::Error> {
    let salt: [u8; 16] = rand::random();
    let salt = SaltString::encode_b64(&salt)?;
    Ok(argon2().hash_password(password, &salt)?.to_string())
}

fn verify(password: &[u8], stored: &str) -> Result<Verdict, password_hash::Error> {
    let parsed = PasswordHash::new(stored)?;
    match argon2().verify_password(password, &parsed) {
        Ok(()) if is_current(&parsed) => Ok(Verdict::Right),
        Ok(()) => Ok(Verdict::Outdated { better: hash(password)? }),
        Err(password_hash::Error::Password) => Ok(Verdict::Wrong),
        Err(error) => Err(error),
    }
}

fn is_current(stored: &PasswordHash<'_>) -> bool {
    let costs = |params: &Params| (params.m_cost(), params.t_cost(), params.p_cost());
    stored.algorithm == Algorithm::Argon2id.ident()
        && stored.version == Some(Version::V0x13.into())
        && Params::try_from(stored).is_ok_and(|params| costs(&params) == costs(&PARAMS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_right_or_wrong() {
        let passwords = Passwords::new();
        let stored = passwords.hash("a-long-walk".to_owned()).await.unwrap();

        let right = passwords.verify("a-long-walk".to_owned(), Some(stored.clone())).await.unwrap();
        let wrong = passwords.verify("a-long-talk".to_owned(), Some(stored)).await.unwrap();

        assert!(matches!(right, Verdict::Right));
        assert!(matches!(wrong, Verdict::Wrong));
    }

    #[tokio::test]
    async fn nobody_has_no_password_that_is_right() {
        let verdict = Passwords::new().verify("a-long-walk".to_owned(), None).await.unwrap();

        assert!(matches!(verdict, Verdict::Wrong));
    }

    #[tokio::test]
    async fn a_hash_of_yesterdays_strength_is_replaced() {
        let weak = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(8_192, 1, 1, None).unwrap());
        let salt = SaltString::encode_b64(b"0123456789abcdef").unwrap();
        let stored = weak.hash_password(b"a-long-walk", &salt).unwrap().to_string();

        let verdict = Passwords::new().verify("a-long-walk".to_owned(), Some(stored)).await.unwrap();

        let Verdict::Outdated { better } = verdict else { panic!("{verdict:?}") };
        assert!(better.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{better}");
    }

    #[tokio::test]
    async fn whoever_finds_the_queue_full_is_told_to_come_back() {
        let passwords = Passwords::new();
        let _crowd = passwords.places.acquire_many(64).await.unwrap();

        let refusal = passwords.hash("a-long-walk".to_owned()).await.unwrap_err();

        assert!(matches!(refusal, Error::Refused(domain::Error::TooMany { .. })));
    }
}
