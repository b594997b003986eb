import { type CurveAhead, createCurveAhead } from './curve-ahead.ts';
import { nobleProvider } from './noble-provider.ts';
import { findWebCryptoEngine } from './web-crypto-engine.ts';

export type { CurveAhead } from './curve-ahead.ts';
export { inSlice } from './time-slices.ts';

export const computeAhead: () => CurveAhead | undefined = /* @__PURE__ */ createCurveAhead(
  nobleProvider,
  findWebCryptoEngine,
);
