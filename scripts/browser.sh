#!/usr/bin/env bash
# Chromium for the browser tests: there already, else installed where that is possible, else a sentence.
set -euo pipefail
browser=${CHROMIUM:-/usr/bin/chromium}

# Playwright's driver loads it.
has_libatomic() {
    [ "$(uname)" = Linux ] || return 0
    local library
    for library in /usr/lib*/libatomic.so.1 /usr/lib/*/libatomic.so.1; do
        [ -e "$library" ] && return 0
    done
    return 1
}

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
