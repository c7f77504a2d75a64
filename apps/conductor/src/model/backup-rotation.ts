/** What the decision needs of a backup. */
interface Backup {
  readonly id: string;
  /** ISO 8601. */
  readonly created_at: string | null;
}

/** Backups beyond the newest `keep`, oldest first. */
export const beyondRotation = <B extends Backup>(backups: readonly B[], keep: number): B[] =>
  backups.toSorted((a, b) => (a.created_at ?? '').localeCompare(b.created_at ?? '')).slice(0, Math.max(0, backups.length - keep));
