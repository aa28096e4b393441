//! The real binary on the mappings of this repository: the main job, end to end.

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};
    use std::process::Command;

    const MAP: &str = "mappings/tenants/acme/sales_order.map";
    const ORDERS: &str = "mappings/canonical/samples/sales_orders.ndjson";

    fn root() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
    }

    fn mapc(arguments: &[&str]) -> (i32, String, String) {
        let output =
            Command::new(env!("CARGO_BIN_EXE_mapc")).args(arguments).current_dir(root()).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }

    #[test]
    fn the_map_of_acme_passes_and_so_do_its_tests() {
        let (code, out, err) = mapc(&["check", MAP]);
        assert_eq!((code, out.as_str()), (0, ""), "{err}");
        assert!(err.starts_with("tenants/acme/sales_order.map  passes\n"), "{err}");
        let (code, out, err) = mapc(&["test", MAP]);
        assert_eq!((code, out.as_str()), (0, ""), "{err}");
        assert!(err.ends_with(" passed, 0 failed\n"), "{err}");
    }

    #[test]
    fn every_sample_order_ends_as_it_must() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
        let (out_file, rejects_file) = (file("out.ndjson"), file("rejects.ndjson"));
        let (code, out, err) =
            mapc(&["run", MAP, "--in", ORDERS, "--out", &out_file, "--rejects", &rejects_file]);
        assert_eq!((code, out.as_str()), (0, ""), "{err}");
        let expected = std::fs::read(root().join("mappings/canonical/samples/expected.json")).unwrap();
        let expected: Vec<serde_json::Value> = serde_json::from_slice(&expected).unwrap();
        let rejects = std::fs::read_to_string(rejects_file).unwrap();
        let rejects: Vec<serde_json::Value> =
            rejects.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        for expect in &expected {
            let found = rejects.iter().find(|reject| reject["line"] == expect["line"]);
            let outcome = found.map_or("deliver", |reject| reject["outcome"].as_str().unwrap());
            assert_eq!(outcome, expect["outcome"], "line {}", expect["line"]);
            if let (Some(found), Some(code)) = (found, expect["code"].as_str()) {
                assert_eq!(found["code"], code, "line {}", expect["line"]);
            }
        }
        let delivered = expected.iter().filter(|expect| expect["outcome"] == "deliver").count();
        assert_eq!(std::fs::read_to_string(out_file).unwrap().lines().count(), delivered);
        assert!(err.starts_with(&format!("{} messages: {delivered} delivered, ", expected.len())), "{err}");
    }

    #[test]
    fn ids_come_from_the_tenant_or_from_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let xref = folder.path().join("ids.csv");
        std::fs::write(&xref, "entity,key,id\nnetsuite.customer,nobody,1\n").unwrap();
        let sample = "mappings/tenants/acme/samples/us_two_lines.json";
        let (_, out, err) = mapc(&["run", MAP, "--in", sample]);
        assert!(out.contains("\"entity\":{\"id\":\"5521\"}"), "{out}{err}");
        let (_, out, err) = mapc(&["run", MAP, "--in", sample, "--xref", &xref.to_string_lossy()]);
        assert_eq!(out, "");
        assert!(err.contains("waits, R0702 entity.id"), "{err}");
    }

    #[test]
    fn two_runs_give_the_same_bytes() {
        let one = mapc(&["run", MAP, "--in", ORDERS]);
        assert!(one == mapc(&["run", MAP, "--in", ORDERS]), "the second run differs");
        let check = mapc(&["check", MAP, "--format", "json"]);
        assert!(check == mapc(&["check", MAP, "--format", "json"]), "the second check differs");
    }
}
