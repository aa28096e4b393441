//! `mapc run`

use std::fs::File;
use std::io::{BufReader, IsTerminal, Read, Write};
use std::path::Path;

use crate::arguments::{Format, InputForm, Run};
use crate::config::place_of;
use crate::disk::shown;
use crate::engine::Engine;
use crate::exit::Exit;
use crate::limits::{limits, message_limit};
use crate::messages::{Elements, Messages, Source};
use crate::progress::Progress;
use crate::rejects;
use crate::run_summary::RunSummary;
use crate::session::Session;
use crate::stream::{self, Rejects, Work};
use crate::trouble::Trouble;
use crate::xref::Snapshot;

pub(super) fn run(arguments: &Run, session: &mut Session<'_>) -> Result<Exit, Trouble> {
    let machine = session.look.format == Format::Json;
    if machine && arguments.out.is_none() {
        return Err(Trouble::new(
            "`--format json` writes the summary to standard output, where the documents go",
        )
        .help("name a file for the documents with `--out FILE`"));
    }
    let Some(engine) = engine(arguments, session)? else { return Ok(Exit::Findings) };
    keep_apart(arguments)?;
    let (input, size) = open(&arguments.input)?;
    let started = std::time::Instant::now();
    let (summary, trouble) = stream(arguments, session, &engine, input, size)?;
    let elapsed = started.elapsed();
    if machine {
        session.print(&summary.json())?;
    } else {
        session.tell(&summary.words());
        if engine.has_no_ids() && summary.waiting() > 0 {
            session.tell("no ids of the receiving system were given, so `xref` found nothing; give them with `--xref FILE`\n");
        }
    }
    if session.look.verbose > 0 {
        let rate = summary.messages() as f64 / elapsed.as_secs_f64().max(1e-9);
        session.tell(&format!("{:.3} s, {rate:.0} messages per second\n", elapsed.as_secs_f64()));
    }
    // What was read is written and told; then why there is no more.
    if let Some(trouble) = trouble {
        return Err(trouble);
    }
    Ok(if arguments.fail_on_reject && summary.rejected() > 0 { Exit::Findings } else { Exit::Done })
}

/// The map, ready to run; `None` when it does not compile, which is shown.
fn engine(arguments: &Run, session: &mut Session<'_>) -> Result<Option<Engine>, Trouble> {
    let limits = limits(&arguments.limit);
    let given = arguments.xref.as_deref().map(Snapshot::of_file).transpose()?;
    if super::is_artifact(&arguments.map) {
        let bytes = super::read_artifact(&arguments.map)?;
        let mut engine =
            Engine::load(&bytes, limits).map_err(|error| super::broken_artifact(&arguments.map, &error))?;
        let snapshot = match (given, engine.tenant()) {
            (Some(snapshot), _) => snapshot,
            // Without a workspace around it a compiled map runs all the same.
            (None, Some(tenant)) => match place_of(&arguments.map) {
                Ok((place, _)) => Snapshot::of_tenant(&place, &tenant)?,
                Err(_) => Snapshot::default(),
            },
            (None, None) => Snapshot::default(),
        };
        engine.set_ids(snapshot);
        return Ok(Some(engine));
    }
    let compiled = super::compile(&arguments.map)?;
    if compiled.compilation.has_errors() {
        super::show(&compiled, session)?;
        return Ok(None);
    }
    let Some(module) = &compiled.compilation.module else { return Ok(None) };
    let mut engine = Engine::load(&module.encode(), limits)
        .map_err(|error| Trouble::new(format!("the map was built and cannot be loaded: {error}")))?;
    let snapshot = match (given, &compiled.compilation.references.tenant) {
        (Some(snapshot), _) => snapshot,
        (None, Some(tenant)) => Snapshot::of_tenant(&compiled.place, tenant)?,
        (None, None) => Snapshot::default(),
    };
    engine.set_ids(snapshot);
    Ok(Some(engine))
}

/// Nothing that is read may be written over.
fn keep_apart(arguments: &Run) -> Result<(), Trouble> {
    let read = [Some(&arguments.map), Some(&arguments.input), arguments.xref.as_ref()];
    let written = [("--out", &arguments.out), ("--rejects", &arguments.rejects)];
    for (option, path) in written {
        let Some(path) = path else { continue };
        if read.iter().flatten().any(|other| super::build::is_same_file(path, other)) {
            return Err(Trouble::new(format!("`{option}` names `{}`, which is read", shown(path)))
                .help("name another file"));
        }
    }
    match (&arguments.out, &arguments.rejects) {
        (Some(out), Some(rejects)) if out == rejects => {
            Err(Trouble::new("`--out` and `--rejects` name the same file").help("name two files"))
        }
        _ => Ok(()),
    }
}

/// Input and its size, when it is known.
fn open(path: &Path) -> Result<(Box<dyn Read + Send>, Option<u64>), Trouble> {
    if path == Path::new("-") {
        return Ok((Box::new(std::io::stdin()), None));
    }
    let failed = |error| Trouble::file("read", &shown(path), &error);
    let file = File::open(path).map_err(failed)?;
    let about = file.metadata().map_err(failed)?;
    if about.is_dir() {
        return Err(Trouble::new(format!("cannot read `{}`: it is a folder", shown(path))));
    }
    Ok((Box::new(file), about.is_file().then_some(about.len())))
}

/// Where documents and rejects go.
struct Outputs<'a, 'b> {
    session: &'a mut Session<'b>,
    out: Option<File>,
    rejects: Option<File>,
    summary: RunSummary,
    shown: u64,
    hidden: u64,
}

/// Runs everything; with the counts comes what kept the input from being read to its end.
fn stream(
    arguments: &Run,
    session: &mut Session<'_>,
    engine: &Engine,
    input: Box<dyn Read + Send>,
    size: Option<u64>,
) -> Result<(RunSummary, Option<Trouble>), Trouble> {
    let free = arguments.out.is_some() || !std::io::stdout().is_terminal();
    let progress = Progress::over(size, &session.look, free);
    let mut outputs = Outputs {
        session,
        out: arguments.out.as_deref().map(create).transpose()?,
        rejects: arguments.rejects.as_deref().map(create).transpose()?,
        summary: RunSummary::default(),
        shown: 0,
        hidden: 0,
    };
    let typed = arguments.input == Path::new("-") && std::io::stdin().is_terminal();
    if typed {
        outputs.session.tell("reading messages from the keyboard, one per line; end with Ctrl-D\n");
    }
    let limit = message_limit(&limits(&arguments.limit));
    let reading = |error: &std::io::Error| Trouble::file("read", &shown(&arguments.input), error);
    let input = BufReader::with_capacity(256 * 1024, input);
    let source: Box<dyn Source + Send> = if arguments.each {
        let list = crate::messages::elements(input, limit).map_err(|error| reading(&error))?;
        let list = list
            .map_err(|why| Trouble::new(format!("`{}` is not one list: {why}", shown(&arguments.input))))?;
        Box::new(Elements::new(list))
    } else {
        Box::new(Messages::new(input, form(arguments), limit))
    };
    let how = Rejects { as_lines: arguments.rejects.is_some(), with_values: arguments.show_values };
    let mut unread = None;
    let guards = stream::run(engine, source, how, arguments.jobs, |work| {
        outputs.take(work)?;
        progress.at(work.consumed());
        unread = work.failed.take().map(|error| reading(&error));
        if typed { outputs.session.print("") } else { Ok(()) }
    });
    progress.done();
    let guards = guards?;
    let mut summary = outputs.finish()?;
    if arguments.stats {
        summary.set_guards(guards);
    }
    Ok((summary, unread))
}

/// A file named for its form has that form.
fn form(arguments: &Run) -> InputForm {
    let named = arguments.input.extension().is_some_and(|ending| ending == "ndjson" || ending == "jsonl");
    match arguments.input_form {
        InputForm::Auto if named => InputForm::Lines,
        form => form,
    }
}

fn create(path: &Path) -> Result<File, Trouble> {
    File::create(path).map_err(|error| Trouble::file("write", &shown(path), &error))
}

impl Outputs<'_, '_> {
    fn take(&mut self, work: &mut Work) -> Result<(), Trouble> {
        let out: &mut dyn Write = match &mut self.out {
            Some(file) => file,
            None => self.session.out(),
        };
        out.write_all(&work.documents).map_err(|error| Trouble::writing("documents", &error))?;
        if let Some(rejects) = &mut self.rejects {
            rejects.write_all(&work.rejects).map_err(|error| Trouble::writing("rejects", &error))?;
        }
        for words in &work.words {
            if self.shown < rejects::SHOWN {
                self.shown += 1;
                self.session.say(words);
            } else {
                self.hidden += 1;
            }
        }
        self.hidden += work.more;
        self.summary.merge(std::mem::take(&mut work.summary));
        Ok(())
    }

    fn finish(self) -> Result<RunSummary, Trouble> {
        self.session.print("")?;
        if self.hidden > 0 {
            let text = format!("and {} more; write them all to a file with `--rejects FILE`\n", self.hidden);
            self.session.say(&text);
        }
        Ok(self.summary)
    }
}
