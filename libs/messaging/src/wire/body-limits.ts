import type { Sender } from '../port/sender.js';
import { tooLarge } from './bus-errors.js';

/** What is sent at most, bytes: RabbitMQ 4.x takes 16 MiB. */
export const MAX_BODY_BYTES = 15 * 1024 * 1024;

/** What one agent has to say at most, bytes. Reading JSON holds up everybody else: 15 MiB take a tenth of a second. */
const MAX_USER_BODY_BYTES = 1024 * 1024;

/** Looks at the length alone. @throws AppError `messaging.message.too_large`. */
export function checkLength(bytes: number, sender: Sender): void {
  const most = sender.kind === 'user' ? MAX_USER_BODY_BYTES : MAX_BODY_BYTES;
  if (bytes > most) throw tooLarge(bytes, most);
}
