import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger, logDestination } from '@kilonova/observability';
import { eventually } from '@kilonova/testing';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { LogRotation } from './log-rotation.js';

describe('M1, L16: logs of a cloud', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rotation-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
  });

  it('are bounded, one old file each, for their owner alone, while they are written', async () => {
    const path = join(folder, 'a.log');
    const logger = createLogger({ name: 'a', level: 'info', destination: logDestination(path) });
    const rotation = new LogRotation([folder, join(folder, 'not there')], 1_000);
    const write = async (text: string): Promise<void> => {
      logger.info({ text }, 'a line');
      await eventually(() => expect(readFileSync(path, 'utf8')).toContain(text));
    };
    await write('x'.repeat(2_000));
    rotation.rotate();
    expect(statSync(path).size).toBe(0);
    await write('after');
    rotation.rotate();
    expect(readFileSync(`${path}.1`, 'utf8')).toContain('xxx');
    expect([statSync(path).mode & 0o777, statSync(`${path}.1`).mode & 0o777]).toEqual([0o600, 0o600]);
    await write('y'.repeat(2_000));
    rotation.rotate();
    expect(readFileSync(`${path}.1`, 'utf8')).not.toContain('xxx');
  });

  it('are left alone below the bound, and so is what is no log', () => {
    for (const name of ['a.log', 'other.txt']) writeFileSync(join(folder, name), 'x'.repeat(name === 'a.log' ? 999 : 5_000));
    new LogRotation([folder], 1_000).rotate();
    expect(['a.log', 'other.txt', 'a.log.1', 'other.txt.1'].map((name) => existsSync(join(folder, name)))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
