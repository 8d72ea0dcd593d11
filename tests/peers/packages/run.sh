#!/usr/bin/env bash
# Whether the Debian package is a good one: lintian, manual pages, completions, the unit's hardening, and on bare Debian 12 and 13 a person's way from
# installing it to a first night; on Debian 12 also updates, updates that are killed or find no room, an older program, removing and purging.
#
#     VIRSIS_PEERS_REQUIRED=1 tests/peers/packages/run.sh [RELEASE ...]
#
# VIRSIS is the built program, beside which lies examples/manual; the default is what `cargo build` makes. RELEASE is bookworm or trixie (default: both).
# Exit code 1: something is wrong, which is named; 77: what it needs is not installed, or it does not run as root. Bare systems are made once, below
# ~/.cache/virsis/debian; the time is bounded, so that what hangs is a failure, too.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../../.."
# Mounts are seen by this script alone, and go with it.
if [ -z "${VIRSIS_PACKAGES_BEGUN:-}" ] && [ "$(id -u)" = 0 ] && unshare --mount true 2>/dev/null; then
    VIRSIS_PACKAGES_BEGUN=1 exec timeout --foreground "${VIRSIS_PACKAGES_SECONDS:-1200}" unshare --mount "$0" "$@"
fi
unset VIRSIS_PACKAGES_BEGUN
# shellcheck source=tests/peers/venv.sh
. tests/peers/venv.sh
[ "$(id -u)" = 0 ] && unshare --mount true 2>/dev/null || lacking "bare systems are made and entered by root only"
for tool in debootstrap lintian dh man bash zsh fish systemd-analyze strip; do
    command -v $tool >/dev/null || lacking "no $tool; apt-get install debootstrap lintian debhelper man-db zsh fish systemd binutils"
done
[ -e /usr/share/bash-completion/bash_completion ] || lacking "apt-get install bash-completion"
if [ -z "${VIRSIS:-}" ]; then
    cargo build --quiet --workspace --locked --examples --bins
    VIRSIS=$(cargo metadata --format-version 1 --no-deps --locked | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')/debug/virsis
fi
built=$(dirname "$VIRSIS")
cache=${peers%/peers}/debian
# To the program, all variables of this prefix are settings.
unset VIRSIS
work=$(mktemp -d)
server=
trap 'if [ -n "$server" ]; then kill -9 "$server"; fi 2>/dev/null; rm -rf "$work"' EXIT

wrong() { echo "packages: $*" >&2; exit 1; }
doing() { echo "packages: $* ($SECONDS s)"; }

doing "building"
# Packed as fast as can be: what matters is what is inside.
DPKG_DEB_COMPRESSOR_TYPE=gzip DPKG_DEB_COMPRESSOR_LEVEL=1 packaging/build.sh "$built" "$work/packages"
new=$(echo "$work"/packages/virsis_*_amd64.deb)
# shellcheck source=tests/peers/packages/files.sh
. "$here/files.sh"
# shellcheck source=tests/peers/packages/system.sh
. "$here/system.sh"
# shellcheck source=tests/peers/packages/updates.sh
. "$here/updates.sh"
for release in ${*:-bookworm trixie}; do
    fresh "$release"
    first_night
    if [ "$release" = bookworm ]; then
        updates
        purging
    fi
done
doing "done"
