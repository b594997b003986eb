import { text } from 'node:stream/consumers';
import { type Choice, chooseWays } from './chosen-ways.ts';

console.log(JSON.stringify(await chooseWays(JSON.parse(await text(process.stdin)) as Choice)));
