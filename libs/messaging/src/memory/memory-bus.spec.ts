import { busContract } from '../contract/bus.contract.js';

busContract('memory', () => 'memory://contract');
