{externalId: "\(.journalId | text)-\(.lineNo)", tranDate: (.postingDate | date),
 account: {id: ($tables.ACCTS[.accountCode] | must)}, department: {id: (.costCenter | text | ltrimstr("CC-"))},
 currency: {id: ($tables.CUR[.currency] | must)}}
+ (.debit | maybe("debit"; scaled | cents))
+ (.credit | maybe("credit"; scaled | cents))
+ (.description | maybe("memo"; .[:40]))
+ {isReversal: (.reversal // false)}
+ (.reference | maybe("custcol_reference"; text))
