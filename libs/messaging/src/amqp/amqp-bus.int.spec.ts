import { busContract } from '../contract/bus.contract.js';

busContract('amqp', () => 'amqp://guest:guest@127.0.0.1:35672/');
