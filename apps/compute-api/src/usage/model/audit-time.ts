const FORMS = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:\.(\d{1,6}))?$/;

/** A time without a zone, taken as UTC, in one of the forms of these interfaces; undefined for any other text. */
export function utcTime(text: string): Date | undefined {
  const match = FORMS.exec(text);
  if (match === null) return undefined;
  const millis = (match[3] ?? '0').padEnd(6, '0').slice(0, 3);
  const time = new Date(`${match[1]}T${match[2]}.${millis}Z`);
  return Number.isNaN(time.getTime()) ? undefined : time;
}

export interface Period {
  readonly from: Date;
  readonly until: Date;
}

/** The last calendar month that was over at a time: what usage audits are made for. */
export function lastMonth(before: Date): Period {
  const [year, month] = [before.getUTCFullYear(), before.getUTCMonth()];
  return { from: new Date(Date.UTC(year, month - 1, 1)), until: new Date(Date.UTC(year, month, 1)) };
}
