import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';

/** Where RabbitMQ's own scripts and Erlang's port mapper lie. */
export interface RabbitmqInstallation {
  /** Not /usr/sbin: the wrappers there switch to the account rabbitmq and drop the environment. */
  readonly binDir: string;
  readonly epmd: string;
}

const BIN_DIRS = ['/usr/lib/rabbitmq/bin', '/opt/rabbitmq/sbin', '/usr/local/sbin', '/opt/homebrew/sbin'];
const EPMD_DIRS = ['/usr/bin', '/usr/local/bin', '/usr/lib/erlang/bin', '/opt/erlang/lib/erlang/bin', '/opt/homebrew/bin'];

async function firstWith(dirs: readonly string[], program: string): Promise<string | undefined> {
  for (const dir of dirs) {
    const runnable = await access(join(dir, program), constants.X_OK).then(
      () => true,
      () => false,
    );
    if (runnable) return dir;
  }
  return undefined;
}

/** The RabbitMQ of this machine, if it and Erlang are installed. */
export async function findRabbitmq(): Promise<RabbitmqInstallation | undefined> {
  const binDir = await firstWith(BIN_DIRS, 'rabbitmq-server');
  const epmdDir = await firstWith(EPMD_DIRS, 'epmd');
  return binDir === undefined || epmdDir === undefined ? undefined : { binDir, epmd: join(epmdDir, 'epmd') };
}
