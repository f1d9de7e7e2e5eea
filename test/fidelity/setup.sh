#!/bin/bash
# setup.sh [LOG]: sees to it that Debian's redis-server is there for test/fidelity. apt-get's words go to LOG.
#
# Only a server on jemalloc is of use (Debian and Ubuntu build it so). Nothing is done where one is there already. The
# tests start servers of their own; where systemd runs, the package starts one more, on 127.0.0.1:6379, which they leave
# alone.
set -euo pipefail

say() { printf 'slablab: %s\n' "$*" >&2; }
usable() { command -v redis-server >/dev/null && redis-server --version | grep -q 'malloc=jemalloc'; }

usable && exit 0
if ! command -v apt-get >/dev/null; then
	say 'no redis-server with jemalloc on PATH, and no apt-get to install it with: install one;' \
		'until then the tests that need it are skipped, and say so'
	exit 0
fi
as_root=()
if ((EUID != 0)); then
	if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
		as_root=(sudo -n)
	else
		say 'redis-server is missing, and only root can install it. Run: sudo apt-get install -y redis-server' \
			'(until then the tests that need it are skipped, and say so)'
		exit 0
	fi
fi

log=${1:-/dev/null}
apt=(${as_root[@]+"${as_root[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0)
say 'installing redis-server with apt-get'
{
	# The lists can be older than the mirror.
	"${apt[@]}" install -y --no-install-recommends redis-server ||
		{ "${apt[@]}" update && "${apt[@]}" install -y --no-install-recommends redis-server; }
} >"$log" 2>&1 </dev/null || {
	say "apt-get could not install redis-server; its words: $log. Run: sudo apt-get install -y redis-server"
	exit 1
}
usable || {
	say "the redis-server that was installed is not built with jemalloc: $(redis-server --version)"
	exit 1
}
