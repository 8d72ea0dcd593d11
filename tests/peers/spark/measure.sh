#!/usr/bin/env bash
# What a night costs on a cluster of two workers on this machine, beside one on DuckDB: wall clock and processor time of all processes, and the size
# of the shared folder. The figures of docs/scale.md are from here.
#
#     tests/peers/spark/measure.sh [OPTION OF generate…]      e.g. --virs 2000 --entities 230000 --participations 540000 --money-rows 900000 --seed 1
#
# VIRSIS and VIRSIS_CLUSTER are the binaries.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
home=$(cd "$here/../../.." && pwd)
# shellcheck source=tests/peers/venv.sh
. "$here/../venv.sh"
venv spark-pyspark-4.3.0 "$here/requirements.txt"
plain=${VIRSIS:?} clustered=${VIRSIS_CLUSTER:?}
unset "${!VIRSIS_@}"
if [ $# -eq 0 ]; then set -- --virs 40 --entities 400 --seed 1; fi

work=$(mktemp -d)
cluster=$work/cluster
mkdir "$cluster"
# shellcheck source=tests/peers/spark/cluster.sh
. "$here/cluster.sh"
trap 'cluster_stop; rm -rf "$work"' EXIT

mkdir "$work/plain"
cd "$work/plain"
"$plain" generate "$@" --out extracts >/dev/null
# Definitions of this moment: whoever works on them meanwhile does not make the second night another one.
mkdir "$work/home"
cp -a "$home/data" "$home/sql" "$home/schedules" "$work/home"
printf "home = '%s'\n[retention]\nremove_personal = false\n" "$work/home" >virsis.toml
"$plain" --config virsis.toml key >/dev/null
cp -a "$work/plain" "$work/spark"
TIMEFORMAT='%R s, of its own %U s of processor time in user mode, %S s in the kernel'
echo "DuckDB:"
time "$plain" --config virsis.toml --log text run --timings 2>night.log || { tail -3 night.log >&2; exit 1; }

cluster_start
cd "$work/spark"
install -m 600 "$cluster/token" secrets/spark.token
printf '[engine]\nkind = "spark"\nremote = "%s"\ntoken_file = "secrets/spark.token"\nshared = "%s"\npartitions = 4\n' "$remote" "$work/shared" >>virsis.toml
before=$(cluster_ticks)
echo "the cluster:"
(
    largest=0
    while [ -e "$work/spark" ]; do
        now=$(du -sk "$work/shared" 2>/dev/null | cut -f1) || true # files come and go
        if [ "${now:-0}" -gt "$largest" ]; then largest=$now && echo "$largest" >"$work/largest"; fi
        sleep 1
    done
) &
watcher=$!
time "$clustered" --config virsis.toml --log text run --timings 2>night.log || { tail -3 night.log >&2; exit 1; }
kill "$watcher" || true
echo "its processes: $((($(cluster_ticks) - before) / 100)) s of processor time; the shared folder held $(($(cat "$work/largest") / 1024)) MiB at most"
for side in portal internal; do
    diff -rq "$work/plain/$side/latest/" "$work/spark/$side/latest/" && echo "$side: the releases are the same"
done
