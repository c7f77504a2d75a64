import 'reflect-metadata';
import { runService } from '@kilonova/service';
import { computeAgent } from './compute-agent.service.js';

await runService(computeAgent);
