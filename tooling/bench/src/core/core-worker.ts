import { text } from 'node:stream/consumers';
import { type CoreOptions, measureCore } from './measure-core.ts';

console.log(JSON.stringify(await measureCore(JSON.parse(await text(process.stdin)) as CoreOptions)));
