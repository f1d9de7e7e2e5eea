# jemalloc 5.2.1 as Redis 7.0 bundles it, with the defragmentation hint that Redis adds. It comes from the source archive
# of Redis 7.0.15, which the distribution's source package contains.
what='jemalloc 5.2.1'
package=redis
archive=redis-7.0.15.tar.gz
sha256=4b1dc4ee6d622a09fff9c6777191209750fb5e5a725ef78ea012d6eef4c22982
inside=redis-7.0.15/deps/jemalloc
within=deps/jemalloc
given=REDIS_SRC
remedy='Download the sources of Redis 7.0.15 from the Redis project'
# The alternative that a message offers if this source is not available.
instead="Or leave it out, and with it what redis-7.0 runs on by default: make … BUILD='q3 q4'"
