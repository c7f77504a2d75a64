import type { Channel } from 'amqplib';
import type { PreparedTopology } from '../amqp/prepared-topology.js';

/** As the broker does with a definition file at its start. */
export async function loadTopology(channel: Channel, ...topologies: readonly PreparedTopology[]): Promise<void> {
  for (const { exchanges, queues, bindings } of topologies) {
    for (const { name, type, durable } of exchanges) await channel.assertExchange(name, type, { durable });
    for (const { name, durable, arguments: args } of queues) await channel.assertQueue(name, { durable, arguments: args });
    for (const { source, destination, routing_key } of bindings) await channel.bindQueue(destination, source, routing_key);
  }
}
