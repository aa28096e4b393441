//! Many tenants: one canonical schema, and for each tenant a map with tables, constants and custom fields of its own. Knows
//! nothing of how programs share what they have in common.

use mapc_driver::MemoryFiles;
use mapc_vm::{Buffers, Program};

use crate::contestant::{Contestant, Entrant};
use crate::contestants::{Compiled, Lane, Ours, files};
use crate::data::Set;
use crate::figures::Figures;
use crate::turns::{self, Plan};

/// The files of a tenant's map.
fn tenant(number: usize) -> Result<MemoryFiles, String> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("workspace");
    let read =
        |path: &str| std::fs::read_to_string(root.join(path)).map_err(|error| format!("{path}: {error}"));
    // Every value of every table is another one.
    let table = |path: &str| {
        let text = read(path)?;
        let mut rows = text.lines();
        let mut out = format!("{}\n", rows.next().unwrap_or_default());
        for row in rows {
            let (code, id) = row.split_once(',').ok_or("a row without a comma")?;
            out += &format!("{code},{id}{number}\n");
        }
        Ok::<_, String>(out)
    };
    let mut map = read("w1.map")?;
    let exchange = [
        ("start 45", format!("start {}", 20 + number % 26)),
        ("start 60", format!("start {}", 30 + number % 31)),
        ("start 200", format!("start {}", 150 + number % 51)),
        ("\"1\"\n", format!("\"1{number}\"\n")),
        ("order.priority >= 3", format!("order.priority >= {}", 3 + number % 2)),
        ("custbody_vip ", format!("custbody_{number}_vip ")),
        ("custbody_campaign ", format!("custbody_{number}_campaign ")),
        (
            "  isTaxable ",
            format!(
                "  custbody_{number} = \"T{number}:{{order.orderId}}\" when order.priority > {}\n  isTaxable ",
                number % 5
            ),
        ),
    ];
    for (old, new) in &exchange {
        if !map.contains(old) {
            return Err(format!("w1.map has no {old}"));
        }
        map = map.replace(old, new);
    }
    // Some have a line less.
    if number % 3 == 0 {
        map =
            map.lines().filter(|line| !line.contains("custbody_gift_message")).collect::<Vec<_>>().join("\n")
                + "\n";
    }
    if number % 7 == 0 {
        map = map.lines().filter(|line| !line.contains("custcol_discount")).collect::<Vec<_>>().join("\n")
            + "\n";
    }
    let schema = read("bench/erp_order@1.schema.json")?;
    let schema = schema.replace(
        "\"custbody_vip\"",
        &format!("\"custbody_{number}\": {{ \"type\": \"string\" }},\n    \"custbody_{number}_vip\""),
    );
    let schema = schema.replace("\"custbody_campaign\"", &format!("\"custbody_{number}_campaign\""));
    let files = files()?.with("w1.map", map).with("bench/erp_order@1.schema.json", schema);
    Ok(files
        .with("tables/SUBS.csv", table("tables/SUBS.csv")?)
        .with("tables/LOCS.csv", table("tables/LOCS.csv")?))
}

/// The compiled maps of so many tenants.
pub fn compile(count: usize) -> Result<Vec<Compiled>, String> {
    (0..count).map(|number| Compiled::from(&tenant(number)?, "w1.map")).collect()
}

/// Instances of many tenants with the buffers of one thread, so many messages in a row for each.
struct Rotation {
    instances: Vec<Ours>,
    buffers: Buffers,
    row: usize,
    done: usize,
}

impl Rotation {
    fn of<'p>(programs: impl Iterator<Item = &'p Program>, row: usize) -> Box<dyn Contestant> {
        let instances = programs.map(|program| Ours::new(program, Lane::best())).collect();
        Box::new(Self { instances, buffers: Buffers::new(), row, done: 0 })
    }
}

impl Contestant for Rotation {
    fn map(&mut self, message: &[u8]) -> Option<&[u8]> {
        // A step that shares no factor with the count, so that neighbours in memory do not follow each other.
        let at = (self.done / self.row * 211) % self.instances.len();
        self.done += 1;
        self.instances.get_mut(at)?.map_in(&mut self.buffers, message)
    }
}

/// Notes how much slower many tenants are than one.
pub fn measure(tenants: &[Compiled], set: &Set, quick: bool, figures: &mut Figures) -> Result<(), String> {
    for (number, tenant) in tenants.iter().enumerate() {
        let mut ours = Ours::new(&tenant.program, Lane::best());
        let own = format!("T{number}:");
        for message in set.messages.iter().take(20) {
            let document = ours.map(message).ok_or_else(|| format!("tenant {number} refuses a message"))?;
            let text = String::from_utf8_lossy(document);
            if number % 5 == 0 && !text.contains(&own) {
                return Err(format!("tenant {number} does not write its own field"));
            }
        }
    }
    let programs = || tenants.iter().map(|tenant| &tenant.program);
    let entrant = |id, name, contestant| Entrant { id, name, exact: true, contestant };
    let mut entrants = [
        entrant("one", "one tenant", Rotation::of(programs().take(1), 1)),
        entrant("all", "all tenants in rotation", Rotation::of(programs(), 1)),
        entrant("eight", "all tenants, eight messages in a row", Rotation::of(programs(), 8)),
    ];
    for entrant in &mut entrants {
        for message in set.messages.iter().cycle().take(8 * tenants.len()) {
            std::hint::black_box(entrant.contestant.map(message));
        }
    }
    let mut plan = Plan::new(if quick { 10 } else { 60 }, &set.messages, usize::MAX);
    plan.patience = std::time::Duration::from_secs(1);
    let rounds = turns::take(&mut entrants, &set.messages, plan);
    let [one, all, eight] = rounds.as_slice() else { return Err("three take part".to_owned()) };
    let count = tenants.len();
    figures.note("one tenant of them", one.median() * set.mean(), "ns / message");
    figures.note(format!("{count} tenants in rotation"), all.median() * set.mean(), "ns / message");
    figures.note("many tenants in rotation against one", all.slower_than(one), "x slower");
    figures.note("many tenants, eight messages in a row, against one", eight.slower_than(one), "x slower");
    Ok(())
}
