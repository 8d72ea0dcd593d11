#!/usr/bin/env bash
# Makes packages of a built program: virsis_VERSION_amd64.deb, virsis-VERSION-linux-amd64.tar.gz, and beside them what is in them,
# virsis-VERSION.cdx.json (CycloneDX).
#
#     cargo build --profile dist --bin virsis --example manual
#     packaging/build.sh target/dist FOLDER [VERSION]
#
# target/dist is the folder with the program and examples/manual; VERSION is by default that of Cargo.toml. Needs debhelper, binutils, python3 with venv.
# The same sources, program and day (SOURCE_DATE_EPOCH, or else that of the last commit) give the same bytes.
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# = 2 ] || [ $# = 3 ] || { echo "usage: $0 PROGRAM_FOLDER FOLDER [VERSION]" >&2; exit 2; }
built=$(realpath "$1")
mkdir -p "$2"
out=$(realpath "$2")
version=${3:-$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -1)}
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
export SOURCE_DATE_EPOCH
umask 022

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tree=$work/virsis-$version
mkdir "$tree"

# What the program reads when it runs, without the crates beside it; what makes the pages of SQL; what people read.
git ls-files -z data sql schedules publish/browser docs virsis.example.toml LICENSE README.md CHANGELOG.md CONTRIBUTING.md SECURITY.md \
    ':!data/catalog' ':!data/personal' ':!data/synthetic' | xargs -0 cp --parents -t "$tree"
strip -o "$tree/virsis" "$built/virsis"
env -u VIRSIS_CONFIG "$built/examples/manual" "$work/manual"
mkdir "$tree/man" "$tree/completions"
mv "$work/manual"/*.1 "$tree/man"
mv "$work/manual"/* "$tree/completions"
mv "$tree/completions/virsis.bash" "$tree/completions/virsis"
cp packaging/debian/virsis.service "$tree"

# shellcheck source=tests/peers/venv.sh
. tests/peers/venv.sh
VIRSIS_PEERS_REQUIRED=1 venv packaging-cyclonedx-11.12.0 packaging/requirements.txt
cargo metadata --format-version 1 --locked --filter-platform x86_64-unknown-linux-gnu >"$work/metadata.json"
"$venv/bin/python" -B packaging/inventory.py "$work/metadata.json" "$version" "$SOURCE_DATE_EPOCH" "$tree"
cp "$tree/virsis.cdx.json" "$out/virsis-$version.cdx.json"

tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" -C "$work" -c "virsis-$version" |
    gzip -n >"$out/virsis-$version-linux-amd64.tar.gz"

cp -r packaging/debian packaging/virsis.toml "$tree"
cat >"$tree/debian/changelog" <<END
virsis ($version) unstable; urgency=medium

  * CHANGELOG.md in this folder says what is new.

 -- VIRSIS Open <virsis@virsis.example.org>  $(date -u -R -d "@$SOURCE_DATE_EPOCH")
END
(cd "$tree" && dpkg-buildpackage -us -uc -b >"$work/log" 2>&1) || { cat "$work/log" >&2; exit 1; }
mv "$work/virsis_${version}_amd64.deb" "$out"
