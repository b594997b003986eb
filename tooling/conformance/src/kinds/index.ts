import type { Kind } from '../kind.ts';
import { encodings } from './encodings.ts';
import { identities } from './identities.ts';
import { kdf } from './kdf.ts';
import { labels } from './labels.ts';
import { payloads } from './payloads.ts';
import { points } from './points.ts';
import { refusedBundles } from './refused-bundles.ts';
import { refusedKeyExchanges } from './refused-key-exchanges.ts';
import { refusedMessages } from './refused-messages.ts';
import { refusedPayloads } from './refused-payloads.ts';
import { sealed } from './sealed.ts';
import { signatures } from './signatures.ts';
import { transcripts } from './transcripts.ts';
import { worlds } from './worlds.ts';
import { x3dh } from './x3dh.ts';
import { xml } from './xml.ts';

/** Every kind of vector file, told apart by what is in it. */
export const kinds: readonly Kind[] = [
  identities,
  signatures,
  labels,
  kdf,
  points,
  x3dh,
  sealed,
  payloads,
  xml,
  encodings,
  refusedMessages,
  refusedKeyExchanges,
  refusedBundles,
  refusedPayloads,
  transcripts,
  worlds,
];
