const DASHED = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const PLAIN = /^[0-9a-f]{32}$/i;

/** True for a uuid with dashes, in any case. */
export const isUuid = (text: string): boolean => DASHED.test(text);

/** True for a uuid with or without dashes, as the services of OpenStack accept it. */
export const isUuidLike = (text: string): boolean => DASHED.test(text) || PLAIN.test(text);

/** The dashed lower-case form; undefined when the text is no uuid. */
export function normalizeUuid(text: string): string | undefined {
  if (DASHED.test(text)) return text.toLowerCase();
  if (!PLAIN.test(text)) return undefined;
  const t = text.toLowerCase();
  return `${t.slice(0, 8)}-${t.slice(8, 12)}-${t.slice(12, 16)}-${t.slice(16, 20)}-${t.slice(20)}`;
}
