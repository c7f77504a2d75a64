import { systemCtx } from '@kilonova/util';
import { describe, expect, it } from 'vitest';
import { createLogger, logFields } from './logger.js';

const logged = (write: (logger: ReturnType<typeof createLogger>) => void): string => {
  const lines: string[] = [];
  write(createLogger({ name: 'test', level: 'info', destination: { write: (line) => void lines.push(line) } }));
  return lines.join('');
};

describe('logging', () => {
  it('covers passwords and tokens, also one level down', () => {
    const text = logged((logger) =>
      logger.info({ password: 'pw1', server: { adminPass: 'pw2' }, headers: { 'X-Auth-Token': 'pw3' } }, 'made'),
    );
    expect(text).not.toMatch(/pw[123]/);
  });

  it('covers credentials in the messages of errors', () => {
    const text = logged((logger) => logger.error({ err: new Error('cannot reach postgres://u:pw1@host/db') }, 'failed'));
    expect(text).toContain('postgres://u:***@host/db');
    expect(text).not.toContain('pw1');
  });

  it('carries the request id', () => {
    const ctx = systemCtx();
    expect(logged((logger) => logger.info(logFields(ctx), 'done'))).toContain(ctx.requestId);
  });

  it("covers secrets inside lists and deep down, and leaves the caller's object alone", () => {
    const fields = { servers: [{ auth: { identity: { password: 'pw1' } } }], token: null, name: 'kept' };
    const text = logged((logger) => logger.info(fields, 'made'));
    expect(text).not.toContain('pw1');
    expect(text).toContain('"name":"kept"');
    expect(fields.servers[0]?.auth.identity.password).toBe('pw1');
  });
});
