import 'reflect-metadata';
import { runService } from '@kilonova/service';
import { cellConductor, superConductor } from './conductor.service.js';

/** A conductor as a process of its own: `--config FILE --role super|cell`. */
await runService({ super: superConductor, cell: cellConductor });
