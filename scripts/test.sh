#!/usr/bin/env bash
# Every test on PostgreSQL with Redis, and those with a database on SQLite too, in two lanes that run at once.
# Takes the folder of the programs. What the second lane says is printed after the first.
set -uo pipefail
bin=${1:?the folder of the programs, such as .venv/bin}
machinery=(tests/azure tests/browser tests/runtime tests/training tests/wiring)

tests() {
    "$bin/python" -m pytest --durations=10 "$@"
}
second_lane() {
    echo "· ${machinery[*]}, on PostgreSQL"
    tests --database=postgresql -p no:cacheprovider "${machinery[@]}"
    local ended=$?
    # Permissions and packs are the same on both databases and take long; what they stand on is tested on both.
    echo "· everything with a database, on SQLite, but for permissions and packs"
    tests --database=sqlite -p no:cacheprovider --only-database --ignore=tests/permissions --ignore=tests/packs \
        && return "$ended"
}

told=$(mktemp)
second_lane >"$told" 2>&1 &
lane=$!
trap 'pkill -P "$lane" 2>/dev/null; wait "$lane"; rm -f "$told"' EXIT

echo "· everything else, on PostgreSQL"
tests --database=postgresql "${machinery[@]/#/--ignore=}"
ended=$?
wait "$lane"
lane_ended=$?
cat "$told"
exit $((ended || lane_ended))
