import { parseArgs } from 'node:util';
import { expect, it } from 'vitest';
import { configured, defineSection, loadConfig, option } from './index.js';

class Exit extends Error {
  constructor(readonly status: number) {
    super('exit');
  }
}

/** What is written, and the exit status. */
function attempt(read: () => unknown): { text: string; status: number | undefined } {
  const lines: string[] = [];
  const exit = (status: number): never => {
    throw new Exit(status);
  };
  try {
    configured(read, { stderr: { write: (text) => lines.push(text) }, exit });
    return { text: lines.join(''), status: undefined };
  } catch (error) {
    if (!(error instanceof Exit)) throw error;
    return { text: lines.join(''), status: error.status };
  }
}

const section = defineSection('http', { port: option.port({ help: '' }), name: option.string({ help: '' }) });

it('a wrong configuration is told in plain lines, all faults at once, and ends with 78', () => {
  const flags = { http: { port: 'x', colour: 'red' } };
  const { text, status } = attempt(() => loadConfig({ sections: [section], env: {}, flags }));
  expect(status).toBe(78);
  expect(text).toContain('http.port: must be a whole number');
  expect(text).toContain('http.name: is not set');
  expect(text).toContain('http.colour: is no option');
  expect(text).not.toMatch(/\n\s+at /);
});

it('a wrong command line ends with 64; anything else is thrown', () => {
  expect(attempt(() => parseArgs({ args: ['--nonsense'], options: {} })).status).toBe(64);
  expect(() =>
    attempt(() => {
      throw new TypeError('a bug');
    }),
  ).toThrow('a bug');
});
