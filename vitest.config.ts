import { defineConfig } from 'vitest/config';

export default defineConfig({
  // The memory test calls the collector before it counts.
  test: { include: ['test/**/*.test.ts'], testTimeout: 30_000, execArgv: ['--expose-gc'] },
});
