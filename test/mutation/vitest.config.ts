/** The tests by which the domain is judged when it is mutated: its own, with the same random inputs each time. */
import { defineConfig } from 'vitest/config';

// biome-ignore lint/style/noDefaultExport: Vitest reads its configuration from the default export.
export default defineConfig({
  test: {
    include: ['test/domain/**/*.test.ts'],
    setupFiles: ['test/mutation/same-inputs.ts'],
  },
});
