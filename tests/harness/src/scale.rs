//! Workspaces of any size: many tenants, each with a map, overlays and a table of its own, against one large schema.
//! Everything follows from the numbers asked for; nothing is left to chance.

use serde_json::{Map, Value, json};

use crate::folder::Folder;
use crate::repository;

/// What the tenants deliver to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// NetSuite's sales order, from the vendor's descriptions of all its records. They lie beside the repository and are
    /// no part of it.
    NetSuite,
    /// A made-up record with so many fields.
    Wide(usize),
}

/// Where the vendor's descriptions are looked for.
const NETSUITE: &str = "../shared/specs/netsuite/reconstructed-rest-record-v1.openapi.json";
/// Fields of one group of the made-up record.
const GROUP: usize = 50;
const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";

/// A workspace with so many tenants. `None`: the target's description is not there.
///
/// # Errors
/// A file of the repository cannot be read.
pub fn workspace(target: Target, tenants: usize) -> Result<Option<Folder>, String> {
    let mut folder = Folder::default();
    folder.put("mapc.toml", "[workspace]\nschemas = \".\"\ntenants = \"tenants\"\n");
    match target {
        Target::NetSuite => {
            let Some(schema) = netsuite_schema()? else { return Ok(None) };
            folder.put("netsuite/sales_order@2025.2.schema.json", schema);
            folder.put("netsuite/sales_order@2025.2.overlay.json", netsuite_overlay());
            let orders = "canonical/sales_order@1.schema.json";
            folder.put(orders, repository::bytes(&format!("mappings/{orders}"))?);
        }
        Target::Wide(fields) => {
            folder.put("erp/wide@1.schema.json", wide_schema(fields));
            folder.put("shop/wide@1.schema.json", wide_source());
        }
    }
    for tenant in 0..tenants {
        put_tenant(&mut folder, target, tenant);
    }
    Ok(Some(folder))
}

/// Path of a tenant's map.
pub fn map_path(tenant: usize) -> String {
    format!("tenants/t{tenant:04}/order.map")
}

fn put_tenant(folder: &mut Folder, target: Target, tenant: usize) {
    let place = format!("tenants/t{tenant:04}");
    let codes = ["USD,1", "GBP,2", "CAD,3", "EUR,4"].map(|row| format!("{row}{tenant}\n")).concat();
    folder.put(&format!("{place}/tables/currency.csv"), format!("code,id\n{codes}"));
    match target {
        Target::NetSuite => {
            let overlay = json!({
                "overlay": "netsuite.sales_order@2025.2",
                "version": 1,
                "lines": [
                    { "at": format!("custbody_t{tenant}_channel"),
                      "add": { "type": "string", "maxLength": 20 + tenant % 30 }, "note": "made up" },
                    { "at": "memo", "maxLength": 300 + tenant % 500, "note": "made up" },
                ],
            });
            let name = "netsuite.sales_order@2025.2.overlay.json";
            folder.put(&format!("{place}/{name}"), format!("{overlay:#}\n"));
            folder.put(&map_path(tenant), netsuite_map(tenant));
        }
        Target::Wide(fields) => folder.put(&map_path(tenant), wide_map(tenant, fields, 60)),
    }
}

fn netsuite_schema() -> Result<Option<String>, String> {
    let Ok(bytes) = std::fs::read(repository::root().join(NETSUITE)) else { return Ok(None) };
    let mut file: Value = serde_json::from_slice(&bytes).map_err(|error| format!("{NETSUITE}: {error}"))?;
    let records = file.pointer_mut("/components/schemas").map(Value::take).unwrap_or_default();
    let schema = json!({
        "$schema": DRAFT,
        "$ref": "#/components/schemas/salesOrder",
        "components": { "schemas": records },
    });
    Ok(Some(format!("{schema:#}\n")))
}

fn netsuite_overlay() -> String {
    let closed = ["", "item", "item.items[]", "shippingAddress"]
        .map(|at| json!({ "at": at, "additionalProperties": false, "note": "unknown names are dropped" }));
    let required = ["entity", "externalId", "currency"]
        .map(|at| json!({ "at": at, "required": true, "note": "the service refuses the record without it" }));
    let lengths = [
        ("externalId", 300),
        ("memo", 999),
        ("otherRefNum", 45),
        ("shippingAddress.city", 50),
        ("entity.id", 100),
    ]
    .map(|(at, most)| json!({ "at": at, "maxLength": most, "note": "length of the field" }));
    let lines: Vec<Value> = closed.into_iter().chain(required).chain(lengths).collect();
    let overlay = json!({ "overlay": "netsuite.sales_order@2025.2", "version": 1, "lines": lines });
    format!("{overlay:#}\n")
}

fn netsuite_map(tenant: usize) -> String {
    format!(
        r#"# Sales orders of tenant {tenant}.
map t{tenant:04}.sales_order version 1
from canonical.sales_order@1 as order
to   netsuite.sales_order@2025.2 tenant t{tenant:04}
zone "America/New_York"
rounding half_up

table currency from "tables/currency.csv" key code gives id

let country = order.shipTo.address.country else order.billTo.address.country

skip   when order.status is "draft"
reject "Order {{order.number}} has no country" when country is missing

fields {{
  externalId    = "T{tenant}-{{order.id}}" | cut 300
  tranDate      = order.placedAt | date else order.orderDate
  otherRefNum   = order.customerPo | trim | cut 45
  memo          = order.note | cut {memo}
  entity.id     = order.customer.id | xref netsuite.customer else wait
  currency.id   = order.currency | lookup currency
  exchangeRate  = order.exchangeRate

  subsidiary.id = choose country {{
    "US", "CA" -> "{tenant}1"
    "GB", "IE" -> "{tenant}7"
    otherwise  -> reject "No subsidiary for {{country}}"
  }}

  shippingAddress.addressee = order.shipTo.name
  shippingAddress.addr1     = order.shipTo.address.line1
  shippingAddress.city      = order.shipTo.address.city | cut 50
  shippingAddress.zip       = order.shipTo.address.postalCode

  custbody_t{tenant}_channel = order.note | cut 20

  item.items = each order.lines as line where line.quantity > 0 {{
    item.id     = line.item.id | xref netsuite.item else reject "Unknown item {{line.item.id}}"
    description = line.description
    quantity    = line.quantity
    amount      = line.netAmount | round 2
  }}
}}
"#,
        memo = 200 + tenant % 100
    )
}

/// The made-up record: groups of fields of five kinds.
fn wide_schema(fields: usize) -> String {
    let mut groups = Map::new();
    for first in (0..fields).step_by(GROUP) {
        let own = (first..fields.min(first + GROUP)).map(|field| (format!("f{field}"), wide_field(field)));
        let group = json!({
            "type": "object",
            "properties": Value::Object(own.collect()),
            "additionalProperties": false,
        });
        groups.insert(format!("g{}", first / GROUP), group);
    }
    let schema = json!({
        "$schema": DRAFT,
        "title": "A made-up record",
        "type": "object",
        "properties": groups,
        "additionalProperties": false,
    });
    format!("{schema:#}\n")
}

fn wide_field(field: usize) -> Value {
    match field % 5 {
        0 => json!({ "type": "string", "maxLength": 20 + field % 200, "title": format!("Text {field}") }),
        1 => json!({ "type": "number", "minimum": 0, "maximum": 1_000_000 + field }),
        2 => json!({ "type": "string", "enum": ["open", "closed", format!("state {field}")] }),
        3 => json!({ "type": "string", "format": "date" }),
        _ => json!({ "type": "string", "pattern": "^[A-Z]{2}[0-9]{1,6}$" }),
    }
}

fn wide_source() -> String {
    let schema = json!({
        "$schema": DRAFT,
        "type": "object",
        "required": ["id", "text", "amount", "state", "day", "code"],
        "properties": {
            "id": { "type": "string", "maxLength": 20 },
            "text": { "type": "string", "maxLength": 500 },
            "amount": { "type": "number", "minimum": 0, "maximum": 999_999 },
            "state": { "type": "string", "enum": ["open", "closed"] },
            "day": { "type": "string", "format": "date" },
            "code": { "type": "string", "pattern": "^[A-Z]{2}[0-9]{1,6}$" },
        },
    });
    format!("{schema:#}\n")
}

/// A map with so many lines into a record with so many fields.
pub fn wide_map(tenant: usize, fields: usize, lines: usize) -> String {
    let mut text = format!(
        "map t{tenant:04}.wide version 1\nfrom shop.wide@1 as order\nto   erp.wide@1 tenant t{tenant:04}\n\nfields {{\n"
    );
    let step = (fields / lines.max(1)).max(1);
    // Tenants fill different fields, always some of each kind.
    let own = (0..lines.min(fields)).map(|line| (line * step + line % step.min(5) + tenant) % fields);
    let own: std::collections::BTreeSet<usize> = own.collect();
    for field in own {
        let value = match field % 5 {
            0 => format!("order.text | cut {}", 20 + field % 200 - field % 7),
            1 => "order.amount".to_owned(),
            2 => "order.state".to_owned(),
            3 => "order.day".to_owned(),
            _ => "order.code".to_owned(),
        };
        text.push_str(&format!("  g{}.f{field} = {value}\n", field / GROUP));
    }
    text.push_str("}\n");
    text
}
