import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { CHANGE_TRACKING_DDL } from './change-tracking.js';

it('change-tracking.sql is the DDL as printed, so that a migration can be copied from it', async () => {
  expect(await readFile(new URL('./change-tracking.sql', import.meta.url), 'utf8')).toBe(CHANGE_TRACKING_DDL);
});
