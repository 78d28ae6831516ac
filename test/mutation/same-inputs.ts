/** A mutant that survives today must not die tomorrow by chance. */
import fc from 'fast-check';

fc.configureGlobal({ seed: 1 });
