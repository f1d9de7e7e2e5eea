#!/bin/bash
# patch.sh PRISTINE PATCH DEST
#
# Puts jemalloc's source with the insertions of PATCH in DEST. Files that do not change are not written, so a changed
# patch recompiles only the files that it touches.
set -euo pipefail

pristine=$1 patch=$2 dest=$3
rm -rf "$dest.new"
mkdir -p "$dest"
cp -r "$pristine" "$dest.new"
# The patch has no context lines, so an insertion is tied to its place by the line number alone: no offset is allowed.
patch --strip=0 --fuzz=0 --silent --no-backup-if-mismatch --directory="$dest.new" <"$patch" >"$dest.log" 2>&1 &&
	! grep -q offset "$dest.log" || {
	cat "$dest.log" >&2
	echo "jemalloc: $patch does not apply to the source in $pristine" >&2
	exit 1
}
(cd "$dest.new" && find . -type f) | while read -r file; do
	cmp -s "$dest.new/$file" "$dest/$file" || install -D -m 644 "$dest.new/$file" "$dest/$file"
done
rm -rf "$dest.new" "$dest.log"
