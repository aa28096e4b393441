//! `mapc run`

use std::fs::File;
use std::io::{BufReader, BufWriter, IsTerminal, Read, Write};
use std::path::Path;

use crate::arguments::{Format, InputForm, Run};
use crate::config::place_of;
use crate::disk::shown;
use crate::ending::Ending;
use crate::engine::Engine;
use crate::exit::Exit;
use crate::limits::{limits, message_limit};
use crate::messages::{Message, Messages};
use crate::progress::Progress;
use crate::rejects;
use crate::run_summary::RunSummary;
use crate::session::Session;
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
    let summary = stream(arguments, session, &engine, input, size)?;
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
fn open(path: &Path) -> Result<(Box<dyn Read>, Option<u64>), Trouble> {
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
    out: Option<BufWriter<File>>,
    rejects: Option<BufWriter<File>>,
    show_values: bool,
    summary: RunSummary,
    shown: u64,
    hidden: u64,
}

fn stream(
    arguments: &Run,
    session: &mut Session<'_>,
    engine: &Engine,
    input: Box<dyn Read>,
    size: Option<u64>,
) -> Result<RunSummary, Trouble> {
    let free = arguments.out.is_some() || !std::io::stdout().is_terminal();
    let progress = Progress::over(size, &session.look, free);
    let mut outputs = Outputs {
        session,
        out: arguments.out.as_deref().map(create).transpose()?,
        rejects: arguments.rejects.as_deref().map(create).transpose()?,
        show_values: arguments.show_values,
        summary: RunSummary::default(),
        shown: 0,
        hidden: 0,
    };
    let typed = arguments.input == Path::new("-") && std::io::stdin().is_terminal();
    if typed {
        outputs.session.tell("reading messages from the keyboard, one per line; end with Ctrl-D\n");
    }
    let mut runner = engine.runner();
    let limit = message_limit(&limits(&arguments.limit));
    let reading = |error: std::io::Error| Trouble::file("read", &shown(&arguments.input), &error);
    let input = BufReader::with_capacity(256 * 1024, input);
    if arguments.each {
        let list = crate::messages::elements(input, limit).map_err(reading)?;
        let list = list
            .map_err(|why| Trouble::new(format!("`{}` is not one list: {why}", shown(&arguments.input))))?;
        for message in list {
            outputs.take(&message, &runner.run(&message.bytes))?;
        }
    } else {
        let mut messages = Messages::new(input, form(arguments), limit);
        while let Some(message) = messages.next().map_err(reading)? {
            outputs.take(&message, &runner.run(&message.bytes))?;
            progress.at(messages.consumed());
            if typed {
                outputs.session.print("")?;
            }
        }
    }
    progress.done();
    let mut summary = outputs.finish()?;
    if arguments.stats {
        summary.set_guards(runner.guards());
    }
    Ok(summary)
}

/// A file named for its form has that form.
fn form(arguments: &Run) -> InputForm {
    let named = arguments.input.extension().is_some_and(|ending| ending == "ndjson" || ending == "jsonl");
    match arguments.input_form {
        InputForm::Auto if named => InputForm::Lines,
        form => form,
    }
}

fn create(path: &Path) -> Result<BufWriter<File>, Trouble> {
    let file = File::create(path).map_err(|error| Trouble::file("write", &shown(path), &error))?;
    Ok(BufWriter::with_capacity(256 * 1024, file))
}

impl Outputs<'_, '_> {
    fn take(&mut self, message: &Message, ending: &Ending<'_>) -> Result<(), Trouble> {
        self.summary.add(ending);
        if let Ending::Deliver { document, .. } = ending {
            let out: &mut dyn Write = match &mut self.out {
                Some(file) => file,
                None => self.session.out(),
            };
            let written = out.write_all(document).and_then(|()| out.write_all(b"\n"));
            return written.map_err(|error| Trouble::writing("documents", &error));
        }
        let kept = self.show_values.then_some(message.bytes.as_slice());
        if let Some(rejects) = &mut self.rejects {
            let line = rejects::json_line(message.line, ending, kept).unwrap_or_default();
            return rejects.write_all(line.as_bytes()).map_err(|error| Trouble::writing("rejects", &error));
        }
        if matches!(ending, Ending::Skip(_)) {
            return Ok(());
        }
        if self.shown < rejects::SHOWN {
            self.shown += 1;
            if let Some(words) = rejects::words(message.line, ending) {
                self.session.say(&words);
            }
        } else {
            self.hidden += 1;
        }
        Ok(())
    }

    fn finish(mut self) -> Result<RunSummary, Trouble> {
        if let Some(file) = &mut self.out {
            file.flush().map_err(|error| Trouble::writing("documents", &error))?;
        }
        if let Some(file) = &mut self.rejects {
            file.flush().map_err(|error| Trouble::writing("rejects", &error))?;
        }
        self.session.print("")?;
        if self.hidden > 0 {
            let text = format!("and {} more; write them all to a file with `--rejects FILE`\n", self.hidden);
            self.session.say(&text);
        }
        Ok(self.summary)
    }
}
