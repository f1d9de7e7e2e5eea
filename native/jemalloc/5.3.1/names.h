/*
 * The lab uses jemalloc's names of 5.3.0, which 5.3.1 has as well; see 5.2.1/names.h. This version tells the system's
 * huge pages from its own, and asks pages.c for more.
 */
#ifndef SLABLAB_NAMES_H
#define SLABLAB_NAMES_H

#define SLABLAB_SYSTEM_THP

#endif
