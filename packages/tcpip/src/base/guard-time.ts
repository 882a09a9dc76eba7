/**
 * Silence in ms before and after `+++` (application note, 1.6: more than 1000). The margin covers
 * the difference between the two clocks.
 */
export const GUARD_TIME = 1_050;
