/** What a change mark is about; the letter stands in `model_changes.kind` (migration 0002). */
export const CHANGE_KIND = { provider: 'p', trait: 't', resourceClass: 'c', aggregate: 'a' } as const;
