#!/usr/bin/env bash
# Prints the path of Prometheus' promtool: the machine's own, or the one of Debian's package, unpacked once outside the clone so that no service is
# installed. Exit code 77: there is none. With VIRSIS_PEERS_REQUIRED=1 it is fetched, and that it cannot be is a failure.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/peers/venv.sh
. "$here/../venv.sh"
if command -v promtool; then exit 0; fi
tool="$peers/promtool/promtool"
if [ ! -x "$tool" ]; then
    [ "${VIRSIS_PEERS_REQUIRED:-0}" = 1 ] || lacking "no promtool; apt-get install prometheus, or VIRSIS_PEERS_REQUIRED=1 fetches it"
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    (cd "$work" && { apt-get download -qq prometheus || { apt-get update -qq && apt-get download -qq prometheus; }; } >&2 && dpkg -x prometheus_*.deb unpacked) || lacking "cannot fetch Debian's package prometheus; apt-get update"
    mkdir -p "$peers/promtool"
    mv "$work/unpacked/usr/bin/promtool" "$tool.new"
    mv "$tool.new" "$tool"
fi
echo "$tool"
