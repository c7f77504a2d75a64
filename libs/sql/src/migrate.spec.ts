import { describe, expect, test } from 'vitest';
import { migrationsDirOf, planMigrations } from './migrate.js';
import type { Migration } from './migration-file.js';

const file = (name: string, checksum = name): Migration => ({ name, number: Number(name.slice(0, 4)), text: '', checksum });
const record = (name: string, checksum = name) => ({ name, checksum });

describe('the plan', () => {
  test('takes what is not recorded, in order', () => {
    const plan = planMigrations([file('0001-a-b'), file('0002-c-d'), file('0004-e-f')], [record('0001-a-b')]);
    expect(plan.pending.map(({ name }) => name)).toEqual(['0002-c-d', '0004-e-f']);
    expect(plan.ahead).toEqual([]);
  });

  test('tolerates what a newer release recorded', () => {
    const plan = planMigrations([file('0001-a-b')], [record('0001-a-b'), record('0002-c-d')]);
    expect(plan).toEqual({ pending: [], ahead: ['0002-c-d'] });
  });

  test('refuses a file that was changed after it was applied', () => {
    const recorded = [record('0001-a-b', 'then')];
    expect(() => planMigrations([file('0001-a-b', 'now')], recorded)).toThrow(
      expect.objectContaining({ code: 'sql.migration.changed' }),
    );
  });

  test('refuses a file that slipped in before an applied one', () => {
    const files = [file('0001-a-b'), file('0002-c-d'), file('0003-e-f')];
    expect(() => planMigrations(files, [record('0001-a-b'), record('0003-e-f')])).toThrow(
      expect.objectContaining({ code: 'sql.migration.out_of_order' }),
    );
  });
});

test('the migrations folder lies beside src, wherever the module is', () => {
  expect(migrationsDirOf(import.meta.url)).toMatch(/libs\/sql\/migrations$/);
});
