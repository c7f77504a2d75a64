import { describe, expect, it } from 'vitest';
import { parseCandidateQuery, parseProviderFilters } from './parse.js';
import { WorldBuilder } from './spec-support/world-builder.js';

const builder = new WorldBuilder();
const [VCPU, DISK] = [builder.classId('VCPU'), builder.classId('DISK_GB')];
const [SSD, AVX] = [builder.trait('SSD'), builder.trait('AVX')];
const A = '11111111-1111-4111-8111-111111111111';
const B = '22222222-2222-4222-8222-222222222222';

const params = (query: string): [string, string][] => [...new URLSearchParams(query)];
const candidates = (query: string, minor = 39) => parseCandidateQuery(builder.world, params(query), minor);

describe('parseCandidateQuery', () => {
  it('reads groups with all that they may say', () => {
    const query = `resources=VCPU:2,DISK_GB:5&required=SSD,!AVX&member_of=${A}&member_of=in:${A},${B}&member_of=!${B}`;
    const parsed = candidates(`${query}&resources_X=VCPU:1&required_X=in:SSD,AVX&required_X=SSD&in_tree_X=${A.toUpperCase()}`);
    expect(parsed).toMatchObject({ ok: true });
    if (!parsed.ok) return;
    expect(parsed.value.groups.get('')).toEqual({
      resources: new Map([
        [VCPU, 2],
        [DISK, 5],
      ]),
      required: [[SSD]],
      forbidden: [AVX],
      memberOf: [[A], [A, B]],
      forbiddenAggregates: [B],
    });
    expect(parsed.value.groups.get('_X')).toMatchObject({ required: [[SSD, AVX], [SSD]], inTree: A });
  });

  it('reads what concerns the whole request', () => {
    const parsed = candidates(
      'resources1=VCPU:1&required2=SSD&group_policy=isolate&same_subtree=1,2,1&root_required=SSD,!AVX&limit=7&limit=9',
    );
    expect(parsed).toMatchObject({
      value: { groupPolicy: 'isolate', sameSubtree: [['1', '2']], rootRequired: [SSD], rootForbidden: [AVX], limit: 7 },
    });
  });

  it('takes only the last `required` before 1.39', () => {
    expect(candidates('resources=VCPU:1&required=SSD&required=AVX', 38)).toMatchObject({ ok: true });
    const parsed = candidates('resources=VCPU:1&required=SSD&required=AVX', 38);
    expect(parsed.ok && parsed.value.groups.get('')?.required).toEqual([[AVX]]);
  });

  it.each([
    ['resources=', 39, 'in form: ?resources=VCPU:2,MEMORY_MB:1024. Got: empty string.'],
    ['resources=VCPU', 39, 'Got: VCPU.'],
    ['resources=VCPU:1:2', 39, 'Got: VCPU:1:2.'],
    ['resources=VCPU:x', 39, 'Requested resource VCPU expected positive integer amount. Got: x.'],
    ['resources=VCPU:0', 39, 'Requested resource VCPU requires amount >= 1. Got: 0.'],
    ['resources=MCPU:99', 39, 'Invalid resource class in resources parameter: No such resource class MCPU.'],
    [
      'resources=VCPU:1&required=',
      17,
      "Invalid query string parameters: Expected 'required' parameter value of the form: HW_CPU_X86_VMX,CUSTOM_MAGIC.",
    ],
    ['resources=VCPU:1&required=,,', 22, "Expected 'required' parameter value of the form: HW_CPU_X86_VMX,!CUSTOM_MAGIC."],
    ['resources=VCPU:1&required=!SSD', 21, 'HW_CPU_X86_VMX,CUSTOM_MAGIC. Got: !SSD'],
    [
      'resources=VCPU:1&required=in:SSD',
      38,
      "The format 'in:HW_CPU_X86_VMX,CUSTOM_MAGIC' only supported since microversion 1.39.",
    ],
    ['resources=VCPU:1&required=in:SSD,', 39, 'Got an empty trait in: in:SSD,'],
    ['resources=VCPU:1&required=in:!SSD', 39, 'does not support forbidden traits'],
    ['resources=VCPU:1&required=NOPE,BOGUS', 39, 'No such trait(s): BOGUS, NOPE.'],
    [
      'resources=VCPU:1&required=SSD,!SSD',
      39,
      'Conflicting required and forbidden traits found in the following traits keys: required: (SSD)',
    ],
    [
      'resources=VCPU:1&member_of=INVALID',
      39,
      "Invalid query string parameters: Expected 'member_of' parameter to contain valid UUID(s).",
    ],
    [
      `resources=VCPU:1&member_of=${A},${B}`,
      39,
      "Multiple values for 'member_of' must be prefixed with the 'in:' or '!in:' keyword using the valid microversion.",
    ],
    ['resources=VCPU:1&member_of=in:', 39, "Expected 'member_of' parameter to contain valid UUID(s)."],
    [`resources=VCPU:1&member_of=${A}&member_of=${B}`, 23, 'Multiple member_of parameters are not supported'],
    [`resources=VCPU:1&member_of=!in:${A}`, 31, 'Forbidden member_of parameters are not supported in the specified microversion'],
    ['resources=VCPU:1&in_tree=life-is-beautiful', 39, "Expected 'in_tree' parameter to be a format of uuid"],
    [`member_of=!${A}`, 32, 'All member_of parameters must be associated with resources'],
    ['required1=SSD&resources=VCPU:1', 25, 'orphaned traits keys: required1'],
    [`resources=VCPU:1&in_tree1=${A}`, 31, 'All request groups must specify resources.'],
    ['limit=1', 35, 'At least one request group'],
    ['resources1=VCPU:1&resources2=VCPU:1', 39, 'The "group_policy" parameter is required'],
  ])('refuses %s at 1.%i', (query, minor, message) => {
    const parsed = candidates(query, minor);
    expect(parsed.ok ? 'accepted' : parsed.message).toContain(message);
  });

  it.each([
    [
      'resources1=VCPU:1&required2=SSD&group_policy=none',
      'bad_value',
      "should be specified in `same_subtree` query param: bad group(s) - ['2'].",
    ],
    [
      'resources1=VCPU:1&required2=SSD&same_subtree=2,3',
      'bad_value',
      "Real suffixes should be specified in `same_subtree`: ['3'] not found in ['1', '2'].",
    ],
    [
      'resources1=VCPU:1&same_subtree=1,,1',
      'bad_value',
      'Empty string (unsuffixed group) can not be specified in `same_subtree`',
    ],
    [`member_of1=${A}`, 'missing_value', 'There must be at least one resources or resources[$S] parameter.'],
    ['resources=VCPU:1&root_required=SSD&root_required=AVX', 'duplicate_key', 'may be specified only once'],
    [
      'resources=VCPU:1&root_required=SSD,!SSD',
      'bad_value',
      'Conflicting required and forbidden traits found in root_required: SSD',
    ],
  ])('refuses %s with code %s', (query, code, message) => {
    expect(candidates(query)).toMatchObject({
      ok: false,
      code: `placement.query.${code}`,
      message: expect.stringContaining(message),
    });
  });

  it('knows named suffixes from 1.33 on', () => {
    expect(candidates('resources=VCPU:1&resources_X=DISK_GB:1', 33)).toMatchObject({ ok: true });
    const before = candidates('resources=VCPU:1&resources_X=DISK_GB:1', 32);
    expect(before.ok && [...before.value.groups.keys()]).toEqual(['']);
  });
});

describe('parseProviderFilters', () => {
  it('reads all filters', () => {
    const query = `name=cn1&uuid=${A.replaceAll('-', '')}&member_of=in:${A},${B}&resources=VCPU:1&in_tree=${B}&required=SSD,!AVX`;
    expect(parseProviderFilters(builder.world, params(query), 39)).toEqual({
      ok: true,
      value: {
        name: 'cn1',
        uuid: A,
        inTree: B,
        memberOf: [[A, B]],
        forbiddenAggregates: [],
        required: [[SSD]],
        forbidden: [AVX],
        resources: new Map([[VCPU, 1]]),
      },
    });
  });

  it('refuses what cannot be', () => {
    const parsed = parseProviderFilters(builder.world, params('required=BOGUS_TRAIT'), 39);
    expect(parsed).toMatchObject({ ok: false, message: 'No such trait(s): BOGUS_TRAIT.' });
  });
});
