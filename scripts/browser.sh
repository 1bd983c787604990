#!/usr/bin/env bash
# Chromium for the browser tests: there already, else installed where that is possible, else a sentence.
set -euo pipefail
browser=${CHROMIUM:-/usr/bin/chromium}

has_libatomic() { ldconfig -p 2>/dev/null | grep -q 'libatomic\.so\.1'; }

if [ -x "$browser" ] && has_libatomic; then
    exit 0
fi
packages="chromium libatomic1"
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -q
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $packages
    exit 0
fi
echo "The browser tests need Chromium: install it (apt-get install $packages), or name another in CHROMIUM." >&2
exit 1
