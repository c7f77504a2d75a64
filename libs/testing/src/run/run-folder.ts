import { mkdir, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endLeftover } from '@kilonova/local-servers';

const ROOT = join(tmpdir(), `kilonova-tests-${process.getuid?.() ?? 0}`);

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** Ends the servers of a run that was killed, and removes its folder. */
async function removeRun(folder: string): Promise<void> {
  const postgres = join(folder, 'postgres', 'data');
  const rabbitmq = join(folder, 'rabbitmq');
  await endLeftover(join(postgres, 'postmaster.pid'), postgres, 'SIGQUIT', 5_000);
  await endLeftover(join(rabbitmq, 'rabbitmq.pid'), rabbitmq, 'SIGKILL', 5_000);
  await endLeftover(join(rabbitmq, 'epmd.pid'), '-address 127.0.0.1 -port', 'SIGKILL', 5_000);
  await rm(folder, { recursive: true, force: true });
}

/** The folder of this run, named after its process; runs whose process is gone are cleared away first. */
export async function openRunFolder(): Promise<string> {
  await mkdir(ROOT, { recursive: true, mode: 0o711 });
  for (const name of await readdir(ROOT)) {
    if (!alive(Number(name))) await removeRun(join(ROOT, name));
  }
  const folder = join(ROOT, String(process.pid));
  await mkdir(folder, { recursive: true, mode: 0o711 });
  return folder;
}

export const closeRunFolder = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true });
