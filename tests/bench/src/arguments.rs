//! What the command line asks for. Knows no contestant.

use std::path::PathBuf;

/// The words of the command line.
#[derive(Debug, Default)]
pub struct Arguments {
    /// Under a minute: few rounds, no instruction counts.
    pub quick: bool,
    /// Only these parts; empty for all.
    pub only: Vec<String>,
    /// Folder of the messages, when not the one below the target folder.
    pub data: Option<PathBuf>,
    /// Where the figures go as JSON.
    pub json: Option<PathBuf>,
    /// A document whose marked tables are written anew.
    pub markdown: Option<PathBuf>,
    /// A folder for the documents of every contestant.
    pub write: Option<PathBuf>,
    /// `instructions SET CONTESTANT PASSES`: the run below callgrind.
    pub counted: Option<(String, String, usize)>,
}

/// What `--help` says.
pub const HELP: &str = "\
Our runtime beside its rivals, in one process and one run.

  --quick           under a minute, for developers: few rounds, no instruction counts
  --only A,B        only these parts: w1 w2 w3 wx tenants hostile growth threads load instructions
  --data DIR        the messages (made by the workload generator when absent)
  --json FILE       where the figures go (default: bench.json in the target folder)
  --markdown FILE   writes the marked tables of this document anew
  --write DIR       writes every contestant's documents, for `ref.py --compare`

The generator lies in ../shared/bench beside the checkout, or where MAPC_BENCH says.";

impl Arguments {
    /// From the words of the command line.
    pub fn read(words: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut arguments = Self::default();
        let mut words = words;
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or(format!("{word} needs a value"));
            match word.as_str() {
                "--quick" => arguments.quick = true,
                "--only" => arguments.only = value()?.split(',').map(str::to_owned).collect(),
                "--data" => arguments.data = Some(value()?.into()),
                "--json" => arguments.json = Some(value()?.into()),
                "--markdown" => arguments.markdown = Some(value()?.into()),
                "--write" => arguments.write = Some(value()?.into()),
                "instructions" => {
                    let passes = |text: String| text.parse().map_err(|_| "passes are a number".to_owned());
                    arguments.counted = Some((value()?, value()?, passes(value()?)?));
                }
                "--help" | "-h" => return Err(HELP.to_owned()),
                _ => return Err(format!("{word}: unknown\n\n{HELP}")),
            }
        }
        Ok(arguments)
    }

    /// Is this part wanted?
    pub fn wants(&self, part: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|one| one == part)
    }
}
