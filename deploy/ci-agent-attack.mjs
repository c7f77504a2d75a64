// Run by deploy/ci-docker.sh inside an agent's container, which is what somebody has who broke out of a guest: tries on the broker, with
// that agent's password, what its host has no business with. Ends with 1 and names what was let through.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

// It comes by the standard input, so packages are found from where the image has them.
const { connect } = createRequire(`${process.cwd()}/apps/kilonova/package.json`)('amqplib');
const settings = readFileSync('/etc/kilonova/config.yaml', 'utf8');
const url = /amqp:[^\s"']+/.exec(settings)[0];
const [, me] = /compute\.(\S+)$/.exec(decodeURIComponent(new URL(url).username));
const cell = me.split('-')[0];
const other = me.endsWith('1') ? `${cell}-host2` : `${cell}-host1`;
const [mine, theirs] = [me, other].map((host) => `${cell}.compute.${host}`);
const order = { messageId: 'attack', type: 'terminate_instance', userId: `compute.${me}`, mandatory: true };

const connection = await connect(url);
connection.on('error', () => undefined);

/** Whether the broker did it: 403 ends the channel, what no queue takes comes back. */
async function outcome(deed) {
  const channel = await connection.createConfirmChannel();
  channel.on('error', () => undefined);
  let came = 'let through';
  channel.on('return', () => (came = 'nowhere'));
  const closed = new Promise((resolve) => channel.once('error', ({ code }) => resolve(`refused (${code})`)));
  try {
    const done = Promise.resolve(deed(channel)).then(() => channel.waitForConfirms());
    return await Promise.race([done.then(() => came), closed]);
  } catch (error) {
    return `refused (${error.code ?? error.message})`;
  }
}

const publish = (exchange, key, properties = order) => (channel) => void channel.publish(exchange, key, Buffer.from('{}'), properties);
const attempts = {
  'gives another agent an order by the default exchange': publish('', theirs),
  'gives another agent an order by the exchange of casts': publish('kilonova.cmd', theirs),
  'gives another agent an order by its own exchange': publish(`${mine}.out`, theirs),
  'asks as the conductor': publish(`${mine}.out`, `${cell}.conductor.calls.${me}`, { ...order, userId: `conductor.${cell}` }),
  'asks by the queue of another host': publish(`${mine}.out`, `${cell}.conductor.calls.${other}`),
  'casts to its conductor': publish('kilonova.cmd', `${cell}.conductor`),
  'tells conductors of a host that is not its own': publish(`${cell}.conductor.hello`, other),
  'puts a letter on the shelf itself': publish('kilonova.dlx', `${cell}.dead.compute`),
  'tells events itself': publish('nova', 'versioned_notifications.info'),
  'takes what was meant for another': (channel) => channel.get(theirs),
  'takes the events': (channel) => channel.get('versioned_notifications.info'),
  'takes dead letters': (channel) => channel.get(`${cell}.dead.compute`),
  'takes what conductors are asked': (channel) => channel.get(`${cell}.conductor.calls.${me}`),
  'empties the queue of another': (channel) => channel.purgeQueue(theirs),
  'deletes its own queue': (channel) => channel.deleteQueue(mine),
  'deletes its own exchange': (channel) => channel.deleteExchange(`${mine}.out`),
  'makes a queue': (channel) => channel.assertQueue('', { exclusive: true }),
  'makes an exchange': (channel) => channel.assertExchange('attack', 'fanout'),
  'has orders for another sent to itself': (channel) => channel.bindQueue(mine, 'kilonova.cmd', theirs),
  'leads its exchange to another': (channel) => channel.bindQueue(theirs, `${mine}.out`, 'attack'),
  'leads its exchange to that of casts': (channel) => channel.bindExchange('kilonova.cmd', `${mine}.out`, theirs),
};
for (const [name, deed] of Object.entries(attempts)) {
  const came = await outcome(deed);
  console.log(`${name}: ${came}`);
  if (came === 'let through') process.exitCode = 1;
}
for (const vhost of ['/', 'kilonova_api', cell === 'cell1' ? 'kilonova_cell2' : 'kilonova_cell1']) {
  const there = new URL(url);
  there.pathname = `/${encodeURIComponent(vhost)}`;
  const came = await connect(there.href).then(
    () => 'let through',
    (error) => `refused (${error.message.slice(0, 60)})`,
  );
  console.log(`enters the virtual host ${vhost}: ${came}`);
  if (came === 'let through') process.exitCode = 1;
}
process.exit();
