import { microversion } from '@kilonova/http';
import { expect, it } from 'vitest';
import { providerBody } from './provider-answer.js';
import { providerList } from './provider-list.js';

const uuid = '00000000-0000-4000-8000-000000000001';
const root = { uuid, name: 'a "quoted" \\ ünïcode\u2028 name', generation: 3, parentUuid: null, rootUuid: uuid };
const child = { ...root, uuid: '00000000-0000-4000-8000-000000000002', name: 'child', parentUuid: uuid };

it.each(['1.0', '1.1', '1.6', '1.11', '1.14', '1.39'])('a list at %s says of each provider what is said of one alone', (text) => {
  const request = { version: microversion(text) };
  expect(JSON.parse(providerList(request, [root, child]).toString())).toEqual({
    resource_providers: [providerBody(request, root), providerBody(request, child)],
  });
});

it('a list of nobody is empty', () => {
  expect(JSON.parse(providerList({ version: microversion('1.39') }, []).toString())).toEqual({ resource_providers: [] });
});
