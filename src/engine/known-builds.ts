/** Builds that can be made; which of them have been made is builds.ts, or what a page was built with. */
export const KNOWN_BUILDS = ['q3', 'q4', 'q3-5.2.1', 'q3-p14', 'q3-p16'] as const;
