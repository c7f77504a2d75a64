import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useDatabase } from '@kilonova/testing';
import { Command } from 'commander';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { manageCommand } from './manage.command.js';

const api = useDatabase();
const cellDatabase = useDatabase();
const folder = mkdtempSync(join(tmpdir(), 'kilonova-manage-'));
const config = join(folder, 'conductor.yaml');
const cellConfig = join(folder, 'cell.yaml');

beforeAll(() => {
  writeFileSync(config, `apiDatabase: {url: '${api.url}'}\n`);
  writeFileSync(cellConfig, `cell: {name: cell1, databaseUrl: '${cellDatabase.url}'}\n`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

/** Runs `kilonova manage …` as its command line would; refused words end like a failed command. */
async function manage(words: string, file = config): Promise<{ readonly code: number; readonly text: string }> {
  let text = '';
  const keep = (chunk: string | Uint8Array): boolean => {
    text += String(chunk);
    return true;
  };
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(keep),
    vi.spyOn(process.stderr, 'write').mockImplementation(keep),
  ];
  const program = quietly(new Command('kilonova').addCommand(manageCommand()));
  try {
    await program.parseAsync(['manage', ...words.split(' '), '--config', file], { from: 'user' });
    return { code: Number(process.exitCode ?? 0), text };
  } catch (error) {
    return { code: (error as { exitCode: number }).exitCode, text };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

/** No command ends the process. */
function quietly(command: Command): Command {
  command.exitOverride();
  command.commands.forEach(quietly);
  return command;
}

const UNKNOWN = '11111111-1111-4111-8111-111111111111';

describe('a cell by hand', () => {
  it('goes from empty databases to a listed cell and away again, each step with its exit code', async () => {
    expect(await manage('api_db version')).toEqual({ code: 0, text: 'no schema\n' });
    expect((await manage('api_db sync')).text).toMatch(/^api: applied 0001-/);
    expect((await manage('api_db version')).text).toMatch(/^\d{4}-/);
    const created = await manage(
      `cell_v2 create_cell --name cell1 --transport-url amqp://u:topsecret@h/1 --database_connection ${cellDatabase.url}`,
    );
    expect(created).toEqual({ code: 0, text: expect.stringMatching(/^[0-9a-f-]{36}\n$/) });
    expect((await manage('db sync --local_cell', cellConfig)).text).toMatch(/^cell: applied 0001-/);
    expect((await manage('db sync')).text).toBe('cell1: up to date\n');
    const listed = await manage('cell_v2 list_cells');
    expect(listed.text).toContain(created.text.trim());
    expect(listed.text).not.toContain('topsecret');
    expect((await manage('cell_v2 discover_hosts --strict')).code).toBe(1);
    expect((await manage('host list')).code).toBe(0);
    expect((await manage(`cell_v2 delete_cell --cell_uuid ${created.text.trim()}`)).code).toBe(0);
    expect((await manage('cell_v2 list_cells')).text).not.toContain('cell1');
  });

  it.each([
    ['cell_v2 create_cell --name x', 1],
    [`cell_v2 update_cell --cell_uuid ${UNKNOWN} --name x`, 1],
    [`cell_v2 update_cell --cell_uuid ${UNKNOWN} --enable --disable`, 4],
    ['cell_v2 delete_cell --cell_uuid nonsense', 1],
    [`cell_v2 delete_host --cell_uuid ${UNKNOWN} --host h`, 1],
    [`cell_v2 verify_instance --uuid ${UNKNOWN}`, 1],
    ['cell_v2 simple_cell_setup', 1],
    ['db purge', 1],
    ['db purge --before yesterday-ish', 2],
    ['db purge --all', 3],
  ])('%s ends with %i', async (words, code) => {
    await manage('api_db sync');
    expect((await manage(words)).code).toBe(code);
  });

  it('ends with 255 when the database does not answer', async () => {
    const away = join(folder, 'away.yaml');
    writeFileSync(away, "apiDatabase: {url: 'postgres://nobody@127.0.0.1:1/none'}\n");
    expect((await manage('cell_v2 list_cells', away)).code).toBe(255);
  });
});
