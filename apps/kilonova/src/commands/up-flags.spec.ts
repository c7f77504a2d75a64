import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { type UpFlags, upOptions, withoutConnections, withUpFlags } from './up-flags.js';

const parse = (...words: readonly string[]): UpFlags =>
  withUpFlags(new Command('up'))
    .parse([...words], { from: 'user' })
    .opts<UpFlags>();

describe('the command line of `up`', () => {
  it('gives options as they are meant', () => {
    expect(
      upOptions(parse('--state-dir', '/nowhere/x', '--cells', '3', '--broken-host', 'cell1-host1', 'cell3-host2', '--no-proof')),
    ).toMatchObject({
      cells: 3,
      hosts: 2,
      brokenHosts: ['cell1-host1', 'cell3-host2'],
      proof: false,
      amqp: undefined,
    });
  });

  it('L9: every connection may lie in a file, and help says so', () => {
    const help = withUpFlags(new Command('up')).helpInformation();
    for (const option of ['--amqp-file', '--amqp-management-file', '--postgres-file']) expect(help).toContain(option);
  });

  it('L9: is handed on to the detached process without what may be secret', () => {
    const words = [
      'up',
      '--detach',
      '--amqp',
      'amqp://u:p@h',
      '--cells',
      '3',
      '--postgres=postgres://u:p@h',
      '--amqp-file',
      '/x',
      '--no-proof',
    ];
    expect(withoutConnections(words)).toEqual(['up', '--cells', '3', '--no-proof']);
  });
});
