import { expect, it, vi } from 'vitest';
import { Turns } from './turns.js';

const limits = { requests: 3, changes: 2, dear: 1 };
const list = { method: 'GET', dear: true } as const;
const show = { method: 'GET' } as const;
const change = { method: 'PUT' } as const;
const upload = { method: 'PUT', rawBody: true } as const;

/** Requests that are answered when all are let go. */
function requests() {
  const turns = new Turns(limits);
  const begun: string[] = [];
  let letGo = (): void => undefined;
  const end = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const ask = (caller: string, name: string, row: Parameters<Turns['run']>[1]): Promise<void> =>
    turns.run(caller, row, () => {
      begun.push(name);
      return end;
    });
  return { begun, ask, letGo };
}

it('a project has so many requests answered at once, of them so many changes and lists', async () => {
  const { begun, ask, letGo } = requests();
  const all = [
    ...['list 1', 'list 2', 'list 3', 'list 4'].map((name) => ask('p', name, list)),
    ...['change 1', 'change 2', 'change 3'].map((name) => ask('p', name, change)),
    ...['show 1', 'show 2'].map((name) => ask('p', name, show)),
  ];
  await vi.waitFor(() => expect(begun).toEqual(['list 1', 'change 1', 'change 2']));
  letGo();
  await Promise.all(all);
  expect(begun).toHaveLength(9);
});

it('lists and changes that wait leave their places to others of the project', async () => {
  const { begun, ask, letGo } = requests();
  const all = ['list 1', 'list 2', 'list 3'].map((name) => ask('p', name, list));
  all.push(...['show 1', 'show 2'].map((name) => ask('p', name, show)));
  await vi.waitFor(() => expect(begun).toEqual(['list 1', 'show 1', 'show 2']));
  letGo();
  await Promise.all(all);
});

it('nobody waits for another project, and a stream for nobody', async () => {
  const { begun, ask, letGo } = requests();
  const all = ['show 1', 'show 2', 'show 3', 'show 4'].map((name) => ask('p', name, show));
  all.push(ask('q', 'of another', show), ask('p', 'upload', upload));
  await vi.waitFor(() => expect(begun).toEqual(['show 1', 'show 2', 'show 3', 'of another', 'upload']));
  letGo();
  await Promise.all(all);
});
