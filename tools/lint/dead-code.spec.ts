import { expect, it } from 'vitest';
import { deadCode } from './dead-code.mjs';

/** What is found in these files of one package, as `file rule: message`. */
const found = (files: Readonly<Record<string, string>>): string[] => {
  const sources = Object.entries(files).map(([path, text]) => ({ path: `src/${path}`, text }));
  const packages = [
    {
      name: '@kilonova/a',
      folder: 'libs/a',
      type: 'kit',
      scope: 'shared',
      dependencies: [],
      devDependencies: [],
      references: [],
      sources,
    },
  ];
  return deadCode(packages).map(({ file, line, rule, message }) => `${file}:${line} ${rule}: ${message}`);
};

it('finds exports that nobody imports; a barrel does not count', () => {
  const files = {
    'a.ts': 'const one = 1;\nexport const two = one;\nexport async function three() {}\nexport abstract class Four {}\n',
    'index.ts': "export * from './a.js';\nexport { two, three } from './a.js';\n",
    'b.ts': "import { three } from './a.js';\nthree();\n",
  };
  expect(found(files)).toEqual([
    'libs/a/src/a.ts:2 dead-export: two is used nowhere',
    'libs/a/src/a.ts:4 dead-export: Four is used nowhere',
  ]);
});

it('finds values that are used where they are declared alone, and lets types be', () => {
  const files = { 'a.ts': 'export const LIMIT = 1;\nexport interface Args { n: number }\nrun({ n: LIMIT } as Args);\n' };
  expect(found(files)).toEqual(['libs/a/src/a.ts:1 dead-export: LIMIT is used in its own file alone: it need not be exported']);
});

it('takes what tests import as imported, and what a comment names as not', () => {
  const files = {
    'a.ts': 'export const tested = 1;\nexport const told = 2;\n',
    'b.ts': '// told is told of\n/** told */\n',
    'a.spec.ts': "import { tested } from './a.js';\nexpect(tested).toBe(1);\n",
  };
  expect(found(files)).toEqual(['libs/a/src/a.ts:2 dead-export: told is used nowhere']);
});

it('finds methods that nobody or only a test calls, but for those of frameworks, of decorators, and for tests', () => {
  const files = {
    'a.ts': `class A {
  constructor() {}
  called() {}
  tested() {}
  async forgotten() {}
  onModuleInit() {}
  @Get()
  answered() {}
  /**
   * For tests: stores a row (see libs/a).
   */
  stored() {}
}
new A().called();
`,
    'a.spec.ts': 'new A().tested();\nnew A().stored();\n',
  };
  expect(found(files)).toEqual([
    'libs/a/src/a.ts:4 dead-method: tested is called only by tests',
    'libs/a/src/a.ts:5 dead-method: forgotten is called by nobody',
  ]);
});
