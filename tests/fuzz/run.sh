#!/usr/bin/env bash
# Throws mutated bytes at everything that reads what strangers send: signed containers, signed messages, forms, attached files.
#
#   VIRSIS_PEERS_REQUIRED=1 tests/fuzz/run.sh SECONDS [TARGET...]      e.g. 600 container signature; all of fuzz_targets unless named
#
# libFuzzer with the stable compiler: coverage and AddressSanitizer are asked for by hand, as cargo-fuzz would. Two kinds of seeds: texts
# in seeds/, and what the peers of the tests sign when this runs first. Seeds, what was found to reach new code, and inputs that broke
# something lie under the target folder, in fuzz/. Exit code 1: something broke; what it was and how to try it again is said; 77: the
# peers are not installed.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
seconds=${1:?how many seconds for each target}
shift
targets=("$@")
if [ ${#targets[@]} -eq 0 ]; then
    for file in "$here"/fuzz_targets/*.rs; do targets+=("$(basename "$file" .rs)"); done
fi
containers=$("$here/../peers/container/python.sh")
messages=$("$here/../peers/python.sh")

target_folder=${CARGO_TARGET_DIR:-$here/../../target}/fuzz
mkdir -p "$target_folder"
target_folder=$(cd "$target_folder" && pwd)
triple=$(rustc -vV | sed -n 's/^host: //p')
coverage="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
-Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares"
# The sanitizer's library comes with the stable compiler, but not its option.
export RUSTC_BOOTSTRAP=1
RUSTFLAGS="$coverage -Zsanitizer=address --cfg fuzzing -Ccodegen-units=1" \
    cargo build --quiet --release --locked --manifest-path "$here/Cargo.toml" --target "$triple" --target-dir "$target_folder/build"

# Made anew when what makes it changes.
export VIRSIS_FUZZ_GROUND
VIRSIS_FUZZ_GROUND=$target_folder/ground-$(cat "$here"/*.py "$here"/../peers/container/*.py "$here"/../peers/viisp/*.py | sha256sum | cut -c1-12)
python3 "$here/ground.py" "$VIRSIS_FUZZ_GROUND" "$containers" "$messages"
export ASAN_OPTIONS=detect_leaks=0

fuzz() { # TARGET
    local corpus=$target_folder/corpus/$1 found=$target_folder/found/$1 dictionary=xml
    mkdir -p "$corpus" "$found"
    case $1 in
        container | attachment) dictionary=zip ;;
        form) dictionary=form ;;
    esac
    local seeds=()
    for folder in "$here/seeds/$1" "$VIRSIS_FUZZ_GROUND/$1"; do if [ -d "$folder" ]; then seeds+=("$folder"); fi; done
    local program=$target_folder/build/$triple/release/$1
    # No input may take ten seconds, on a busy machine at that, and nothing may set aside a quarter of a gigabyte.
    if "$program" -max_total_time="$seconds" -timeout=10 -malloc_limit_mb=256 -rss_limit_mb=2048 -max_len=131072 -print_final_stats=1 \
        -dict="$here/dictionaries/$dictionary.dict" -artifact_prefix="$found/" "$corpus" "${seeds[@]}" >"$target_folder/$1.log" 2>&1; then
        awk -v name="$1" '/ cov: / {for (place = 1; place < NF; place++) if ($place == "cov:") coverage = $(place + 1)}
            /number_of_executed_units/ {runs = $2} END {printf "%-12s %9d inputs, %d places of the code reached\n", name, runs, coverage}' "$target_folder/$1.log"
    else
        echo "$1 broke:"
        grep -vE '^#[0-9]|^INFO' "$target_folder/$1.log" | head -n 25
        echo "again: VIRSIS_FUZZ_GROUND=$VIRSIS_FUZZ_GROUND $program FILE, with the file that is named above"
        return 1
    fi
}

# As many at a time as there are processors; all take equally long.
failed=0
running=()
for target in "${targets[@]}"; do
    if [ ${#running[@]} -ge "$(nproc)" ]; then
        wait "${running[0]}" || failed=1
        running=("${running[@]:1}")
    fi
    fuzz "$target" &
    running+=($!)
done
for job in "${running[@]}"; do wait "$job" || failed=1; done
exit $failed
