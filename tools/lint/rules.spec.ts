import { describe, expect, test } from 'vitest';
import { importsOf } from './imports.mjs';
import { check, checkRoot } from './rules.mjs';

interface Given {
  readonly name: string;
  readonly folder?: string;
  readonly type?: string;
  readonly scope?: string;
  readonly imports?: readonly string[];
  readonly path?: string;
  readonly text?: string;
  readonly dependencies?: readonly string[];
}

const FOLDERS = { app: 'apps', composition: 'apps' } as Record<string, string>;

const pkg = ({ name, type = 'kit', scope = 'shared', imports = [], path = 'src/index.ts', text, dependencies }: Given) => {
  const declared =
    dependencies ?? imports.map((one) => one.split('/').slice(0, 2).join('/')).filter((one) => one.startsWith('@kilonova/'));
  return {
    name: `@kilonova/${name}`,
    folder: `${FOLDERS[type] ?? 'libs'}/${name}`,
    type,
    scope,
    dependencies: declared,
    devDependencies: [],
    references: declared.map((one) => `${one.endsWith('-app') ? 'apps' : 'libs'}/${one.slice('@kilonova/'.length)}`),
    sources: [{ path, text: text ?? imports.map((one) => `import { x } from '${one}';`).join('\n') }],
  };
};

const rulesBroken = (...packages: ReturnType<typeof pkg>[]): string[] =>
  check(packages as never).map(({ rule }: { rule: string }) => rule);

const LAYERS: readonly [from: string, to: string, broken: string[]][] = [
  ['util', 'kit', ['layers']],
  ['kit', 'util', []],
  ['kit', 'adapter', ['layers']],
  ['domain', 'util', []],
  ['domain', 'kit', ['layers']],
  ['adapter', 'domain', []],
  ['app', 'adapter', []],
  ['app', 'app', ['layers']],
  ['composition', 'app', []],
  ['app', 'testing', ['testing']],
];

describe('boundaries', () => {
  test.each(LAYERS)('type:%s importing type:%s breaks %j', (from, to, broken) => {
    const target = to === 'app' ? 'target-app' : 'target';
    expect(
      rulesBroken(pkg({ name: 'from', type: from, imports: [`@kilonova/${target}`] }), pkg({ name: target, type: to })),
    ).toEqual(broken);
  });

  test.each([
    ['placement', 'compute', ['scopes']],
    ['compute', 'placement', ['scopes']],
    ['shared', 'compute', ['scopes']],
    ['compute', 'shared', []],
  ])('scope:%s importing scope:%s breaks %j', (from, to, broken) => {
    expect(rulesBroken(pkg({ name: 'from', scope: from, imports: ['@kilonova/to'] }), pkg({ name: 'to', scope: to }))).toEqual(
      broken,
    );
  });

  test('tests may import the testing kit, and it needs no declaration', () => {
    const from = pkg({ name: 'from', path: 'src/a.int.spec.ts', imports: ['@kilonova/testing'], dependencies: [] });
    expect(rulesBroken(from, pkg({ name: 'testing', type: 'testing' }))).toEqual([]);
  });

  test('an agent imports no database', () => {
    const agent = pkg({ name: 'compute-agent', type: 'app', scope: 'compute', imports: ['@kilonova/cell-db'] });
    expect(rulesBroken(agent, pkg({ name: 'cell-db', type: 'adapter', scope: 'compute' }))).toEqual(['agent-database']);
  });

  test.each([
    ["import pg from 'pg';", ['domain']],
    ["export { Injectable } from '@nestjs/common';", ['domain']],
    ['const now = Date.now();', ['domain']],
    ['const now = new Date();', ['domain']],
    ['const then = new Date(0); // unlike Date.now()', []],
  ])('domain code: %s', (text, broken) => {
    expect(rulesBroken(pkg({ name: 'd', type: 'domain', text }))).toEqual(broken);
    expect(rulesBroken(pkg({ name: 'a', type: 'app', path: 'src/model/x.ts', text }))).toEqual(broken);
    expect(rulesBroken(pkg({ name: 'a', type: 'app', path: 'src/store/x.ts', text }))).toEqual([]);
  });

  test('an import past an index, or out of the package, is found', () => {
    expect(rulesBroken(pkg({ name: 'from', imports: ['@kilonova/to/src/x'] }), pkg({ name: 'to' }))).toEqual(['deep-import']);
    expect(rulesBroken(pkg({ name: 'from', imports: ['../../to/src/x.js'] }))).toEqual(['deep-import']);
    expect(rulesBroken(pkg({ name: 'from', path: 'src/a/b.ts', imports: ['../c.js'] }))).toEqual([]);
  });

  test('declarations that do not match the imports are found, both ways', () => {
    expect(rulesBroken(pkg({ name: 'from', imports: ['@kilonova/to'], dependencies: [] }), pkg({ name: 'to' }))).toEqual([
      'declared',
    ]);
    expect(rulesBroken(pkg({ name: 'from', dependencies: ['@kilonova/to'] }), pkg({ name: 'to' }))).toEqual(['declared']);
    const unreferenced = { ...pkg({ name: 'from', imports: ['@kilonova/to'] }), references: [] };
    expect(rulesBroken(unreferenced, pkg({ name: 'to' }))).toEqual(['declared']);
  });

  test('a package without tags is found', () => {
    expect(rulesBroken(pkg({ name: 'x', type: '' }))).toEqual(['tags']);
  });
});

describe('imports', () => {
  test('static, type, side-effect, re-exporting, dynamic and many-line imports are seen, with their lines', () => {
    const text = `import 'a';
import type { B } from 'b';
export * from 'c';
import {
  d,
} from 'd';
const e = await import('e');`;
    expect(importsOf(text).sort((x: { line: number }, y: { line: number }) => x.line - y.line)).toEqual([
      { specifier: 'a', line: 1 },
      { specifier: 'b', line: 2 },
      { specifier: 'c', line: 3 },
      { specifier: 'd', line: 6 },
      { specifier: 'e', line: 7 },
    ]);
  });

  test('comments and plain strings are not', () => {
    expect(importsOf("// import 'a';\n/* import 'b'; */\nconst url = 'http://c';")).toEqual([]);
  });
});

test('the root refers to each package once', () => {
  const packages = [pkg({ name: 'a' }), pkg({ name: 'b' })];
  expect(checkRoot(packages, ['libs/a', 'libs/b'])).toEqual([]);
  expect(checkRoot(packages, ['libs/a', 'libs/a']).map(({ message }) => message)).toEqual([
    'libs/b is not in references',
    'libs/a is in references twice',
  ]);
});
