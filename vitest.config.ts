import { defineConfig } from 'vitest/config';

const conditions = ['kilonova:src', 'module', 'node', 'import', 'default'];

/** One run for the whole workspace; suites are told apart by suffix (see docs/testing.md). */
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ['{apps,libs,tools}/**/*.spec.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    server: { deps: { inline: [/@kilonova\//] } },
    environment: 'node',
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 120_000,
  },
});
