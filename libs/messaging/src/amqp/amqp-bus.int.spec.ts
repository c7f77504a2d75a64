import { useBroker } from '@kilonova/testing';
import { busContract } from '../bus/bus.contract.js';

const broker = useBroker();

busContract('amqp', () => broker.url);
