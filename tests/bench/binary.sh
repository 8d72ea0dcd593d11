# Sourced by the benchmarks, in the root folder of the project.
# shellcheck shell=bash

# The binary to measure: VIRSIS, or else what `cargo build` makes.
if [ -z "${VIRSIS:-}" ]; then
    cargo build --quiet
    target=$(cargo metadata --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
fi
virsis=${VIRSIS:-$target/debug/virsis}
