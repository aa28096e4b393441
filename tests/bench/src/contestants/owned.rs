//! Contestant (a): serde derive with owned structs and exact decimals, as a good engineer writes it on a working day.

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

use super::exact::{self, date};
use crate::data::Tables;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Order {
    tenant_id: String,
    order_id: String,
    status: String,
    channel: String,
    order_date: String,
    requested_ship_date: Option<String>,
    currency: String,
    #[serde(default, deserialize_with = "exact::read_optional")]
    exchange_rate: Option<Decimal>,
    subsidiary_code: String,
    payment_terms: Option<String>,
    po_number: Option<String>,
    memo: Option<String>,
    is_tax_exempt: Option<bool>,
    priority: Option<i64>,
    customer: Customer,
    billing_address: Address,
    shipping_address: Option<Address>,
    custom_fields: Option<CustomFields>,
    lines: Vec<Line>,
}

#[derive(Deserialize)]
struct Customer {
    id: String,
    name: String,
    email: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Address {
    line1: String,
    line2: Option<String>,
    city: String,
    state: Option<String>,
    postal_code: String,
    country: String,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct CustomFields {
    campaign: Option<String>,
    gift_message: Option<String>,
    sales_region: Option<String>,
    loyalty_tier: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    item_id: String,
    description: Option<String>,
    #[serde(deserialize_with = "exact::read")]
    quantity: Decimal,
    #[serde(deserialize_with = "exact::read_text")]
    unit_price: Decimal,
    #[serde(default, deserialize_with = "exact::read_optional_text")]
    discount: Option<Decimal>,
    tax_category: String,
    warehouse: Option<String>,
}

#[derive(Serialize)]
struct Reference {
    id: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    external_id: String,
    entity: Reference,
    subsidiary: Reference,
    currency: Reference,
    #[serde(serialize_with = "exact::write")]
    exchange_rate: Decimal,
    tran_date: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    ship_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    other_ref_num: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    memo: Option<String>,
    order_status: Reference,
    #[serde(skip_serializing_if = "Option::is_none")]
    terms: Option<Reference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    is_taxable: bool,
    billing_address: OutAddress,
    shipping_address: OutAddress,
    #[serde(rename = "custbody_channel")]
    channel: u8,
    #[serde(rename = "custbody_campaign", skip_serializing_if = "Option::is_none")]
    campaign: Option<String>,
    #[serde(rename = "custbody_gift_message", skip_serializing_if = "Option::is_none")]
    gift_message: Option<String>,
    #[serde(rename = "custbody_sales_region", skip_serializing_if = "Option::is_none")]
    sales_region: Option<String>,
    #[serde(rename = "custbody_priority", skip_serializing_if = "Option::is_none")]
    priority: Option<i64>,
    #[serde(rename = "custbody_vip", skip_serializing_if = "Option::is_none")]
    vip: Option<bool>,
    item: Items,
    #[serde(rename = "custbody_total", serialize_with = "exact::write")]
    total: Decimal,
    #[serde(rename = "custbody_line_count")]
    line_count: usize,
}

#[derive(Serialize)]
struct OutAddress {
    addressee: String,
    addr1: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    addr2: Option<String>,
    city: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<String>,
    zip: String,
    country: Reference,
}

#[derive(Serialize)]
struct Items {
    items: Vec<Item>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    line: usize,
    item: Reference,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(serialize_with = "exact::write")]
    quantity: Decimal,
    #[serde(serialize_with = "exact::write")]
    rate: Decimal,
    #[serde(serialize_with = "exact::write")]
    amount: Decimal,
    tax_code: Reference,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<Reference>,
    #[serde(
        rename = "custcol_discount",
        skip_serializing_if = "Option::is_none",
        serialize_with = "exact::write_optional"
    )]
    discount: Option<Decimal>,
}

fn reference(id: impl Into<String>) -> Reference {
    Reference { id: id.into() }
}

fn truncated(mut text: String, most: usize) -> String {
    if text.len() > most {
        if let Some((at, _)) = text.char_indices().nth(most) {
            text.truncate(at);
        }
    }
    text
}

fn address(address: &Address, name: &str) -> OutAddress {
    OutAddress {
        addressee: name.to_owned(),
        addr1: address.line1.clone(),
        addr2: address.line2.clone(),
        city: address.city.clone(),
        state: address.state.clone(),
        zip: address.postal_code.clone(),
        country: reference(address.country.clone()),
    }
}

/// One message of W1 to one document.
pub fn order(message: &[u8], tables: &Tables, out: &mut Vec<u8>) -> Result<(), String> {
    let [subsidiaries, locations, currencies] = ["SUBS", "LOCS", "CUR"].map(|name| &tables[name]);
    let order: Order = serde_json::from_slice(message).map_err(|error| error.to_string())?;
    let custom = order.custom_fields.unwrap_or_default();
    let exempt = order.is_tax_exempt.unwrap_or(false);
    let mut total = Decimal::ZERO;
    let mut items = Vec::with_capacity(order.lines.len());
    for line in order.lines {
        if line.quantity.is_zero() {
            continue;
        }
        let discount = line.discount.unwrap_or(Decimal::ZERO);
        let amount = line
            .quantity
            .checked_mul(line.unit_price)
            .and_then(|gross| gross.checked_sub(discount))
            .ok_or("overflow")?;
        total = total.checked_add(amount).ok_or("overflow")?;
        let tax = if exempt {
            "7"
        } else {
            match line.tax_category.as_str() {
                "STANDARD" => "1",
                "REDUCED" => "2",
                "ZERO" => "3",
                _ => "5",
            }
        };
        items.push(Item {
            line: items.len() + 1,
            item: reference(line.item_id),
            description: line.description.map(|text| truncated(text, 60)),
            quantity: line.quantity,
            rate: line.unit_price.round_dp_with_strategy(2, RoundingStrategy::MidpointNearestEven),
            amount,
            tax_code: reference(tax),
            location: line.warehouse.and_then(|code| locations.get(&code)).map(|id| reference(id.clone())),
            discount: line.discount.filter(|discount| *discount > Decimal::ZERO),
        });
    }
    let shipping = order.shipping_address.as_ref().unwrap_or(&order.billing_address);
    let document = Document {
        external_id: format!("{}:{}", order.tenant_id, order.order_id),
        entity: reference(order.customer.id),
        subsidiary: reference(subsidiaries.get(&order.subsidiary_code).ok_or("unknown subsidiary")?.clone()),
        currency: reference(currencies.get(&order.currency).ok_or("unknown currency")?.clone()),
        exchange_rate: order.exchange_rate.unwrap_or(Decimal::ONE),
        tran_date: date(&order.order_date).ok_or("malformed timestamp")?.to_owned(),
        ship_date: match order.requested_ship_date.as_deref() {
            Some(moment) => Some(date(moment).ok_or("malformed timestamp")?.to_owned()),
            None => None,
        },
        other_ref_num: order.po_number.map(|text| truncated(text, 45)),
        memo: order.memo.map(|text| truncated(text, 999)),
        order_status: reference(match order.status.as_str() {
            "open" => "B",
            "partial" => "D",
            "closed" => "H",
            _ => "A",
        }),
        terms: match order.payment_terms.as_deref() {
            Some("NET15") => Some(reference("1")),
            Some("NET30") => Some(reference("2")),
            Some("NET60") => Some(reference("3")),
            Some("DUE") => Some(reference("4")),
            _ => None,
        },
        email: order.customer.email.map(|email| email.to_ascii_lowercase()),
        is_taxable: !exempt,
        billing_address: address(&order.billing_address, &order.customer.name),
        shipping_address: address(shipping, &order.customer.name),
        channel: match order.channel.as_str() {
            "web" => 1,
            "edi" => 2,
            "phone" => 3,
            "store" => 4,
            _ => 9,
        },
        campaign: custom.campaign,
        gift_message: custom.gift_message.map(|text| truncated(text, 200)),
        sales_region: custom.sales_region.map(|text| text.to_ascii_uppercase()),
        priority: order.priority.filter(|priority| *priority >= 3),
        vip: matches!(custom.loyalty_tier.as_deref(), Some("gold" | "platinum")).then_some(true),
        line_count: items.len(),
        item: Items { items },
        total,
    };
    out.clear();
    serde_json::to_writer(out, &document).map_err(|error| error.to_string())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    journal_id: String,
    line_no: i64,
    posting_date: String,
    account_code: String,
    cost_center: String,
    currency: String,
    #[serde(default, deserialize_with = "exact::read_optional_text")]
    debit: Option<Decimal>,
    #[serde(default, deserialize_with = "exact::read_optional_text")]
    credit: Option<Decimal>,
    description: Option<String>,
    reversal: Option<bool>,
    reference: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JournalLine {
    external_id: String,
    tran_date: String,
    account: Reference,
    department: Reference,
    currency: Reference,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "exact::write_optional")]
    debit: Option<Decimal>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "exact::write_optional")]
    credit: Option<Decimal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    memo: Option<String>,
    is_reversal: bool,
    #[serde(rename = "custcol_reference", skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
}

/// One message of W2 to one document.
pub fn journal(message: &[u8], tables: &Tables, out: &mut Vec<u8>) -> Result<(), String> {
    let [accounts, currencies] = ["ACCTS", "CUR"].map(|name| &tables[name]);
    let entry: Entry = serde_json::from_slice(message).map_err(|error| error.to_string())?;
    let cents = |amount: Decimal| amount.round_dp_with_strategy(2, RoundingStrategy::MidpointNearestEven);
    let document = JournalLine {
        external_id: format!("{}-{}", entry.journal_id, entry.line_no),
        tran_date: date(&entry.posting_date).ok_or("malformed timestamp")?.to_owned(),
        account: reference(accounts.get(&entry.account_code).ok_or("unknown account")?.clone()),
        department: reference(entry.cost_center.strip_prefix("CC-").unwrap_or(&entry.cost_center)),
        currency: reference(currencies.get(&entry.currency).ok_or("unknown currency")?.clone()),
        debit: entry.debit.map(cents),
        credit: entry.credit.map(cents),
        memo: entry.description.map(|text| truncated(text, 40)),
        is_reversal: entry.reversal.unwrap_or(false),
        reference: entry.reference,
    };
    out.clear();
    serde_json::to_writer(out, &document).map_err(|error| error.to_string())
}
