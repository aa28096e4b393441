//! Contestant (d): `serde_json::Value`, picked apart by hand and put together again. Numbers come in as the doubles that
//! `Value` holds (a quantity with more digits than a double would be wrong); amounts are decimals, and go out as such.

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Serialize, Serializer};
use serde_json::Value;
use std::collections::BTreeMap;

use super::exact::{self, date};
use crate::data::Tables;

/// What a document is made of: as `Value`, with exact numbers.
#[derive(Serialize)]
#[serde(untagged)]
enum Out {
    YesNo(bool),
    Count(usize),
    #[serde(serialize_with = "exact::write")]
    Number(Decimal),
    Text(String),
    List(Vec<Out>),
    Record(Record),
}

#[derive(Default)]
struct Record(BTreeMap<&'static str, Out>);

impl Serialize for Record {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl Record {
    fn put(&mut self, name: &'static str, value: Out) {
        self.0.insert(name, value);
    }
    fn text(&mut self, name: &'static str, text: impl Into<String>) {
        self.put(name, Out::Text(text.into()));
    }
    fn reference(&mut self, name: &'static str, id: impl Into<String>) {
        let mut inner = Record::default();
        inner.text("id", id);
        self.put(name, Out::Record(inner));
    }
}

/// A text that may be missing or null; another kind refuses the message.
fn text<'v>(record: &'v Value, name: &str) -> Option<Option<&'v str>> {
    match record.get(name) {
        None | Some(Value::Null) => Some(None),
        Some(Value::String(text)) => Some(Some(text)),
        Some(_) => None,
    }
}

fn required<'v>(record: &'v Value, name: &str) -> Option<&'v str> {
    record.get(name)?.as_str()
}

fn yes(record: &Value, name: &str) -> Option<bool> {
    match record.get(name) {
        None | Some(Value::Null) => Some(false),
        Some(value) => value.as_bool(),
    }
}

/// The double's shortest digits: those of the message, as long as a double keeps them.
fn number(value: &Value) -> Option<Decimal> {
    let number = value.as_number()?;
    exact::decimal(&number.to_string())
}

fn amount(record: &Value, name: &str) -> Option<Option<Decimal>> {
    match text(record, name)? {
        Some(text) => exact::decimal(text).map(Some),
        None => Some(None),
    }
}

fn first(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

fn cents(amount: Decimal) -> Decimal {
    amount.round_dp_with_strategy(2, RoundingStrategy::MidpointNearestEven)
}

fn address(address: &Value, name: &str) -> Option<Out> {
    let mut out = Record::default();
    out.text("addressee", name);
    out.text("addr1", required(address, "line1")?);
    if let Some(line2) = text(address, "line2")? {
        out.text("addr2", line2);
    }
    out.text("city", required(address, "city")?);
    if let Some(state) = text(address, "state")? {
        out.text("state", state);
    }
    out.text("zip", required(address, "postalCode")?);
    out.reference("country", required(address, "country")?);
    Some(Out::Record(out))
}

fn item(line: &Value, at: usize, exempt: bool, tables: &Tables) -> Option<Option<(Record, Decimal)>> {
    let quantity = number(line.get("quantity")?)?;
    if quantity.is_zero() {
        return Some(None);
    }
    let price = exact::decimal(required(line, "unitPrice")?)?;
    let discount = amount(line, "discount")?.unwrap_or(Decimal::ZERO);
    let amount = quantity.checked_mul(price)?.checked_sub(discount)?;
    let mut item = Record::default();
    item.put("line", Out::Count(at));
    item.reference("item", required(line, "itemId")?);
    if let Some(description) = text(line, "description")? {
        item.text("description", first(description, 60));
    }
    item.put("quantity", Out::Number(quantity));
    item.put("rate", Out::Number(cents(price)));
    item.put("amount", Out::Number(amount));
    let tax = match required(line, "taxCategory")? {
        _ if exempt => "7",
        "STANDARD" => "1",
        "REDUCED" => "2",
        "ZERO" => "3",
        _ => "5",
    };
    item.reference("taxCode", tax);
    if let Some(location) = text(line, "warehouse")?.and_then(|code| tables["LOCS"].get(code)) {
        item.reference("location", location.clone());
    }
    if discount > Decimal::ZERO {
        item.put("custcol_discount", Out::Number(discount));
    }
    Some(Some((item, amount)))
}

/// One message of W1 to one document.
pub fn order(message: &[u8], tables: &Tables, out: &mut Vec<u8>) -> Option<()> {
    let order: Value = serde_json::from_slice(message).ok()?;
    let mut document = Record::default();
    document
        .text("externalId", format!("{}:{}", required(&order, "tenantId")?, required(&order, "orderId")?));
    let customer = order.get("customer")?;
    document.reference("entity", required(customer, "id")?);
    document.reference("subsidiary", tables["SUBS"].get(required(&order, "subsidiaryCode")?)?.clone());
    document.reference("currency", tables["CUR"].get(required(&order, "currency")?)?.clone());
    let rate = match order.get("exchangeRate") {
        None | Some(Value::Null) => Decimal::ONE,
        Some(rate) => number(rate)?,
    };
    document.put("exchangeRate", Out::Number(rate));
    document.text("tranDate", date(required(&order, "orderDate")?)?);
    if let Some(moment) = text(&order, "requestedShipDate")? {
        document.text("shipDate", date(moment)?);
    }
    if let Some(number) = text(&order, "poNumber")? {
        document.text("otherRefNum", first(number, 45));
    }
    if let Some(memo) = text(&order, "memo")? {
        document.text("memo", first(memo, 999));
    }
    let status = match required(&order, "status")? {
        "open" => "B",
        "partial" => "D",
        "closed" => "H",
        _ => "A",
    };
    document.reference("orderStatus", status);
    match text(&order, "paymentTerms")? {
        Some("NET15") => document.reference("terms", "1"),
        Some("NET30") => document.reference("terms", "2"),
        Some("NET60") => document.reference("terms", "3"),
        Some("DUE") => document.reference("terms", "4"),
        _ => {}
    }
    if let Some(email) = text(customer, "email")? {
        document.text("email", email.to_ascii_lowercase());
    }
    let exempt = yes(&order, "isTaxExempt")?;
    document.put("isTaxable", Out::YesNo(!exempt));
    let name = required(customer, "name")?;
    let billing = order.get("billingAddress")?;
    document.put("billingAddress", address(billing, name)?);
    let shipping = order.get("shippingAddress").filter(|address| !address.is_null()).unwrap_or(billing);
    document.put("shippingAddress", address(shipping, name)?);
    let channel = match required(&order, "channel")? {
        "web" => 1,
        "edi" => 2,
        "phone" => 3,
        "store" => 4,
        _ => 9,
    };
    document.put("custbody_channel", Out::Count(channel));
    let custom = order.get("customFields").unwrap_or(&Value::Null);
    if let Some(campaign) = text(custom, "campaign")? {
        document.text("custbody_campaign", campaign);
    }
    if let Some(message) = text(custom, "giftMessage")? {
        document.text("custbody_gift_message", first(message, 200));
    }
    if let Some(region) = text(custom, "salesRegion")? {
        document.text("custbody_sales_region", region.to_ascii_uppercase());
    }
    match order.get("priority") {
        None | Some(Value::Null) => {}
        Some(priority) => {
            let priority = priority.as_i64()?;
            if priority >= 3 {
                document.put("custbody_priority", Out::Number(Decimal::from(priority)));
            }
        }
    }
    if matches!(text(custom, "loyaltyTier")?, Some("gold" | "platinum")) {
        document.put("custbody_vip", Out::YesNo(true));
    }
    let (mut items, mut total) = (Vec::new(), Decimal::ZERO);
    for line in order.get("lines")?.as_array()? {
        if let Some((item, amount)) = item(line, items.len() + 1, exempt, tables)? {
            total = total.checked_add(amount)?;
            items.push(Out::Record(item));
        }
    }
    document.put("custbody_line_count", Out::Count(items.len()));
    document.put("custbody_total", Out::Number(total));
    let mut list = Record::default();
    list.put("items", Out::List(items));
    document.put("item", Out::Record(list));
    serde_json::to_writer(out, &document).ok()
}

/// One message of W2 to one document.
pub fn journal(message: &[u8], tables: &Tables, out: &mut Vec<u8>) -> Option<()> {
    let entry: Value = serde_json::from_slice(message).ok()?;
    let mut document = Record::default();
    let number = entry.get("lineNo")?.as_i64()?;
    document.text("externalId", format!("{}-{number}", required(&entry, "journalId")?));
    document.text("tranDate", date(required(&entry, "postingDate")?)?);
    document.reference("account", tables["ACCTS"].get(required(&entry, "accountCode")?)?.clone());
    let center = required(&entry, "costCenter")?;
    document.reference("department", center.strip_prefix("CC-").unwrap_or(center));
    document.reference("currency", tables["CUR"].get(required(&entry, "currency")?)?.clone());
    if let Some(debit) = amount(&entry, "debit")? {
        document.put("debit", Out::Number(cents(debit)));
    }
    if let Some(credit) = amount(&entry, "credit")? {
        document.put("credit", Out::Number(cents(credit)));
    }
    if let Some(description) = text(&entry, "description")? {
        document.text("memo", first(description, 40));
    }
    document.put("isReversal", Out::YesNo(yes(&entry, "reversal")?));
    if let Some(reference) = text(&entry, "reference")? {
        document.text("custcol_reference", reference);
    }
    serde_json::to_writer(out, &document).ok()
}
