import { flatSeal, wireSeal } from '../jobs/seal.ts';
import { oursWith } from './ours.ts';
import { serve } from './serve.ts';

const [, , layout] = process.argv;
await serve(oursWith(layout === 'protobuf' ? wireSeal : flatSeal));
