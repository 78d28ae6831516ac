/**
 * The tests by which the domain is judged when it is mutated, with the same random inputs each time: its own, and of those that
 * show it at work, in the world in memory and in the policy tools, the ones that take a second or two.
 */
import { defineConfig } from 'vitest/config';

const atWork = (folder: string, names: readonly string[]): string[] =>
  names.map((name) => `test/${folder}/${name}.test.ts`);

// biome-ignore lint/style/noDefaultExport: Vitest reads its configuration from the default export.
export default defineConfig({
  test: {
    include: [
      'test/domain/**/*.test.ts',
      ...atWork('use-cases', [
        'check-policy',
        'check-policy-cost',
        'check-policy-names',
        'judge-past',
        'unknown-names',
      ]),
      ...atWork('cli/policy', [
        'break-glass',
        'diff',
        'diff-any-two',
        'lint-approval',
        'lint-delegations',
        'out-of-reach',
      ]),
    ],
    testTimeout: 60_000,
    setupFiles: ['test/mutation/same-inputs.ts'],
  },
});
