#!/usr/bin/env bash
# What the form endpoint does in a second: pages of a draft, drafts entered and made ready for the signature, and memory with many people
# signed in.
#
#   tests/bench/endpoint.sh [SECONDS] [CLIENTS]      e.g. tests/bench/endpoint.sh 20 16
#
# Over loopback, with client and endpoint on the same machine: what is shown is the less for it. wrk (apt-get install wrk) asks for pages;
# tests/bench/endpoint_load.py puts sessions into the store, and enters drafts. VIRSIS is the binary to measure; the default is what
# `cargo build` makes.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-20}
clients=${2:-16}
command -v wrk >/dev/null || { echo "no wrk; apt-get install wrk" >&2; exit 2; }
# shellcheck source=tests/served.sh
. tests/served.sh
serve "--virs 500 --entities 5000 --seed 1"
memory() { awk -v what="$1" '/^VmRSS/ {rss = $2} /^VmHWM/ {peak = $2} END {printf "%-52s %5.0f MiB (at most %.0f)\n", what, rss / 1024, peak / 1024}' "/proc/$server/status"; }

memory "memory when nobody is signed in"
load sessions --people 2000 >"$work/cookies"
first=$(head -n 1 "$work/cookies")
id=$(load draft --cookie "$first")
# Every thread of wrk asks as other people, one after another.
cat >"$work/people.lua" <<'END'
local cookies = {}
for line in io.lines(os.getenv("COOKIES")) do cookies[#cookies + 1] = line end
local next = math.random(#cookies)
function request()
    next = next % #cookies + 1
    return wrk.format("GET", os.getenv("ADDRESS"), { Cookie = cookies[next] })
end
done = function(summary, latency, requests)
    local wrong = summary.errors.status + summary.errors.read + summary.errors.write + summary.errors.timeout + summary.errors.connect
    print(string.format("%-52s %5.0f pages/s, p50 %.2f ms, p99 %.2f ms, %d errors", os.getenv("WHAT"), summary.requests / summary.duration * 1e6,
        latency:percentile(50) / 1000, latency:percentile(99) / 1000, wrong))
end
END
ask() { # WHAT ADDRESS COOKIES
    WHAT=$1 ADDRESS=$2 COOKIES=$3 wrk -t 1 -c "$clients" -d "${seconds}s" -s "$work/people.lua" "$address" | tail -n 1
}
echo "$first" >"$work/one"
ask "form of a draft, one person" "/pateiktis/$id" "$work/one"
ask "start page, 2 000 people in turn" /pradzia "$work/cookies"
memory "memory with 2 000 open sessions"
load submissions --cookies "$work/cookies" --seconds "$seconds" --clients "$clients"
memory "memory after that"
"$virsis" --config "$work/virsis.toml" audit-log verify
