import { createPrimitives } from '../../src/create-primitives.ts';
import type { CurveProvider } from '../../src/curve-provider.ts';
import { findNativeProvider } from '../../src/native-provider.ts';
import { nobleProvider } from '../../src/noble-provider.ts';
import type { Primitives } from '../../src/primitives.ts';

const native = findNativeProvider();
if (native === undefined) throw new Error('these tests run in Node, whose crypto must be usable');
export const nativeProvider: CurveProvider = native;

export const noble: Primitives = createPrimitives(nobleProvider);
export const node: Primitives = createPrimitives(nativeProvider);

/** For `describe.each`: one suite, both providers. */
export const providers: readonly { readonly name: string; readonly primitives: Primitives }[] = [
  { name: nobleProvider.name, primitives: noble },
  { name: nativeProvider.name, primitives: node },
];
