import { defineConfig } from 'vitest/config';

export default defineConfig({
  // The memory test calls the collector before it counts.
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A browser beside other tests may take its time: a poll that will hold ends as soon as it does.
    expect: { poll: { timeout: 20_000 } },
    execArgv: ['--expose-gc'],
  },
});
