import { readFile } from 'node:fs/promises';
import type { Config } from '@kilonova/config';
import { placementPolicyConfig } from '../config.js';
import { countIncompleteConsumers, countRootless } from '../store/data-migrations.js';
import { usingDatabase } from './using-database.js';

export interface UpgradeCheck {
  readonly name: string;
  readonly result: 'success' | 'warning' | 'failure';
  readonly details: string;
}

export interface UpgradeReport {
  readonly checks: readonly UpgradeCheck[];
  /** 0: all is well; 1: the worst is a warning; 2: a failure. */
  readonly exitCode: 0 | 1 | 2;
}

/** `placement upgrade check`: may the new release be started on this database? @throws AppError when it cannot be asked. */
export async function upgradeCheck(config: Config): Promise<UpgradeReport> {
  const [rootless, incomplete] = await usingDatabase(
    config,
    async (db) => [await countRootless(db), await countIncompleteConsumers(db)] as const,
  );
  const checks = [
    missingRoots(rootless),
    incompleteConsumers(incomplete),
    await policyFile(config.get(placementPolicyConfig).file),
  ];
  return { checks, exitCode: exitCodeOf(checks) };
}

const check = (name: string, result: UpgradeCheck['result'], details = ''): UpgradeCheck => ({ name, result, details });

const missingRoots = (count: number): UpgradeCheck =>
  count === 0
    ? check('Missing Root Provider IDs', 'success')
    : check(
        'Missing Root Provider IDs',
        'failure',
        `${count} resource providers have no root provider. Run "placement db online_data_migrations".`,
      );

const incompleteConsumers = (count: number): UpgradeCheck =>
  count === 0
    ? check('Incomplete Consumers', 'success')
    : check(
        'Incomplete Consumers',
        'warning',
        `${count} consumers hold allocations and have no record. Run "placement db online_data_migrations".`,
      );

/** Policy files used to be JSON; only YAML that is not JSON is taken for certain. */
async function policyFile(path: string | undefined): Promise<UpgradeCheck> {
  const name = 'Policy File JSON to YAML Migration';
  const text = path === undefined ? '' : await readFile(path, 'utf8').catch(() => '');
  return text.trimStart().startsWith('{') ? check(name, 'failure', `${path} is JSON. Write it as YAML.`) : check(name, 'success');
}

const exitCodeOf = (checks: readonly UpgradeCheck[]): 0 | 1 | 2 => {
  if (checks.some(({ result }) => result === 'failure')) return 2;
  return checks.some(({ result }) => result === 'warning') ? 1 : 0;
};
