import type { RefusalReason } from '../network.js';

export const refused = (reason: RefusalReason, message: string) => ({ outcome: 'refused', reason, message }) as const;
