#!/usr/bin/env bash
# Renews the seeds from what long runs have found: as few files as cover the same code, the smaller first, at most 200
# per target. Files named for a behaviour (with a `_` in the name) stay.
set -euo pipefail
cd "$(dirname "$0")/../.."
targets=("$@")
[ "${#targets[@]}" -gt 0 ] || targets=(parse format schema check load run)
for target in "${targets[@]}"; do
    seeds="tests/fuzz/seeds/$target"
    corpus="tests/fuzz/corpus/$target"
    mkdir -p "$seeds" "$corpus"
    cp -n "$seeds"/* "$corpus"/ 2>/dev/null || true
    cargo +nightly fuzz cmin --fuzz-dir tests/fuzz --sanitizer none "$target" "$corpus" -- -max_len=4096 -use_counters=0
    find "$seeds" -type f ! -name '*_*' -delete
    room=$((200 - $(find "$seeds" -type f | wc -l)))
    # Spread over all sizes: neither only the smallest nor only the largest.
    mapfile -t found < <(find "$corpus" -type f ! -name '*_*' -size -4097c -printf '%s %p\n' | sort -n | cut -d' ' -f2-)
    count="${#found[@]}"
    take=$((count < room ? count : room))
    for ((index = 0; index < take; index++)); do
        cp "${found[$((index * count / take))]}" "$seeds/"
    done
    echo "$target: $(find "$seeds" -type f | wc -l) seeds"
done
