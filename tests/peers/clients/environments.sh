# Read by run.sh and agree.sh: the Pythons of the clients, each with another DuckDB, as tests/peers/venv.sh makes them.
#
# Sets $python (all packages of requirements.txt), $newest (those of requirements-newest.txt) and $bin (programs of the first).

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/peers/venv.sh
. "$here/../venv.sh"
venv clients-duckdb-1.4.4 "$here/requirements.txt"
bin=$venv/bin
python=$bin/python
venv clients-duckdb-2.0.1 "$here/requirements-newest.txt"
newest=$venv/bin/python
