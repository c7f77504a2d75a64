import { existsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { formatted, spellings } from './edit.mjs';

const json = (value) => `${JSON.stringify(value, undefined, 2)}\n`;

function change(tree, file, edit) {
  const value = JSON.parse(tree.read(file, 'utf-8'));
  edit(value);
  tree.write(file, json(value));
}

const sorted = (object) => Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));

/**
 * A package under libs/ that builds, is linted, type-checked and tested like the others. What it imports goes into
 * `dependencies` and `references`, which \`make lint\` holds together.
 * @param {import('./edit.mjs').Tree} tree
 * @param {{ name: string, type: string, scope: string }} options
 */
export default function library(tree, { name, type, scope }) {
  const folder = `libs/${name}`;
  const id = `@kilonova/${name}`;
  if (tree.exists(`${folder}/package.json`)) throw new Error(`${folder} is there already`);
  tree.write(`${folder}/package.json`, json(manifest(id, folder, type, scope)));
  tree.write(`${folder}/tsconfig.json`, json(projectOf()));
  tree.write(
    `${folder}/tsconfig.spec.json`,
    json({ extends: '../../tsconfig.spec.json', include: ['src/**/*.ts', '../../libs/testing/src/run/global-setup.ts'] }),
  );
  tree.write(`${folder}/src/index.ts`, `// What ${spellings(name).pascal} is for.\nexport {};\n`);
  change(tree, 'tsconfig.json', ({ references }) => references.push({ path: folder }));
  change(tree, 'package-lock.json', (lock) => {
    lock.packages[folder] = { name: id, version: '0.1.0', license: 'Apache-2.0' };
    lock.packages[`node_modules/${id}`] = { resolved: folder, link: true };
    lock.packages = sorted(lock.packages);
  });
  const format = formatted(tree);
  return () => {
    format();
    link(tree.root, name);
  };
}

const manifest = (id, folder, type, scope) => ({
  name: id,
  version: '0.1.0',
  private: true,
  license: 'Apache-2.0',
  type: 'module',
  exports: { '.': { 'kilonova:src': './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' } },
  scripts: {
    build: 'tsc -b',
    test: `vitest run --root ../.. ${folder}/`,
    lint: 'biome check --diagnostic-level=error .',
    typecheck: 'tsc -p tsconfig.spec.json',
  },
  nx: { tags: [`type:${type}`, `scope:${scope}`] },
  dependencies: {},
});

const projectOf = () => ({
  extends: '../../tsconfig.base.json',
  compilerOptions: { rootDir: 'src', outDir: 'dist', tsBuildInfoFile: 'dist/.tsbuildinfo' },
  include: ['src/**/*'],
  references: [],
});

/** As npm would on the next install. */
function link(root, name) {
  const at = join(root, 'node_modules/@kilonova', name);
  if (!existsSync(at)) symlinkSync(`../../libs/${name}`, at);
}
