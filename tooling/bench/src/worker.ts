import { text } from 'node:stream/consumers';
import { measureJob, type Task } from './measure/measure-job.ts';

console.log(JSON.stringify(await measureJob(JSON.parse(await text(process.stdin)) as Task)));
