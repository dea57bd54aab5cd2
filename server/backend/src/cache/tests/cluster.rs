//! Redis as a cluster of three nodes: the same suites pass, and no command touches two of them.

mod own_cluster;

use domain::cache::{Clock, Key};

use super::{
    absent,
    bench::{Bench, cache_at, namespace, now, outline},
    conformance, loading, measuring, patience, reading, sampling,
};
use crate::cache::{Company, ServerCache, Status, View};
use own_cluster::OwnCluster;

#[tokio::test]
async fn what_holds_on_one_redis_holds_on_a_cluster() {
    let cluster = OwnCluster::start().await;
    let bench = async || Bench::redis_at(&cluster.url()).await;

    // Each namespace is in a slot of its own, so the tests spread over the nodes.
    conformance::all(bench).await;
    reading::all(bench).await;
    loading::all(bench).await;
    absent::all(bench).await;
    patience::all(bench).await;
    sampling::all(bench).await;
    measuring::all(bench).await;

    assert!(cluster.keys_per_node().iter().all(|keys| *keys > 0), "{:?}", cluster.keys_per_node());
}

#[tokio::test]
async fn a_slot_that_moves_to_another_node_is_cold_there_and_not_stale() {
    let (cluster, namespace, key) = (OwnCluster::start().await, namespace(), outline());
    let cache = cache_at(&cluster.url(), &namespace).await;
    assert_eq!(read(&cache, &key, "old").await.status, Status::Miss);
    assert_eq!(read(&cache, &key, "").await.status, Status::Hit);
    let before = write(&cache, &key, 1).await;
    read(&cache, &key, "new").await;

    cluster.move_slot_of(&format!("{{{namespace}}}"));

    let view = until_asked(&cache, &key, "new").await;
    assert_eq!((view.status, view.value().unwrap().as_str()), (Status::Miss, "new"));
    assert_ne!(view.clock.epoch(), before.epoch());
    assert_eq!(read(&cache, &key, "").await.status, Status::Hit);
}

#[tokio::test]
async fn one_node_by_its_own_address_is_refused_with_a_sentence() {
    let cluster = OwnCluster::start().await;

    // Two of three nodes do not have the slot.
    let mut refusals = Vec::new();
    for url in cluster.urls_of_nodes() {
        refusals.extend(ServerCache::redis(&url, "test:one", Company::Alone, now()).await.err());
    }

    assert_eq!(refusals.len(), 2);
    assert!(refusals.iter().all(|refusal| refusal.to_string().contains("redis-cluster://127.0.0.1:")), "{refusals:?}");
}

async fn read(cache: &ServerCache, key: &Key, value: &str) -> View<String> {
    cache.read(key, std::future::ready(Ok(value.to_owned()))).await.unwrap()
}

/// Reads until the store takes part again: while a slot moves, and until its new node is known, it cannot.
async fn until_asked(cache: &ServerCache, key: &Key, value: &str) -> View<String> {
    let asked = async {
        loop {
            cache.confirm(cache.begin_confirmation());
            let view = read(cache, key, value).await;
            if view.status != Status::Bypass {
                return view;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(10), asked).await.expect("the new node is found")
}

async fn write(cache: &ServerCache, key: &Key, seq: u64) -> Clock {
    let fence = cache.fence(&key.tags()).await;
    cache.release(fence, Clock::new(cache.clock().epoch(), seq)).await
}
