//! Tasks of the developers, run as `cargo xtask NAME`: benchmarks and scores that are too long, or too
//! dependent on the machine, for `make test`.

mod bench;
mod conformance;
mod fuzz;
mod histories;
mod replies;

use std::path::PathBuf;

use anyhow::Result;
use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(name = "cargo xtask", about = "Tasks of mHero's developers", arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Measure one part of the product and print the figures as JSON.
    ///
    /// Example: cargo xtask bench audience. Builds differ by a factor of ten: add --release after `cargo run`
    /// or use `cargo run --release -p xtask -- bench audience` for figures that are to be quoted.
    Bench {
        /// Which one; without it, the names that there are.
        name: Option<String>,
        /// On a PostgreSQL of its own, where the benchmark keeps people in a store.
        #[arg(long)]
        postgres: bool,
    },
    /// Run a directory laid out like `conformance/flow`: a line a family, failures on standard error, the sum last.
    ///
    /// Example: cargo xtask conformance ../shared/conformance/flow runner actions
    Conformance {
        /// The folder with a folder for each family.
        dir: PathBuf,
        /// Only these families; without any, all.
        families: Vec<String>,
    },
    /// Hand ever new damage to a reader of foreign input: expressions, queries, definitions, sessions.
    ///
    /// Example: cargo run --release -p xtask -- fuzz expressions --minutes 10
    Fuzz {
        /// Which reader.
        name: String,
        /// For how long.
        #[arg(long, default_value_t = 1.0)]
        minutes: f64,
        /// Another number gives another run.
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Run histories of delivery through hostile operators, on both engines, with processes, disks, clocks and networks that fail.
    ///
    /// Example: cargo xtask histories --seeds 1000 --only http
    Histories {
        /// How many of each kind on each engine.
        #[arg(long, default_value_t = 1_000)]
        seeds: u64,
        /// The first one.
        #[arg(long, default_value_t = 0)]
        from: u64,
        /// Only those whose name has this in it: smpp, http, sqlite, postgres.
        #[arg(long, default_value = "")]
        only: String,
    },
    /// Score what the program understands of messy replies, in a folder laid out like `conformance/replies`.
    ///
    /// Example: cargo xtask replies ../shared/conformance/replies
    Replies {
        /// The folder with `contexts.json` and `cases/`.
        dir: PathBuf,
    },
}

fn main() -> Result<()> {
    match Arguments::parse().task {
        Task::Bench { name, postgres } => bench::command(name.as_deref(), postgres),
        Task::Conformance { dir, families } => conformance::run(&dir, &families),
        Task::Fuzz { name, minutes, seed } => fuzz::run(&name, minutes, seed),
        Task::Histories { seeds, from, only } => histories::run(from, seeds, &only),
        Task::Replies { dir } => replies::run(&dir),
    }
}
