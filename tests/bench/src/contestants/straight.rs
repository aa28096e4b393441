//! Straight-line code for W1, as one would write it by hand for this one pair of shapes: one pass over the bytes that keeps
//! where things stand, then the document written from them. Eight bytes at a time, safe Rust, no value is built. It still
//! checks what the workload asks for: JSON, UTF-8, kinds, what is required, moments, decimals.

use std::borrow::Cow;

use super::borrowed::{Table, Tables};
use super::exact;
use crate::contestant::Contestant;

/// Text between its quotes, with the escapes it came with.
#[derive(Clone, Copy, Default)]
struct Text {
    from: usize,
    to: usize,
    escaped: bool,
    there: bool,
}

/// The message, and how far it was read.
struct Reader<'m> {
    bytes: &'m [u8],
    at: usize,
}

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// The highest bit of each byte that is a quote, a backslash or a control; only the lowest one is certain.
fn special(word: u64) -> u64 {
    let quote = word ^ (ONES * 0x22);
    let slash = word ^ (ONES * 0x5c);
    let zero = |word: u64| word.wrapping_sub(ONES) & !word;
    (zero(quote) | zero(slash) | (word.wrapping_sub(ONES * 0x20) & !word)) & HIGH
}

impl<'m> Reader<'m> {
    fn peek(&mut self) -> Option<u8> {
        loop {
            match self.bytes.get(self.at)? {
                b' ' | b'\t' | b'\n' | b'\r' => self.at += 1,
                byte => return Some(*byte),
            }
        }
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    fn word(&mut self, word: &[u8]) -> Option<()> {
        self.bytes.get(self.at..)?.starts_with(word).then(|| self.at += word.len())
    }

    fn text(&mut self) -> Option<Text> {
        self.expect(b'"')?;
        let from = self.at;
        let mut escaped = false;
        loop {
            while let Some(chunk) = self.bytes.get(self.at..).and_then(|rest| rest.first_chunk::<8>()) {
                let found = special(u64::from_le_bytes(*chunk));
                if found != 0 {
                    self.at += (found.trailing_zeros() / 8) as usize;
                    break;
                }
                self.at += 8;
            }
            match self.bytes.get(self.at)? {
                b'"' => {
                    self.at += 1;
                    return Some(Text { from, to: self.at - 1, escaped, there: true });
                }
                b'\\' => {
                    escaped = true;
                    self.escape()?;
                }
                0..0x20 => return None,
                _ => self.at += 1,
            }
        }
    }

    fn unit(&self, at: usize) -> Option<u32> {
        let digits = self.bytes.get(at..at + 4)?;
        digits.iter().try_fold(0, |unit, digit| Some(unit * 16 + char::from(*digit).to_digit(16)?))
    }

    fn escape(&mut self) -> Option<()> {
        match self.bytes.get(self.at + 1)? {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => self.at += 2,
            b'u' => match self.unit(self.at + 2)? {
                0xd800..0xdc00 => {
                    let low = self.bytes.get(self.at + 6..self.at + 8)? == b"\\u";
                    if !low || !(0xdc00..0xe000).contains(&self.unit(self.at + 8)?) {
                        return None;
                    }
                    self.at += 12;
                }
                0xdc00..0xe000 => return None,
                _ => self.at += 6,
            },
            _ => return None,
        }
        Some(())
    }

    fn maybe_text(&mut self) -> Option<Text> {
        match self.peek()? {
            b'n' => self.word(b"null").map(|()| Text::default()),
            _ => self.text(),
        }
    }

    fn digits(&mut self) -> Option<()> {
        let from = self.at;
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
        (self.at > from).then_some(())
    }

    /// A number and whether it has an exponent.
    fn number(&mut self) -> Option<(&'m [u8], bool)> {
        self.peek()?;
        let from = self.at;
        let _ = self.word(b"-");
        if self.word(b"0").is_none() {
            self.digits()?;
        }
        if self.word(b".").is_some() {
            self.digits()?;
        }
        let exponent = matches!(self.bytes.get(self.at), Some(b'e' | b'E'));
        if exponent {
            self.at += 1;
            self.at += usize::from(matches!(self.bytes.get(self.at), Some(b'+' | b'-')));
            self.digits()?;
        }
        Some((self.bytes.get(from..self.at)?, exponent))
    }

    fn maybe_number(&mut self) -> Option<Option<&'m [u8]>> {
        match self.peek()? {
            b'n' => self.word(b"null").map(|()| None),
            _ => self.number().and_then(|(lexeme, exponent)| (!exponent).then_some(Some(lexeme))),
        }
    }

    fn skip(&mut self, depth: usize) -> Option<()> {
        match self.peek()? {
            b'"' => self.text().map(|_| ()),
            b'{' if depth < 64 => self.record(|reader, _| reader.skip(depth + 1)),
            b'[' if depth < 64 => self.list(|reader| reader.skip(depth + 1)),
            b't' => self.word(b"true"),
            b'f' => self.word(b"false"),
            b'n' => self.word(b"null"),
            _ => self.number().map(|_| ()),
        }
    }

    fn record(&mut self, mut member: impl FnMut(&mut Self, &[u8]) -> Option<()>) -> Option<()> {
        self.expect(b'{')?;
        if self.peek()? == b'}' {
            self.at += 1;
            return Some(());
        }
        loop {
            self.peek()?;
            let key = self.text()?;
            self.expect(b':')?;
            if key.escaped {
                let plain = self.plain(key);
                member(self, plain.as_bytes())?;
            } else {
                let key = self.bytes.get(key.from..key.to)?;
                member(self, key)?;
            }
            match self.peek()? {
                b',' => self.at += 1,
                _ => return self.expect(b'}'),
            }
        }
    }

    fn list(&mut self, mut element: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        self.expect(b'[')?;
        if self.peek()? == b']' {
            self.at += 1;
            return Some(());
        }
        loop {
            element(self)?;
            match self.peek()? {
                b',' => self.at += 1,
                _ => return self.expect(b']'),
            }
        }
    }

    fn raw(&self, text: Text) -> &'m [u8] {
        self.bytes.get(text.from..text.to).unwrap_or_default()
    }

    /// Without escapes. (The message is UTF-8, the text was checked.)
    fn plain(&self, text: Text) -> Cow<'m, str> {
        if text.escaped {
            let quoted = self.bytes.get(text.from - 1..text.to + 1).unwrap_or_default();
            Cow::Owned(serde_json::from_slice(quoted).unwrap_or_default())
        } else {
            Cow::Borrowed(std::str::from_utf8(self.raw(text)).unwrap_or_default())
        }
    }
}

/// A decimal of at most 18 digits.
#[derive(Clone, Copy, Default)]
struct Fixed {
    coefficient: i64,
    scale: u32,
}

impl Fixed {
    fn parse(text: &[u8]) -> Option<Self> {
        let (negative, text) = text.strip_prefix(b"-").map_or((false, text), |rest| (true, rest));
        let (mut coefficient, mut scale, mut point) = (0_i64, 0, false);
        if text.is_empty() || text.len() > 19 || text.first() == Some(&b'.') || text.last() == Some(&b'.') {
            return None;
        }
        if text.len() > 1 && text.first() == Some(&b'0') && text.get(1) != Some(&b'.') {
            return None;
        }
        for byte in text {
            match byte {
                b'0'..=b'9' => {
                    coefficient = coefficient.checked_mul(10)?.checked_add(i64::from(byte - b'0'))?;
                    scale += u32::from(point);
                }
                b'.' if !point => point = true,
                _ => return None,
            }
        }
        Some(Self { coefficient: if negative { -coefficient } else { coefficient }, scale })
    }
}

fn power(exponent: u32) -> Option<i128> {
    10_i128.checked_pow(exponent)
}

/// An exact amount.
#[derive(Clone, Copy, Default)]
struct Amount {
    coefficient: i128,
    scale: u32,
}

impl Amount {
    fn aligned(self, scale: u32) -> Option<i128> {
        self.coefficient.checked_mul(power(scale.checked_sub(self.scale)?)?)
    }

    fn plus(self, other: Self, sign: i128) -> Option<Self> {
        let scale = self.scale.max(other.scale);
        let coefficient = self.aligned(scale)?.checked_add(sign * other.aligned(scale)?)?;
        Some(Self { coefficient, scale })
    }

    fn write(self, out: &mut Vec<u8>) {
        if self.coefficient < 0 {
            out.push(b'-');
        }
        let mut digits = [b'0'; 64];
        let mut at = digits.len();
        let mut rest = self.coefficient.unsigned_abs();
        let mut put = |digit: u8, at: &mut usize| {
            *at -= 1;
            digits[*at] = b'0' + digit;
        };
        let mut written = 0;
        while rest > u128::from(u64::MAX) {
            put((rest % 10) as u8, &mut at);
            rest /= 10;
            written += 1;
        }
        let mut rest = rest as u64;
        while rest > 0 || written <= self.scale {
            put((rest % 10) as u8, &mut at);
            rest /= 10;
            written += 1;
        }
        let point = digits.len() - self.scale as usize;
        out.extend_from_slice(&digits[at..point]);
        if self.scale > 0 {
            out.push(b'.');
            out.extend_from_slice(&digits[point..]);
        }
    }
}

impl From<Fixed> for Amount {
    fn from(fixed: Fixed) -> Self {
        Self { coefficient: i128::from(fixed.coefficient), scale: fixed.scale }
    }
}

/// To two fraction digits, ties to the even one.
fn cents(price: Fixed) -> Amount {
    if price.scale <= 2 {
        return price.into();
    }
    let divisor = 10_i64.pow((price.scale - 2).min(18));
    let (whole, rest) = (price.coefficient / divisor, (price.coefficient % divisor).abs());
    let up = rest * 2 > divisor || (rest * 2 == divisor && whole % 2 != 0);
    let whole = whole + if up { price.coefficient.signum() } else { 0 };
    Amount { coefficient: i128::from(whole), scale: 2 }
}

#[derive(Clone, Copy, Default)]
struct Address {
    there: bool,
    line1: Text,
    line2: Text,
    city: Text,
    state: Text,
    postal_code: Text,
    country: Text,
}

impl Address {
    fn read(&mut self, reader: &mut Reader<'_>) -> Option<()> {
        if reader.peek()? == b'n' {
            return reader.word(b"null");
        }
        self.there = true;
        reader.record(|reader, key| {
            let place = match key {
                b"line1" => &mut self.line1,
                b"line2" => &mut self.line2,
                b"city" => &mut self.city,
                b"state" => &mut self.state,
                b"postalCode" => &mut self.postal_code,
                b"country" => &mut self.country,
                _ => return reader.skip(2),
            };
            *place = reader.maybe_text()?;
            Some(())
        })?;
        let required = [self.line1, self.city, self.postal_code, self.country];
        required.iter().all(|text| text.there).then_some(())
    }
}

#[derive(Clone, Copy, Default)]
struct Line {
    item_id: Text,
    description: Text,
    quantity: Text,
    unit_price: Text,
    discount: Text,
    tax_category: Text,
    warehouse: Text,
}

impl Line {
    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let mut line = Self::default();
        reader.record(|reader, key| {
            let place = match key {
                b"itemId" => &mut line.item_id,
                b"description" => &mut line.description,
                b"unitPrice" => &mut line.unit_price,
                b"discount" => &mut line.discount,
                b"taxCategory" => &mut line.tax_category,
                b"warehouse" => &mut line.warehouse,
                b"quantity" => {
                    reader.peek()?;
                    let from = reader.at;
                    let there = reader.maybe_number()?.is_some();
                    line.quantity = Text { from, to: reader.at, escaped: false, there };
                    return Some(());
                }
                _ => return reader.skip(3),
            };
            *place = reader.maybe_text()?;
            Some(())
        })?;
        Some(line)
    }
}

#[derive(Default)]
struct Order<'m> {
    tenant_id: Text,
    order_id: Text,
    status: Text,
    channel: Text,
    order_date: Text,
    ship_date: Text,
    currency: Text,
    exchange_rate: Option<&'m [u8]>,
    subsidiary: Text,
    terms: Text,
    po_number: Text,
    memo: Text,
    exempt: bool,
    priority: Option<&'m [u8]>,
    customer_id: Text,
    customer_name: Text,
    email: Text,
    billing: Address,
    shipping: Address,
    campaign: Text,
    gift_message: Text,
    region: Text,
    tier: Text,
    has_lines: bool,
}

impl<'m> Order<'m> {
    fn read(&mut self, reader: &mut Reader<'m>, lines: &mut Vec<Line>) -> Option<()> {
        reader.record(|reader, key| {
            let place = match key {
                b"tenantId" => &mut self.tenant_id,
                b"orderId" => &mut self.order_id,
                b"status" => &mut self.status,
                b"channel" => &mut self.channel,
                b"orderDate" => &mut self.order_date,
                b"requestedShipDate" => &mut self.ship_date,
                b"currency" => &mut self.currency,
                b"subsidiaryCode" => &mut self.subsidiary,
                b"paymentTerms" => &mut self.terms,
                b"poNumber" => &mut self.po_number,
                b"memo" => &mut self.memo,
                b"exchangeRate" => return reader.maybe_number().map(|rate| self.exchange_rate = rate),
                b"priority" => return reader.maybe_number().map(|priority| self.priority = priority),
                b"isTaxExempt" => {
                    return match reader.peek()? {
                        b't' => reader.word(b"true").map(|()| self.exempt = true),
                        b'f' => reader.word(b"false"),
                        _ => reader.word(b"null"),
                    };
                }
                b"customer" => {
                    return reader.record(|reader, key| {
                        let place = match key {
                            b"id" => &mut self.customer_id,
                            b"name" => &mut self.customer_name,
                            b"email" => &mut self.email,
                            _ => return reader.skip(2),
                        };
                        *place = reader.maybe_text()?;
                        Some(())
                    });
                }
                b"billingAddress" => return self.billing.read(reader),
                b"shippingAddress" => return self.shipping.read(reader),
                b"customFields" => {
                    if reader.peek()? == b'n' {
                        return reader.word(b"null");
                    }
                    return reader.record(|reader, key| {
                        let place = match key {
                            b"campaign" => &mut self.campaign,
                            b"giftMessage" => &mut self.gift_message,
                            b"salesRegion" => &mut self.region,
                            b"loyaltyTier" => &mut self.tier,
                            _ => return reader.skip(2),
                        };
                        *place = reader.maybe_text()?;
                        Some(())
                    });
                }
                b"lines" => {
                    self.has_lines = true;
                    return reader.list(|reader| Line::read(reader).map(|line| lines.push(line)));
                }
                _ => return reader.skip(1),
            };
            *place = reader.maybe_text()?;
            Some(())
        })?;
        let required = [
            self.tenant_id,
            self.order_id,
            self.status,
            self.channel,
            self.order_date,
            self.currency,
            self.subsidiary,
            self.customer_id,
            self.customer_name,
        ];
        (required.iter().all(|text| text.there) && self.billing.there && self.has_lines).then_some(())
    }
}

/// The hand-written code with its tables and its buffer.
pub struct Straight<'t> {
    subsidiaries: Table<'t>,
    locations: Table<'t>,
    currencies: Table<'t>,
    rows: Vec<Line>,
    out: Vec<u8>,
}

/// Writes the document.
struct Writer<'o, 'r, 'm> {
    out: &'o mut Vec<u8>,
    reader: &'r Reader<'m>,
}

impl Writer<'_, '_, '_> {
    fn put(&mut self, fragment: &str) {
        self.out.extend_from_slice(fragment.as_bytes());
    }

    fn raw(&mut self, text: Text) {
        self.out.extend_from_slice(self.reader.raw(text));
    }

    /// Key and text when there is one.
    fn text(&mut self, key: &str, text: Text) {
        if text.there {
            self.put(key);
            self.raw(text);
            self.put("\"");
        }
    }

    /// Key and the first characters, when there are some.
    fn first(&mut self, key: &str, text: Text, most: usize) {
        if !text.there {
            return;
        }
        let raw = self.reader.raw(text);
        let mut end = raw.len();
        if end > most {
            let mut at = 0;
            for _ in 0..most {
                at += match raw.get(at) {
                    None => 0,
                    Some(b'\\') if raw.get(at + 1) == Some(&b'u') => {
                        let high = matches!(raw.get(at + 2), Some(b'd' | b'D'))
                            && matches!(raw.get(at + 3), Some(b'8' | b'9' | b'a' | b'b' | b'A' | b'B'));
                        if high { 12 } else { 6 }
                    }
                    Some(b'\\') => 2,
                    Some(0..0x80) => 1,
                    Some(0x80..0xe0) => 2,
                    Some(0xe0..0xf0) => 3,
                    Some(_) => 4,
                };
            }
            end = at.min(end);
        }
        self.put(key);
        self.out.extend_from_slice(raw.get(..end).unwrap_or_default());
        self.put("\"");
    }

    /// Key and the text in another case.
    fn cased(&mut self, key: &str, text: Text, case: fn(&mut [u8])) {
        if !text.there {
            return;
        }
        self.put(key);
        if text.escaped {
            let mut plain = self.reader.plain(text).into_owned().into_bytes();
            case(&mut plain);
            let written = serde_json::to_vec(&String::from_utf8_lossy(&plain)).unwrap_or_default();
            self.out.extend_from_slice(written.get(1..).unwrap_or_default());
            return;
        }
        let from = self.out.len();
        self.raw(text);
        case(&mut self.out[from..]);
        self.put("\"");
    }

    fn address(&mut self, address: &Address, name: Text) {
        self.text("{\"addressee\":\"", name);
        self.text(",\"addr1\":\"", address.line1);
        self.text(",\"addr2\":\"", address.line2);
        self.text(",\"city\":\"", address.city);
        self.text(",\"state\":\"", address.state);
        self.text(",\"zip\":\"", address.postal_code);
        self.text(",\"country\":{\"id\":\"", address.country);
        self.put("}}");
    }

    fn date(&mut self, key: &str, moment: Text) -> Option<()> {
        if moment.there {
            let plain = self.reader.plain(moment);
            let date = exact::date(&plain)?;
            self.put(key);
            self.put(date);
            self.put("\"");
        }
        Some(())
    }

    fn count(&mut self, count: usize) {
        Amount { coefficient: count as i128, scale: 0 }.write(self.out);
    }
}

impl<'t> Straight<'t> {
    /// With these tables.
    pub fn new(tables: &'t Tables) -> Self {
        let [subsidiaries, locations, currencies] = ["SUBS", "LOCS", "CUR"].map(|name| tables.table(name));
        Self { subsidiaries, locations, currencies, rows: Vec::new(), out: Vec::new() }
    }

    fn line(
        &self,
        line: &Line,
        reader: &Reader<'_>,
        exempt: bool,
        number: usize,
        out: &mut Vec<u8>,
    ) -> Option<Option<Amount>> {
        if !line.quantity.there {
            return None;
        }
        let lexeme = reader.raw(line.quantity);
        let quantity = Fixed::parse(lexeme)?;
        if quantity.coefficient == 0 {
            return Some(None);
        }
        if ![line.item_id, line.unit_price, line.tax_category].iter().all(|text| text.there) {
            return None;
        }
        let price = Fixed::parse(reader.plain(line.unit_price).as_bytes())?;
        let discount = if line.discount.there {
            Fixed::parse(reader.plain(line.discount).as_bytes())?
        } else {
            Fixed::default()
        };
        let gross = i128::from(quantity.coefficient) * i128::from(price.coefficient);
        let gross = Amount { coefficient: gross, scale: quantity.scale + price.scale };
        let amount = gross.plus(discount.into(), -1)?;
        let mut writer = Writer { out, reader };
        writer.put(if number == 1 { "{\"line\":" } else { ",{\"line\":" });
        writer.count(number);
        writer.text(",\"item\":{\"id\":\"", line.item_id);
        writer.put("}");
        writer.first(",\"description\":\"", line.description, 60);
        writer.put(",\"quantity\":");
        writer.out.extend_from_slice(lexeme);
        writer.put(",\"rate\":");
        cents(price).write(writer.out);
        writer.put(",\"amount\":");
        amount.write(writer.out);
        writer.put(match &*reader.plain(line.tax_category) {
            _ if exempt => ",\"taxCode\":{\"id\":\"7\"}",
            "STANDARD" => ",\"taxCode\":{\"id\":\"1\"}",
            "REDUCED" => ",\"taxCode\":{\"id\":\"2\"}",
            "ZERO" => ",\"taxCode\":{\"id\":\"3\"}",
            _ => ",\"taxCode\":{\"id\":\"5\"}",
        });
        if line.warehouse.there {
            if let Some(id) = self.locations.get(&reader.plain(line.warehouse)) {
                writer.put(",\"location\":{\"id\":\"");
                writer.put(id);
                writer.put("\"}");
            }
        }
        if discount.coefficient > 0 {
            writer.put(",\"custcol_discount\":");
            Amount::from(discount).write(writer.out);
        }
        writer.put("}");
        Some(Some(amount))
    }

    fn document(&self, message: &[u8], rows: &mut Vec<Line>, out: &mut Vec<u8>) -> Option<()> {
        std::str::from_utf8(message).ok()?;
        let mut reader = Reader { bytes: message, at: 0 };
        let mut order = Order::default();
        order.read(&mut reader, rows)?;
        if reader.peek().is_some() {
            return None;
        }
        let mut writer = Writer { out, reader: &reader };
        writer.put("{\"externalId\":\"");
        writer.raw(order.tenant_id);
        writer.put(":");
        writer.raw(order.order_id);
        writer.text("\",\"entity\":{\"id\":\"", order.customer_id);
        writer.put("},\"subsidiary\":{\"id\":\"");
        writer.put(self.subsidiaries.get(&reader.plain(order.subsidiary))?);
        writer.put("\"},\"currency\":{\"id\":\"");
        writer.put(self.currencies.get(&reader.plain(order.currency))?);
        writer.put("\"},\"exchangeRate\":");
        writer.out.extend_from_slice(order.exchange_rate.unwrap_or(b"1"));
        writer.date(",\"tranDate\":\"", order.order_date)?;
        writer.date(",\"shipDate\":\"", order.ship_date)?;
        writer.first(",\"otherRefNum\":\"", order.po_number, 45);
        writer.first(",\"memo\":\"", order.memo, 999);
        writer.put(match &*reader.plain(order.status) {
            "open" => ",\"orderStatus\":{\"id\":\"B\"}",
            "partial" => ",\"orderStatus\":{\"id\":\"D\"}",
            "closed" => ",\"orderStatus\":{\"id\":\"H\"}",
            _ => ",\"orderStatus\":{\"id\":\"A\"}",
        });
        writer.put(match &*reader.plain(order.terms) {
            "NET15" => ",\"terms\":{\"id\":\"1\"}",
            "NET30" => ",\"terms\":{\"id\":\"2\"}",
            "NET60" => ",\"terms\":{\"id\":\"3\"}",
            "DUE" => ",\"terms\":{\"id\":\"4\"}",
            _ => "",
        });
        writer.cased(",\"email\":\"", order.email, <[u8]>::make_ascii_lowercase);
        writer.put(if order.exempt { ",\"isTaxable\":false" } else { ",\"isTaxable\":true" });
        writer.put(",\"billingAddress\":");
        writer.address(&order.billing, order.customer_name);
        writer.put(",\"shippingAddress\":");
        let shipping = if order.shipping.there { &order.shipping } else { &order.billing };
        writer.address(shipping, order.customer_name);
        writer.put(match &*reader.plain(order.channel) {
            "web" => ",\"custbody_channel\":1",
            "edi" => ",\"custbody_channel\":2",
            "phone" => ",\"custbody_channel\":3",
            "store" => ",\"custbody_channel\":4",
            _ => ",\"custbody_channel\":9",
        });
        writer.text(",\"custbody_campaign\":\"", order.campaign);
        writer.first(",\"custbody_gift_message\":\"", order.gift_message, 200);
        writer.cased(",\"custbody_sales_region\":\"", order.region, <[u8]>::make_ascii_uppercase);
        if let Some(priority) = order.priority {
            let priority = Fixed::parse(priority).filter(|priority| priority.scale == 0)?;
            if priority.coefficient >= 3 {
                writer.put(",\"custbody_priority\":");
                Amount::from(priority).write(writer.out);
            }
        }
        if order.tier.there && matches!(&*reader.plain(order.tier), "gold" | "platinum") {
            writer.put(",\"custbody_vip\":true");
        }
        writer.put(",\"item\":{\"items\":[");
        let (mut count, mut total) = (0, Amount::default());
        for line in rows.iter() {
            if let Some(amount) = self.line(line, &reader, order.exempt, count + 1, out)? {
                count += 1;
                total = total.plus(amount, 1)?;
            }
        }
        let mut writer = Writer { out, reader: &reader };
        writer.put("]},\"custbody_total\":");
        total.write(writer.out);
        writer.put(",\"custbody_line_count\":");
        writer.count(count);
        writer.put("}");
        Some(())
    }
}

impl Contestant for Straight<'_> {
    fn map(&mut self, message: &[u8]) -> Option<&[u8]> {
        let (mut rows, mut out) = (std::mem::take(&mut self.rows), std::mem::take(&mut self.out));
        rows.clear();
        out.clear();
        let done = self.document(message, &mut rows, &mut out);
        (self.rows, self.out) = (rows, out);
        done.map(|()| self.out.as_slice())
    }
}
