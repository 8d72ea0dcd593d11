//! Writes manual pages and the completions of three shells, made of the description of the command line:
//! `cargo run -p pipelines --example manual -- <folder>`. packaging/build.sh puts them into packages.

use std::fs;
use std::io;
use std::path::PathBuf;

use clap::CommandFactory;
use clap_complete::Shell;

use program::cli::{Cli, in_lithuanian};

#[path = "../src"]
mod program {
    #[expect(dead_code, unused_imports, reason = "the description is read, nothing that is typed")]
    pub(crate) mod cli;
}

const NAME: &str = "virsis";

fn main() -> io::Result<()> {
    let folder = PathBuf::from(std::env::args_os().nth(1).unwrap_or_else(|| "manual".into()));
    fs::create_dir_all(&folder)?;
    // The pages say what `virsis help` says; it needs none of its own.
    clap_mangen::generate_to(in_lithuanian(Cli::command().disable_help_subcommand(true)), &folder)?;
    for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
        clap_complete::generate_to(shell, &mut in_lithuanian(Cli::command()), NAME, &folder)?;
    }
    Ok(())
}
