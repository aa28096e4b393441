//! Pins: which exact bytes of schemas, overlays and tables a compilation used.

/// What a pinned file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PinKind {
    /// The map itself.
    Map,
    /// The source schema.
    SourceSchema,
    /// The target schema.
    TargetSchema,
    /// An overlay of one of them.
    Overlay,
    /// The file of a table.
    Table,
}

impl PinKind {
    /// For people.
    pub fn word(self) -> &'static str {
        match self {
            PinKind::Map => "map",
            PinKind::SourceSchema => "source schema",
            PinKind::TargetSchema => "target schema",
            PinKind::Overlay => "overlay",
            PinKind::Table => "table",
        }
    }
}

/// One file and its content's SHA-256.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pin {
    /// What it is for.
    pub kind: PinKind,
    /// `canonical.sales_order@1` for a schema, else the path.
    pub name: String,
    /// Path, relative to the workspace.
    pub path: String,
    /// SHA-256 of the bytes of the file.
    pub sha256: [u8; 32],
}

impl Pin {
    pub(crate) fn new(kind: PinKind, name: &str, path: &str, sha256: [u8; 32]) -> Self {
        Self { kind, name: name.to_owned(), path: path.to_owned(), sha256 }
    }

    /// As it stands in a compiled map: `schema canonical.sales_order@1`, `table tables/currency.csv`.
    pub fn label(&self) -> String {
        let word = match self.kind {
            PinKind::SourceSchema | PinKind::TargetSchema => "schema",
            other => other.word(),
        };
        format!("{word} {}", self.name)
    }

    /// The hash as 64 hex digits.
    pub fn hex(&self) -> String {
        self.sha256.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}
