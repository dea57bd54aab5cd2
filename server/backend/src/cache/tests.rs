//! One conformance suite and one read-through suite over both stores, and random histories against an oracle.

/// Makes a module of tests that run once over each store.
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
    };
}

mod bench;
mod conformance;
mod entries;
mod histories;
mod in_memory;
mod outages;
mod proxy;
mod reading;
mod reports;
mod sharing;
mod storm;
