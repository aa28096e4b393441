//! The one table of codes: number, name, title, stage. A code is never reused and never renumbered.

/// How grave a diagnostic is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Forbids emission; answered, never allowed away.
    Error,
    /// Worth a look.
    Warning,
    /// A fact.
    Note,
}

/// Which part of the work speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Stage {
    Parse,
    Names,
    Presence,
    Values,
    Shape,
    Tables,
    Routing,
    Delivery,
    Schema,
    Safety,
    Warning,
    Runtime,
}

/// One row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeEntry {
    /// The code.
    pub code: Code,
    /// `E0401`.
    pub number: &'static str,
    /// Short name for machines: `text-too-long`.
    pub name: &'static str,
    /// What it is about.
    pub title: &'static str,
    /// Which part of the work speaks.
    pub stage: Stage,
    /// First release that has it.
    pub since: &'static str,
}

macro_rules! codes {
    ($($code:ident $name:literal $title:literal $stage:ident),+ $(,)?) => {
        /// A stable code: E = error, W = warning, R = rejection at run time.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $title] $code,)+
        }

        const TABLE: &[CodeEntry] = &[
            $(CodeEntry {
                code: Code::$code,
                number: stringify!($code),
                name: $name,
                title: $title,
                stage: Stage::$stage,
                since: "0.1.0",
            },)+
        ];

        impl Code {
            /// `E0401`.
            pub const fn number(self) -> &'static str {
                match self {
                    $(Code::$code => stringify!($code),)+
                }
            }
        }
    };
}

codes! {
    E0101 "typographic-character" "typographic character" Parse,
    E0102 "block-not-closed" "block not closed" Parse,
    E0103 "unknown-word" "unknown word" Parse,
    E0104 "sides-swapped" "sides swapped" Parse,
    E0105 "text-not-closed" "text not closed" Parse,
    E0106 "something-missing-here" "something missing here" Parse,
    E0107 "too-deep-or-too-large" "too deep or too large" Parse,
    E0108 "parts-in-the-wrong-order" "parts in the wrong order" Parse,
    E0109 "not-utf-8" "not UTF-8" Parse,
    E0201 "source-field-unknown" "source field unknown" Names,
    E0202 "target-field-unknown" "target field unknown" Names,
    E0203 "field-lives-at-another-level" "field lives at another level" Names,
    E0204 "custom-field-not-in-this-tenant" "custom field not in this tenant" Names,
    E0205 "assigned-twice" "assigned twice" Names,
    E0206 "function-or-its-arguments" "function or its arguments" Names,
    E0207 "name-unknown-or-taken" "name unknown or taken" Names,
    E0208 "circle-of-names" "circle of names" Names,
    E0209 "read-only-field" "read-only field" Names,
    E0210 "override-hits-nothing-or-a-locked-field" "override hits nothing or a locked field" Names,
    E0211 "map-schema-or-base-unknown" "map, schema or base unknown" Names,
    E0301 "required-field-not-mapped" "required field not mapped" Presence,
    E0302 "required-custom-field-not-mapped" "required custom field not mapped" Presence,
    E0303 "source-may-be-missing" "source may be missing" Presence,
    E0304 "filled-in-one-branch-only" "filled in one branch only" Presence,
    E0305 "null-not-allowed" "null not allowed" Presence,
    E0306 "omit-on-a-required-field" "omit on a required field" Presence,
    E0401 "text-too-long" "text too long" Values,
    E0402 "value-not-in-list" "value not in list" Values,
    E0403 "table-misses-values" "table misses values" Values,
    E0404 "pattern-or-format" "pattern or format" Values,
    E0405 "too-many-decimals" "too many decimals" Values,
    E0406 "wrong-kind" "wrong kind" Values,
    E0407 "date-without-zone" "date without zone" Values,
    E0408 "unit-or-currency" "unit or currency" Values,
    E0409 "too-short-or-blank" "too short or blank" Values,
    E0410 "out-of-range" "out of range" Values,
    E0411 "may-be-outside-the-list" "may be outside the list" Values,
    E0412 "division" "division" Values,
    E0413 "default-does-not-fit" "default does not fit" Values,
    E0414 "no-value-can-fit" "no value can fit" Values,
    E0415 "policy-would-change-a-key-code-or-amount" "policy would change a key, code or amount" Values,
    E0501 "list-into-single-field" "list into single field" Shape,
    E0502 "list-may-be-too-short" "list may be too short" Shape,
    E0503 "list-may-be-too-long" "list may be too long" Shape,
    E0504 "duplicates" "duplicates" Shape,
    E0505 "fits-several-shapes" "fits several shapes" Shape,
    E0506 "single-value-into-list-or-record" "single value into list or record" Shape,
    E0601 "unknown-table-or-xref" "unknown table or xref" Tables,
    E0602 "xref-without-answer-for-not-found" "xref without answer for not found" Tables,
    E0603 "duplicate-key" "duplicate key" Tables,
    E0604 "row-the-target-refuses" "row the target refuses" Tables,
    E0605 "table-unreadable-or-wrong-column" "table unreadable or wrong column" Tables,
    E0701 "route-never-reached" "route never reached" Routing,
    E0702 "two-routes-or-none-match" "two routes or none match" Routing,
    E0703 "unknown-connection" "unknown connection" Routing,
    E0704 "condition-not-known-yet-at-routing" "condition not known yet at routing" Routing,
    E0801 "retry-without-key" "retry without key" Delivery,
    E0802 "key-may-be-missing-unstable-or-too-long" "key may be missing, unstable or too long" Delivery,
    E0803 "retries-outlast-the-key-window" "retries outlast the key window" Delivery,
    E0804 "answer-class-missing-or-doubled" "answer class missing or doubled" Delivery,
    E0805 "unknown-outcome-without-key-or-probe" "unknown outcome without key or probe" Delivery,
    E0806 "limits-above-the-account" "limits above the account" Delivery,
    E0807 "ordered-route-without-dead-letter-rule" "ordered route without dead-letter rule" Delivery,
    E0901 "version-moved" "version moved" Schema,
    E0902 "differs-from-lock" "differs from lock" Schema,
    E0903 "unreadable-or-unresolved" "unreadable or unresolved" Schema,
    E0904 "dialect-not-declared" "dialect not declared" Schema,
    E0905 "keyword-not-provable-on-a-target" "keyword not provable on a target" Schema,
    E0906 "schema-admits-nothing" "schema admits nothing" Schema,
    E0907 "overlay-line-hits-nothing" "overlay line hits nothing" Schema,
    E0908 "compiled-map-of-another-format" "compiled map of another format" Schema,
    E1001 "credential-in-a-map" "credential in a map" Safety,
    E1002 "two-routes-own-one-field" "two routes own one field" Safety,
    E1003 "sensitive-value-in-an-open-place" "sensitive value in an open place" Safety,
    E1004 "reaches-another-tenant" "reaches another tenant" Safety,
    W0201 "source-field-never-read" "source field never read" Warning,
    W0202 "unused-name-or-table" "unused name or table" Warning,
    W0301 "handler-cannot-act" "handler cannot act" Warning,
    W0401 "content-is-lost" "content is lost" Warning,
    W0402 "reject-likely-on-samples" "reject likely on samples" Warning,
    W0403 "target-reads-floats" "target reads floats" Warning,
    W0404 "more-than-15-digits" "more than 15 digits" Warning,
    W0601 "row-never-used" "row never used" Warning,
    W0701 "overlap-by-also" "overlap by also" Warning,
    W0801 "wait-capped-below-retry-after" "wait capped below Retry-After" Warning,
    W0901 "target-limits-nothing-here" "target limits nothing here" Warning,
    W0902 "keyword-ignored" "keyword ignored" Warning,
    W0903 "too-complex-to-prove" "too complex to prove" Warning,
    W0904 "conversion-not-exact" "conversion not exact" Warning,
    W0905 "deprecated-or-sunset-field" "deprecated or sunset field" Warning,
    R0101 "source-is-not-json" "source is not JSON" Runtime,
    R0102 "source-text-is-broken" "source text is broken" Runtime,
    R0103 "source-has-a-duplicate-key" "source has a duplicate key" Runtime,
    R0110 "nested-too-deep" "nested too deep" Runtime,
    R0111 "message-too-large" "message too large" Runtime,
    R0112 "number-too-long" "number too long" Runtime,
    R0113 "too-many-steps" "too many steps" Runtime,
    R0114 "document-too-large" "document too large" Runtime,
    R0201 "source-does-not-match-its-schema" "source does not match its schema" Runtime,
    R0301 "required-value-is-missing" "required value is missing" Runtime,
    R0302 "refused-by-a-rule" "refused by a rule" Runtime,
    R0401 "value-does-not-fit" "value does not fit" Runtime,
    R0402 "text-could-not-be-read" "text could not be read" Runtime,
    R0403 "arithmetic-failed" "arithmetic failed" Runtime,
    R0601 "code-is-not-in-the-table" "code is not in the table" Runtime,
    R0701 "skipped" "skipped" Runtime,
    R0702 "waiting-for-a-record" "waiting for a record" Runtime,
}

/// Every code, in order of the table.
pub fn all_codes() -> &'static [CodeEntry] {
    TABLE
}

impl Code {
    /// The row of this code.
    pub fn entry(self) -> Option<&'static CodeEntry> {
        TABLE.iter().find(|entry| entry.code == self)
    }

    /// The code with that number, in any letter case.
    pub fn parse(number: &str) -> Option<Code> {
        TABLE.iter().find(|entry| entry.number.eq_ignore_ascii_case(number)).map(|entry| entry.code)
    }

    /// E is an error, W a warning, R a note (a rejection is an outcome, not a finding).
    pub fn severity(self) -> Severity {
        match self.number().as_bytes().first() {
            Some(b'E') => Severity::Error,
            Some(b'W') => Severity::Warning,
            _ => Severity::Note,
        }
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.number())
    }
}
