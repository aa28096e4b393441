//! Snapshots as people export them.

use super::Snapshot;

/// Record, key, and the id that must be found.
type Lookups<'a> = &'a [(&'a str, &'a str, Option<&'a str>)];

fn check(text: &str, entity: Option<&str>, expect: Result<Lookups<'_>, &str>) {
    let mut snapshot = Snapshot::default();
    match (snapshot.read_csv(text.as_bytes(), "x.csv", entity), expect) {
        (Ok(()), Ok(lookups)) => {
            for (entity, key, id) in lookups {
                assert_eq!(snapshot.find(entity, key), *id, "{entity} {key}");
            }
        }
        (Err(trouble), Err(message)) => assert_eq!(trouble.message(), message),
        (found, expect) => panic!("{text:?} gives {found:?}, expected {expect:?}"),
    }
}

#[test]
fn ids_are_found_by_record_and_key() {
    check(
        "entity,key,id\nns.customer,C-1,55\nns.item,C-1,7\n",
        None,
        Ok(&[("ns.customer", "C-1", Some("55")), ("ns.item", "C-1", Some("7")), ("ns.item", "C-2", None)]),
    );
    check("\u{feff}id,key\r\n55,C-1\r\n", Some("ns.customer"), Ok(&[("ns.customer", "C-1", Some("55"))]));
    check("key,id\nA,1\nA,1\n", Some("e"), Ok(&[("e", "A", Some("1"))]));
}

#[test]
fn odd_files_are_refused() {
    check("key,id\nA,1\n", None, Err("`x.csv` has no column `entity`"));
    check("key\nA\n", Some("e"), Err("`x.csv` has no column `id`"));
    check(
        "key,id\nA,1\nB\n",
        Some("e"),
        Err("`x.csv`, line 3 cannot be read: it has 1 columns, the first line has 2"),
    );
    check(
        "key,id\nA,1\nA,2\n",
        Some("e"),
        Err("`x.csv`, line 3 gives a second id for a `e` that has one already"),
    );
}
