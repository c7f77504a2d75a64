// Serves one topic, prints the id of each cast that it gets, and never finishes one. Arguments: url, cell.
import { createBusServer } from '../bus/create-bus-server.js';

const [, , url = '', cell = ''] = process.argv;
const server = createBusServer({ url, cell, topic: 'conductor', prefetch: 4 }, (_method, _args, { messageId }) => {
  console.log(messageId);
  return new Promise(() => undefined);
});
await server.start();
console.log('ready');
