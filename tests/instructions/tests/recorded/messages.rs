//! Messages of the shape that the benchmark's maps read, always the same ones. Knows nothing of who counts.

use std::fmt::Write;

/// Numbers that look random and are the same everywhere: a multiplicative congruential generator.
struct Dice(u64);

impl Dice {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(0x1405_7B7E_F767_814F);
        ((self.0 >> 33) % count as u64) as usize
    }
    fn one<'w>(&mut self, words: &[&'w str]) -> &'w str {
        words.get(self.below(words.len())).copied().unwrap_or_default()
    }
    fn often(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

const WORDS: [&str; 14] = [
    "paint",
    "ladder",
    "wrench",
    "\\\"fast\\\"",
    "glass",
    "\\n",
    "Öl",
    "oak",
    "dock",
    "Tuesday",
    "ring",
    "\\\\n",
    "naïve",
    "rope",
];
const SITES: [&str; 6] = ["DE-NORD", "US-EAST", "JP-TOKY", "SE-STHM", "FR-PARI", "AU-SYDN"];
const CURRENCIES: [&str; 4] = ["EUR", "USD", "JPY", "SEK"];

/// Members of a record, in the order they are put.
#[derive(Default)]
struct Record(Vec<String>);

impl Record {
    fn put(&mut self, name: &str, value: impl std::fmt::Display) {
        self.0.push(format!("\"{name}\":{value}"));
    }
    fn text(&mut self, name: &str, text: impl std::fmt::Display) {
        self.0.push(format!("\"{name}\":\"{text}\""));
    }
    /// Null, or nothing at all.
    fn without(&mut self, dice: &mut Dice, name: &str) {
        if dice.often(50) {
            self.put(name, "null");
        }
    }
    /// One producer of ten writes its keys in another order.
    fn close(mut self, turned: bool) -> String {
        if turned {
            self.0.reverse();
        }
        format!("{{{}}}", self.0.join(","))
    }
}

fn words(dice: &mut Dice, count: usize) -> String {
    let mut text = String::new();
    for _ in 0..count {
        let _ = write!(text, "{} ", dice.one(&WORDS));
    }
    text
}

fn moment(dice: &mut Dice) -> String {
    let day = format!("20{}-0{}-{}", 20 + dice.below(9), 1 + dice.below(9), 10 + dice.below(18));
    let time = format!("{}:{}:{}", 10 + dice.below(14), 10 + dice.below(50), 10 + dice.below(50));
    format!("{day}T{time}{}", dice.one(&["Z", "Z", ".250Z", "+02:00", "-05:30"]))
}

fn address(dice: &mut Dice, turned: bool) -> String {
    let mut address = Record::default();
    address.text("line1", format_args!("{} Mill Lane", 1 + dice.below(200)));
    if dice.often(30) {
        address.text("line2", format_args!("Door {}", dice.below(90)));
    } else {
        address.without(dice, "line2");
    }
    address.text("city", dice.one(&["Köln", "Boston", "Nagoya", "Malmö"]));
    address.text("state", dice.one(&["NW", "MA", "AI", "SK"]));
    address.text("postalCode", 10_000 + dice.below(80_000));
    address.text("country", dice.one(&["DE", "US", "JP", "SE"]));
    address.close(turned)
}

fn row(dice: &mut Dice, number: usize, turned: bool) -> String {
    let mut row = Record::default();
    row.put("lineNumber", number);
    row.text("sku", format_args!("K-{}", 1000 + dice.below(9000)));
    row.text("itemId", 100 + dice.below(90_000));
    row.text(
        "description",
        dice.one(&["Oak plank 20 mm", "Rope, 12 mm", "Pane 4 mm \\\"clear\\\"", "Leinöl 1 l"]),
    );
    match dice.below(10) {
        0 => row.put("quantity", "0"),
        1 => row.put("quantity", format_args!("{}.5", dice.below(20))),
        _ => row.put("quantity", 1 + dice.below(50)),
    }
    row.text(
        "unitPrice",
        format_args!("{}.{}", dice.below(900), dice.one(&["10", "255", "9", "1250", "05"])),
    );
    match dice.below(4) {
        0 => row.text("discount", format_args!("{}.{}0", dice.below(9), dice.below(10))),
        1 => row.text("discount", "0.00"),
        _ => row.without(dice, "discount"),
    }
    row.text("taxCategory", dice.one(&["STANDARD", "STANDARD", "REDUCED", "ZERO", "FREE"]));
    row.text("warehouse", format_args!("WH-0{}", dice.below(10)));
    row.text("uom", dice.one(&["EA", "M"]));
    if dice.often(15) {
        row.put("attributes", "{\"colour\":\"red\",\"tags\":[\"a\",{\"b\":[1,2.5e3,null,true]}]}");
    }
    row.close(turned)
}

fn order(dice: &mut Dice, number: usize, rows: usize) -> String {
    let turned = dice.often(10);
    let mut order = Record::default();
    order.text("schemaVersion", "2.1");
    order.text("messageId", format_args!("{:016x}-{number:08}", dice.below(1 << 30)));
    order.text("tenantId", dice.one(&["north", "south-eu"]));
    order.text("orderId", format_args!("O-{number:06}"));
    order.text("status", dice.one(&["open", "open", "partial", "closed", "draft", "held"]));
    order.text("channel", dice.one(&["web", "edi", "phone", "store", "fax"]));
    order.text("orderDate", moment(dice));
    if dice.often(60) {
        order.text("requestedShipDate", moment(dice));
    } else {
        order.without(dice, "requestedShipDate");
    }
    order.text("currency", dice.one(&CURRENCIES));
    if dice.often(85) {
        order.put("exchangeRate", format_args!("1.{}", 1000 + dice.below(9000)));
    }
    order.text("subsidiaryCode", format_args!("{}-0{}", dice.one(&SITES), 1 + dice.below(5)));
    order.text("paymentTerms", dice.one(&["NET15", "NET30", "NET60", "DUE", "CASH"]));
    if dice.often(60) {
        order.text("poNumber", format_args!("P{}", dice.below(1_000_000)));
    } else {
        order.without(dice, "poNumber");
    }
    match dice.below(10) {
        0 => order.without(dice, "memo"),
        1 => order.text("memo", words(dice, 200)),
        _ => order.text("memo", words(dice, 12)),
    }
    order.put("isTaxExempt", dice.often(12));
    order.put("priority", 1 + dice.below(5));
    let mut customer = Record::default();
    customer.text("id", 1000 + dice.below(90_000));
    customer.text("name", dice.one(&["Möbel Groß KG", "Northern Timber", "日本木材", "Smith \\\"&\\\" Son"]));
    customer.text("email", "Buying@Example.com");
    customer.text("phone", "+49 221 555 0100");
    order.put("customer", customer.close(turned));
    order.put("billingAddress", address(dice, turned));
    if dice.often(60) {
        order.put("shippingAddress", address(dice, turned));
    } else {
        order.without(dice, "shippingAddress");
    }
    let mut custom = Record::default();
    custom.text("campaign", dice.one(&["AUTUMN", "none", "Été"]));
    custom.text("salesRegion", dice.one(&["emea", "apac-East"]));
    custom.text("loyaltyTier", dice.one(&["none", "gold", "platinum"]));
    custom.text("legacyRef", dice.below(1_000_000));
    order.put("customFields", custom.close(turned));
    order.put("totals", "{\"subtotal\":\"120.00\",\"tax\":\"22.80\",\"grandTotal\":\"142.80\"}");
    order.put("audit", "{\"createdBy\":\"shop\",\"createdAt\":\"2026-01-02T03:04:05Z\"}");
    let rows: Vec<_> = (1..=rows).map(|number| row(dice, number, turned)).collect();
    order.put("lines", format_args!("[{}]", rows.join(",")));
    order.close(turned)
}

/// Sales orders with so many rows.
pub fn orders(count: usize, rows: usize) -> Vec<String> {
    let mut dice = Dice(7);
    (0..count).map(|number| order(&mut dice, number, rows)).collect()
}

/// Lines of journal entries.
pub fn journal_lines(count: usize) -> Vec<String> {
    let mut dice = Dice(11);
    let dice = &mut dice;
    let mut all = Vec::new();
    for number in 0..count {
        let mut line = Record::default();
        line.text("messageId", format_args!("{:016x}", dice.below(1 << 30)));
        line.text("journalId", format_args!("J-{number:06}"));
        line.put("lineNo", 1 + dice.below(40));
        line.text("postingDate", moment(dice));
        line.text("accountCode", dice.one(&["6000-000", "6050-074", "6500-740", "7225-813"]));
        line.text("costCenter", format_args!("CC-{}", 100 + dice.below(900)));
        line.text("currency", dice.one(&CURRENCIES));
        let amount = format!("\"{}.{}\"", dice.below(50_000), dice.one(&["10", "25", "125", "0050"]));
        let (debit, credit) =
            if dice.often(50) { (amount.as_str(), "null") } else { ("null", amount.as_str()) };
        line.put("debit", debit);
        line.put("credit", credit);
        line.text("description", words(dice, 6));
        line.put("reversal", dice.often(10));
        if dice.often(80) {
            line.text("reference", format_args!("R-{}", dice.below(90_000)));
        }
        all.push(line.close(dice.often(10)));
    }
    all
}
