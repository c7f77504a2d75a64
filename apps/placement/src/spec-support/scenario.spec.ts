import { expect, it } from 'vitest';
import { PlacementCaller } from './placement-caller.js';
import { readScenario, runStep } from './scenario.js';

class Canned extends PlacementCaller {
  override send() {
    return Promise.resolve({ status: 200, headers: new Headers({ 'x-a': 'b' }), body: { list: [1, 2], deep: { er: 'x' } } });
  }
}

const step = { name: 's', do: 'GET /', status: 200 };
const run = (more: object) => runStep(new Canned(''), { title: 't', steps: [] }, { ...step, ...more });

it('puts variables in their places, the longer name first', () => {
  const scenario = readScenario('title: t\nvars: {a: one, ab: two}\nsteps: [{name: s, do: GET /$ab/$a, status: 200}]');
  expect(scenario.steps[0]?.do).toBe('GET /two/one');
});

it('refuses a version that YAML would read as a number', () => {
  expect(() => readScenario('title: t\nversion: 1.10\nsteps: []')).toThrow('quotes');
});

it('passes where everything is as said', () =>
  run({ json: { 'list.#': 2, 'deep.er': 'x' }, has: { 'x-a': '/^b$/' }, lacks: ['x-b'], contains: ['er'] }));

it.each([
  [{ status: 404 }],
  [{ json: { 'list.#': 3 } }],
  [{ has: { 'x-a': 'c' } }],
  [{ lacks: ['x-a'] }],
  [{ contains: ['pony'] }],
])('fails on %o', async (more) => {
  await expect(run(more)).rejects.toThrow();
});
