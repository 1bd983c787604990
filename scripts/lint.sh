#!/usr/bin/env bash
# Style, types, import contracts, templates, migrations and deployment settings. Takes the folder of the programs.
set -euo pipefail
bin=${1:?the folder of the programs, such as .venv/bin}

step() {
    echo "· $*"
    "$@"
}

step "$bin/ruff" check --quiet .
step "$bin/ruff" format --quiet --check .
step "$bin/djlint" --quiet --lint --check templates
step "$bin/lint-imports" --no-logo
step "$bin/mypy"

# Django's own checks, with the settings of a server that faces the network.
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export ENV_FILE=/dev/null VAR_DIR="$scratch" LOG_LEVEL=WARNING HTTPS=true ALLOWED_HOSTS=compliance.example
step "$bin/python" manage.py makemigrations --check --dry-run
step "$bin/python" manage.py check --deploy --fail-level WARNING
