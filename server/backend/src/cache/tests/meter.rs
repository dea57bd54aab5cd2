//! A wire between a cache and Redis that counts what goes through it.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// The wire.
pub(super) struct Meter {
    address: SocketAddr,
    wire: Arc<Wire>,
}

#[derive(Default)]
struct Wire {
    /// Everything that was sent to Redis, and how many bytes came back.
    asked: Mutex<Vec<u8>>,
    answered_bytes: AtomicUsize,
}

impl Meter {
    /// A wire to the Redis of the tests.
    pub(super) async fn to(redis_url: &str) -> Self {
        let redis = redis_url.trim_start_matches("redis://").trim_end_matches('/').to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let meter = Meter { address: listener.local_addr().unwrap(), wire: Arc::default() };
        tokio::spawn(serve(listener, redis, meter.wire.clone()));
        meter
    }

    /// What to connect to.
    pub(super) fn url(&self) -> String {
        format!("redis://{}", self.address)
    }

    /// How many commands went through since the last time, how many bytes they took, and how many their answers.
    pub(super) fn traffic(&self) -> Traffic {
        let asked = std::mem::take(&mut *self.wire.asked.lock().unwrap());
        Traffic {
            commands: commands(&asked),
            asked_bytes: asked.len(),
            answered_bytes: self.wire.answered_bytes.swap(0, Ordering::SeqCst),
        }
    }
}

/// What went through the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Traffic {
    pub(super) commands: Vec<String>,
    pub(super) asked_bytes: usize,
    pub(super) answered_bytes: usize,
}

/// The first words of the commands in these bytes: each is `*<words>`, then `$<bytes>` and the word, for each word.
fn commands(mut bytes: &[u8]) -> Vec<String> {
    fn line<'a>(bytes: &mut &'a [u8]) -> &'a str {
        let end = bytes.windows(2).position(|two| two == b"\r\n").expect("a whole command");
        let line = std::str::from_utf8(&bytes[..end]).unwrap();
        *bytes = &bytes[end + 2..];
        line
    }
    let mut found = Vec::new();
    while !bytes.is_empty() {
        let words: usize = line(&mut bytes)[1..].parse().unwrap();
        for word in 0..words {
            let length: usize = line(&mut bytes)[1..].parse().unwrap();
            if word == 0 {
                found.push(String::from_utf8(bytes[..length].to_vec()).unwrap());
            }
            bytes = &bytes[length + 2..];
        }
    }
    found
}

/// Carries what comes, until no more does, and shows it first.
async fn carry(mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin, show: impl Fn(&[u8])) {
    let mut bytes = vec![0; 64 * 1024];
    while let Ok(count @ 1..) = from.read(&mut bytes).await {
        show(&bytes[..count]);
        if to.write_all(&bytes[..count]).await.is_err() {
            return;
        }
    }
}

async fn serve(listener: TcpListener, redis: String, wire: Arc<Wire>) {
    while let Ok((mut near, _)) = listener.accept().await {
        let (redis, wire) = (redis.clone(), wire.clone());
        tokio::spawn(async move {
            let mut far = TcpStream::connect(redis).await.unwrap();
            let ((near_read, near_write), (far_read, far_write)) = (near.split(), far.split());
            let asked = |bytes: &[u8]| wire.asked.lock().unwrap().extend_from_slice(bytes);
            let answered = |bytes: &[u8]| {
                wire.answered_bytes.fetch_add(bytes.len(), Ordering::SeqCst);
            };
            tokio::select! {
                () = carry(near_read, far_write, asked) => {}
                () = carry(far_read, near_write, answered) => {}
            }
        });
    }
}
