//! A wire between a cache and Redis that can be cut and mended.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::Notify,
};

/// The wire.
pub(super) struct Proxy {
    address: SocketAddr,
    wire: Arc<Wire>,
}

#[derive(Default)]
struct Wire {
    is_cut: AtomicBool,
    cut: Notify,
}

impl Proxy {
    /// A wire to the Redis of the tests.
    pub(super) async fn to(redis_url: &str) -> Self {
        let redis = redis_url.trim_start_matches("redis://").trim_end_matches('/').to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let proxy = Proxy { address: listener.local_addr().unwrap(), wire: Arc::default() };
        tokio::spawn(serve(listener, redis, proxy.wire.clone()));
        proxy
    }

    /// What to connect to.
    pub(super) fn url(&self) -> String {
        format!("redis://{}", self.address)
    }

    /// Breaks all connections, and every new one at once.
    pub(super) fn cut(&self) {
        self.wire.is_cut.store(true, Ordering::SeqCst);
        self.wire.cut.notify_waiters();
    }

    /// Lets new connections through again.
    pub(super) fn mend(&self) {
        self.wire.is_cut.store(false, Ordering::SeqCst);
    }
}

async fn serve(listener: TcpListener, redis: String, wire: Arc<Wire>) {
    while let Ok((mut near, _)) = listener.accept().await {
        let (redis, wire) = (redis.clone(), wire.clone());
        tokio::spawn(async move {
            let cut = wire.cut.notified();
            if wire.is_cut.load(Ordering::SeqCst) {
                return;
            }
            let mut far = TcpStream::connect(redis).await.unwrap();
            tokio::select! {
                _ = copy_bidirectional(&mut near, &mut far) => {}
                () = cut => {}
            }
        });
    }
}
