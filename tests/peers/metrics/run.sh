#!/usr/bin/env bash
# promtool checks and tests the alert rules of docs/alerts.yml, and checks what a served endpoint says on /metrics:
#
#     VIRSIS_PEERS_REQUIRED=1 tests/peers/metrics/run.sh
#
# Exit code 77: this machine has no promtool. VIRSIS is the binary; the default is what `cargo build` makes.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
promtool=$("$here/promtool.sh")
cd "$here/../../.."
# shellcheck source=tests/served.sh
. tests/served.sh

wrong() {
    echo "metrics: $1" >&2
    exit 1
}

cp docs/alerts.yml "$here/alerts_test.yml" "$work"
"$promtool" check rules "$work/alerts.yml"
"$promtool" test rules "$work/alerts_test.yml"
for alert in $(sed -n 's/.*alert: //p' docs/alerts.yml | sort -u); do
    grep -q "alertname: $alert$" "$here/alerts_test.yml" || wrong "alerts_test.yml does not see $alert fire"
done
# A rule about a metric that is told no more would never fire.
for metric in $(grep -o 'virsis_[a-z_]*[a-z]' docs/alerts.yml | sort -u); do
    grep -q "^| \`$metric\` |" docs/operations.md || wrong "docs/alerts.yml asks for $metric, which docs/operations.md does not list"
done

serve "--virs 40 --entities 400 --seed 1" "[metrics]
listen = '127.0.0.1:0'"
scrape() { curl --silent --show-error "$(sed -n 's/^metrics on \(http[^,]*\)\/metrics,.*/\1/p' "$work/serve.out")$1"; }
[ "$(scrape /health)" = "all is well" ] || wrong "health: $(scrape /health)"
scrape /metrics >"$work/metrics.txt"
"$promtool" check metrics <"$work/metrics.txt"
for part in virsis_runs_total virsis_source_rows virsis_submissions virsis_build_info; do
    grep -q "^$part{" "$work/metrics.txt" || wrong "/metrics lacks $part"
done
echo "metrics: $(grep -c '^# TYPE' "$work/metrics.txt") metrics, $(grep -vc '^#' "$work/metrics.txt") values"
