import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** What a copy of the workspace consists of. */
const PARTS = ['.gitignore', 'apps', 'libs', 'tools', 'biome.json', 'nx.json', 'package.json', 'package-lock.json'];
const CONFIGS = ['tsconfig.json', 'tsconfig.base.json', 'tsconfig.spec.json', 'vitest.config.ts'];
const BUILT = /\/(?:dist|node_modules|\.nx)(?:\/|$)/;

const copy = mkdtempSync(join(tmpdir(), 'kilonova-generators-'));

/** The modules that are installed, but for the workspace's own, which are those of the copy. */
function linkModules(): void {
  const [from, to] = [join(ROOT, 'node_modules'), join(copy, 'node_modules')];
  mkdirSync(join(to, '@kilonova'), { recursive: true });
  for (const name of readdirSync(from))
    if (name !== '@kilonova' && name !== '.cache') symlinkSync(join(from, name), join(to, name));
  for (const group of ['apps', 'libs'])
    for (const name of readdirSync(join(copy, group))) symlinkSync(`../../${group}/${name}`, join(to, '@kilonova', name));
}

/** What a program wrote; an error with it when the program failed. */
function run(...[command = '', ...args]: readonly string[]): string {
  const path = `${join(ROOT, 'node_modules/.bin')}:${dirname(process.execPath)}:${process.env['PATH']}`;
  const env = { ...process.env, PATH: path, NX_DAEMON: 'false', NX_NO_CLOUD: 'true', NX_TUI: 'false', CI: 'true' };
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: copy, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stdout}${stderr}`);
  return stdout;
}

const generate = (generator: string, ...args: readonly string[]): string =>
  run('nx', 'g', `./tools/generators/generators.json:${generator}`, ...args);

beforeAll(() => {
  for (const part of [...PARTS, ...CONFIGS])
    cpSync(join(ROOT, part), join(copy, part), {
      recursive: true,
      filter: (source) => !BUILT.test(source.slice(ROOT.length - 1)),
    });
  linkModules();
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

it('a generated library and a generated action fit the types, the lint rules and the package boundaries', {
  timeout: 300_000,
}, () => {
  generate('library', 'disk-census', '--type=domain', '--scope=compute');
  const told = generate('action', 'freeze-guest');
  expect(told).toContain('a scenario');
  expect(readFileSync(join(copy, 'apps/compute-agent/src/handlers.ts'), 'utf8')).toContain('  FreezeGuestInstance,\n];');
  expect(run('tsc', '-p', 'tsconfig.spec.json')).toBe('');
  run('biome', 'check', '--diagnostic-level=error', 'libs', 'apps/compute-api/src/server', 'apps/compute-agent', 'tsconfig.json');
  expect(run('node', 'tools/lint/boundaries.mjs')).toContain(', 0 findings');
  expect(() => generate('action', 'freeze-guest')).toThrow('is there already');
});
