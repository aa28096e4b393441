# What CI runs.
ready: format lint test

format:
    cargo fmt --all --check

lint:
    cargo clippy --workspace --all-targets -- -D warnings

test:
    cargo test --workspace

# Bytes that nobody expects, so many seconds for each way in; needs nightly and cargo-fuzz (tests/fuzz/README.md).
fuzz seconds="60":
    tests/fuzz/all.sh {{seconds}}

# The main job on the sample orders.
demo:
    cargo run --release -- run mappings/tenants/acme/sales_order.map --in mappings/canonical/samples/sales_orders.ndjson
