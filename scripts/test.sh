#!/usr/bin/env bash
# Every test on PostgreSQL with Redis, and at the same time those with a database on SQLite. Takes the folder of the
# programs. What SQLite's run says is printed after the other.
set -uo pipefail
bin=${1:?the folder of the programs, such as .venv/bin}

told=$(mktemp)
"$bin/python" -m pytest --database=sqlite --durations=10 --only-database -p no:cacheprovider >"$told" 2>&1 &
sqlite=$!
trap 'kill "$sqlite" 2>/dev/null; wait "$sqlite"; rm -f "$told"' EXIT

echo "· on PostgreSQL, and meanwhile on SQLite"
"$bin/python" -m pytest --database=postgresql --durations=10
postgresql=$?
wait "$sqlite"
sqlite_ended=$?
echo "· on SQLite"
cat "$told"
exit $((postgresql || sqlite_ended))
