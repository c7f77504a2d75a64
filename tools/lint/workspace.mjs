import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/**
 * @typedef {object} Source a TypeScript file
 * @property {string} path relative to the package, with forward slashes
 * @property {string} text
 *
 * @typedef {object} Package what the rules need to know of one package of the workspace
 * @property {string} name
 * @property {string} folder relative to the workspace root
 * @property {string} type value of the tag `type:`
 * @property {string} scope value of the tag `scope:`
 * @property {string[]} dependencies workspace packages it declares
 * @property {string[]} devDependencies
 * @property {string[]} references folders its tsconfig refers to, relative to the workspace root
 * @property {Source[]} sources
 */

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

const workspaceNames = (dependencies) => Object.keys(dependencies ?? {}).filter((name) => name.startsWith('@kilonova/'));

const tagOf = (manifest, key) => (manifest.nx?.tags ?? []).find((tag) => tag.startsWith(`${key}:`))?.slice(key.length + 1) ?? '';

/** @returns {Source[]} */
function sourcesOf(folder) {
  const source = join(folder, 'src');
  if (!existsSync(source)) return [];
  return readdirSync(source, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ path: relative(folder, file).replaceAll('\\', '/'), text: readFileSync(file, 'utf8') }));
}

/** Folders that a folder's tsconfig.json refers to, relative to the workspace root. @returns {string[]} */
export function referencesOf(root, folder = root) {
  const tsconfig = join(folder, 'tsconfig.json');
  const references = existsSync(tsconfig) ? (readJson(tsconfig).references ?? []) : [];
  return references.map(({ path }) => relative(root, resolve(dirname(tsconfig), path)));
}

/** @returns {Package} */
function loadPackage(root, folder) {
  const manifest = readJson(join(folder, 'package.json'));
  return {
    name: manifest.name,
    folder: relative(root, folder),
    type: tagOf(manifest, 'type'),
    scope: tagOf(manifest, 'scope'),
    dependencies: workspaceNames(manifest.dependencies),
    devDependencies: workspaceNames(manifest.devDependencies),
    references: referencesOf(root, folder),
    sources: sourcesOf(folder),
  };
}

/** Every package under apps/ and libs/. @returns {Package[]} */
export function loadWorkspace(root) {
  return ['apps', 'libs']
    .flatMap((group) => readdirSync(join(root, group)).map((name) => join(root, group, name)))
    .filter((folder) => existsSync(join(folder, 'package.json')))
    .map((folder) => loadPackage(root, folder));
}
