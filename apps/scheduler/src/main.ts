import 'reflect-metadata';
import { runService } from '@kilonova/service';
import { scheduler } from './scheduler.service.js';

await runService(scheduler);
