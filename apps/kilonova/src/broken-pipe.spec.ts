import { EventEmitter } from 'node:events';
import { expect, it, vi } from 'vitest';
import { endWithReader } from './broken-pipe.js';

it('ends when nobody reads any more, and for no other reason', () => {
  const output = new EventEmitter();
  const exit = vi.fn();
  endWithReader(output, exit);
  expect(() => output.emit('error', Object.assign(new Error('full'), { code: 'ENOSPC' }))).toThrow('full');
  expect(exit).not.toHaveBeenCalled();
  output.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
  expect(exit).toHaveBeenCalledOnce();
});
