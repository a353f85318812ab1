/** How many more releases are shown at a time. */
export const releasePage = 100;

/** The most that are listed in the tree; beyond that people search. */
export const mostListed = 1000;
