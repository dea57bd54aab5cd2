//! Reads the command, runs it, and says in one sentence what went wrong.

use std::process::ExitCode;

use server::{command, config};

/// A page is rendered by one deep chain of futures. Unoptimised, the deepest one needs more than the usual 2 MiB.
const STACK_BYTES: usize = 8 << 20;

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().thread_stack_size(STACK_BYTES).build();
    let result = runtime.map_err(Into::into).and_then(|runtime| runtime.block_on(run()));
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("fictures: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), command::CommandError> {
    match config::read(std::env::args_os()) {
        Ok(config::Read::Run(cli)) => command::run(*cli).await,
        Ok(config::Read::Show(text)) => command::print(&text),
        Err(error) => Err(error.into()),
    }
}
