//! What does bad input do? Everything anyone has handed to a tool like this: one clear answer, no panic, nothing lost.

#[cfg(test)]
mod tests {
    use mapc_diagnostics::Severity;
    use mapc_harness::command::{Printed, Shell};
    use mapc_harness::compiled::Compiled;
    use mapc_harness::example::fixture;
    use mapc_harness::folder::Folder;
    use mapc_harness::repository;
    use mapc_vm::{Limits, Program};

    const BINARY: &str = env!("CARGO_BIN_EXE_mapc-under-test");
    const HEAD: &str =
        "map demo.order version 1\nfrom shop.order@1 as order\nto   erp.order@1 tenant demo\n\n";

    /// The lines as the fields of a map.
    fn fields(lines: &str) -> Vec<u8> {
        format!("{HEAD}fields {{\n  number = order.number\n{lines}\n}}\n").into_bytes()
    }

    /// The items behind the head of a map.
    fn items(items: &str) -> Vec<u8> {
        format!("{HEAD}{items}\n").into_bytes()
    }

    /// The map has errors of exactly this code, one unless said otherwise, and each says something readable that holds
    /// these words.
    #[track_caller]
    fn refused_in(folder: &Folder, what: &str, map: impl Into<Vec<u8>>, code: &str, words: &str) {
        let mut folder = folder.clone();
        folder.put("tenants/demo/bad.map", map);
        let compiled = Compiled::new(&folder, "tenants/demo/bad.map");
        let errors = compiled.codes(Severity::Error);
        let said = compiled.words();
        let shown: String = said.chars().take(2000).collect();
        assert!(
            !errors.is_empty() && errors.iter().all(|one| *one == code),
            "{what}: expected {code}, got\n{shown}"
        );
        assert_eq!(errors.len(), 1, "{what}: is said {} times\n{shown}", errors.len());
        assert!(compiled.compilation.module.is_none());
        let first = compiled.compilation.diagnostics.iter().find(|one| one.is_error()).unwrap();
        assert!(first.title.len() > 8 && first.title.chars().count() <= 120, "{what}: `{}`", first.title);
        let everything = format!("{first:?}");
        assert!(
            everything.contains(words),
            "{what}: `{words}` is not in\n{}",
            everything.chars().take(3000).collect::<String>()
        );
    }

    #[track_caller]
    fn refused(what: &str, map: impl Into<Vec<u8>>, code: &str, words: &str) {
        refused_in(&fixture().unwrap(), what, map, code, words);
    }

    #[test]
    fn files_that_are_no_maps() {
        refused("empty file", "", "E0106", "map");
        refused("blank file", "\n \t\n", "E0106", "map");
        refused("binary file", b"\x7fELF\x02\x01\x01\0\0\xff\xfe\x80".repeat(40), "E0109", "UTF-8");
        refused("UTF-16 file", b"\xff\xfem\0a\0p\0".to_vec(), "E0109", "UTF-8");
        let line = "# a remark that fills the file\n";
        refused("10 MB of remarks", line.repeat(10_000_000 / line.len()), "E0107", "1 MiB");
        refused("10 MB of one letter", "x".repeat(10_000_000), "E0107", "1 MiB");
        refused("10 MB of brackets", "(".repeat(10_000_000), "E0107", "1 MiB");
    }

    #[test]
    fn nesting_of_ten_thousand_levels() {
        let deep =
            |open: &str, close: &str| format!("{}order.country{}", open.repeat(10_000), close.repeat(10_000));
        refused("brackets", fields(&format!("  memo = {}", deep("(", ")"))), "E0107", "more than");
        refused(
            "minus",
            fields(&format!("  pieces = {}order.pieces", "-".repeat(10_000))),
            "E0107",
            "more than",
        );
        refused(
            "not",
            fields(&format!("  memo = \"x\" when {} order.urgent", "not ".repeat(10_000))),
            "E0107",
            "more than",
        );
        let blocks =
            format!("{}{}", "each order.lines as line {\n lines = ".repeat(10_000), "}\n".repeat(10_000));
        refused("blocks", fields(&format!("  lines = {blocks}")), "E0107", "more than");
        let chooses =
            format!("{}1{}", "choose { order.urgent -> ".repeat(10_000), " otherwise -> 2 }".repeat(10_000));
        refused("choices", fields(&format!("  pieces = {chooses}")), "E0107", "more than");
    }

    #[test]
    fn slips_in_a_map() {
        refused("unknown word at the top", items("feilds {\n  number = order.number\n}"), "E0103", "fields");
        refused("unclosed block", items("fields {\n  number = order.number\n"), "E0102", "fields");
        refused("unclosed text", fields("  memo = \"abc"), "E0105", "\"");
        refused("unknown source field", fields("  memo = order.contry"), "E0201", "country");
        refused("unknown target field", fields("  mmeo = order.country"), "E0202", "memo");
        refused("unknown function", fields("  memo = order.country | lowr"), "E0206", "lower");
        refused("required target missing", items("fields {\n  memo = order.country\n}"), "E0301", "number");
        refused("text too long", fields("  memo = order.note"), "E0401", "500");
        refused("value not in the list", fields("  kind = \"C\""), "E0402", "takes");
        refused("too many decimals", fields("  rate = order.rate"), "E0405", "6");
        refused("date against moment", fields("  moment = order.day"), "E0406", "date");
        refused("moment against date", fields("  date = order.placedAt"), "E0407", "zone");
        refused("moment to date without zone", fields("  date = order.placedAt | date"), "E0407", "zone");
        refused("list into a single field", fields("  memo = order.tags"), "E0501", "list");
        refused("single value into a list", fields("  tags = order.country"), "E0506", "list");
        refused("unknown table", fields("  colour = order.colour | lookup colours"), "E0601", "colours");
        refused("sides swapped", fields("  order.note = memo"), "E0104", "order");
        refused("curly quotes", fields("  memo = “Gift”"), "E0101", "\\\"");
    }

    #[test]
    fn tables_that_are_not_as_they_should_be() {
        let uses =
            "fields {\n  number = order.number\n  currency.id = order.currency | lookup currency or omit\n}";
        let table = format!("table currency from \"tables/currency.csv\" key code gives id\n{uses}");
        let row = format!("table currency {{\n  \"EUR\" -> \"1\"\n  \"EUR\" -> \"2\"\n}}\n{uses}");
        refused("duplicate key", items(&row), "E0603", "EUR");
        refused(
            "table file missing",
            items(&table.replace("currency.csv", "curency.csv")),
            "E0605",
            "currency.csv",
        );
        refused("wrong column", items(&table.replace("gives id", "gives ids")), "E0605", "id");
        refused(
            "path out of the workspace",
            items(&table.replace("tables/", "../../../")),
            "E0605",
            "currency.csv",
        );

        let with = |path: &str, content: &[u8]| {
            let mut folder = fixture().unwrap();
            folder.put(path, content);
            folder
        };
        let csv = "tenants/demo/tables/currency.csv";
        refused_in(
            &with(csv, b"code,id\nEUR,1\nEUR,2\n"),
            "duplicate key in a file",
            items(&table),
            "E0603",
            "EUR",
        );
        refused_in(&with(csv, b"code,id\nUSD,1\nEUR\n"), "short row", items(&table), "E0605", "complete");
        refused_in(&with(csv, b""), "empty table file", items(&table), "E0605", "has no rows");
        refused_in(
            &with(csv, b"code,id\nM\xfcller,1\n"),
            "table in another encoding",
            items(&table),
            "E0109",
            "UTF-8",
        );
        refused_in(
            &with(csv, b"code,id\nUSD,1\n\"EUR,1\n"),
            "open quote",
            items(&table),
            "E0605",
            "complete",
        );
    }

    #[test]
    fn schemas_that_are_not_as_they_should_be() {
        let with = |path: &str, content: &[u8]| {
            let mut folder = fixture().unwrap();
            folder.put(path, content);
            folder
        };
        let schema = "erp/order@1.schema.json";
        let map = items("fields {\n  number = order.number\n}");
        let mut gone = fixture().unwrap();
        gone.remove(schema);
        refused_in(&gone, "schema file missing", map.clone(), "E0211", "erp");
        refused_in(&with(schema, b""), "empty schema", map.clone(), "E0903", "order@1");
        refused_in(
            &with(schema, b"{ \"type\": \"object\", "),
            "schema cut off",
            map.clone(),
            "E0903",
            "order@1",
        );
        refused_in(&with(schema, b"[1]"), "schema of another kind", map.clone(), "E0904", "order@1");
        let deep = format!("{}{}", "{\"not\":".repeat(10_000), "}".repeat(10_000));
        refused_in(&with(schema, deep.as_bytes()), "deep schema", map.clone(), "E0903", "deep");
        let dangling =
            br##"{ "$schema": "https://json-schema.org/draft/2020-12/schema", "$ref": "#/$defs/none" }"##;
        refused_in(&with(schema, dangling), "reference to nothing", map.clone(), "E0903", "$defs/none");
        refused(
            "unknown schema",
            map_text(&map).replace("erp.order@1", "erp.ordr@1"),
            "E0211",
            "erp.order@1",
        );
        refused("unknown tenant", map_text(&map).replace("tenant demo", "tenant dmeo"), "E0211", "demo");
    }

    fn map_text(map: &[u8]) -> String {
        String::from_utf8_lossy(map).into_owned()
    }

    #[test]
    fn many_slips_are_said_at_once_and_each_once() {
        let mut folder = fixture().unwrap();
        folder.put(
            "tenants/demo/bad.map",
            fields("  mmeo = order.country\n  kind = \"C\"\n  text = )\n  title = order.contry\n"),
        );
        let compiled = Compiled::new(&folder, "tenants/demo/bad.map");
        let errors = compiled.codes(Severity::Error);
        for code in ["E0202", "E0402", "E0106", "E0201"] {
            let times = errors.iter().filter(|one| **one == code).count();
            let junk = code == "E0106" && times == 0 && errors.contains(&"E0103");
            assert!(times == 1 || junk, "{code} is said {times} times\n{}", compiled.words());
        }
        assert_eq!(errors.len(), 4, "{}", compiled.words());
    }

    #[test]
    fn windows_line_ends_and_a_mark_at_the_beginning_do_no_harm() {
        let mut folder = fixture().unwrap();
        let map = map_text(&fields("  memo = order.note\n    | cut 40"));
        folder.put("tenants/demo/good.map", format!("\u{feff}{}", map.replace('\n', "\r\n")));
        let compiled = Compiled::new(&folder, "tenants/demo/good.map");
        assert!(!compiled.compilation.has_errors(), "{}", compiled.words());
    }

    #[test]
    fn messages_of_every_bad_kind() {
        let mut folder = fixture().unwrap();
        let lines = "  memo = order.note | cut 40\n  price = order.total\n  text = \"{order.rate}\"\n  lines = each order.lines as line {\n    item = line.sku\n  }";
        folder.put("tenants/demo/map.map", fields(lines));
        let compiled = Compiled::new(&folder, "tenants/demo/map.map");
        let mut runner = compiled.runner(&folder, Limits::default()).unwrap();
        let nested = |open: &str, close: &str, count: usize| {
            format!("{{\"number\":\"A\",\"unread\":{}{}}}", open.repeat(count), close.repeat(count))
                .into_bytes()
        };
        let large = format!("{{\"number\":\"A\",\"unread\":\"{}\"}}", "x".repeat(17 << 20)).into_bytes();
        let cases: &[(&str, Vec<u8>, &str)] = &[
            ("nothing", b"".to_vec(), "R0101"),
            ("blanks", b" \n\t".to_vec(), "R0101"),
            ("binary", b"\x7fELF\x02\x01\x01\0".to_vec(), "R0101"),
            ("not UTF-8", b"{\"number\":\"\xff\"}".to_vec(), "R0102"),
            ("a mark before it", b"\xef\xbb\xbf{\"number\":\"A\"}".to_vec(), "R0101"),
            ("cut off", b"{\"number\":\"A\",".to_vec(), "R0101"),
            ("two values", b"{\"number\":\"A\"}{}".to_vec(), "R0101"),
            ("10,000 lists", nested("[", "]", 10_000), "R0110"),
            ("10,000 records", nested("{\"a\":", "}", 10_000), "R0110"),
            ("10,000 lists that never close", nested("[", "", 10_000), "R0110"),
            ("17 MiB", large, "R0111"),
            ("duplicate key", b"{\"number\":\"A\",\"number\":\"A\"}".to_vec(), "R0103"),
            ("duplicate key, once escaped", b"{\"number\":\"A\",\"n\\u0075mber\":\"A\"}".to_vec(), "R0103"),
            ("lone surrogate", b"{\"number\":\"A\",\"note\":\"\\udc00\"}".to_vec(), "R0102"),
            ("lone surrogate in a key", b"{\"number\":\"A\",\"\\ud800\":1}".to_vec(), "R0102"),
            ("60 digits", format!("{{\"number\":\"A\",\"rate\":{}}}", "9".repeat(60)).into_bytes(), "R0112"),
            (
                "60 digits in quotes",
                format!("{{\"number\":\"A\",\"total\":\"{}\"}}", "9".repeat(60)).into_bytes(),
                "R0112",
            ),
            ("huge exponent", b"{\"number\":\"A\",\"rate\":1e999999999999}".to_vec(), "R0112"),
            ("control character", b"{\"number\":\"A\",\"note\":\"a\nb\"}".to_vec(), "R0101"),
            ("list for a record", b"[]".to_vec(), "R0201"),
            ("number for a text", b"{\"number\":1}".to_vec(), "R0201"),
            ("list of numbers for records", b"{\"number\":\"A\",\"lines\":[1]}".to_vec(), "R0201"),
        ];
        for (what, message, code) in cases {
            let ending = runner.both(message).unwrap_or_else(|why| panic!("{what}: {why}"));
            assert_eq!(ending.code(), Some(*code), "{what}: {ending}");
            assert!(ending.to_string().len() > 20, "{what}: says only `{ending}`");
        }
        let rows = format!(
            "{{\"number\":\"A\",\"lines\":[{}]}}",
            vec!["{\"sku\":\"A\",\"quantity\":1}"; 100_001].join(",")
        );
        assert_eq!(runner.vm(rows.as_bytes()).code(), Some("R0111"), "too many rows");
    }

    /// A folder on disk with the workspace of the examples and a compiled map.
    fn built() -> (tempfile::TempDir, Shell, Vec<u8>) {
        let place = tempfile::tempdir().unwrap();
        fixture().unwrap().write_to(place.path()).unwrap();
        let shell = Shell::new(BINARY, place.path());
        let printed = shell.run(&["build", "tenants/demo/base.map", "-o", "base.mapb"], b"").unwrap();
        assert_eq!(printed.code, 0, "{}", printed.err);
        let artifact = std::fs::read(place.path().join("base.mapb")).unwrap();
        (place, shell, artifact)
    }

    #[track_caller]
    fn calm(printed: &Printed) {
        assert!(
            !printed.err.contains("panicked") && printed.code != 101 && printed.code >= 0,
            "{}",
            printed.err
        );
    }

    #[test]
    fn a_line_cut_off_in_the_middle_of_a_run_is_one_reject_with_its_line_number() {
        let (place, shell, _) = built();
        let input = b"{\"number\":\"A-1\"}\n{\"number\":\"A-2\",\"no\n\n{\"number\":\"A-3\"}\n\xff\xfe\n{\"number\":\"A-4\"}";
        std::fs::write(place.path().join("in.ndjson"), input).unwrap();
        let printed =
            shell.run(&["run", "base.mapb", "--in", "in.ndjson", "--rejects", "no.ndjson"], b"").unwrap();
        calm(&printed);
        assert_eq!(
            printed.out, "{\"number\":\"A-1\"}\n{\"number\":\"A-3\"}\n{\"number\":\"A-4\"}\n",
            "{}",
            printed.err
        );
        let rejects = std::fs::read_to_string(place.path().join("no.ndjson")).unwrap();
        let lines: Vec<serde_json::Value> =
            rejects.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let found: Vec<(u64, &str)> = lines
            .iter()
            .map(|line| (line["line"].as_u64().unwrap(), line["code"].as_str().unwrap()))
            .collect();
        assert_eq!(found, [(2, "R0101"), (5, "R0102")]);
        let printed = shell.run(&["run", "base.mapb"], input).unwrap();
        calm(&printed);
        assert!(printed.err.contains("line 2") && printed.err.contains("R0101"), "{}", printed.err);
    }

    #[test]
    fn a_compiled_map_that_is_damaged_is_refused() {
        let (place, shell, artifact) = built();
        let run = |bytes: &[u8]| {
            std::fs::write(place.path().join("bad.mapb"), bytes).unwrap();
            shell.run(&["run", "bad.mapb"], b"{\"number\":\"A-1\"}").unwrap()
        };
        let mut newer = artifact.clone();
        newer[4] = 99;
        let mut flipped = artifact.clone();
        let middle = flipped.len() / 2;
        flipped[middle] ^= 1;
        let cases: &[(&str, &[u8], &str)] = &[
            ("nothing", b"", "E0908"),
            ("a text", b"map demo.order version 1\n", "E0908"),
            ("cut in the middle", &artifact[..artifact.len() / 2], "E0908"),
            ("cut by one byte", &artifact[..artifact.len() - 1], "E0908"),
            ("one bit changed", &flipped, "E0908"),
            ("of a newer format", &newer, "E0908"),
        ];
        for (what, bytes, code) in cases {
            let printed = run(bytes);
            calm(&printed);
            assert_eq!(printed.code, 2, "{what}: {}{}", printed.out, printed.err);
            assert!(
                printed.err.contains(code) && printed.err.contains("bad.mapb"),
                "{what}: {}",
                printed.err
            );
            assert!(printed.out.is_empty(), "{what}");
        }
        assert!(run(&newer).err.contains("newer"), "{}", run(&newer).err);
        assert_eq!(run(&artifact).code, 0);
    }

    #[test]
    fn every_bit_and_every_length_of_a_compiled_map_counts() {
        let folder = Folder::copy_of("mappings").unwrap();
        let compiled = Compiled::new(&folder, "tenants/acme/sales_order.map");
        let artifact = compiled.compilation.module.as_ref().unwrap().encode();
        for length in 0..artifact.len() {
            assert!(Program::load(&artifact[..length]).is_err(), "cut to {length} bytes it loads");
        }
        let mut loads = Vec::new();
        for place in 0..artifact.len() {
            let mut changed = artifact.clone();
            changed[place] ^= 1 << (place % 8);
            if Program::load(&changed).is_ok() {
                loads.push(place);
            }
        }
        // The minor version of the format is for readers that know more; they may all read it.
        assert!(loads.iter().all(|place| (6..8).contains(place)), "loads with another byte at {loads:?}");
    }

    #[test]
    fn maps_and_samples_of_everybody_survive_being_cut_off() {
        let folder = Folder::copy_of("mappings").unwrap();
        let map = repository::text("mappings/tenants/acme/sales_order.map").unwrap();
        for part in 1..24 {
            let mut folder = folder.clone();
            let end = map.floor_char_boundary(map.len() * part / 24);
            folder.put("tenants/acme/part.map", &map[..end]);
            let compiled = Compiled::new(&folder, "tenants/acme/part.map");
            let complete = compiled.compilation.module.is_some();
            assert!(complete != compiled.compilation.has_errors(), "{}", compiled.words());
        }
    }

    #[test]
    fn commands_given_what_they_cannot_take() {
        let (place, shell, _) = built();
        std::fs::write(place.path().join("tenants/demo/empty.map"), "").unwrap();
        let cases: &[(&[&str], i32, &str)] = &[
            (&["check", "tenants/demo/empty.map"], 1, "E0106"),
            (&["check", "nowhere.map"], 2, "nowhere.map"),
            (&["check", "tenants/demo/nowhere"], 2, "nowhere"),
            (&["run", "nowhere.map"], 2, "nowhere.map"),
            (&["run", "base.mapb", "--in", "nowhere.json"], 2, "nowhere.json"),
            (&["run", "base.mapb", "--in", "tenants"], 2, "folder"),
            (&["build", "tenants/demo/empty.map"], 1, "E0106"),
            (&["inspect", "mapc.toml"], 1, "mapc.toml"),
            (&["explain", "E9999"], 2, "E9999"),
            (&["schema", "lint", "nowhere.schema.json"], 2, "nowhere"),
            (&["chekc", "x"], 2, "check"),
        ];
        for (arguments, code, words) in cases {
            let printed = shell.run(arguments, b"").unwrap();
            calm(&printed);
            assert_eq!(printed.code, *code, "{arguments:?}: {}{}", printed.out, printed.err);
            assert!(printed.err.contains(words), "{arguments:?}: {}", printed.err);
        }
    }
}
