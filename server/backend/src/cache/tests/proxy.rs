//! A wire between a server and Redis that can be cut, slowed down, or swallow everything.

use std::{io::Result, net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
    time::sleep,
};

/// The wire.
pub(crate) struct Proxy {
    address: SocketAddr,
    wire: watch::Sender<Wire>,
}

/// How the wire is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wire {
    /// It lets everything through.
    Whole,
    /// It breaks every connection, and every new one at once.
    Cut,
    /// Connections stay and come about, but nothing arrives.
    BlackHole,
    /// Everything arrives so much later.
    Slow(Duration),
}

impl Proxy {
    /// A wire to the Redis at `redis_url`.
    pub(crate) async fn to(redis_url: &str) -> Self {
        let redis = redis_url.trim_start_matches("redis://").trim_end_matches('/').to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (wire, watched) = watch::channel(Wire::Whole);
        tokio::spawn(serve(listener, redis, watched));
        Proxy { address, wire }
    }

    /// What to connect to.
    pub(crate) fn url(&self) -> String {
        format!("redis://{}", self.address)
    }

    /// Makes the wire so.
    pub(crate) fn make(&self, wire: Wire) {
        self.wire.send_replace(wire);
    }
}

async fn serve(listener: TcpListener, redis: String, wire: watch::Receiver<Wire>) {
    while let Ok((near, _)) = listener.accept().await {
        let (redis, mut cut, wire) = (redis.clone(), wire.clone(), wire.clone());
        tokio::spawn(async move {
            tokio::select! {
                _ = connect(near, &redis, wire) => {}
                _ = cut.wait_for(|wire| *wire == Wire::Cut) => {}
            }
        });
    }
}

async fn connect(near: TcpStream, redis: &str, wire: watch::Receiver<Wire>) -> Result<()> {
    let far = TcpStream::connect(redis).await?;
    for end in [&near, &far] {
        end.set_nodelay(true)?;
    }
    let ((near_reads, near_writes), (far_reads, far_writes)) = (near.into_split(), far.into_split());
    tokio::select! {
        ended = carry(near_reads, far_writes, wire.clone()) => ended,
        ended = carry(far_reads, near_writes, wire) => ended,
    }
}

/// Carries one direction until an end closes.
async fn carry(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut wire: watch::Receiver<Wire>) -> Result<()> {
    let mut bytes = vec![0; 64 * 1024];
    loop {
        let count = from.read(&mut bytes).await?;
        if count == 0 {
            return Ok(());
        }
        let now = *wire.borrow_and_update();
        match now {
            Wire::Whole | Wire::Cut => {}
            Wire::Slow(latency) => sleep(latency).await,
            // What was sent into it comes out when it ends, as from a network that was down for a while.
            Wire::BlackHole => {
                let _ = wire.wait_for(|wire| *wire != Wire::BlackHole).await;
            }
        }
        to.write_all(&bytes[..count]).await?;
    }
}
