def address($name):
  {addressee: $name, addr1: (.line1 | text)} + (.line2 | maybe("addr2"; text)) + {city: (.city | text)}
  + (.state | maybe("state"; text)) + {zip: (.postalCode | text), country: {id: (.country | text)}};
(.isTaxExempt // false) as $exempt
| (.customFields // {}) as $custom
| .customer.name as $name
| {STANDARD: "1", REDUCED: "2", ZERO: "3"} as $taxes
| [.lines[] | select(.quantity != 0)
   | (.unitPrice | scaled) as $price
   | (.discount | if . == null then 0 else scaled end) as $discount
   | [$price * (.quantity * 1000 | round) - $discount * 1000, $price, $discount, .]] as $rows
| [range($rows | length) as $at | $rows[$at] as [$amount, $price, $discount, $line]
   | {line: ($at + 1), item: {id: ($line.itemId | text)}}
   + ($line.description | maybe("description"; .[:60]))
   + {quantity: $line.quantity, rate: ($price | cents), amount: ($amount / 10000000),
      taxCode: {id: (if $exempt then "7" else ($taxes[$line.taxCategory | text] // "5") end)}}
   + ($line.warehouse | if . == null then {} else $tables.LOCS[.] | maybe("location"; {id: .}) end)
   + (if $discount > 0 then {custcol_discount: ($discount / 10000)} else {} end)] as $items
| {externalId: "\(.tenantId | text):\(.orderId | text)", entity: {id: (.customer.id | text)},
   subsidiary: {id: ($tables.SUBS[.subsidiaryCode] | must)}, currency: {id: ($tables.CUR[.currency] | must)},
   exchangeRate: (.exchangeRate // 1), tranDate: (.orderDate | date)}
+ (.requestedShipDate | maybe("shipDate"; date))
+ (.poNumber | maybe("otherRefNum"; .[:45]))
+ (.memo | maybe("memo"; .[:999]))
+ {orderStatus: {id: ({open: "B", partial: "D", closed: "H"}[.status | text] // "A")}}
+ (.paymentTerms | if . == null then {} else {NET15: "1", NET30: "2", NET60: "3", DUE: "4"}[.] | maybe("terms"; {id: .}) end)
+ (.customer.email | maybe("email"; ascii_downcase))
+ {isTaxable: ($exempt | not), billingAddress: (.billingAddress | address($name)),
   shippingAddress: ((.shippingAddress // .billingAddress) | address($name)),
   custbody_channel: ({web: 1, edi: 2, phone: 3, store: 4}[.channel | text] // 9)}
+ ($custom.campaign | maybe("custbody_campaign"; text))
+ ($custom.giftMessage | maybe("custbody_gift_message"; .[:200]))
+ ($custom.salesRegion | maybe("custbody_sales_region"; ascii_upcase))
+ (if .priority != null and .priority >= 3 then {custbody_priority: .priority} else {} end)
+ ($custom.loyaltyTier | if . == "gold" or . == "platinum" then {custbody_vip: true} else {} end)
+ {item: {items: $items}, custbody_total: (reduce $rows[][0] as $amount (0; . + $amount) / 10000000), custbody_line_count: ($items | length)}
