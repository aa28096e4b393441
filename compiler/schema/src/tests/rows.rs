//! One test per row of the table.

use super::*;

#[test]
fn records_with_fields_of_every_kind() {
    exact(
        r#"{"type":"object","required":["id","lines"],"additionalProperties":false,"properties":{
            "id":{"type":"string","minLength":1,"maxLength":35},
            "memo":{"type":["string","null"],"maxLength":300},
            "count":{"type":"integer","minimum":1,"exclusiveMaximum":10},
            "rate":{"type":"number","multipleOf":1e-05},
            "paid":{"type":"boolean"},
            "on":{"type":"string","format":"date"},
            "at":{"type":"string","format":"date-time"},
            "status":{"enum":["open","closed"]},
            "lines":{"type":"array","minItems":1,"maxItems":9,"uniqueItems":true,"items":{"type":"object"}}}}"#,
        "{id: text1..35, memo?: text0..300|null, count?: number/1 >=1 <=9, rate?: number/0.00001, paid?: yesno, \
         on?: date, at?: instant, status?: {\"closed\", \"open\"}, lines: [unique {...}]1..9}",
    );
}
