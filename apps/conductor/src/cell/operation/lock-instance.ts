import { type Sql, tryLockNamed } from '@kilonova/sql';
import { AppError } from '@kilonova/util';

/**
 * One failed operation of an instance is dealt with at a time; who comes second is delivered again later.
 * @throws AppError `dependency`, code `conductor.build.busy`
 */
export async function lockInstance(sql: Sql, uuid: string): Promise<void> {
  if (!(await tryLockNamed(sql, `build:${uuid}`)))
    throw new AppError({
      kind: 'dependency',
      code: 'conductor.build.busy',
      message: `Instance ${uuid} is being rescheduled already.`,
    });
}
