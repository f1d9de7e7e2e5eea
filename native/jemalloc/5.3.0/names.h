/* The lab calls jemalloc's parts by the names that 5.3.0 has for them; 5.2.1/names.h is where they differ. */
#ifndef SLABLAB_NAMES_H
#define SLABLAB_NAMES_H

#endif
