#!/bin/bash
# Records what servers say about their memory (INFO, then MEMORY MALLOC-STATS, as redis-cli hands it on), each in a
# known state. SERVERS is a directory with redis-6.0.16, redis-7.0.15, redis-7.2.6, redis-7.2.6-libc and valkey-8.0.1,
# each built in place; the distribution's redis-server is found on the path. Figures differ from run to run.
# valkey-9.1.2-jemalloc-5.3.0 and -5.3.1 are Debian's server, each with a program `run` that starts it on that library.
# Beside them not-jemalloc.txt: what the system says is resident of the server's files, its stack and the C library's
# heap, which is to be found again as the difference between RSS and all that jemalloc has. And of small servers
# resident.txt: what the system counts page by page, in all and of jemalloc's mappings (those without a name that are
# neither a thread's stack, behind its guard, nor a library's zeroed data, behind its file).
#
#   SERVERS=… ./record.sh [scenario…]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
port=${PORT:-17931}
work=$(mktemp -d)
trap 'kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT

cli() { redis-cli -p "$port" "$@"; }
quiet() { cli "$@" >/dev/null; }

start() { # <server> [options…]
  local name=$1 binary debug=(--enable-debug-command yes)
  shift
  case $name in
    debian) binary=redis-server ;;
    *-jemalloc-*) binary=$SERVERS/$name/run ;;
    valkey-*) binary=$SERVERS/$name/src/valkey-server ;;
    *) binary=$SERVERS/$name/src/redis-server ;;
  esac
  [ "$name" = redis-6.0.16 ] && debug=()
  (cd "$work" && exec "$binary" --port "$port" --bind 127.0.0.1 --save '' --logfile log "${debug[@]}" "$@") &
  server=$!
  until quiet ping 2>/dev/null; do sleep 0.05; done
}

# What is a machine's own business is left out.
record() { # <fixture>
  sleep 0.3
  {
    cli info | grep -vE '^(executable|config_file|run_id|process_id|os|tcp_port|io_thread|listener|server_time|master_replid)'
    cli memory malloc-stats
  } >"$here/$1.txt"
  sed -i "/^$1 /d" "$here/not-jemalloc.txt"
  awk -v name="$1" '
    /^[0-9a-f]+-[0-9a-f]+ / { counted = NF > 5 }
    /^Rss:/ && counted { sum += $2 }
    END { print name, sum * 1024 }' "/proc/$server/smaps" >>"$here/not-jemalloc.txt"
  sed -i "/^$1 /d" "$here/resident.txt"
  awk -v name="$1" '
    /^[0-9a-f]+-[0-9a-f]+ / {
      split($1, ends, "-")
      isJemalloc = NF < 6 && ends[1] != guardEnd && ends[1] != fileEnd
      guardEnd = NF < 6 && $2 ~ /^---/ ? ends[2] : ""
      fileEnd = NF > 5 ? ends[2] : ""
    }
    /^Rss:/ { all += $2; if (isJemalloc) jemalloc += $2 }
    END { print name, all * 1024, jemalloc * 1024 }' "/proc/$server/smaps" >>"$here/resident.txt"
  echo "$1: $(cli info memory | grep -E '^(used_memory|used_memory_rss|allocator_resident):' | tr -d '\r' | tr '\n' ' ')"
}

stop() {
  quiet shutdown nosave 2>/dev/null || true
  wait "$server" || true
}

# del <first> <last> <awk condition on i>
del() {
  awk -v a="$1" -v b="$2" "BEGIN { srand(1); for (i = a; i <= b; i++) if ($3) print \"UNLINK key:\" i }" |
    cli >/dev/null
}

healthy() { start "$1"; quiet debug populate 100000 key 1000; sleep 11; record "healthy-$1"; stop; }
fragmented() {
  start "$1"
  quiet debug populate 200000 key 500
  del 0 199999 'rand() < 0.75'
  sleep 12
  record "fragmented-$1"
  if [ "$1" = redis-7.2.6 ]; then # what explain advises
    quiet config set active-defrag-ignore-bytes 1mb
    quiet config set activedefrag yes
    sleep 20
    record "defragmented-$1"
  fi
  stop
}
mass_delete() {
  start "$1"
  quiet debug populate 3000 key 40000
  quiet debug populate 20000 kept 1000
  del 0 2999 1
  record "mass-delete-$1"
  quiet memory purge
  record "purged-$1"
  stop
}
half_decayed() { # jemalloc 5.1 keeps muzzy pages for ten seconds more
  start redis-6.0.16
  quiet debug populate 3000 key 40000
  del 0 2999 1
  sleep 10
  record half-decayed-redis-6.0.16
  stop
}
peak() {
  start debian
  quiet debug populate 300000 key 1000
  del 0 269999 1
  quiet flushall async
  quiet debug populate 20000 key 1000
  sleep 14
  record peak-debian
  stop
}
lua() {
  start "$1"
  quiet debug populate 10000 key 1000
  quiet eval "local t = {} for i = 1, 1000000 do t[i] = 'x' .. i end return 1" 0
  record "lua-$1"
  quiet script flush
  sleep 11
  record "lua-flushed-$1"
  stop
}
clients() {
  start valkey-8.0.1
  quiet debug populate 20000 key 1000
  quiet debug populate 1 big 1000000
  exec 3<>"/dev/tcp/127.0.0.1/$port"
  for _ in {1..150}; do printf 'GET big:0\r\n' >&3; done
  sleep 1
  record clients-valkey-8.0.1
  exec 3>&-
  stop
}
untouched() { # a value is announced and does not come
  start redis-7.2.6
  exec 3<>"/dev/tcp/127.0.0.1/$port"
  printf '*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$400000000\r\n' >&3
  sleep 0.5
  record untouched-redis-7.2.6
  exec 3>&-
  stop
}
libc() { start redis-7.2.6-libc; quiet debug populate 100000 key 1000; del 0 99999 'i % 2'; sleep 1; record libc-redis-7.2.6; stop; }
parked() {
  export JE_MALLOC_CONF='lg_tcache_nslots_mul:8,tcache_nslots_small_max:20000,tcache_gc_incr_bytes:1073741824'
  start valkey-8.0.1
  quiet debug populate 40000 key 1000
  awk 'BEGIN { for (i = 0; i < 30000; i++) print "DEL key:" i }' | cli >/dev/null
  sleep 11
  record parked-valkey-8.0.1
  stop
  unset JE_MALLOC_CONF
}
no_decay() {
  export JE_MALLOC_CONF='dirty_decay_ms:-1'
  start redis-7.2.6
  quiet debug populate 3000 key 40000
  del 0 2999 1
  record no-decay-redis-7.2.6
  stop
  unset JE_MALLOC_CONF
}
muzzy() {
  export JE_MALLOC_CONF='dirty_decay_ms:100,muzzy_decay_ms:600000'
  start valkey-8.0.1 --jemalloc-bg-thread no
  quiet debug populate 3000 key 40000
  del 0 2999 1
  sleep 3
  record muzzy-valkey-8.0.1
  stop
  unset JE_MALLOC_CONF
}
large() { start "$1"; quiet debug populate 2000 key 100000; sleep 8; record "large-$1"; stop; }
fresh() { start "$1"; sleep 2; record "fresh-$1"; stop; }
small() { start "$1"; quiet debug populate "$2" key 1000; sleep 12; record "small-$2-$1"; stop; }
# Debian's server was built with jemalloc 5.3.1. Since that version large allocations end at pages, not at classes.
system_jemalloc() {
  start "$1"
  quiet debug populate 200000 key 500
  for bytes in 20000 33000 66000 132000 316000; do quiet debug populate 15 "big$bytes" "$bytes"; done
  del 0 199999 'rand() < 0.6'
  sleep 12
  record "holes-$1"
  stop
}
padding() { start redis-7.0.15; quiet debug populate 5000 key 20000; sleep 11; record padding-redis-7.0.15; stop; }

all() {
  healthy redis-7.2.6
  healthy debian
  fragmented debian
  fragmented redis-7.2.6
  fragmented valkey-8.0.1
  mass_delete debian
  mass_delete redis-7.2.6
  mass_delete valkey-8.0.1
  half_decayed
  peak
  lua redis-7.2.6
  lua debian
  clients
  untouched
  libc
  parked
  no_decay
  muzzy
  padding
  system_jemalloc valkey-9.1.2-jemalloc-5.3.0
  system_jemalloc valkey-9.1.2-jemalloc-5.3.1
  large redis-7.2.6
  large debian
  fresh redis-7.0.15
  fresh debian
  small redis-7.0.15 5000
  small debian 1000
  small debian 20000
}

if [ $# -eq 0 ]; then all; else "$@"; fi
