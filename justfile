# What CI runs.
ready: format lint test

format:
    cargo fmt --all --check

lint:
    cargo clippy --workspace --all-targets -- -D warnings

test:
    cargo test --workspace

# The main job on the sample orders.
demo:
    cargo run --release -- run mappings/tenants/acme/sales_order.map --in mappings/canonical/samples/sales_orders.ndjson
