import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import type { CurveProvider } from './curve-provider.ts';
import { keyFormats, type NodeKeyFormat } from './node-key-format.ts';
import { createNodeProvider } from './node-provider.ts';
import { PROBE } from './prime-order-probe.ts';
import { Secret } from './secret.ts';

/**
 * `node:crypto` through the first key format that gets known answers right; undefined where none does (an OpenSSL without
 * Curve25519, an engine that only looks like Node). Asking what works beats knowing version numbers.
 */
export function findNativeProvider(formats: readonly NodeKeyFormat[] = keyFormats): CurveProvider | undefined {
  return formats.map(createNodeProvider).find(givesKnownAnswers);
}

/** RFC 7748 5.2 (first vector), RFC 8032 7.1 (TEST 1), and e B = -B, whose u is 9. */
const X25519_SCALAR = 'a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4';
const X25519_U = 'e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c';
const X25519_RESULT = 'c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552';
const BASE_U = `09${'00'.repeat(31)}`;
const ED25519_SEED = '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60';
const ED25519_PUBLIC = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a';
const ED25519_SIGNATURE =
  'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b';

function givesKnownAnswers(provider: CurveProvider): boolean {
  const message = new Uint8Array(0);
  const seed = new Secret(hexToBytes(ED25519_SEED));
  const publicKey = hexToBytes(ED25519_PUBLIC);
  const signature = hexToBytes(ED25519_SIGNATURE);
  try {
    const shared = provider.x25519(new Secret(hexToBytes(X25519_SCALAR)), hexToBytes(X25519_U));
    return (
      shared !== undefined &&
      bytesToHex(shared) === X25519_RESULT &&
      bytesToHex(provider.x25519PublicKey(PROBE)) === BASE_U &&
      bytesToHex(provider.ed25519PublicKey(seed)) === ED25519_PUBLIC &&
      bytesToHex(provider.ed25519Sign(seed, message)) === ED25519_SIGNATURE &&
      provider.ed25519Verify({ publicKey, message, signature })
    );
  } catch {
    return false;
  }
}
