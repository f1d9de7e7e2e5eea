#!/bin/bash
# obtain.sh DIR NAME...
#
# Puts real servers into DIR, each as DIR/NAME/redis-server or DIR/NAME/valkey-server. DIR/NAME/origin.txt has the packages
# that it is made of, with versions and checksums. A server that is there already stays; remove its directory for a newer one.
#
# redis-8.0 and the like are Debian's packages with the libraries that they were built for, on Debian's jemalloc 5.3.0.
# redis-8.0-own and the like are built from Debian's source packages, with the jemalloc that they bring.
#
# Nothing is installed and no root is needed. apt checks signatures and checksums (../apt-lists.sh).
set -euo pipefail

here=$(cd "${0%/*}" && pwd)
mkdir -p "${1:?obtain.sh DIR NAME...}"
root=$(cd "$1" && pwd)
shift
all='redis-8.0 redis-8.6 valkey-8.0 valkey-8.1 valkey-9.1 redis-8.0-own redis-8.6-own valkey-9.1-own'

fail() {
	printf 'servers: %s\n' "$@" >&2
	# apt repeats its messages; five are enough.
	if [[ ${lists-} ]]; then grep -h '^[EW]:' "$lists"/*.log 2>/dev/null | sort -u | head -n 5 >&2 || true; fi
	exit 1
}

command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null ||
	fail 'servers come from Debian'\''s packages, and this machine has no apt and dpkg.' \
		'Say which server to run instead: slablab verify --server-bin PATH'

# Makes the lists of a suite once for all packages.
use() { # TYPE SUITE
	lists=$root/.apt/$1-$2
	[[ -f $lists/apt.conf ]] || "$here"/../apt-lists.sh "$1" "$lists" "$2"
}

unpack() { # SUITE INTO PACKAGE...
	local suite=$1 into=$2 package file
	shift 2
	use deb "$suite"
	for package; do
		rm -rf "$lists/files" && mkdir -p "$lists/files" "$into"
		(cd "$lists/files" && apt-get -c "$lists/apt.conf" download "$package") >"$lists/download.log" 2>&1 ||
			fail "the package $package of $suite cannot be had. It needs the network, and mirrors that have this suite of Debian."
		file=("$lists"/files/*.deb)
		dpkg-deb -x "${file[0]}" "$into"
		printf '%s %s %s sha256 %s\n' "$package" "$(dpkg-deb -f "${file[0]}" Version)" "$suite" "$(sha256sum <"${file[0]}" | cut -c -64)" >>"$origin"
	done
}

libraries='libc6 libgcc-s1 libstdc++6 libatomic1 libjemalloc2 liblzf1 libsystemd0 libcap2 zlib1g libzstd1'

# Writes the program that runs a server of packages. The one that checks RDB files is the server itself, by another name.
launcher() { # PRODUCT LIBRARIES...
	local product=$1 folders=() loaders=() folder
	shift
	shopt -s nullglob
	for folder; do folders+=("$folder"/usr/lib/*-linux-gnu "$folder"/lib/*-linux-gnu); done
	# The loader is that of the C library, which is in the last folder.
	loaders=("$folder"/usr/lib/*-linux-gnu/ld-linux-*.so.* "$folder"/lib/*-linux-gnu/ld-linux-*.so.*)
	cat >"$product-server" <<END
#!/bin/sh
exec '$target/${loaders[0]}' --argv0 $product-server --library-path '$(printf "$target/%s:" "${folders[@]}")' '$target/server/usr/bin/$product-check-rdb' "\$@"
END
	chmod +x "$product-server"
}

packaged() { # PRODUCT SUITE LIBRARIES' SUITE MORE LIBRARIES...
	local product=$1 suite=$2 of=$3
	shift 3
	unpack "$suite" server "$product-tools"
	unpack "$of" lib $libraries "$@"
	if [[ $of == sid ]]; then
		unpack trixie jemalloc libjemalloc2
		launcher "$product" jemalloc lib
	else
		launcher "$product" lib
	fi
}

built() { # PRODUCT SUITE
	local product=$1 suite=$2 file
	command -v cc >/dev/null || fail "$name is built from its sources, which needs a C compiler: install gcc"
	use deb-src "$suite"
	rm -rf "$lists/files" && mkdir -p "$lists/files" source
	(cd "$lists/files" && apt-get -c "$lists/apt.conf" source --download-only --tar-only "$product") >"$lists/download.log" 2>&1 ||
		fail "the source package $product of $suite cannot be had. It needs the network, and mirrors that have this suite of Debian."
	file=("$lists"/files/*.orig.tar.*)
	tar -xf "${file[0]}" -C source --strip-components 1
	[[ -d source/deps/jemalloc ]] || fail "${file[0]##*/} brings no jemalloc"
	echo "servers: building $name, which takes minutes; its words are in $target.new/build.log" >&2
	make -C source/src -j"$(nproc)" MALLOC=jemalloc BUILD_TLS=no "$product-server" >build.log 2>&1 ||
		fail "$name could not be built: $(tail -n 1 build.log)"
	cp "source/src/$product-server" .
	printf '%s %s sha256 %s\n' "${file[0]##*/}" "$suite" "$(sha256sum <"${file[0]}" | cut -c -64)" >>"$origin"
	rm -rf source
}

obtain() {
	case $name in
	redis-8.0) packaged redis trixie trixie libssl3t64 ;;
	redis-8.6) packaged redis experimental trixie libssl3t64 ;;
	valkey-8.0) packaged valkey bookworm-backports bookworm libssl3 libgcrypt20 liblz4-1 liblzma5 libgpg-error0 ;;
	valkey-8.1) packaged valkey trixie trixie libssl3t64 ;;
	valkey-9.1) packaged valkey sid sid libssl3t64 ;;
	redis-8.0-own) built redis trixie ;;
	redis-8.6-own) built redis experimental ;;
	valkey-9.1-own) built valkey sid ;;
	*) fail "there is no server '$name' to be had; known: $all" ;;
	esac
}

for name; do
	target=$root/$name
	if [[ ! -d $target ]]; then
		rm -rf "$target.new" && mkdir -p "$target.new"
		origin=$target.new/origin.txt
		(cd "$target.new" && obtain) || exit 1
		mv "$target.new" "$target"
	fi
	version=$("$target"/*-server --version) || fail "$name does not run here: remove $target, and call make servers again"
	# A suite moves on: what came may be a newer series than the name says.
	[[ $version == *v=${name//[!0-9.]/}.* ]] || fail "$target is not ${name%-own}: its suite has moved on, and it says '$version'"
	printf '%s\t%s\n' "$name" "$(sed -E 's/^[^=]*=([^ ]+).*malloc=([^ ]+).*/\1, \2/' <<<"$version")"
done
rm -rf "$root/.apt"
