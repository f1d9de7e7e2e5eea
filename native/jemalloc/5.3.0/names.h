/* The lab uses jemalloc's names of 5.3.0, so nothing is mapped here; see 5.2.1/names.h. */
#ifndef SLABLAB_NAMES_H
#define SLABLAB_NAMES_H

#endif
