#!/bin/bash
# install.sh PACKAGE...
#
# Installs packages of Debian and Ubuntu. On other systems, or without root, it fails and names the packages.
set -euo pipefail

log=native/build/apt-get.log

fail() {
	printf 'slablab: %s\n' "$*" >&2
	exit 1
}
have() { command -v "$1" >/dev/null; }

have apt-get || fail "missing: $* (as Debian's packages are called). Install them, then call make again.
    Any emcc on PATH will do, from version 3.1.6 on; any Chromium, said to make as CHROMIUM=PATH."

as_root=()
if ((EUID != 0)); then
	have sudo && sudo -n true 2>/dev/null || fail "missing, and only root can install it. Run this, then call make again:
    sudo apt-get update && sudo apt-get install -y --no-install-recommends $*"
	as_root=(sudo -n)
fi

apt-get() { ${as_root[@]+"${as_root[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@"; }
install() { apt-get install -y --no-install-recommends "$@"; }

echo "slablab: installing $* with apt-get; its words go to $log" >&2
mkdir -p "${log%/*}"
{
	# The lists are updated if they lack the packages, or if an installation shows that they are outdated.
	apt-get install --simulate "$@" || apt-get update
	install "$@" || { apt-get update && install "$@"; }
} >"$log" 2>&1 </dev/null || {
	# Only the messages of the last attempt are printed, each once.
	grep '^[EW]:' "$log" | tac | awk '!seen[$0]++' | head -n 5 | tac >&2 || true
	fail "apt-get could not install $*; all of its words are in $log"
}
