//! The real binary on long input: order, limits, constant memory, and ends that come too early.

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::path::Path;
    use std::process::{Child, Command, Stdio};

    fn start(folder: &Path, arguments: &[&str]) -> Child {
        Command::new(env!("CARGO_BIN_EXE_mapc"))
            .args(arguments)
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    /// Exit code, standard output, standard error.
    fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
        let output = start(folder, arguments).wait_with_output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }

    /// A workspace with a built map and so many messages; every seventh is refused, every eleventh is no JSON.
    fn workspace(messages: usize) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(run(folder.path(), &["init", "-q"]).0, 0);
        assert_eq!(run(folder.path(), &["build", "maps/invoice.map", "-q", "--no-cache"]).0, 0);
        let mut text = String::new();
        for number in 0..messages {
            let country = if number % 7 == 6 { "US" } else { "DE" };
            if number % 11 == 10 {
                text.push_str("{\"id\":\n");
                continue;
            }
            text.push_str(&format!(
                "{{\"id\":\"{number}\",\"customer\":\"C\",\"country\":\"{country}\",\
                 \"lines\":[{{\"sku\":\"A\",\"quantity\":1,\"price\":2.50}}]}}\n"
            ));
        }
        std::fs::write(folder.path().join("in.ndjson"), text).unwrap();
        folder
    }

    const RUN: [&str; 4] = ["run", "maps/invoice.mapb", "--in", "in.ndjson"];

    #[test]
    fn several_jobs_write_what_one_writes() {
        let folder = workspace(20_000);
        let with = |more: &[&str]| run(folder.path(), &[&RUN[..], more].concat());
        let one = with(&["--stats"]);
        assert_eq!(one.0, 0);
        assert!(one.2.contains("20000 messages: "), "{}", one.2);
        let files = |jobs: &str| {
            let printed = with(&["--jobs", jobs, "--out", "out", "--rejects", "rejects", "--show-values"]);
            let read = |name: &str| std::fs::read(folder.path().join(name)).unwrap();
            (printed, read("out"), read("rejects"))
        };
        let in_files = files("1");
        assert_eq!(in_files.1, one.1.as_bytes());
        for jobs in ["2", "3", "8"] {
            assert!(with(&["--stats", "--jobs", jobs]) == one, "{jobs} jobs");
            assert!(files(jobs) == in_files, "{jobs} jobs into files");
        }
    }

    #[test]
    fn a_line_over_the_limit_costs_itself_alone() {
        let folder = workspace(40);
        let mut text = std::fs::read_to_string(folder.path().join("in.ndjson")).unwrap();
        let long = format!("{{\"id\":\"{}\"}}\n", "x".repeat(3_000_000));
        let at = text.match_indices('\n').nth(9).unwrap().0 + 1;
        text.insert_str(at, &long);
        std::fs::write(folder.path().join("in.ndjson"), &text).unwrap();
        let expected = workspace(40);
        let (_, documents, _) = run(expected.path(), &RUN);
        for jobs in ["1", "3"] {
            let arguments = ["--limit", "input=1000", "--rejects", "rejects", "--jobs", jobs];
            let (code, out, err) = run(folder.path(), &[&RUN[..], &arguments].concat());
            assert_eq!(code, 0, "{err}");
            assert_eq!(out, documents, "the others are as they were");
            let rejects = std::fs::read_to_string(folder.path().join("rejects")).unwrap();
            let named: Vec<&str> = rejects.lines().filter(|line| line.contains("R0111")).collect();
            assert_eq!(named.len(), 1, "{rejects}");
            assert!(named[0].starts_with("{\"line\":11,\"outcome\":\"reject\","), "{named:?}");
        }
    }

    #[test]
    fn a_reader_that_goes_away_ends_the_run() {
        let folder = workspace(200_000);
        for jobs in ["1", "2"] {
            let mut child = start(folder.path(), &[&RUN[..], &["--jobs", jobs]].concat());
            let mut some = [0; 100];
            child.stdout.take().unwrap().read_exact(&mut some).unwrap();
            let output = child.wait_with_output().unwrap();
            assert_eq!(output.status.code(), Some(2), "{jobs} jobs");
            let err = String::from_utf8(output.stderr).unwrap();
            assert!(!err.contains("cannot write") && !err.contains("internal"), "{err}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn memory_does_not_grow_with_the_input() {
        let peak = |messages: usize, jobs: &str| {
            let folder = workspace(messages);
            let out = ["--out", "out", "--rejects", "rejects", "--jobs", jobs];
            let mut child = start(folder.path(), &[&RUN[..], &out].concat());
            let status = format!("/proc/{}/status", child.id());
            let mut most = 0_u64;
            while child.try_wait().unwrap().is_none() {
                let text = std::fs::read_to_string(&status).unwrap_or_default();
                let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
                let mark = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
                most = most.max(mark.unwrap_or(0));
                std::thread::sleep(std::time::Duration::from_millis(1));
            }
            most
        };
        for jobs in ["1", "2"] {
            let (small, large) = (peak(30_000, jobs), peak(300_000, jobs));
            assert!(large < small * 3 / 2 + 4096, "{jobs} jobs: {small} kB, then {large} kB");
        }
    }
}
