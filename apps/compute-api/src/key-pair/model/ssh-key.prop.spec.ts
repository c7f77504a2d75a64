import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSshKey } from './ssh-key.js';

describe('SSH keys', () => {
  it('of any text are refused or taken, never a failure', () => {
    fc.assert(fc.property(fc.string({ maxLength: 300 }), (text) => parseSshKey(text) === undefined));
  });

  it('with any blob are refused unless it is a key of its type', () => {
    const types = fc.constantFrom('ssh-rsa', 'ssh-ed25519', 'ecdsa-sha2-nistp256', 'ssh-dss');
    fc.assert(
      fc.property(types, fc.uint8Array({ maxLength: 200 }), (type, tail) => {
        const name = Buffer.from(type);
        const blob = Buffer.concat([Buffer.of(0, 0, 0, name.length), name, tail]);
        const key = parseSshKey(`${type} ${blob.toString('base64')}`);
        return key === undefined || key.type === type;
      }),
    );
  });

  it('that are cut short are refused', () => {
    const line = 'AAAAC3NzaC1lZDI1NTE5AAAAICznZRCYkBzq3Z5ghKBC9bBF1v02GtRs5tbQIii+7qSj';
    const blob = Buffer.from(line, 'base64');
    fc.assert(
      fc.property(fc.integer({ min: 1, max: blob.length - 1 }), (length) => {
        expect(parseSshKey(`ssh-ed25519 ${blob.subarray(0, length).toString('base64')}`)).toBeUndefined();
      }),
    );
  });
});
