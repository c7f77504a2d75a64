import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');
const numbered = (letter: string, count: number): string[] => Array.from({ length: count }, (_, at) => `${letter}${at + 1}`);
const NUMBERS = [...numbered('C', 3), ...numbered('H', 8), ...numbered('M', 10), ...numbered('L', 16)];

const page = readFileSync(join(ROOT, 'docs/security-review.md'), 'utf8');
/** The columns of each row by its number. */
const listed = new Map(
  page
    .split('\n')
    .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()))
    .filter(([, number = '']) => /^[CHML]\d+$/.test(number))
    .map(([, number = '', what, test = '', commits]) => [number, { what, test, commits }] as const),
);

const specs = ['apps', 'libs'].flatMap((folder) =>
  readdirSync(join(ROOT, folder)).flatMap((name) =>
    readdirSync(join(ROOT, folder, name, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(spec|contract)\.ts$/.test(file))
      .map((file) => `${folder}/${name}/src/${file}`),
  ),
);
const filesOf = (number: string): string[] =>
  specs.filter((file) => new RegExp(`['"\`]${number}: `).test(readFileSync(join(ROOT, file), 'utf8')));

it('the page of findings has a row for each number, and nothing else', () => {
  expect([...listed.keys()]).toEqual(NUMBERS);
});

it.each(NUMBERS)('%s is held by the test that the page names, and the page names every file with one', (number) => {
  const { what = '', test = '', commits = '' } = listed.get(number) ?? {};
  const [, file = '', name = ''] = /^`([^`]+)`: ([^;]+?)(?:; also .*)?$/.exec(test) ?? [];
  const files = filesOf(number);
  const first = files.find((path) => path.endsWith(`/${file}`)) ?? '';
  expect(readFileSync(join(ROOT, first), 'utf8').replaceAll("\\'", "'")).toContain(`${number}: ${name.slice(0, 30)}`);
  const named = [...test.matchAll(/`([^`]+\.ts)`/g)].map(([, path = '']) => path);
  expect(named.sort()).toEqual(files.map((path) => path.split('/').at(-1)).sort());
  expect([what, commits]).toEqual([expect.stringMatching(/\S/), expect.stringMatching(/^[0-9a-f]{7}( [0-9a-f]{7})*$/)]);
});
