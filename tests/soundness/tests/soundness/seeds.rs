//! Every seed of the fuzzer, through the function the fuzzer calls.

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use mapc_soundness::targets::{ALL, Target};

    /// Largest seed in bytes, and most seeds of a target.
    const LARGEST: usize = 4096;
    const MOST: usize = 200;

    /// The seeds of a target, in order.
    fn seeds(target: &str) -> Vec<PathBuf> {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let folder = here.ancestors().nth(1).unwrap().join("fuzz/seeds").join(target);
        let mut paths: Vec<PathBuf> =
            std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        paths
    }

    /// What is wrong with a seed.
    fn replay(path: &Path, target: Target) -> Result<(), String> {
        let bytes = std::fs::read(path).unwrap();
        assert!(bytes.len() <= LARGEST, "{} has {} bytes", path.display(), bytes.len());
        let verdict = std::panic::catch_unwind(|| target(&bytes));
        let verdict = verdict.unwrap_or_else(|_| Err("a panic, see above".to_owned()));
        verdict.map_err(|why| format!("{}: {why}", path.display()))
    }

    #[test]
    fn every_seed_of_the_fuzzer_passes() {
        let mut wrong = Vec::new();
        for (name, target) in ALL {
            let paths = seeds(name);
            mapc_soundness::say!("seeds of the fuzzer: {name} {}", paths.len());
            assert!(paths.len() >= 20, "{name} has only {} seeds", paths.len());
            assert!(paths.len() <= MOST, "{name} has {} seeds: see tests/fuzz/README.md", paths.len());
            wrong.extend(paths.iter().filter_map(|path| replay(path, *target).err()));
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
