import { describe, expect, it } from 'vitest';
import { checkUpOptions, UP_DEFAULTS, type UpOptions } from './up-options.js';

describe('the options of `up`', () => {
  it('fit together as they are by default', () => {
    expect(() => checkUpOptions(UP_DEFAULTS)).not.toThrow();
  });

  it.each<[Partial<UpOptions>, RegExp]>([
    [{ cells: Number.NaN }, /^--cells must be a whole number from 1 to 50$/],
    [{ hosts: 1.5 }, /--hosts must be a whole number/],
    [{ agents: 3 }, /^--agents must be a whole number from 1 to 2$/],
    [{ portBase: 80 }, /^--port-base must be a whole number from 1024 to 65500$/],
    [{ spawnDelayMs: -1 }, /^--spawn-delay-ms /],
    [{ cpuAllocationRatio: Number.NaN }, /^--cpu-allocation-ratio /],
    [{ logLevel: 'loud' }, /^--log-level must be one of debug, info, warn, error, silent$/],
    [{ notificationFormat: 'x' }, /^--notification-format must be one of /],
    [{ databasePrefix: 'a b' }, /^--database-prefix /],
    [{ amqpManagement: 'http://h' }, /^--amqp-management needs --amqp$/],
    [
      { brokenHosts: ['cell1-host1', '*', 'cell3-host1'] },
      /^--broken-host cell3-host1: there is no such host; they are cell1-host1 to cell2-host2$/,
    ],
    [{ stateDir: `/${'x'.repeat(120)}` }, /^--state-dir is too long a path/],
  ])('%j is told in the words of the command line', (given, message) => {
    expect(() => checkUpOptions({ ...UP_DEFAULTS, ...given })).toThrow(message);
  });

  it('all faults are told at once', () => {
    expect(() => checkUpOptions({ ...UP_DEFAULTS, cells: 0, logLevel: '' })).toThrow(/--cells .*\n--log-level /);
  });
});
