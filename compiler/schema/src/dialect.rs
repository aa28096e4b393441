//! Which dialect a schema speaks, and which keywords that dialect knows.

/// Edition of JSON Schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Draft {
    Draft4,
    Draft6,
    Draft7,
    Draft2019,
    Draft2020,
}

/// Edition and OpenAPI flavour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Dialect {
    pub(crate) draft: Draft,
    /// OpenAPI 3.0: `nullable`, `$ref` without siblings.
    pub(crate) openapi30: bool,
}

/// What a keyword is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// It limits values, and the loader reads it.
    Assertion,
    /// It says something to people or tools.
    Annotation,
    /// Nobody knows it.
    Unknown,
}

/// Names for `x-mapc-dialect`.
pub(crate) const NAMES: &[&str] =
    &["openapi-3.0", "openapi-3.1", "draft-04", "draft-06", "draft-07", "2019-09", "2020-12"];

impl Dialect {
    /// The dialect that a `$schema` text names.
    pub(crate) fn from_schema(uri: &str) -> Option<Self> {
        let bare = uri.trim_end_matches('#').trim_start_matches("http://").trim_start_matches("https://");
        let draft = match bare {
            "json-schema.org/draft-04/schema" => Draft::Draft4,
            "json-schema.org/draft-06/schema" => Draft::Draft6,
            "json-schema.org/draft-07/schema" => Draft::Draft7,
            "json-schema.org/draft/2019-09/schema" => Draft::Draft2019,
            "json-schema.org/draft/2020-12/schema" => Draft::Draft2020,
            "spec.openapis.org/oas/3.1/dialect/base" => Draft::Draft2020,
            _ => return None,
        };
        Some(Self { draft, openapi30: false })
    }

    /// The dialect that `x-mapc-dialect` names.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        let (draft, openapi30) = match name {
            "openapi-3.0" => (Draft::Draft4, true),
            "openapi-3.1" | "2020-12" => (Draft::Draft2020, false),
            "draft-04" => (Draft::Draft4, false),
            "draft-06" => (Draft::Draft6, false),
            "draft-07" => (Draft::Draft7, false),
            "2019-09" => (Draft::Draft2019, false),
            _ => return None,
        };
        Some(Self { draft, openapi30 })
    }

    /// Keywords beside `$ref` have no effect.
    pub(crate) fn lone_ref(self) -> bool {
        self.draft <= Draft::Draft7
    }

    /// Name of the keyword that names a schema.
    pub(crate) fn id_keyword(self) -> &'static str {
        if self.draft == Draft::Draft4 { "id" } else { "$id" }
    }

    /// What a keyword is for in this dialect.
    pub(crate) fn role(self, keyword: &str) -> Role {
        use Draft::{Draft4, Draft6, Draft7, Draft2019, Draft2020};
        let (since, until) = match keyword {
            "type"
            | "enum"
            | "minLength"
            | "maxLength"
            | "pattern"
            | "minimum"
            | "maximum"
            | "exclusiveMinimum"
            | "exclusiveMaximum"
            | "multipleOf"
            | "items"
            | "minItems"
            | "maxItems"
            | "uniqueItems"
            | "required"
            | "properties"
            | "additionalProperties"
            | "patternProperties"
            | "minProperties"
            | "maxProperties"
            | "allOf"
            | "anyOf"
            | "oneOf"
            | "not"
            | "$ref"
            | "format" => (Draft4, Draft2020),
            "const" | "contains" | "propertyNames" => (Draft6, Draft2020),
            "if" | "then" | "else" => (Draft7, Draft2020),
            "additionalItems" => (Draft4, Draft2019),
            // Later drafts have dropped it, but systems that are older than their schema enforce it.
            "dependencies" => (Draft4, Draft2020),
            "$recursiveRef" => (Draft2019, Draft2019),
            "dependentRequired"
            | "dependentSchemas"
            | "minContains"
            | "maxContains"
            | "unevaluatedProperties"
            | "unevaluatedItems" => (Draft2019, Draft2020),
            "prefixItems" | "$dynamicRef" => (Draft2020, Draft2020),
            "nullable" if self.openapi30 => return Role::Assertion,
            "x-mapc-decimal"
            | "x-mapc-minimum"
            | "x-mapc-maximum"
            | "x-mapc-exclusive-minimum"
            | "x-mapc-exclusive-maximum"
            | "x-mapc-date"
            | NOT_VALUES => return Role::Assertion,
            "$schema" | "$id" | "id" | "$anchor" | "$dynamicAnchor" | "$recursiveAnchor" | "$defs"
            | "definitions" | "$comment" | "$vocabulary" | "title" | "description" | "default"
            | "examples" | "example" | "readOnly" | "writeOnly" | "deprecated" | "contentEncoding"
            | "contentMediaType" | "contentSchema" | "components" | "discriminator" | "xml"
            | "externalDocs" => {
                return Role::Annotation;
            }
            _ if keyword.starts_with("x-") || keyword.starts_with("x_") => return Role::Annotation,
            _ => return Role::Unknown,
        };
        if (since..=until).contains(&self.draft) { Role::Assertion } else { Role::Unknown }
    }

    /// Names near which a misspelt keyword may lie.
    pub(crate) fn assertions() -> &'static [&'static str] {
        &[
            "type",
            "enum",
            "const",
            "minLength",
            "maxLength",
            "pattern",
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "multipleOf",
            "items",
            "prefixItems",
            "minItems",
            "maxItems",
            "uniqueItems",
            "required",
            "properties",
            "additionalProperties",
            "patternProperties",
            "propertyNames",
            "minProperties",
            "maxProperties",
            "allOf",
            "anyOf",
            "oneOf",
            "not",
            "if",
            "then",
            "else",
            "format",
            "contains",
            "minContains",
            "maxContains",
            "dependentRequired",
            "dependentSchemas",
            "unevaluatedProperties",
            "unevaluatedItems",
        ]
    }
}

/// The loader's own keyword: texts that are not allowed, left behind by `not`.
pub(crate) const NOT_VALUES: &str = "\u{0}not-values";
