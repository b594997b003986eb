import * as fc from 'fast-check';

// fast-check keeps its settings on globalThis, one for all who import it; vitest.config.ts puts the seed here.
const seed = Number(process.env['OMEMO_SEED']);
if (!Number.isInteger(seed)) throw new RangeError('the seed of the run is set in vitest.config.ts');
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed });
