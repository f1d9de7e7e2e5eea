#!/bin/bash
# obtain.sh: unpacks Redis's test suite from the distribution's source package into native/build/peers.
# Nothing is installed, and root is not needed. REDIS_SRC=PATH takes an unpacked source tree or its archive.
set -euo pipefail

sha256=4b1dc4ee6d622a09fff9c6777191209750fb5e5a725ef78ea012d6eef4c22982
archive=native/build/downloads/redis-7.0.15.tar.gz
into=native/build/peers

fail() {
	printf 'slablab: %s\n' "$@" >&2
	exit 1
}

command -v tclsh >/dev/null || fail 'make peers needs tclsh: install the package tcl'
if [[ -d ${REDIS_SRC-} ]]; then
	[[ -f $REDIS_SRC/tests/test_helper.tcl ]] || fail "REDIS_SRC=$REDIS_SRC has no tests/test_helper.tcl"
	mkdir -p "$into"
	cp -R "$REDIS_SRC/tests" "$into/"
else
	[[ -z ${REDIS_SRC-} ]] || archive=$REDIS_SRC
	if [[ ! -f $archive ]]; then
		mkdir -p "${archive%/*}"
		file=$(native/jemalloc/apt-source.sh redis "$sha256" native/build/downloads/apt-peers) ||
			fail 'the source of Redis 7.0.15 cannot be had from the distribution.' \
				'Download its archive from the Redis project, and say where it is: make peers REDIS_SRC=FILE'
		mv "$file" "$archive"
		rm -rf native/build/downloads/apt-peers
	fi
	[[ $(sha256sum <"$archive") == "$sha256 "* ]] || fail "$archive is not the archive of Redis 7.0.15"
	mkdir -p "$into"
	tar -xf "$archive" -C "$into" --strip-components 1 redis-7.0.15/tests
fi
