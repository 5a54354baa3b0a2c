// One Vitest configuration for every package: tests run against the sources, without a build.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/**
 * Vitest configuration of the package `name`; `testTimeoutMs` is the limit of one test. Without `isolate` test files share
 * modules, where loading them takes longer than the tests.
 */
export function packageTestConfig(name, { testTimeoutMs = 60_000, isolate = true } = {}) {
  return defineConfig({
    cacheDir: `../../node_modules/.vite/${name}`,
    resolve: { conditions: ['@hovernet/source'] },
    ssr: { resolve: { conditions: ['@hovernet/source', 'node', 'module'] } },
    test: {
      name,
      include: ['test/**/*.test.ts', 'e2e/**/*.test.ts'],
      testTimeout: testTimeoutMs,
      hookTimeout: testTimeoutMs,
      watch: false,
      // Compiled graphs of tests stay out of the user's cache.
      env: { HOVERNET_CACHE: fileURLToPath(new URL(`../node_modules/.cache/hovernet/${name}`, import.meta.url)) },
      pool: 'forks',
      maxWorkers: 2,
      isolate,
      passWithNoTests: true,
      reporters: ['default', ['json', { outputFile: 'out/test-results.json' }]],
    },
  });
}
