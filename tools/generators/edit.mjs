import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/**
 * Edits of sources that generators share. A place that is looked for by its text and not found is an error: then the shape of
 * the code has changed, and the generator has to be changed with it.
 * @typedef {import('nx/src/generators/tree.js').Tree} Tree
 */

/** @param {string} name words with dashes @returns its spellings */
export function spellings(name) {
  const pascal = name
    .split('-')
    .map((word) => word[0].toUpperCase() + word.slice(1))
    .join('');
  return { kebab: name, snake: name.replaceAll('-', '_'), pascal, camel: pascal[0].toLowerCase() + pascal.slice(1) };
}

function edit(tree, file, change) {
  const text = tree.read(file, 'utf-8');
  if (text === null) throw new Error(`${file} is not there`);
  tree.write(file, change(text));
}

/** Puts `text` before the first `anchor`. */
export const insertBefore = (tree, file, anchor, text) =>
  edit(tree, file, (old) => {
    const at = old.indexOf(anchor);
    if (at < 0) throw new Error(`${file} has no place for it: ${JSON.stringify(anchor)} was not found`);
    return old.slice(0, at) + text + old.slice(at);
  });

export const append = (tree, file, text) => edit(tree, file, (old) => old + text);

/** Puts `item` at the end of the list that begins with `head`. Items have no brackets of their own. */
export const intoList = (tree, file, head, item) =>
  edit(tree, file, (old) => {
    const begin = old.indexOf(head);
    const end = old.indexOf(']', begin + head.length);
    if (begin < 0 || end < 0) throw new Error(`${file} has no list that begins with ${JSON.stringify(head)}`);
    const items = old.slice(0, end).trimEnd().replace(/,$/, '');
    return `${items},\n${item},\n${old.slice(end)}`;
  });

export const addImport = (tree, file, line) => edit(tree, file, (old) => `${line}\n${old}`);

/** To be called after the files are written: their format, and the order of their imports. */
export function formatted(tree) {
  const files = tree
    .listChanges()
    .map(({ path }) => path)
    .filter((path) => /\.(ts|json)$/.test(path) && path !== 'package-lock.json');
  return () => {
    execFileSync(process.execPath, [join(tree.root, 'node_modules/@biomejs/biome/bin/biome'), 'check', '--write', ...files], {
      cwd: tree.root,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  };
}
