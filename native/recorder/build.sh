#!/bin/sh
# build.sh FILE [PREFIX]: compiles the recorder for functions with a prefix (default: none), with $CC (default: cc).
set -eu
file=$1
prefix=${2-}
here=$(dirname "$0")
mkdir -p "$(dirname "$file")"
part=$file.$$.part
trap 'rm -f "$part"' EXIT
# An initial-exec thread variable needs no call; no function here may become a call of the allocator that it follows.
"${CC:-cc}" -std=gnu11 -D_GNU_SOURCE -O2 -g -fPIC -shared -fvisibility=hidden -fexceptions -ftls-model=initial-exec \
	-fno-builtin-malloc -fno-builtin-calloc -fno-builtin-realloc -fno-builtin-free -Wall -Wextra -Werror \
	${prefix:+"-DRECORDER_PREFIX=$prefix"} -Wl,-z,now -o "$part" "$here"/*.c -ldl -lpthread
mv "$part" "$file"
