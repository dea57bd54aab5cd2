//! One conformance suite and one read-through suite over both stores, and random histories against an oracle.

/// Makes two modules of tests that run once over each store, and `all`, which runs them in turn over any other.
macro_rules! on_both_stores {
    ($($test:ident),* $(,)?) => {
        mod in_process {$(
            #[tokio::test(start_paused = true)]
            async fn $test() {
                super::$test(crate::cache::tests::bench::Bench::in_process()).await;
            }
        )*}

        mod redis {$(
            #[tokio::test]
            async fn $test() {
                super::$test(crate::cache::tests::bench::Bench::redis().await).await;
            }
        )*}

        /// Runs every test of the suite, each with what `bench` gives it.
        pub(super) async fn all(bench: impl AsyncFn() -> crate::cache::tests::bench::Bench) {$(
            println!("{}", stringify!($test));
            // Each on the heap: one future of all of them would be too large for a stack.
            Box::pin($test(bench().await)).await;
        )*}
    };
}

mod absent;
mod bench;
mod cluster;
mod conformance;
mod entries;
mod histories;
mod in_memory;
mod loading;
mod measuring;
mod meter;
mod outages;
mod patience;
mod proxy;
mod reading;
mod reclaiming;
mod reports;
mod retention;
mod sampling;
mod sharing;
mod storm;
mod traffic;
