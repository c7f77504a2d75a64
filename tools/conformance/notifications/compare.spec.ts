import { describe, expect, it } from 'vitest';
import { isMeant } from './accepted.mjs';
import { messageDifferences, orderDifferences, recordedStep, seenStep, shapeDifferences } from './compare.mjs';

const object = (name: string, version: string, data: object) => ({
  'nova_object.name': name,
  'nova_object.version': version,
  'nova_object.data': data,
});

describe('the order of events', () => {
  it('is made of what both clouds say, values aside', () => {
    const line = {
      rk: 'versioned_notifications.info',
      event_type: 'instance.pause.start',
      publisher_id: 'nova-compute:vm',
      payload: 'InstanceActionPayload',
      v: '1.8',
      state: 'active',
      task_state: 'pausing',
    };
    const payload = object('InstanceActionPayload', '1.9', { state: 'active', task_state: 'pausing' });
    const seen = { eventType: 'instance.pause.start', publisherId: 'nova-compute:host1', payload };
    expect(recordedStep(line)).toBe('instance.pause.start by nova-compute InstanceActionPayload active/pausing');
    expect(seenStep(seen)).toBe(recordedStep(line));
  });

  it('is shown whole when it differs', () => {
    expect(orderDifferences(['a', 'b', 'c'], ['a', 'b', 'c'])).toEqual([]);
    expect(orderDifferences(['a', 'b', 'c'], ['a', 'c', 'd'])).toEqual(['  a', '- b', '  c', '+ d']);
  });

  const update = (states: string) => `instance.update InstanceUpdatePayload ${states}`;
  it.each([
    ['the same states told again', [`  ${update('active/a')}`, '  x', `- ${update('active/a')}`], true],
    ['states that were not told', [`  ${update('active/a')}`, `- ${update('active/b')}`], false],
    ['another event', [`  ${update('active/a')}`, '- x'], false],
    ['the first half of an upload', [`+ ${update('active/image_pending_upload')}`], true],
    ['states that nobody knows', [`+ ${update('active/b')}`], false],
  ])('may lack nothing, and have nothing more, but what says nothing: %s', (_what, lines, meant) => {
    expect(isMeant(lines)).toBe(meant);
  });
});

describe('the shape of a payload', () => {
  const was = object('P', '1.1', { a: 1, list: [{ b: 'x' }], metadata: { own: '1' }, none: null });
  it.each([
    ['the same with other values', object('P', '1.1', { a: 2, list: [], metadata: {}, none: 'x' }), []],
    ['a later version with more', object('P', '1.2', { a: 2, list: [], metadata: {}, none: null, more: 1 }), []],
    ['more in the same version', object('P', '1.1', { a: 2, list: [], metadata: {}, none: null, more: 1 }), ['p.more is new']],
    ['less', object('P', '1.2', { list: [], metadata: {}, none: null }), ['p.a is missing']],
    ['another type', object('P', '1.1', { a: '2', list: [], metadata: {}, none: null }), ['p.a is a string instead of a number']],
    ['other members of a list', object('P', '1.1', { a: 2, list: [{}], metadata: {}, none: null }), ['p.list[].b is missing']],
    ['an older version', object('P', '1.0', {}), ['p has version 1.0 instead of 1.1']],
    ['another major version', object('P', '2.1', {}), ['p has version 2.1 instead of 1.1']],
    ['another object', object('Q', '1.1', {}), ['p is Q instead of P']],
  ])('%s', (_what, is, differences) => {
    expect(shapeDifferences(was, is, 'p')).toEqual(differences);
  });

  it('goes with a priority and the members that tell of the request', () => {
    const sample = { priority: 'INFO', payload: {}, context: ['user', 'roles'] };
    expect(messageDifferences(sample, { priority: 'ERROR', payload: {}, context: { user: 'u' } })).toEqual([
      'priority is ERROR instead of INFO',
      '_context_roles is missing',
    ]);
  });
});
