//! Reads the command, runs it, and says in one sentence what went wrong.

use std::process::ExitCode;

use server::{command, config};

#[tokio::main]
async fn main() -> ExitCode {
    let result = match config::read(std::env::args_os()) {
        Ok(config::Read::Run(cli)) => command::run(*cli).await,
        Ok(config::Read::Show(text)) => command::print(&text),
        Err(error) => Err(error.into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("fictures: {error}");
            ExitCode::FAILURE
        }
    }
}
