import { type AppError, invalid, reasonOf } from '@kilonova/util';
import type { ApiStyle } from '../style/index.js';

// What no service can store or answer is refused here, for all of them, before a schema or a handler sees it: text that is
// no UTF-8 or holds what PostgreSQL's text cannot (NUL, half a surrogate pair), numbers beyond a double, deep documents.

/** Objects and lists within each other, at most: whatever walks a document may do so by recursion. */
export const MAX_DEPTH = 64;

const bad = (message: string): AppError => invalid('request.text.malformed', message);

const BAD_TEXT = 'Texts may hold no NUL character and no half of a surrogate pair.';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The document of a body. @throws AppError 400 in the style's words for what is no JSON, else for what is not well formed. */
export function parseJson(raw: Buffer, style: ApiStyle): unknown {
  const text = decoded(raw);
  if (isTooDeep(text)) throw bad(`The request body is nested more than ${MAX_DEPTH} levels deep.`);
  const document = parsed(text, style);
  if (SUSPICIOUS.test(text)) checkValues(document);
  return document;
}

function decoded(raw: Buffer): string {
  try {
    return decoder.decode(raw);
  } catch {
    throw bad('The request body is not encoded in UTF-8.');
  }
}

function parsed(text: string, style: ApiStyle): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw style.malformedJson(reasonOf(error));
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING: ReadonlySet<number> = new Set([0x5b, 0x7b]);
const CLOSING: ReadonlySet<number> = new Set([0x5d, 0x7d]);

/** Counts brackets outside of texts; what is no JSON may be judged wrongly, as it is refused anyway. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  let inText = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (inText && code === BACKSLASH) at += 1;
    else if (code === QUOTE) inText = !inText;
    else if (!inText && OPENING.has(code) && ++depth > MAX_DEPTH) return true;
    else if (!inText && CLOSING.has(code)) depth -= 1;
  }
  return false;
}

/** Only bodies with such an escape or number can hold what is refused; the others are not walked. */
const SUSPICIOUS = /\\u(?:0000|d[89a-f])|\d[eE]\+?\d{2}|\d{300}/i;

function checkValues(value: unknown): void {
  if (typeof value === 'string') checkText(value);
  else if (typeof value === 'number' && !Number.isFinite(value)) throw bad('A number of the request body is too large.');
  else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      checkText(key);
      checkValues(inner);
    }
  }
}

function checkText(text: string): void {
  if (text.includes('\u0000') || !text.isWellFormed()) throw bad(BAD_TEXT);
}

/** What a decoder puts where bytes are no UTF-8, and how it looks when it was sent on purpose. */
const REPLACEMENT = '\ufffd';
const SENT_REPLACEMENT = /%ef%bf%bd/i;

/** @throws AppError 400 for parts of a path or a query that are no text. */
export function checkTarget(target: string, params: Readonly<Record<string, string>>, query: URLSearchParams): void {
  const texts = [...Object.values(params), ...[...query].flat()];
  for (const text of texts) checkText(text);
  if (texts.some((text) => text.includes(REPLACEMENT)) && !SENT_REPLACEMENT.test(target) && !target.includes(REPLACEMENT))
    throw bad('The URL is not encoded in UTF-8.');
}
