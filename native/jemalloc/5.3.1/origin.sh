# jemalloc 5.3.1, which the servers of Debian sid and forky run on. The distribution's source package has a snapshot of
# the release's tag, which lacks the file `configure`; configure.sh makes it.
what='jemalloc 5.3.1'
package=jemalloc
suite=sid
archive=jemalloc_5.3.1.orig.tar.gz
sha256=aac0e7afdbfb8abcbe7cab63597b63abacf22e8b701116a10a45b5ff50ac0c29
inside=jemalloc-jemalloc-81034ce
within=.
given=JEMALLOC_531_SRC
remedy='Download the source of the tag 5.3.1 from the jemalloc project'
# The alternative that a message offers if this source is not available.
instead="Or leave it out: make … BUILD='q3 q4'"
