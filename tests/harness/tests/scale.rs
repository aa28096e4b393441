//! Do many tenants check and build as each of them alone, in parallel and from the cache? The figures are taken by
//! `mapc-scale`, not here.

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use mapc_harness::command::{Printed, Shell};
    use mapc_harness::scale::{self, Target};

    const TENANTS: usize = 12;

    fn numbers(printed: &Printed) -> Vec<usize> {
        let line = printed.err.lines().last().unwrap();
        assert!(line.starts_with("cache: "), "{line}");
        line.split(' ').filter_map(|word| word.parse().ok()).collect()
    }

    fn check(target: Target) {
        let Some(folder) = scale::workspace(target, TENANTS).unwrap() else {
            println!("{target:?}: the vendor's description is not there, skipped");
            return;
        };
        let place = tempfile::tempdir().unwrap();
        folder.write_to(place.path()).unwrap();
        let shell = Shell::new(env!("CARGO_BIN_EXE_mapc-under-test"), place.path());
        let run = |arguments: &[&str]| {
            let printed = shell.run(arguments, b"").unwrap();
            assert_eq!(printed.code, 0, "{target:?} {arguments:?}: {}", printed.err);
            printed
        };
        let built = || -> BTreeMap<usize, Vec<u8>> {
            let artifact = |tenant| place.path().join(scale::map_path(tenant)).with_extension("mapb");
            (0..TENANTS).map(|tenant| (tenant, std::fs::read(artifact(tenant)).unwrap())).collect()
        };
        let serial = run(&["check", ".", "--jobs", "1", "--no-cache"]);
        for arguments in [["--jobs", "3"], ["--jobs", "2"]] {
            let printed = run(&[&["check", "."], &arguments[..]].concat());
            assert_eq!((printed.out, printed.err), (serial.out.clone(), serial.err.clone()), "{target:?}");
        }
        assert_eq!(numbers(&run(&["check", ".", "--cache-stats"])), [TENANTS, 0]);
        // Alone, each map becomes the same bytes.
        for tenant in 0..TENANTS {
            run(&["build", &scale::map_path(tenant), "--no-cache"]);
        }
        let alone = built();
        for _ in 0..2 {
            run(&["build", ".", "--jobs", "3"]);
            assert!(built() == alone, "{target:?}: together they are built differently");
        }
        // One tenant changes: one map is checked again. The schema changes: all are.
        let map = scale::map_path(3);
        let text = std::fs::read_to_string(place.path().join(&map)).unwrap();
        std::fs::write(place.path().join(&map), text.replace("version 1", "version 2")).unwrap();
        assert_eq!(numbers(&run(&["check", ".", "--cache-stats"])), [TENANTS - 1, 1]);
        let schema = match target {
            Target::NetSuite => "netsuite/sales_order@2025.2.schema.json",
            Target::Wide(_) => "erp/wide@1.schema.json",
        };
        let text = std::fs::read_to_string(place.path().join(schema)).unwrap();
        std::fs::write(place.path().join(schema), text + "\n").unwrap();
        assert_eq!(numbers(&run(&["check", ".", "--cache-stats"])), [0, TENANTS]);
    }

    #[test]
    fn tenants_of_netsuite() {
        check(Target::NetSuite);
    }

    #[test]
    fn tenants_of_a_wide_record() {
        check(Target::Wide(1000));
    }
}
