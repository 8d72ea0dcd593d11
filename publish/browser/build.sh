#!/usr/bin/env bash
# Makes the folder that `portal.browser_engine` of virsis.toml names: what runs SQL in readers' browsers, of the packages of
# package-lock.json, which npm fetches outside the clone.
#
#     publish/browser/build.sh FOLDER
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
[ $# = 1 ] || { echo "usage: $0 FOLDER" >&2; exit 2; }
mkdir -p "$1"
out=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$here"/package.json "$here"/package-lock.json "$here"/*.js "$work"
cd "$work"
npm ci --ignore-scripts --no-audit --no-fund --loglevel error >&2
wasm=node_modules/@duckdb/duckdb-wasm/dist
bundle() { node_modules/.bin/esbuild "$@" --bundle --minify --target=es2022 --legal-comments=none --log-level=warning; }
bundle engine.js --format=esm --alias:fflate=./packing.js --outfile=made/engine.js
# Its maker has bundled the worker; ours only goes before it.
{ cat alone.js; sed 's/^\/\/# sourceMappingURL=.*//' "$wasm/duckdb-browser-eh.worker.js"; } >made/duckdb-eh.worker.js
gzip -9nc "$wasm/duckdb-eh.wasm" >made/duckdb-eh.wasm.gz
for package in @duckdb/duckdb-wasm apache-arrow flatbuffers tslib @swc/helpers hyparquet hyparquet-writer write-excel-file fflate; do
    echo "== $package $(node -p "const p = require('./node_modules/$package/package.json'); p.version + ', ' + p.license")"
    cat "node_modules/$package"/LICENSE* 2>/dev/null || true
    echo
done >made/licences.txt
cp made/* "$out"
