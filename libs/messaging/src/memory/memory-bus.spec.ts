import { busContract } from '../bus/bus.contract.js';

busContract('memory', () => 'memory://contract');
