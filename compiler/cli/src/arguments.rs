//! What may be typed behind `mapc`. Words and examples only; the work is in `commands/`.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// The whole command line.
#[derive(Debug, Parser)]
#[command(
    name = "mapc",
    version,
    about = "Checks, builds and runs maps from one system's records to another's",
    long_about = "mapc checks that a map can only produce records the receiving system accepts, builds it into a \
                  compiled map, and runs it on messages.",
    after_help = "Examples:\n  \
        mapc init orders                      start a workspace with a working map\n  \
        mapc check orders                     check every map below a folder\n  \
        mapc run sales_order.map --in orders.ndjson\n  \
        mapc sample R0401 sales_order.map     a message that ends with that reason\n  \
        mapc explain E0401                    what a code means and what to do\n\n\
        Exit codes: 0 done, 1 findings, 2 could not do the work, 101 internal error",
    propagate_version = true,
    max_term_width = 100
)]
pub struct Arguments {
    /// What everything understands.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Options every command understands.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Everywhere")]
pub struct Global {
    /// Colour: auto (on a terminal), always or never
    #[arg(long, global = true, value_enum, default_value_t = Colour::Auto, value_name = "WHEN", hide_possible_values = true)]
    pub color: Colour,
    /// How findings are shown
    #[arg(long, global = true, value_enum, default_value_t = Format::Full, value_name = "FORMAT")]
    pub format: Format,
    /// Show at most this many findings; the total is always printed
    #[arg(long, global = true, default_value_t = 50, value_name = "COUNT")]
    pub max_errors: usize,
    /// Draw with plain ASCII characters
    #[arg(long, global = true)]
    pub ascii: bool,
    /// Say only what is wrong
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Say more
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

/// When to colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Colour {
    /// On a terminal.
    Auto,
    /// Even into a file.
    Always,
    /// Not at all.
    Never,
}

/// How findings are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// With the lines they speak of
    Full,
    /// One line each
    Short,
    /// In sentences, for screen readers
    Plain,
    /// For machines, on standard output
    Json,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check maps: is every record they can produce one the receiving system accepts?
    #[command(after_help = "Examples:\n  \
        mapc check tenants/acme/sales_order.map\n  \
        mapc check .                          every map below this folder\n  \
        mapc check                            every map of the workspace\n  \
        mapc check . --jobs 1                 one after the other; the output is the same\n  \
        mapc check . --no-cache               also what has not changed since the last time\n  \
        mapc check . --format json > findings.json\n  \
        mapc check . --strict                 answers by policy alone are not enough\n  \
        mapc check . --witness                a message for every refusal that shows it\n  \
        mapc check . --stats                  how much is proved, and what is tested in every run")]
    Check(Check),
    /// Build maps into compiled maps (.mapb)
    #[command(after_help = "Examples:\n  \
        mapc build tenants/acme/sales_order.map\n  \
        mapc build tenants/acme/sales_order.map -o out/sales_order.mapb\n  \
        mapc build .                          every map below this folder, each beside its map\n  \
        mapc build                            every map of the workspace")]
    Build(Build),
    /// Run a map or a compiled map on messages
    #[command(after_help = "Examples:\n  \
        mapc run sales_order.map --in orders.ndjson\n  \
        mapc run sales_order.mapb --in orders.ndjson --out documents.ndjson --rejects rejects.ndjson\n  \
        mapc run sales_order.map --in orders.ndjson --stats\n  \
        mapc run sales_order.mapb --in large.ndjson --jobs 4 --out documents.ndjson\n  \
        cat order.json | mapc run sales_order.map\n\n\
        Documents go to standard output, one per line; everything for people goes to standard error.")]
    Run(Run),
    /// Print a message that shows a refusal, or that makes a map end with a reason
    #[command(
        override_usage = "mapc sample [OPTIONS] <CODE> [MAP]\n       mapc sample [OPTIONS] --all [MAP]",
        after_help = "Examples:\n  \
        mapc sample R0401 sales_order.map     the first reason with that code\n  \
        mapc sample customer sales_order.map  the reasons of the field `customer`\n  \
        mapc sample E0401 sales_order.map     a message that shows what the check refuses\n  \
        mapc sample --all sales_order.map     one for each reason the map may end with\n  \
        mapc sample R0702 sales_order.map | mapc run sales_order.map\n\n\
        The message is one line on standard output. Values are made up from the schema. Exit code 1 when none is found."
    )]
    Sample(Sample),
    /// Run the `test` blocks of maps
    #[command(after_help = "Examples:\n  \
        mapc test tenants/acme/sales_order.map\n  \
        mapc test . --filter Brazil           tests with that word in their name")]
    Test(Test),
    /// Lay out map files in the one way
    #[command(after_help = "Examples:\n  \
        mapc fmt .                            write every map below this folder\n  \
        mapc fmt --check .                    say which files would change; exit code 1 if any\n  \
        mapc fmt --diff sales_order.map       show what would change")]
    Fmt(Fmt),
    /// Explain a code such as E0401; without one, list all
    #[command(after_help = "Examples:\n  \
        mapc explain E0401\n  \
        mapc explain")]
    Explain(Explain),
    /// Show what is inside a compiled map
    #[command(after_help = "Examples:\n  \
        mapc inspect sales_order.mapb\n  \
        mapc inspect sales_order.map          built in memory first")]
    Inspect(Inspect),
    /// Work on schemas
    #[command(subcommand)]
    Schema(Schema),
    /// Start a workspace: two schemas, a map, a sample, a test
    #[command(after_help = "Examples:\n  \
        mapc init                             in this folder\n  \
        mapc init orders                      in the folder `orders`")]
    Init(Init),
    /// Print completions for a shell
    #[command(after_help = "Examples:\n  \
        mapc completions bash > /etc/bash_completion.d/mapc\n  \
        mapc completions fish > ~/.config/fish/completions/mapc.fish")]
    Completions(Completions),
}

/// `mapc check`
#[derive(Debug, Args)]
pub struct Check {
    /// Map files, or folders with maps below them; the whole workspace if not given
    #[arg(value_name = "MAP")]
    pub maps: Vec<PathBuf>,
    /// Points answered by a policy line alone count as errors
    #[arg(long)]
    pub strict: bool,
    /// Show a table of counts and the guards that remain instead of the summary
    #[arg(long)]
    pub stats: bool,
    /// Search a message for every refusal that compares source and target, and show it
    #[arg(long)]
    pub witness: bool,
    /// How the maps are worked through.
    #[command(flatten)]
    pub many: Many,
}

/// Options of commands that compile many maps.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Many maps")]
pub struct Many {
    /// Work on so many maps at once; all cores if not given
    #[arg(short, long, value_name = "COUNT")]
    pub jobs: Option<NonZeroUsize>,
    /// Keep answers here instead of `.mapc/cache` in the workspace
    #[arg(long, value_name = "FOLDER", conflicts_with = "no_cache")]
    pub cache_dir: Option<PathBuf>,
    /// Neither use nor keep answers of earlier runs
    #[arg(long)]
    pub no_cache: bool,
    /// Say how many answers came from earlier runs
    #[arg(long)]
    pub cache_stats: bool,
}

/// `mapc build`
#[derive(Debug, Args)]
pub struct Build {
    /// Map files, or folders with maps below them; the whole workspace if not given
    #[arg(value_name = "MAP")]
    pub maps: Vec<PathBuf>,
    /// Where to write the only map; beside each map if not given
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// How the maps are worked through.
    #[command(flatten)]
    pub many: Many,
}

/// `mapc run`
#[derive(Debug, Args)]
pub struct Run {
    /// The map file, or a compiled map (.mapb)
    #[arg(value_name = "MAP")]
    pub map: PathBuf,
    /// Messages: one per line, one document, or several one after the other; `-` is standard input
    #[arg(long = "in", value_name = "FILE", default_value = "-")]
    pub input: PathBuf,
    /// How messages are separated
    #[arg(long, value_enum, default_value_t = InputForm::Auto, value_name = "FORM")]
    pub input_form: InputForm,
    /// The input is one list; each element is a message
    #[arg(long)]
    pub each: bool,
    /// Write documents here instead of standard output, one per line
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Write messages that gave no document here, one JSON line each
    #[arg(long, value_name = "FILE")]
    pub rejects: Option<PathBuf>,
    /// Known records of the receiving system: a csv file with the columns entity, key, id
    #[arg(long, value_name = "FILE")]
    pub xref: Option<PathBuf>,
    /// Exit code 1 when a message is rejected
    #[arg(long)]
    pub fail_on_reject: bool,
    /// Say how often each guard of the map found something
    #[arg(long)]
    pub stats: bool,
    /// Put the messages themselves into the rejects file
    #[arg(long, requires = "rejects")]
    pub show_values: bool,
    /// Run so many messages at once; the output is the same
    #[arg(short, long, value_name = "COUNT", default_value = "1")]
    pub jobs: NonZeroUsize,
    /// Change a limit: input, depth, rows, output or steps
    #[arg(long, value_name = "NAME=NUMBER", value_parser = limit)]
    pub limit: Vec<(LimitName, u64)>,
}

/// `mapc sample`
#[derive(Debug, Args)]
pub struct Sample {
    /// A code (R0401, E0401), the id of a reason, or the field or rule of one
    #[arg(value_name = "CODE", required_unless_present = "all")]
    pub code: Option<String>,
    /// The map file, or a folder with maps below it; this folder if not given
    #[arg(value_name = "MAP")]
    pub map: Option<PathBuf>,
    /// One message for each reason the map may end with
    #[arg(long)]
    pub all: bool,
}

/// How messages are separated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum InputForm {
    /// Look at the file name and the first line
    Auto,
    /// One message per line
    Lines,
    /// JSON documents one after the other
    Json,
}

/// A limit of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LimitName {
    /// Bytes of a message
    Input,
    /// Records and lists inside each other
    Depth,
    /// Rows of a list
    Rows,
    /// Bytes of a document
    Output,
    /// Steps of a run
    Steps,
}

fn limit(text: &str) -> Result<(LimitName, u64), String> {
    let (name, number) =
        text.split_once('=').ok_or_else(|| "write it as NAME=NUMBER, for example rows=200000".to_owned())?;
    let name = LimitName::from_str(name, false)
        .map_err(|_| format!("`{name}` is no limit; there are input, depth, rows, output and steps"))?;
    let number =
        number.replace('_', "").parse::<u64>().map_err(|_| format!("`{number}` is not a whole number"))?;
    if number == 0 { Err("a limit of 0 would refuse every message".to_owned()) } else { Ok((name, number)) }
}

/// `mapc test`
#[derive(Debug, Args)]
pub struct Test {
    /// Map files, or folders with maps below them
    #[arg(required = true, value_name = "MAP")]
    pub maps: Vec<PathBuf>,
    /// Only tests with this text in their name
    #[arg(long, value_name = "TEXT")]
    pub filter: Option<String>,
}

/// `mapc fmt`
#[derive(Debug, Args)]
pub struct Fmt {
    /// Map files, or folders with maps below them; `-` reads standard input and writes standard output
    #[arg(required = true, value_name = "MAP")]
    pub maps: Vec<PathBuf>,
    /// Write nothing; exit code 1 if a file would change
    #[arg(long)]
    pub check: bool,
    /// Write nothing; show what would change
    #[arg(long)]
    pub diff: bool,
}

/// `mapc explain`
#[derive(Debug, Args)]
pub struct Explain {
    /// The code
    #[arg(value_name = "CODE")]
    pub code: Option<String>,
}

/// `mapc inspect`
#[derive(Debug, Args)]
pub struct Inspect {
    /// A compiled map, or a map file
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

/// `mapc schema …`
#[derive(Debug, Subcommand)]
pub enum Schema {
    /// List what of a schema cannot be represented exactly
    #[command(after_help = "Examples:\n  \
        mapc schema lint netsuite/sales_order@2025.2.schema.json\n  \
        mapc schema lint --deny canonical/*.schema.json")]
    Lint(SchemaLint),
}

/// `mapc schema lint`
#[derive(Debug, Args)]
pub struct SchemaLint {
    /// Schema files; the overlay beside each is applied
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Exit code 1 if anything is listed
    #[arg(long)]
    pub deny: bool,
}

/// `mapc init`
#[derive(Debug, Args)]
pub struct Init {
    /// The folder; it is made if it is not there
    #[arg(value_name = "FOLDER", default_value = ".")]
    pub folder: PathBuf,
}

/// `mapc completions`
#[derive(Debug, Args)]
pub struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}
