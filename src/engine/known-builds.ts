/** The builds that the Makefile can make; builds() in builds.ts returns those that exist. */
export const KNOWN_BUILDS = ['q3', 'q4', 'q3-5.2.1', 'q4-5.3.1', 'q3-5.3.1', 'q3-p14', 'q3-p16'] as const;
