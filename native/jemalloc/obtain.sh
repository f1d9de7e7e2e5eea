#!/bin/bash
# obtain.sh VERSION DEST DOWNLOADS: jemalloc's source as released, the files of the manifest and no others, in DEST.
#
# From the place that the user gave (VERSION/origin.sh says in which variable: an unpacked tree or an archive), else
# from the distribution's source package. Wherever it comes from, the sha256 of every file is checked.
set -euo pipefail

here=$(cd "${0%/*}" && pwd)
version=$1 dest=$2 downloads=$3
manifest=$here/$version/files.sha256
# shellcheck source=/dev/null
. "$here/$version/origin.sh"
source=${!given-}
cached=$downloads/$archive
remedy+=", and say where it is: make … $given=FILE"

fail() {
	printf 'jemalloc: %s\n' "$@" >&2
	exit 1
}

files() { cut -c 67- "$manifest"; }
# Prints the files of the manifest that a tree lacks or has otherwise.
differences() { (cd "$1" && sha256sum --check --quiet "$manifest" 2>/dev/null) | sed 's/: FAILED.*//'; }

# Fails unless the tree in $1 is the one that is wanted; $2 is what the user knows it by.
check() {
	local bad
	bad=$(differences "$1") || true
	[[ -z $bad ]] || fail "$2 is not the source of $what:" \
		"$(wc -l <<<"$bad") of $(wc -l <"$manifest") files are missing or differ, the first is $(head -n 1 <<<"$bad")." "$remedy."
}

unpack() { # ARCHIVE NAME
	mkdir "$dest.new"
	# What is missing, or no archive at all, shows in the check.
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
		# A place for each version: two may be fetched at once.
		file=$("$here"/apt-source.sh "$package" "$sha256" "$downloads/apt-$version") ||
			fail "$what is missing, and there is no source package to take it from." "$remedy." ${instead+"$instead"}
		mv "$file" "$cached"
		rm -rf "$downloads/apt-$version"
	fi
	unpack "$cached" "$cached"
fi

# The same source from another place changes nothing, so that nothing is built again.
if [[ ! -d $dest || -n $(differences "$dest") ]]; then
	rm -rf "$dest"
	mv "$dest.new" "$dest"
fi
