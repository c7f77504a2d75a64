import { castMessage, type MessageInfo, schema } from '@kilonova/util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ServedRole } from './spec-support/served-role.js';
import { MESSAGES, messagesOf, SERVICE_ROLES } from './spec-support/service-roles.js';

const served = SERVICE_ROLES.map((role) => new ServedRole(role));
beforeAll(() => Promise.all(served.map((one) => one.start())));
afterAll(() => Promise.all(served.map((one) => one.close())));

/** What the catalogue and the handlers of a service do not have in common. */
function differences(one: ServedRole, catalogue: readonly MessageInfo[]): string[] {
  const { calls, casts } = one.transport.methods();
  const kinds = [...calls.map((name) => `call ${name}`), ...casts.map((name) => `cast ${name}`)];
  const wanted = messagesOf(one.role, catalogue);
  const declared = one.transport.messages();
  return [
    ...wanted.filter(({ kind, name }) => !kinds.includes(`${kind} ${name}`)).map(({ name }) => `${name} has no handler`),
    ...wanted.filter((message) => !declared.includes(message)).map(({ name }) => `${name} is not handled by its value`),
    ...kinds
      .filter((each) => !wanted.some(({ kind, name }) => each === `${kind} ${name}`))
      .map((each) => `the handler of ${each} has no message`),
  ];
}

describe.each(served)('the $role.name', (one) => {
  it('handles each message of its topic and level, once, and no others', () => {
    expect(differences(one, MESSAGES)).toEqual([]);
    expect(one.transport.messages().length).toBe(messagesOf(one.role).length);
  });

  it('is found out when a message has no handler', () => {
    const { topic, level } = one.role;
    const added = castMessage({ name: 'added', topic, level, version: '1.0', args: schema.object<Record<never, never>>({}) });
    expect(differences(one, [...MESSAGES, added])).toEqual(['added has no handler', 'added is not handled by its value']);
  });

  it('is found out when a handler has no message', () => {
    const [gone] = messagesOf(one.role);
    const rest = MESSAGES.filter((message) => message !== gone);
    expect(differences(one, rest)).toEqual([`the handler of ${gone?.kind} ${gone?.name} has no message`]);
  });
});

describe('the catalogue', () => {
  it('names each message once a topic and level, as the wire wants it', () => {
    const keys = MESSAGES.map(({ level, topic, name }) => `${level} ${topic} ${name}`);
    expect(new Set(keys).size).toBe(keys.length);
    for (const { name, version } of MESSAGES) {
      expect(name).toMatch(/^[a-z]+(_[a-z]+)*$/);
      expect(version).toMatch(/^[1-9]\d*\.\d+$/);
    }
  });

  it('has a service for each message', () => {
    const homeless = MESSAGES.filter((message) => !SERVICE_ROLES.some((role) => messagesOf(role).includes(message)));
    expect(homeless).toEqual([]);
  });

  it('leaves room at the top of all arguments for what later versions add', () => {
    for (const { args } of MESSAGES) expect(args).toMatchObject({ type: 'object', required: expect.any(Array) });
    for (const { args } of MESSAGES) expect(args).not.toHaveProperty('additionalProperties');
  });
});
