//! The structs of contestants (b) and (c): everything borrowed that can be, numbers as raw text until they are needed. Does
//! not know which library reads and writes them: that gives the type of a raw number and of a written one.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::ops::Deref;

use rust_decimal::{Decimal, RoundingStrategy};
use rustc_hash::FxBuildHasher;
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::exact::{date, decimal};
use crate::data;

/// Text that is borrowed from the message when it holds no escape. (`Option<Cow<str>>` would never borrow.)
#[derive(Clone, Debug)]
pub struct Text<'a>(pub Cow<'a, str>);

impl Deref for Text<'_> {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text<'de>;
    fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.write_str("a text")
    }
    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Text<'de>, E> {
        Ok(Text(Cow::Borrowed(text)))
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<Text<'de>, E> {
        Ok(Text(Cow::Owned(text.to_owned())))
    }
    fn visit_string<E: Error>(self, text: String) -> Result<Text<'de>, E> {
        Ok(Text(Cow::Owned(text)))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor)
    }
}

/// A number as it stands in the message.
pub trait Raw {
    /// Its characters.
    fn raw(&self) -> &str;
}

/// A number as it is written: a decimal, or characters of the message.
pub trait Written<'a>: Serialize {
    /// Of a decimal.
    fn decimal(decimal: Decimal) -> Self;
}

/// The code tables, with the quickest hash for short keys.
pub struct Tables(HashMap<String, HashMap<String, String, FxBuildHasher>, FxBuildHasher>);

impl Tables {
    /// From the plain ones.
    pub fn new(tables: &data::Tables) -> Self {
        let table =
            |rows: &HashMap<String, String>| rows.iter().map(|(key, id)| (key.clone(), id.clone())).collect();
        Self(tables.iter().map(|(name, rows)| (name.clone(), table(rows))).collect())
    }

    /// One of them.
    pub fn table(&self, name: &str) -> Table<'_> {
        Table(&self.0[name])
    }
}

/// One code table.
#[derive(Clone, Copy)]
pub struct Table<'t>(&'t HashMap<String, String, FxBuildHasher>);

impl<'t> Table<'t> {
    /// The value of a code.
    pub fn get(&self, code: &str) -> Option<&'t str> {
        self.0.get(code).map(String::as_str)
    }
}

/// The tables of W1 and W3.
pub struct OrderTables<'t> {
    subsidiaries: Table<'t>,
    locations: Table<'t>,
    currencies: Table<'t>,
}

impl<'t> OrderTables<'t> {
    /// Out of all.
    pub fn new(tables: &'t Tables) -> Self {
        let [subsidiaries, locations, currencies] = ["SUBS", "LOCS", "CUR"].map(|name| tables.table(name));
        Self { subsidiaries, locations, currencies }
    }
}

/// The tables of W2.
pub struct JournalTables<'t> {
    accounts: Table<'t>,
    currencies: Table<'t>,
}

impl<'t> JournalTables<'t> {
    /// Out of all.
    pub fn new(tables: &'t Tables) -> Self {
        let [accounts, currencies] = ["ACCTS", "CUR"].map(|name| tables.table(name));
        Self { accounts, currencies }
    }
}

/// A sales order.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", bound(deserialize = "N: Deserialize<'de>"))]
pub struct Order<'a, N> {
    #[serde(borrow)]
    pub tenant_id: Text<'a>,
    #[serde(borrow)]
    pub order_id: Text<'a>,
    #[serde(borrow)]
    pub status: Text<'a>,
    #[serde(borrow)]
    pub channel: Text<'a>,
    #[serde(borrow)]
    pub order_date: Text<'a>,
    #[serde(borrow)]
    pub requested_ship_date: Option<Text<'a>>,
    #[serde(borrow)]
    pub currency: Text<'a>,
    pub exchange_rate: Option<N>,
    #[serde(borrow)]
    pub subsidiary_code: Text<'a>,
    #[serde(borrow)]
    pub payment_terms: Option<Text<'a>>,
    #[serde(borrow)]
    pub po_number: Option<Text<'a>>,
    #[serde(borrow)]
    pub memo: Option<Text<'a>>,
    pub is_tax_exempt: Option<bool>,
    pub priority: Option<i64>,
    #[serde(borrow)]
    pub customer: Customer<'a>,
    #[serde(borrow)]
    pub billing_address: Address<'a>,
    #[serde(borrow)]
    pub shipping_address: Option<Address<'a>>,
    #[serde(borrow)]
    pub custom_fields: Option<CustomFields<'a>>,
    #[serde(borrow)]
    pub lines: Vec<Line<'a, N>>,
}

/// Who buys.
#[derive(Deserialize)]
pub struct Customer<'a> {
    #[serde(borrow)]
    pub id: Text<'a>,
    #[serde(borrow)]
    pub name: Text<'a>,
    #[serde(borrow)]
    pub email: Option<Text<'a>>,
}

/// Where to.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Address<'a> {
    #[serde(borrow)]
    pub line1: Text<'a>,
    #[serde(borrow)]
    pub line2: Option<Text<'a>>,
    #[serde(borrow)]
    pub city: Text<'a>,
    #[serde(borrow)]
    pub state: Option<Text<'a>>,
    #[serde(borrow)]
    pub postal_code: Text<'a>,
    #[serde(borrow)]
    pub country: Text<'a>,
}

/// What the tenant added.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CustomFields<'a> {
    #[serde(borrow)]
    pub campaign: Option<Text<'a>>,
    #[serde(borrow)]
    pub gift_message: Option<Text<'a>>,
    #[serde(borrow)]
    pub sales_region: Option<Text<'a>>,
    #[serde(borrow)]
    pub loyalty_tier: Option<Text<'a>>,
}

/// One row of an order.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Line<'a, N> {
    #[serde(borrow)]
    pub item_id: Text<'a>,
    #[serde(borrow)]
    pub description: Option<Text<'a>>,
    pub quantity: N,
    #[serde(borrow)]
    pub unit_price: Text<'a>,
    #[serde(borrow)]
    pub discount: Option<Text<'a>>,
    #[serde(borrow)]
    pub tax_category: Text<'a>,
    #[serde(borrow)]
    pub warehouse: Option<Text<'a>>,
}

#[derive(Serialize)]
struct Reference<'a> {
    id: &'a str,
}

/// A document, ready to be written.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Document<'a, W> {
    external_id: Joined<'a>,
    entity: Reference<'a>,
    subsidiary: Reference<'a>,
    currency: Reference<'a>,
    exchange_rate: W,
    tran_date: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    ship_date: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    other_ref_num: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    memo: Option<&'a str>,
    order_status: Reference<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    terms: Option<Reference<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<Cow<'a, str>>,
    is_taxable: bool,
    billing_address: OutAddress<'a>,
    shipping_address: OutAddress<'a>,
    #[serde(rename = "custbody_channel")]
    channel: u8,
    #[serde(rename = "custbody_campaign", skip_serializing_if = "Option::is_none")]
    campaign: Option<&'a str>,
    #[serde(rename = "custbody_gift_message", skip_serializing_if = "Option::is_none")]
    gift_message: Option<&'a str>,
    #[serde(rename = "custbody_sales_region", skip_serializing_if = "Option::is_none")]
    sales_region: Option<Cow<'a, str>>,
    #[serde(rename = "custbody_priority", skip_serializing_if = "Option::is_none")]
    priority: Option<i64>,
    #[serde(rename = "custbody_vip", skip_serializing_if = "Option::is_none")]
    vip: Option<bool>,
    item: Items<'a, W>,
    #[serde(rename = "custbody_total")]
    total: W,
    #[serde(rename = "custbody_line_count")]
    line_count: usize,
}

#[derive(Serialize)]
struct OutAddress<'a> {
    addressee: &'a str,
    addr1: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    addr2: Option<&'a str>,
    city: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<&'a str>,
    zip: &'a str,
    country: Reference<'a>,
}

#[derive(Serialize)]
struct Items<'a, W> {
    items: Vec<Item<'a, W>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Item<'a, W> {
    line: usize,
    item: Reference<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    quantity: W,
    rate: W,
    amount: W,
    tax_code: Reference<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<Reference<'a>>,
    #[serde(rename = "custcol_discount", skip_serializing_if = "Option::is_none")]
    discount: Option<W>,
}

/// Two texts with a mark between, written without being put together first.
struct Joined<'a>(&'a str, char, &'a str);

impl Serialize for Joined<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{}{}{}", self.0, self.1, self.2))
    }
}

fn first(text: &str, most: usize) -> &str {
    if text.len() <= most {
        return text;
    }
    text.char_indices().nth(most).map_or(text, |(at, _)| &text[..at])
}

fn lower(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(text.to_ascii_lowercase())
    } else {
        Cow::Borrowed(text)
    }
}

fn upper(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|byte| byte.is_ascii_lowercase()) {
        Cow::Owned(text.to_ascii_uppercase())
    } else {
        Cow::Borrowed(text)
    }
}

fn cents(amount: Decimal) -> Decimal {
    amount.round_dp_with_strategy(2, RoundingStrategy::MidpointNearestEven)
}

fn address<'a>(address: &'a Address<'a>, name: &'a str) -> OutAddress<'a> {
    OutAddress {
        addressee: name,
        addr1: &address.line1,
        addr2: address.line2.as_deref(),
        city: &address.city,
        state: address.state.as_deref(),
        zip: &address.postal_code,
        country: Reference { id: &address.country },
    }
}

fn item<'a, N: Raw, W: Written<'a>>(
    line: &'a Line<'a, N>,
    exempt: bool,
    locations: Table<'a>,
) -> Option<Option<(Item<'a, W>, Decimal)>> {
    let quantity = decimal(line.quantity.raw())?;
    if quantity.is_zero() {
        return Some(None);
    }
    let price = decimal(&line.unit_price)?;
    let discount = match &line.discount {
        Some(text) => decimal(text)?,
        None => Decimal::ZERO,
    };
    let amount = quantity.checked_mul(price)?.checked_sub(discount)?;
    let tax = match &*line.tax_category {
        _ if exempt => "7",
        "STANDARD" => "1",
        "REDUCED" => "2",
        "ZERO" => "3",
        _ => "5",
    };
    let item = Item {
        line: 0,
        item: Reference { id: &line.item_id },
        description: line.description.as_deref().map(|text| first(text, 60)),
        quantity: W::decimal(quantity),
        rate: W::decimal(cents(price)),
        amount: W::decimal(amount),
        tax_code: Reference { id: tax },
        location: line.warehouse.as_deref().and_then(|code| locations.get(code)).map(|id| Reference { id }),
        discount: (discount > Decimal::ZERO).then(|| W::decimal(discount)),
    };
    Some(Some((item, amount)))
}

/// An order becomes a document.
pub fn order<'a, N: Raw, W: Written<'a>>(
    order: &'a Order<'a, N>,
    tables: &OrderTables<'a>,
) -> Option<Document<'a, W>> {
    let exempt = order.is_tax_exempt.unwrap_or(false);
    let mut total = Decimal::ZERO;
    let mut items = Vec::with_capacity(order.lines.len());
    for line in &order.lines {
        let Some((mut item, amount)) = item(line, exempt, tables.locations)? else { continue };
        total = total.checked_add(amount)?;
        item.line = items.len() + 1;
        items.push(item);
    }
    let custom = order.custom_fields.as_ref();
    let shipping = order.shipping_address.as_ref().unwrap_or(&order.billing_address);
    let name = &*order.customer.name;
    Some(Document {
        external_id: Joined(&order.tenant_id, ':', &order.order_id),
        entity: Reference { id: &order.customer.id },
        subsidiary: Reference { id: tables.subsidiaries.get(&order.subsidiary_code)? },
        currency: Reference { id: tables.currencies.get(&order.currency)? },
        exchange_rate: match &order.exchange_rate {
            Some(rate) => W::decimal(decimal(rate.raw())?),
            None => W::decimal(Decimal::ONE),
        },
        tran_date: date(&order.order_date)?,
        ship_date: match &order.requested_ship_date {
            Some(moment) => Some(date(moment)?),
            None => None,
        },
        other_ref_num: order.po_number.as_deref().map(|text| first(text, 45)),
        memo: order.memo.as_deref().map(|text| first(text, 999)),
        order_status: Reference {
            id: match &*order.status {
                "open" => "B",
                "partial" => "D",
                "closed" => "H",
                _ => "A",
            },
        },
        terms: match order.payment_terms.as_deref() {
            Some("NET15") => Some(Reference { id: "1" }),
            Some("NET30") => Some(Reference { id: "2" }),
            Some("NET60") => Some(Reference { id: "3" }),
            Some("DUE") => Some(Reference { id: "4" }),
            _ => None,
        },
        email: order.customer.email.as_deref().map(lower),
        is_taxable: !exempt,
        billing_address: address(&order.billing_address, name),
        shipping_address: address(shipping, name),
        channel: match &*order.channel {
            "web" => 1,
            "edi" => 2,
            "phone" => 3,
            "store" => 4,
            _ => 9,
        },
        campaign: custom.and_then(|custom| custom.campaign.as_deref()),
        gift_message: custom.and_then(|custom| custom.gift_message.as_deref()).map(|text| first(text, 200)),
        sales_region: custom.and_then(|custom| custom.sales_region.as_deref()).map(upper),
        priority: order.priority.filter(|priority| *priority >= 3),
        vip: custom
            .is_some_and(|custom| matches!(custom.loyalty_tier.as_deref(), Some("gold" | "platinum")))
            .then_some(true),
        line_count: items.len(),
        item: Items { items },
        total: W::decimal(total),
    })
}

/// One line of a journal entry.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry<'a> {
    #[serde(borrow)]
    pub journal_id: Text<'a>,
    pub line_no: i64,
    #[serde(borrow)]
    pub posting_date: Text<'a>,
    #[serde(borrow)]
    pub account_code: Text<'a>,
    #[serde(borrow)]
    pub cost_center: Text<'a>,
    #[serde(borrow)]
    pub currency: Text<'a>,
    #[serde(borrow)]
    pub debit: Option<Text<'a>>,
    #[serde(borrow)]
    pub credit: Option<Text<'a>>,
    #[serde(borrow)]
    pub description: Option<Text<'a>>,
    pub reversal: Option<bool>,
    #[serde(borrow)]
    pub reference: Option<Text<'a>>,
}

/// What becomes of it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct JournalLine<'a, W> {
    external_id: Numbered<'a>,
    tran_date: &'a str,
    account: Reference<'a>,
    department: Reference<'a>,
    currency: Reference<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    debit: Option<W>,
    #[serde(skip_serializing_if = "Option::is_none")]
    credit: Option<W>,
    #[serde(skip_serializing_if = "Option::is_none")]
    memo: Option<&'a str>,
    is_reversal: bool,
    #[serde(rename = "custcol_reference", skip_serializing_if = "Option::is_none")]
    reference: Option<&'a str>,
}

/// A text and a number with a dash between.
struct Numbered<'a>(&'a str, i64);

impl Serialize for Numbered<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{}-{}", self.0, self.1))
    }
}

/// A journal line becomes a document.
pub fn journal<'a, W: Written<'a>>(
    entry: &'a Entry<'a>,
    tables: &JournalTables<'a>,
) -> Option<JournalLine<'a, W>> {
    let amount = |text: &Option<Text>| match text {
        Some(text) => decimal(text).map(|amount| Some(W::decimal(cents(amount)))),
        None => Some(None),
    };
    Some(JournalLine {
        external_id: Numbered(&entry.journal_id, entry.line_no),
        tran_date: date(&entry.posting_date)?,
        account: Reference { id: tables.accounts.get(&entry.account_code)? },
        department: Reference { id: entry.cost_center.strip_prefix("CC-").unwrap_or(&entry.cost_center) },
        currency: Reference { id: tables.currencies.get(&entry.currency)? },
        debit: amount(&entry.debit)?,
        credit: amount(&entry.credit)?,
        memo: entry.description.as_deref().map(|text| first(text, 40)),
        is_reversal: entry.reversal.unwrap_or(false),
        reference: entry.reference.as_deref(),
    })
}
