# jemalloc 5.3.0, which Redis 7.2 and later, Valkey and Debian 12 use. It comes from the release archive, which the
# distribution's source package contains unchanged.
what='jemalloc 5.3.0'
package=jemalloc
archive=jemalloc-5.3.0.tar.bz2
sha256=2db82d1e7119df3e71b7640219b6dfe84789bc0537983c3b7ac4f7189aecfeaa
# `inside` is the path of the source tree in the archive; `within` is its path in a tree that the user gives.
inside=jemalloc-5.3.0
within=.
given=JEMALLOC_SRC
remedy='Download the release archive jemalloc-5.3.0.tar.bz2 from the jemalloc project'
