import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, loadConfig } from '@kilonova/config';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { computeAgent } from '../compute-agent.service.js';
import { agentSections } from '../config.js';
import { readProviderFiles } from './provider-files.js';

let folder: string;
let warned: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'provider-files-'));
  warned = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

const put = (name: string, text: string): void => writeFileSync(join(folder, name), text);
const read = () => readProviderFiles(folder, (message) => void warned.push(message.replace(`${folder}/`, '')));
const faults = (): readonly string[] => {
  try {
    read();
  } catch (error) {
    if (error instanceof ConfigError)
      return error.faults.map(({ where, fault }) => `${where}: ${fault}`.replaceAll(`${folder}/`, ''));
    throw error;
  }
  return [];
};
const of = (provider: string, version = '1.0'): string => `meta: {schema_version: '${version}'}\nproviders:\n  - ${provider}\n`;

describe('provider files', () => {
  it('add what they say to the nodes and providers that they name', () => {
    put(
      'a.yaml',
      `meta:
  schema_version: '1.0'
providers:
  - identification: {uuid: $COMPUTE_NODE}
    inventories:
      additional:
        - CUSTOM_LICENSE: {total: 22, reserved: 2, min_unit: 1, max_unit: 10, step_size: 1, allocation_ratio: 1.5}
        - CUSTOM_SEAT: {total: 3}
    traits:
      additional: [CUSTOM_RACK_7]
`,
    );
    put('b.yaml', of(`{identification: {name: gpu}, traits: {additional: [CUSTOM_FAST]}}`));
    put('notes.txt', 'not read');
    const seat = { total: 3, reserved: 0, min_unit: 1, max_unit: 3, step_size: 1, allocation_ratio: 1 };
    expect(read()).toEqual([
      {
        identification: { uuid: '$COMPUTE_NODE' },
        inventories: {
          CUSTOM_LICENSE: { total: 22, reserved: 2, min_unit: 1, max_unit: 10, step_size: 1, allocation_ratio: 1.5 },
          CUSTOM_SEAT: seat,
        },
        traits: ['CUSTOM_RACK_7'],
        source: join(folder, 'a.yaml'),
      },
      { identification: { name: 'gpu' }, inventories: {}, traits: ['CUSTOM_FAST'], source: join(folder, 'b.yaml') },
    ]);
    expect(warned).toEqual([]);
  });

  it.each([
    ['is no YAML', 'meta: [', /^a\.yaml: is no YAML: /],
    ['has no version', 'providers: []', /^a\.yaml: it must have required property 'meta'$/],
    ['has a version that is not known', of('{identification: {name: a}}', '2.0'), /schema_version must match pattern/],
    ['names nobody', of('{traits: {additional: []}}'), /providers\.0 must have required property 'identification'$/],
    ['names in two ways', of('{identification: {name: a, uuid: $COMPUTE_NODE}}'), /identification must NOT have more than 1/],
    ['names no uuid', of('{identification: {uuid: abc}}'), /identification\.uuid must match pattern/],
    ['adds a standard class', of('{identification: {name: a}, inventories: {additional: [{VCPU: {total: 1}}]}}'), /not VCPU$/],
    ['adds a standard trait', of('{identification: {name: a}, traits: {additional: [HW_CPU_X86_AVX]}}'), /not HW_CPU_X86_AVX$/],
    ['adds none of it', of('{identification: {name: a}, inventories: {additional: [{CUSTOM_A: {total: 0}}]}}'), /must be >= 1$/],
    [
      'has a word too many',
      of('{identification: {name: a}, inventories: {additional: [{CUSTOM_A: {total: 1, all: 2}}]}}'),
      /: all$/,
    ],
  ])('are refused: one that %s', (_what, text, fault) => {
    put('a.yaml', text);
    expect(faults()).toEqual([expect.stringMatching(fault)]);
  });

  it('may not describe one provider twice, nor be away', () => {
    for (const name of ['a.yaml', 'b.yaml']) put(name, of('{identification: {name: x}, traits: {additional: [CUSTOM_A]}}'));
    expect(faults()).toEqual(['x: is described more than once: a.yaml, b.yaml']);
    expect(() => readProviderFiles(join(folder, 'none'), () => undefined)).toThrow(
      /agent\.providerConfigLocation: .* cannot be read/,
    );
    expect(readProviderFiles('', () => undefined)).toEqual([]);
  });

  it('are looked at before the agent starts', () => {
    put('a.yaml', 'providers: []');
    const agent = { cell: 'cell1', hosts: ['h1'], stateDir: folder, providerConfigLocation: folder };
    const config = loadConfig({ sections: agentSections, env: {}, defaults: { agent, messaging: { url: 'memory://agent' } } });
    expect(() => computeAgent.check?.(config)).toThrow(ConfigError);
  });

  it('are told of when they add nothing, or are newer', () => {
    put('a.yaml', of('{identification: {name: a}, later: 1}', '1.3'));
    expect(read()).toEqual([]);
    expect(warned).toEqual(['a.yaml has schema version 1.3: what is newer than 1.0 is passed over', 'a.yaml adds nothing to a']);
  });
});
