import { describe, expect, it } from 'vitest';
import { requestSpec } from '../../testing/builders.js';
import { candidateLimits } from './candidate-limits.js';

const options = { candidateSample: 200, maxPlacementResults: 1000 };
const [sample, most, all] = [
  { limit: 200, isRandom: true },
  { limit: 1000, isRandom: true },
  { limit: undefined, isRandom: false },
];
const group = (policy: 'affinity' | 'soft-affinity' | 'anti-affinity', hosts: string[]) =>
  requestSpec({
    instance_group: { uuid: 'g', name: 'g', project_id: 'p', user_id: 'u', policy, rules: {}, members: [], hosts },
  });

describe('the number of candidates', () => {
  it.each([
    ['one server: a sample, then as many as are ever asked for', requestSpec(), 1, {}, [sample, most]],
    ['many servers: more', requestSpec(), 101, {}, [{ limit: 400, isRandom: true }, most]],
    ['more servers than a sample is worth', requestSpec(), 500, {}, [most]],
    ['packing looks for the fullest, not for a sample', requestSpec(), 1, { ram: -1 }, [{ limit: 1000, isRandom: false }]],
    ['packing by number likewise', requestSpec(), 1, { numInstances: 1 }, [{ limit: 1000, isRandom: false }]],
    ['a hint that names hosts', requestSpec({ scheduler_hints: { same_host: ['i'] } }), 1, {}, [all]],
    ['a hint that only excludes hosts', requestSpec({ scheduler_hints: { different_host: ['i'] } }), 1, {}, [sample, most]],
    ['a group that belongs somewhere', group('affinity', ['a']), 1, {}, [all]],
    ['a group that would like to', group('soft-affinity', ['a']), 1, {}, [all]],
    ['a group that is nowhere yet', group('affinity', []), 1, {}, [sample, most]],
    ['a group that keeps apart', group('anti-affinity', ['a']), 1, {}, [sample, most]],
  ])('%s', (_what, spec, instances, multipliers, expected) => {
    expect(candidateLimits(spec, instances, multipliers, options)).toEqual(expected);
  });

  it('is the greatest where samples are switched off', () => {
    expect(candidateLimits(requestSpec(), 1, {}, { ...options, candidateSample: 0 })).toEqual([most]);
  });
});
