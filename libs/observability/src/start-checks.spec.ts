import { expect, it } from 'vitest';
import { createLogger } from './logger.js';
import { passStartChecks, StartRefused } from './start-checks.js';

const logger = createLogger({ name: 'test', level: 'silent' });
const away = () => Promise.reject(new Error('away'));
const hanging = () => new Promise<never>(() => undefined);

it('lets a service start that nothing is wrong with, and one whose neighbours do not answer', async () => {
  await passStartChecks(logger, { 'API database': async () => [], 'Placement API': away, Cells: hanging }, 20);
});

it('tells of all that cannot work, each in a line', async () => {
  const checks = { 'API database': async () => ['too old.'], Cells: async () => ['none.', 'no cell0.'], Services: away };
  await expect(passStartChecks(logger, checks)).rejects.toEqual(
    new StartRefused(['API database: too old.', 'Cells: none.', 'Cells: no cell0.']),
  );
});
