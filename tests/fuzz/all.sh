#!/usr/bin/env bash
# Runs the fuzz targets one after the other: all.sh [seconds each] [target …]
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds="${1:-60}"
shift || true
targets=("$@")
[ "${#targets[@]}" -gt 0 ] || targets=(parse format schema check load run)
failed=()
for target in "${targets[@]}"; do
    mkdir -p "tests/fuzz/corpus/$target"
    echo "== $target, $seconds seconds"
    cargo +nightly fuzz run --fuzz-dir tests/fuzz --sanitizer none "$target" \
        "tests/fuzz/corpus/$target" "tests/fuzz/seeds/$target" -- \
        -dict="tests/fuzz/$target.dict" -max_len=4096 -timeout=10 -rss_limit_mb=4096 \
        -max_total_time="$seconds" -print_final_stats=1 -verbosity=1 || failed+=("$target")
done
if [ "${#failed[@]}" -gt 0 ]; then
    echo "failed: ${failed[*]}" >&2
    exit 1
fi
