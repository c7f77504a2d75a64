const LARGEST = 0x7fffffff;

/** The number of a migration in a path; undefined for text that cannot be one. */
export function migrationNumber(text: string): number | undefined {
  if (!/^\d{1,10}$/.test(text)) return undefined;
  const number = Number(text);
  return number <= LARGEST ? number : undefined;
}
