import { posix } from 'node:path';
import { withoutComments } from './imports.mjs';

/**
 * Finds what nobody uses, by name: an export that no other file mentions, a method that only tests call. Names are compared as
 * words, so one that is used anywhere counts as used everywhere: what is found is dead, and something dead may stay unfound.
 * A method that is there for tests says so: its comment begins with the words `For tests`.
 * @typedef {{ file: string, line: number, rule: string, message: string }} Finding
 * @typedef {{ file: string, text: string }} SourceFile path from the workspace's root, with forward slashes
 */

const DECLARATION =
  /^export (?:declare )?(?:abstract )?(?:async )?(class|function|const|let|interface|type|enum)\*? ([A-Za-z_$][\w$]*)/gm;
const METHOD = /^ {2}(?:static )?(?:async )?(?:get |set )?([a-z][\w$]*)\(/gm;
const REEXPORT = /^export (?:type )?(?:\*|\{[^}]*\})[^;]*?from\s*'[^']+';/gm;
const WORD = /[A-Za-z_$][\w$]*/g;

/** Called by frameworks, by name. */
const CALLED_BY_NAME = new Set([
  ...['constructor', 'onModuleInit', 'onApplicationBootstrap', 'onModuleDestroy', 'beforeApplicationShutdown'],
  ...['onApplicationShutdown', 'canActivate', 'intercept', 'catch', 'configure', 'listen', 'close', 'unwrap'],
]);

/** Keywords that look like a method's head at that place. */
const NO_METHOD = new Set(['if', 'for', 'while', 'switch', 'catch', 'return', 'await', 'throw', 'super', 'function']);

const isTest = (file) =>
  /\.spec\.ts$|\.contract\.ts$|\/(?:spec-support|testing|support)\//.test(file) || file.startsWith('libs/testing/');

const lineAt = (text, index) => text.slice(0, index).split('\n').length;

/** Re-exports only hand on: whoever uses the name names it too. One that renames does use it. */
const withoutReexports = (code) => code.replace(REEXPORT, (text) => (/ as /.test(text) ? text : text.replace(/[^\n]/g, ' ')));

/** For each word the files that have it. @returns {Map<string, Set<string>>} */
function mentionsIn(files) {
  const mentions = new Map();
  for (const { file, code } of files) {
    for (const word of new Set(code.match(WORD))) {
      if (!mentions.has(word)) mentions.set(word, new Set());
      mentions.get(word).add(file);
    }
  }
  return mentions;
}

const finding = (file, code, index, rule, message) => ({ file, line: lineAt(code, index), rule, message });

/** A type may be exported for the sake of a signature in its own file; a value may not. */
function deadExports({ file, code }, mentions) {
  return [...code.matchAll(DECLARATION)].flatMap((match) => {
    const [, kind, name] = match;
    if ([...(mentions.get(name) ?? [])].some((other) => other !== file)) return [];
    const isType = kind === 'interface' || kind === 'type';
    const uses = code.match(new RegExp(`(?<![\\w$])${name.replaceAll('$', '\\$')}(?![\\w$])`, 'g')).length - 1;
    if (isType && uses > 0) return [];
    const what = uses > 0 ? 'is used in its own file alone: it need not be exported' : 'is used nowhere';
    return [finding(file, code, match.index, 'dead-export', `${name} ${what}`)];
  });
}

/** The line above is a decorator, or ends one. */
const isDecorated = (code, index) => /^ {2}(?:@|\}\)$)/.test(code.slice(0, index).trimEnd().split('\n').at(-1) ?? '');

/** Its doc comment begins with the words `For tests`. */
const isForTests = (text, index) =>
  /\/\*\*[\s*]*For tests(?:(?!\*\/)[\s\S])*\*\/\s*$/.test(text.slice(Math.max(0, index - 1000), index));

function deadMethods({ file, text, code }, mentions) {
  return [...code.matchAll(METHOD)].flatMap((match) => {
    const name = match[1];
    if (CALLED_BY_NAME.has(name) || NO_METHOD.has(name)) return [];
    if (isDecorated(code, match.index) || isForTests(text, match.index)) return [];
    const own = code.match(new RegExp(`(?<![\\w$])${name}(?![\\w$])`, 'g')).length > 1;
    const others = [...(mentions.get(name) ?? [])].filter((other) => other !== file);
    if (own || others.some((other) => !isTest(other))) return [];
    const what = others.length > 0 ? 'only by tests' : 'by nobody';
    return [finding(file, code, match.index, 'dead-method', `${name} is called ${what}`)];
  });
}

/** @param {import('./workspace.mjs').Package[]} packages @returns {Finding[]} */
export function deadCode(packages) {
  const files = packages.flatMap(({ folder, sources }) =>
    sources.map(({ path, text }) => ({ file: posix.join(folder, path), text, code: withoutReexports(withoutComments(text)) })),
  );
  const mentions = mentionsIn(files);
  const code = files.filter(({ file }) => !isTest(file));
  return code.flatMap((each) => [...deadExports(each, mentions), ...deadMethods(each, mentions)]);
}
