//! Names of systems as people say them. Knows nothing of schemas.

/// `netsuite.sales_order` → `NetSuite`.
pub(crate) fn system_name(schema: &str) -> String {
    let system = schema.split('.').next().unwrap_or(schema);
    let known = [
        ("canonical", "the canonical model"),
        ("netsuite", "NetSuite"),
        ("s4hana", "SAP S/4HANA"),
        ("acumatica", "Acumatica"),
        ("business_central", "Business Central"),
        ("d365", "Dynamics 365"),
        ("oracle", "Oracle"),
        ("infor", "Infor"),
    ];
    known
        .iter()
        .find(|(key, _)| *key == system)
        .map_or_else(|| system.to_owned(), |(_, name)| (*name).to_owned())
}
