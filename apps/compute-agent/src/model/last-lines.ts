/** The last lines of a text; null: all of it. */
export const lastLines = (text: string, count: number | null): string =>
  count === null ? text : count === 0 ? '' : text.split('\n').slice(-count).join('\n');
