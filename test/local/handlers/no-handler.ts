/** A module that somebody forgot to export the handler from. */
export const something = 1;
