import { expect, it } from 'vitest';
import { hidePasswords } from './hide-passwords.js';

const titleOf = (words: readonly string[]): string => {
  const host = { title: 'untouched', argv: ['node', 'main.js', ...words], execArgv: ['--x'] };
  hidePasswords(host);
  return host.title;
};

it('L9: the list of processes shows no password of a URL', () => {
  expect(titleOf(['up', '--amqp', 'amqp://guest:pa:ss@h:5672/v', '--postgres=postgres://u:x@y@h/d', '--cells', '2'])).toBe(
    'node --x main.js up --amqp amqp://guest:***@h:5672/v --postgres=postgres://u:***@h/d --cells 2',
  );
  expect(titleOf(['up', '--amqp', 'amqp://h/v', '--cells', '2'])).toBe('untouched');
});
