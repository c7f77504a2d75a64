import { posix } from 'node:path';
import { importsOf, withoutComments } from './imports.mjs';

/**
 * The rules on who may import whom. They are told in docs/testing.md ("Lint"); a finding names file, line, rule and remedy.
 * @typedef {{ file: string, line: number, rule: string, message: string }} Finding
 * @typedef {import('./workspace.mjs').Package} Package
 */

/** For each `type:`, the types it may build on. Dependencies point one way; only composition sees apps. */
const MAY_USE = {
  util: ['util'],
  kit: ['util', 'kit'],
  domain: ['util', 'domain'],
  adapter: ['util', 'kit', 'domain', 'adapter'],
  app: ['util', 'kit', 'domain', 'adapter'],
  composition: ['util', 'kit', 'domain', 'adapter', 'app'],
  testing: ['util', 'kit', 'domain', 'testing'],
};

/** For each `scope:`, the scopes it may build on: placement and compute meet over HTTP alone. */
const MAY_SEE = {
  shared: ['shared'],
  placement: ['shared', 'placement'],
  compute: ['shared', 'compute'],
  companion: ['shared', 'companion'],
};

/** An agent has no database password, so it must not hold the code either. */
const FORBIDDEN_PAIRS = [
  ['@kilonova/compute-agent', '@kilonova/api-db'],
  ['@kilonova/compute-agent', '@kilonova/cell-db'],
  ['@kilonova/compute-agent', '@kilonova/cells'],
  ['@kilonova/compute-agent', '@kilonova/manage'],
  ['@kilonova/compute-agent', '@kilonova/sql'],
];

const IMPURE_MODULES = /^(?:@nestjs\/.*|typeorm|pg|amqplib|rxjs(?:\/.*)?|opossum)$/;
const IMPURE_CALLS = /\b(?:Date\.now|Math\.random)\b|\bnew Date\(\s*\)/g;

/** Test code: specs, benchmarks, suites that several specs run, and what only they use. */
const isTest = (path) => /\.(?:spec|bench|contract)\.ts$/.test(path) || /\/(?:spec-support|contract)\//.test(path);

const isDomain = (pkg, path) => pkg.type === 'domain' || (pkg.folder.startsWith('apps/') && /^src\/(?:.*\/)?model\//.test(path));

const finding = (pkg, source, line, rule, message) => ({ file: posix.join(pkg.folder, source.path), line, rule, message });

/** Who may import whom. */
function checkTarget(pkg, target, path) {
  if (target.type === 'testing' && pkg.type !== 'testing') {
    return isTest(path) ? [] : [['testing', `${target.name} may be imported from tests only`]];
  }
  if (isTest(path) || pkg.type === 'composition') {
    return target.type === 'composition' ? [['layers', `${target.name} is a composition: nothing may import it`]] : [];
  }
  const faults = [];
  if (!(MAY_USE[pkg.type] ?? []).includes(target.type)) {
    faults.push(['layers', `type:${pkg.type} may not import type:${target.type} (${target.name})`]);
  }
  if (!(MAY_SEE[pkg.scope] ?? []).includes(target.scope)) {
    faults.push(['scopes', `scope:${pkg.scope} may not import scope:${target.scope} (${target.name})`]);
  }
  return faults;
}

function checkImport(pkg, packages, path, specifier) {
  if (specifier.startsWith('.')) {
    const inside = !posix.relative('.', posix.join(posix.dirname(path), specifier)).startsWith('..');
    return inside ? [] : [['deep-import', `${specifier} leaves the package: import it by its name`]];
  }
  const faults =
    isDomain(pkg, path) && !isTest(path) && IMPURE_MODULES.test(specifier)
      ? [['domain', `domain code may not import ${specifier}`]]
      : [];
  if (!specifier.startsWith('@kilonova/')) return faults;
  const name = specifier.split('/').slice(0, 2).join('/');
  if (specifier !== name) faults.push(['deep-import', `${specifier} goes past the index of ${name}`]);
  const target = packages.find((one) => one.name === name);
  if (target === undefined) return [...faults, ['unknown-package', `${name} is not in the workspace`]];
  const forbidden = FORBIDDEN_PAIRS.some(([from, to]) => from === pkg.name && to === name && !isTest(path));
  if (forbidden) faults.push(['agent-database', `${pkg.name} may not import ${name}`]);
  return target === pkg
    ? [...faults, ['self-import', `${name} imports itself by name`]]
    : [...faults, ...checkTarget(pkg, target, path)];
}

function checkPurity(pkg, source) {
  if (!isDomain(pkg, source.path) || isTest(source.path)) return [];
  const code = withoutComments(source.text);
  return [...code.matchAll(IMPURE_CALLS)].map((match) =>
    finding(
      pkg,
      source,
      code.slice(0, match.index).split('\n').length,
      'domain',
      `domain code may not call ${match[0]}: pass it in`,
    ),
  );
}

const used = (pkg, test) =>
  new Set(
    pkg.sources
      .filter((source) => isTest(source.path) === test)
      .flatMap((source) => importsOf(source.text).map(({ specifier }) => specifier))
      .filter((specifier) => specifier.startsWith('@kilonova/'))
      .map((specifier) => specifier.split('/').slice(0, 2).join('/'))
      .filter((name) => name !== pkg.name),
  );

/** package.json, tsconfig references and imports have to tell the same story; tests may use anything the workspace has. */
function checkDeclared(pkg, packages) {
  const at = (file, message) => ({ file: posix.join(pkg.folder, file), line: 1, rule: 'declared', message });
  const inCode = used(pkg, false);
  const inTests = used(pkg, true);
  const folders = new Map(packages.map(({ name, folder }) => [name, folder]));
  const declared = [...pkg.dependencies, ...pkg.devDependencies];
  const missing = [...inCode].filter((name) => !pkg.dependencies.includes(name));
  const idle = pkg.dependencies.filter((name) => !inCode.has(name) && !inTests.has(name));
  const unreferenced = pkg.dependencies.filter((name) => !pkg.references.includes(folders.get(name)));
  const undeclared = pkg.references.filter((folder) => !declared.some((name) => folders.get(name) === folder));
  return [
    ...missing.map((name) => at('package.json', `${name} is imported but not in dependencies`)),
    ...idle.map((name) => at('package.json', `${name} is in dependencies but not imported`)),
    ...unreferenced.map((name) =>
      at('tsconfig.json', `${name} is in dependencies but ${folders.get(name)} is not in references`),
    ),
    ...undeclared.map((folder) => at('tsconfig.json', `${folder} is in references but its package not in dependencies`)),
  ];
}

function checkTags(pkg) {
  const known = pkg.type in MAY_USE && pkg.scope in MAY_SEE;
  const message = `needs one known tag type: and scope: in nx.tags (found "${pkg.type}", "${pkg.scope}")`;
  return known ? [] : [{ file: posix.join(pkg.folder, 'package.json'), line: 1, rule: 'tags', message }];
}

/** `tsc -b` at the root builds what the root's tsconfig refers to: each package, once. @param {string[]} references */
export function checkRoot(packages, references) {
  const at = (message) => ({ file: 'tsconfig.json', line: 1, rule: 'declared', message });
  return [
    ...packages.filter(({ folder }) => !references.includes(folder)).map(({ folder }) => at(`${folder} is not in references`)),
    ...references.filter((one, index) => references.indexOf(one) < index).map((one) => at(`${one} is in references twice`)),
  ];
}

/** All findings for a workspace. @param {Package[]} packages @returns {Finding[]} */
export function check(packages) {
  return packages.flatMap((pkg) => [
    ...checkTags(pkg),
    ...checkDeclared(pkg, packages),
    ...pkg.sources.flatMap((source) => [
      ...checkPurity(pkg, source),
      ...importsOf(source.text).flatMap(({ specifier, line }) =>
        checkImport(pkg, packages, source.path, specifier).map(([rule, message]) => finding(pkg, source, line, rule, message)),
      ),
    ]),
  ]);
}
