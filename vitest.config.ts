import { defineConfig } from 'vitest/config';
import { WaitingSpread } from './tools/test/waiting-spread.mjs';

// Vitest hands these to Node as well, where 'import' would make a require() inside a package (pg) find ES modules; both sides
// add 'import' or 'require' and 'default' by themselves.
const conditions = ['kilonova:src', 'module', 'node'];

/** One run for the whole workspace; suites are told apart by suffix (see docs/testing.md). */
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  // Where the global setup runs: without these it would want the packages that it imports built.
  environments: { __vitest__: { resolve: { conditions, externalConditions: conditions, noExternal: [/@kilonova\//] } } },
  // Said here too, as tsconfig.json leaves the specs out, which may hold decorated classes.
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  test: {
    include: ['{apps,libs,tools,examples}/**/*.spec.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    server: { deps: { inline: [/@kilonova\//] } },
    environment: 'node',
    globalSetup: ['libs/testing/src/run/global-setup.ts'],
    pool: 'forks',
    // A process runs file after file: starting one and loading the frameworks costs more than most files. So what a file
    // leaves behind (timers, promises that nobody waits for) fails the run.
    isolate: false,
    // Of two cores: two of four files wait for a server, a process or a deadline.
    maxWorkers: 4,
    sequence: { sequencer: WaitingSpread },
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
