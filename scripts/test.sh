#!/usr/bin/env bash
# Every test on PostgreSQL with Redis, and what stands nearest to the database on SQLite too, in three lanes at once.
# Takes the folder of the programs. What the other lanes say is printed after the first.
set -uo pipefail
bin=${1:?the folder of the programs, such as .venv/bin}
machinery=(tests/browser tests/runtime tests/training tests/wiring)
# Pages, the API and permissions say the same on both databases: `make test-sqlite` runs them there too.
nearest=(tests/audit tests/components tests/mlops)

# Hundreds of tests start a process: where nothing may be kept compiled, each compiles Django and all of ours anew.
unset PYTHONDONTWRITEBYTECODE

tests() {
    "$bin/python" -m pytest --durations=10 "$@"
}
machinery_lane() {
    echo "· ${machinery[*]}, on PostgreSQL"
    tests --database=postgresql -p no:cacheprovider "${machinery[@]}"
    local ended=$?
    echo "· ${nearest[*]}, on SQLite"
    tests --database=sqlite -p no:cacheprovider --only-database "${nearest[@]}" && return "$ended"
}
# Mostly waits, for what it was told to wait for.
azure_lane() {
    echo "· tests/azure"
    tests --database=sqlite -p no:cacheprovider tests/azure
}

told=$(mktemp -d)
machinery_lane >"$told/machinery" 2>&1 &
machinery_pid=$!
azure_lane >"$told/azure" 2>&1 &
azure_pid=$!
trap 'pkill -P "$machinery_pid,$azure_pid" 2>/dev/null; wait; rm -rf "$told"' EXIT

echo "· everything else, on PostgreSQL"
tests --database=postgresql --ignore=tests/azure "${machinery[@]/#/--ignore=}"
ended=$?
wait "$azure_pid"
azure_ended=$?
wait "$machinery_pid"
machinery_ended=$?
cat "$told/azure" "$told/machinery"
exit $((ended || azure_ended || machinery_ended))
