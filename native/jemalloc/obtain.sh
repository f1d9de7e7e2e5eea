#!/bin/bash
# obtain.sh VERSION DEST DOWNLOADS
#
# Puts jemalloc's released source in DEST: the files of VERSION/files.sha256, and no others.
#
# The source is a tree or archive that the user names in the variable of VERSION/origin.sh; otherwise the distribution's
# source package. The sha256 of every file is checked in either case.
set -euo pipefail

here=$(cd "${0%/*}" && pwd)
version=$1 dest=$2 downloads=$3
manifest=$here/$version/files.sha256
# shellcheck source=/dev/null
. "$here/$version/origin.sh"
source=${!given-}
cached=$downloads/$archive
remedy+=", and say where it is: ${SLABLAB_SETUP:+$given=FILE }${SLABLAB_SETUP:-make … $given=FILE}"

fail() {
	printf 'jemalloc: %s\n' "$@" >&2
	exit 1
}

files() { cut -c 67- "$manifest"; }
# Prints the files of the manifest that are missing in a tree or differ.
differences() { (cd "$1" && sha256sum --check --quiet "$manifest" 2>/dev/null) | sed 's/: FAILED.*//'; }

# Fails unless the tree in $1 matches the manifest; $2 is its name in messages.
check() {
	local bad
	bad=$(differences "$1") || true
	[[ -z $bad ]] || fail "$2 is not the source of $what:" \
		"$(wc -l <<<"$bad") of $(wc -l <"$manifest") files are missing or differ, the first is $(head -n 1 <<<"$bad")." "$remedy."
}

unpack() { # ARCHIVE NAME
	mkdir "$dest.new"
	# The check reports missing files, and an archive that cannot be read.
	tar -xf "$1" -C "$dest.new" --transform "s|^$inside/||" -T <(files | sed "s|^|$inside/|") 2>/dev/null || true
	check "$dest.new" "$2"
}

copy() { # TREE
	local tree=$1
	[[ ! -d $tree/$within ]] || tree=$tree/$within
	check "$tree" "$given=$1"
	mkdir "$dest.new"
	tar -cf - -C "$tree" -T <(files) | tar -xf - -C "$dest.new"
}

mkdir -p "$downloads" "${dest%/*}"
rm -rf "$dest.new"
trap 'rm -rf "$dest.new"' EXIT
if [[ -d $source ]]; then
	copy "$source"
elif [[ $source ]]; then
	[[ -f $source ]] || fail "$given=$source: there is no such file or directory."
	unpack "$source" "$given=$source"
else
	if [[ ! -f $cached || $(sha256sum <"$cached") != "$sha256 "* ]]; then
		command -v apt-get >/dev/null || fail "$what is missing, and only Debian and Ubuntu have it as a source package." "$remedy." ${instead+"$instead"}
		echo "jemalloc: fetching $what from the distribution's source package '$package'" >&2
		# Each version has its own directory, since two may be fetched at once.
		file=$("$here"/apt-source.sh "$package" "$sha256" "$downloads/apt-$version" ${suite-}) ||
			fail "$what is missing, and there is no source package to take it from." "$remedy." ${instead+"$instead"}
		mv "$file" "$cached"
		rm -rf "$downloads/apt-$version"
	fi
	unpack "$cached" "$cached"
fi

# An equal source from another place does not replace DEST, so make does not rebuild.
if [[ ! -d $dest || -n $(differences "$dest") ]]; then
	rm -rf "$dest"
	mv "$dest.new" "$dest"
fi
