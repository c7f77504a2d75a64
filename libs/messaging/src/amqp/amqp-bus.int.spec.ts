import { busContract } from '../contract/bus.contract.js';
import { useRabbitmq } from '../contract/use-rabbitmq.js';

const { node } = useRabbitmq();

busContract('amqp', () => node().url);
