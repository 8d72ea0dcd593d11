#!/usr/bin/env bash
# How long it takes, and how much memory, to resolve the owners of a made-up country with 10⁶, 10⁷ and 10⁸ holdings (or those given).
#     tests/bench/owners.sh [HOLDINGS…]
set -euo pipefail
cd "$(dirname "$0")/../.."
[ $# -gt 0 ] || set -- 1000000 10000000 100000000
for holdings in "$@"; do
    echo "== $holdings holdings"
    cargo bench --locked -q --profile dev -p owners --bench scale -- "$holdings"
done
