/** What an error can be shown as. */
export type ErrorForm = 'application/json' | 'text/html' | 'text/plain';

/** The media types of an Accept header with their weights, highest first; those of weight 0 are left out. */
function acceptedTypes(accept: string): readonly string[] {
  return accept
    .split(',')
    .map((part) => {
      const [type = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
      const weight = parameters.find((parameter) => parameter.startsWith('q='));
      return { type, weight: weight === undefined ? 1 : Number(weight.slice(2)) };
    })
    .filter(({ type, weight }) => type !== '' && weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .map(({ type }) => type);
}

/** True when the client takes JSON: no Accept, any wildcard that covers it, or JSON itself. */
export const acceptsJson = (accept: string | undefined): boolean =>
  accept === undefined ||
  accept.trim() === '' ||
  acceptedTypes(accept).some((type) => type === '*/*' || type === 'application/*' || type === 'application/json');

/** The form of an error for an Accept header: JSON where that is taken, HTML where only that is, else plain text. */
export function errorForm(accept: string | undefined): ErrorForm {
  if (accept === undefined || accept.trim() === '' || accept.trim() === '*/*') return 'application/json';
  const wanted = acceptedTypes(accept).find((type) =>
    ['text/html', 'text/*', 'application/json', 'application/*', '*/*'].includes(type),
  );
  if (wanted === undefined) return 'text/plain';
  return wanted.startsWith('text/') || wanted === '*/*' ? 'text/html' : 'application/json';
}
