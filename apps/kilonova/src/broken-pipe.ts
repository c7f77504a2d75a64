import type { EventEmitter } from 'node:events';

/** Ends the program when whoever reads its output has had enough, as `head` has; any other error is thrown. */
export function endWithReader(output: EventEmitter, exit: () => void): void {
  output.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    exit();
  });
}
