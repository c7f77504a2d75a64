import { createHash } from 'node:crypto';

/** What is stored of a console's token: who reads the database cannot open consoles. */
export const tokenHash = (token: string): string => createHash('sha256').update(token).digest('hex');
