import { implementation } from './ours.ts';
import { serve } from './serve.ts';

await serve(implementation);
